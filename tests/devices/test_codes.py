"""Codes that pair one device each."""

import pytest

from studio.devices.codes import LIFE_MS, Codes
from studio.errors import Conflict, NotFound
from studio.types import Role


class Clock:
    ms = 1_000_000

    def __call__(self):
        return self.ms


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def codes(clock):
    return Codes(clock)


def test_code_pairs_one_device(codes):
    code, _offer = codes.make(Role.PRODUCER)
    with codes.redeeming(code.upper()) as offer:  # typed by hand on a tablet that begins with a capital
        assert offer.role is Role.PRODUCER
    with pytest.raises(Conflict, match="used already"):
        codes.look(code)


def test_code_is_good_for_five_minutes(codes, clock):
    code, offer = codes.make(Role.MODERATOR)
    clock.ms += LIFE_MS - 1
    assert codes.look(code).until_ms == offer.until_ms == 1_000_000 + 300_000
    clock.ms += 1
    with pytest.raises(Conflict, match="expired"), codes.redeeming(code):
        pass


def test_newer_code_voids_the_one_before(codes):
    old, _offer = codes.make(Role.PRODUCER)
    new, _offer = codes.make(Role.MODERATOR)
    with pytest.raises(Conflict, match="newer"):
        codes.look(old)
    assert codes.look(new).role is Role.MODERATOR
    codes.withdraw()
    with pytest.raises(Conflict, match="taken this QR code back"):
        codes.look(new)


@pytest.mark.parametrize("code", ["", "x", "密码", "\ud800", "a" * 100_000])
def test_a_guess_is_wrong(codes, code):
    codes.make(Role.PRODUCER)
    with pytest.raises(NotFound, match="wrong"):
        codes.look(code)


def test_pairing_that_failed_leaves_the_code_open(codes):
    code, _offer = codes.make(Role.PRODUCER)
    with pytest.raises(ZeroDivisionError), codes.redeeming(code):
        raise ZeroDivisionError
    assert codes.look(code).state == "open"


def test_code_has_128_bits_and_only_its_hash_is_kept(codes):
    made = {codes.make(Role.PRODUCER)[0] for _ in range(20)}
    assert len(made) == 20
    assert all(len(code) * 5 >= 128 for code in made)  # base32: five bits a character
    assert not any(code in repr(vars(codes)) for code in made)
