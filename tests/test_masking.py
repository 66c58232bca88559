import io
import logging
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.masking import ERASED, MaskingFilter, mask_log, mask_logs, mask_name, mask_phone, mask_text

MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


def test_a_name_shows_its_first_character():
    assert [mask_name(name) for name in ("张阿姨", " 李", "", "Anna", ERASED)] == ["张*", "李*", "*", "A*", ERASED]


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13812345678", "138****5678"),
        ("021-12345678", "021****5678"),
        ("0571-8765432", "057****5432"),
        ("12345", "****45"),
    ],
)
def test_a_phone_shows_its_ends(phone, shown):
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        "电话13812345678。",
        "+86 138 1234 5678",
        "86-13812345678",
        "138-1234-5678",
        "138  1234  5678",
        "１３８１２３４５６７８",
        "1 3 8 1 2 3 4 5 6 7 8",
        "1-3-8-1-2-3-4-5-6-7-8",
    ],
)
def test_a_mobile_number_is_hidden_however_it_is_written(text):
    masked = mask_text(text)
    assert "138****5678" in masked
    assert "1234" not in masked


def test_landlines_and_identity_numbers_are_hidden():
    assert mask_text("打 021-12345678 或 0571 87654321") == "打 021****5678 或 057****4321"
    assert mask_text("身份证 31010119900101123X") == "身份证 310101********123X"


@pytest.mark.parametrize(
    "text",
    [
        "价格 158 168 178 88",
        "1732312345678 毫秒",
        "订单 L000012，共 12 份 9.90 元",
        "2026-11-23 00:03:06,123",
        "条码 6901234567892",
        "11812345678",
        "０５折",
    ],
)
def test_other_numbers_stay(text):
    assert mask_text(text) == text


@given(MOBILE, st.text(alphabet="电话 a,。\n", max_size=5), st.text(alphabet="电话 a,。\n", max_size=5))
def test_no_mobile_number_survives(number, before, after):
    assert number not in mask_text(before + number + after)


@given(st.text(max_size=60))
def test_masking_twice_changes_nothing_more(text):
    once = mask_text(text)
    assert mask_text(once) == once
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", once)


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("GET /o/Ab3_dEfGhIjKlMnOpQrStU 500", "Ab3_dEfGhIjKlMnOpQrStU"),
        ("unexpected error at GET /api/v1/public/orders/Ab3dEfGhIjKlMnOpQrStU-", "Ab3dEfGhIjKlMnOpQrStU-"),
        ("GET /overlay/card?token=abcDEF123-_x&orientation=portrait", "abcDEF123-_x"),
        ("POST /hooks/ssn/0123456789abcdef0123456789abcdef", "0123456789abcdef"),
        ("Authorization: Bearer abcdefgh12345678", "abcdefgh12345678"),
    ],
)
def test_private_links_and_tokens_are_hidden_in_logs(line, hidden):
    masked = mask_log(line)
    assert hidden not in masked
    assert "***" in masked
    assert masked.startswith(line.split("/", 1)[0].split("Bearer", 1)[0])


def test_an_operators_order_address_stays_readable():
    assert mask_log("error at POST /api/v1/orders/12345678/pay") == "error at POST /api/v1/orders/12345678/pay"


@pytest.fixture
def log():
    """A logger whose handler is masked, and what it wrote."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(MaskingFilter())
    logger = logging.getLogger("masked")
    logger.propagate = False
    logger.addHandler(handler)
    yield logger, written
    logger.removeHandler(handler)


def test_messages_arguments_and_tracebacks_are_masked(log):
    logger, written = log
    phone, secret = "13812345678", "Ab3_dEfGhIjKlMnOpQrStU"
    try:
        int(f"no {phone}")
    except ValueError:
        logger.exception("buyer %s at /o/%s", phone, secret, stack_info=True)
    text = written.getvalue()
    assert "138****5678" in text
    assert "Traceback" in text
    assert "no 138****5678" in text, "the error's own text"
    assert phone not in text
    assert f"/o/{secret}" not in text


def test_a_message_with_wrong_arguments_is_written_masked(log, capsys):
    logger, written = log
    record = logging.LogRecord("masked", logging.WARNING, __file__, 1, "two %s %s", ("13812345678",), None)
    logger.handlers[0].handle(record)
    assert written.getvalue() == "two %s %s ('138****5678',)\n"
    assert capsys.readouterr().err == ""


def test_every_handler_of_the_process_is_masked_once():
    root = logging.getLogger()
    handler = logging.StreamHandler(io.StringIO())
    root.addHandler(handler)
    try:
        mask_logs()
        mask_logs()
        for known in (handler, logging.lastResort):
            assert sum(isinstance(one, MaskingFilter) for one in known.filters) == 1
    finally:
        root.removeHandler(handler)
