"""Personal data at rest: sealed with a key that lies beside the database, found again by a keyed hash.

Fernet (AES-128-CBC with HMAC-SHA256) of the `cryptography` package. A backup without the key file holds no phone
numbers; a lost key makes them unreadable, never wrong.
"""

import base64
import hashlib
import hmac
import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from studio.errors import ConfigError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

_KEY_BYTES = 32


class Vault:
    """Seals and opens short texts with the key in `path`, made at the first start and readable by the owner only.

    Raises:
        ConfigError: the key file cannot be read or is no key.
    """

    def __init__(self, path: Path) -> None:
        try:
            if not path.exists():
                _make_key(path)
            self._key = path.read_bytes().strip()
            if len(base64.urlsafe_b64decode(self._key)) != _KEY_BYTES:
                raise ValueError(f"not {_KEY_BYTES} bytes in base64")  # noqa: TRY301 - told as the others are
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"手机号密钥文件 {path} 用不了：{error}。请从备份恢复它",
                f"cannot use the key file {path}: {error}; restore it from a backup",
            ) from error
        self._mark_key = hashlib.sha256(b"mark" + self._key).digest()

    @cached_property
    def _fernet(self) -> "Fernet":
        from cryptography.fernet import Fernet  # noqa: PLC0415 - 6 MB that a server pays with the first phone

        return Fernet(self._key)

    def seal(self, text: str) -> str:
        """Encrypted text, different each time."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """The text again; None when another key sealed it."""
        from cryptography.fernet import InvalidToken  # noqa: PLC0415

        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def mark(self, text: str) -> str:
        """64 hex digits, the same for the same text and key: to find a phone again without reading any."""
        return hmac.new(self._mark_key, text.encode(), hashlib.sha256).hexdigest()


def _make_key(path: Path) -> None:
    """Another start may make one at the same time: the first stays, whoever sealed with it can go on."""
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(base64.urlsafe_b64encode(secrets.token_bytes(_KEY_BYTES)))
        file.flush()
        os.fsync(file.fileno())  # what it seals is useless without it
    try:
        os.link(partial, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without hard links
        if not path.exists():
            partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
