import stat
import sys
import threading

import pytest

from studio.errors import ConfigError
from studio.vault import Vault


@pytest.fixture
def path(tmp_path):
    return tmp_path / "personal.key"


def test_what_is_sealed_opens_again_also_after_a_restart(path):
    sealed = Vault(path).seal("13812345678")
    assert "13812345678" not in sealed
    assert Vault(path).open(sealed) == "13812345678"


def test_sealing_differs_every_time_and_the_mark_never(path):
    vault = Vault(path)
    assert vault.seal("13812345678") != vault.seal("13812345678")
    assert vault.mark("13812345678") == Vault(path).mark("13812345678")
    assert vault.mark("13812345678") != vault.mark("13812345679")
    assert len(vault.mark("13812345678")) == 64


def test_another_key_opens_nothing_and_marks_differently(path, tmp_path):
    vault, other = Vault(path), Vault(tmp_path / "other.key")
    assert other.open(vault.seal("13812345678")) is None
    assert other.mark("13812345678") != vault.mark("13812345678")


@pytest.mark.parametrize("sealed", ["", "x", "gAAAAA", "汉字", "\0"])
def test_what_was_never_sealed_opens_as_nothing(path, sealed):
    assert Vault(path).open(sealed) is None


def test_a_sealed_phone_fits_its_column(path):
    assert len(Vault(path).seal("0571-87654321")) <= 200


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps its users apart by folder")
def test_the_key_is_readable_by_its_owner_only(path):
    Vault(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"no key", b"\xff" * 44])
def test_a_damaged_key_is_a_clear_error_and_left_alone(path, content):
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"personal\.key"):
        Vault(path)
    assert path.read_bytes() == content


def test_two_starts_at_once_agree_on_one_key(path):
    begin, vaults, failed = threading.Barrier(4), [], []

    def start():
        begin.wait()
        try:
            vaults.append(Vault(path))
        except ConfigError as error:
            failed.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert {vault.open(vaults[0].seal("13812345678")) for vault in vaults} == {"13812345678"}
