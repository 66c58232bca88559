"""How people and numbers are shown: 张*, 138****1234. Everything on screen and in logs goes through here."""

import logging
import re
import unicodedata

ERASED = "已注销"
"""What stands where the name of a buyer stood who was erased."""

_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?![\dXx])")


def mask_name(name: str) -> str:
    """The first character, the rest hidden (张*)."""
    return ERASED if name == ERASED else f"{name.strip()[:1]}*"


def mask_phone(phone: str) -> str:
    """138****1234; of anything shorter only the last two digits."""
    digits = re.sub(r"\D", "", phone)
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else f"****{digits[-2:]}"  # noqa: PLR2004


def mask_text(text: str) -> str:
    """Mainland mobile and identity numbers inside a text hidden, however they are spaced or widened."""
    plain = unicodedata.normalize("NFKC", text)
    masked = _IDENTITY.sub(r"\1********\2", _PHONE.sub(r"\1****\3", plain))
    return text if masked == plain else masked


class MaskingFilter(logging.Filter):
    """Hides phone and identity numbers in every log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask the finished message; always lets the record through."""
        message = record.getMessage()
        masked = mask_text(message)
        if masked != message:
            record.msg, record.args = masked, ()
        return True
