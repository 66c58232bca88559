"""How people and numbers are shown: 张*, 138****1234. Everything on screen and in logs goes through here."""

import logging
import re
import unicodedata

ERASED = "已注销"
"""What stands where the name of a buyer stood who was erased."""

_GAP = r"[- ]{0,2}"
_MOBILE = rf"1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}|1(?:[- ]\d){{10}}"
_LANDLINE = rf"0\d{{2,3}}[- ]{_GAP}\d{{7,8}}"
_PERSONAL = re.compile(
    rf"(?<!\d)(?P<head>\d{{6}})\d{{8}}(?P<tail>\d{{3}}[\dXx])(?![\dXx])"  # an identity number
    rf"|(?<!\d)(?:\+?86{_GAP})?(?P<phone>{_MOBILE}|{_LANDLINE})(?!\d)"
)
_SECRET = re.compile(
    r"(?P<before>/o/|/orders/(?=[\w-]*[A-Za-z_-])|/hooks/(?:comments|ssn)/|\b(?:token|secret|password|key)=|Bearer )"
    r"[\w.~+/%-]{8,}"
)
"""Private links and tokens in addresses and headers; an order's number is none."""


def mask_name(name: str) -> str:
    """The first character, the rest hidden (张*)."""
    return ERASED if name == ERASED else f"{name.strip()[:1]}*"


def mask_phone(phone: str) -> str:
    """138****1234; of anything shorter only the last two digits."""
    digits = re.sub(r"\D", "", phone)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else f"****{digits[-2:]}"  # noqa: PLR2004


def mask_text(text: str) -> str:
    """Mainland phone and identity numbers inside a text hidden, however they are spaced or widened."""
    plain = "".join(map(_narrow, text))
    parts: list[str] = []
    done = 0
    for found in _PERSONAL.finditer(plain):
        parts += text[done : found.start()], _hide(found)
        done = found.end()
    return "".join((*parts, text[done:])) if parts else text


def _narrow(char: str) -> str:
    """１ as 1, where that is one character, too: places in the text stay what they are."""
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char


def _hide(found: re.Match[str]) -> str:
    return mask_phone(found["phone"]) if found["phone"] else f"{found['head']}********{found['tail']}"


def mask_log(text: str) -> str:
    """A log's text without numbers of people, private links and tokens."""
    return _SECRET.sub(r"\g<before>***", mask_text(text))


class MaskingFilter(logging.Filter):
    """Masks every record of a handler: message, traceback and stack."""

    _formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the finished message; always lets the record through."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError, KeyError):  # a wrong format: logging would print its arguments as they are
            message = f"{record.msg} {record.args}"
        record.msg, record.args = mask_log(message), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = self._formatter.formatException(record.exc_info)  # what formatters would write
        if record.exc_text:
            record.exc_text = mask_log(record.exc_text)
        if record.stack_info:
            record.stack_info = mask_log(record.stack_info)
        return True


def mask_logs() -> None:
    """Mask whatever the handlers of this process write, those of a process without any too; again changes nothing."""
    fallback = [logging.lastResort] if logging.lastResort else []
    for handler in (*logging.getLogger().handlers, *fallback):
        if not any(isinstance(known, MaskingFilter) for known in handler.filters):
            handler.addFilter(MaskingFilter())
