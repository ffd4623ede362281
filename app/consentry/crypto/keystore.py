"""Keystores: a process's secrets in one file, under scrypt and AES-256-GCM (specification S-5).

The file is JSON: the parameters, a nonce, the ciphertext and a SHA-256 checksum over all of these. The
checksum tells a damaged file from a wrong passphrase; it covers only what the file shows anyway.
"""

from __future__ import annotations

import os
import secrets as random
import tempfile
import unicodedata
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from consentry.domain import canonical, fields
from consentry.errors import KeystoreInvalid, KeystoreLocked, LayoutInvalid

PASSPHRASE_FILE = "CONSENTRY_PASSPHRASE_FILE"
PASSPHRASE = "CONSENTRY_PASSPHRASE"

COST = 2**15
"""scrypt's n: some 100 ms and 32 MiB with r = 8, p = 1."""

_COSTS = [2**power for power in range(12, 21)]
_MAX_FILE_BYTES = 2**20
_KEYS = ("checksum", "ciphertext", "kdf", "n", "nonce", "salt", "version")


def write(path: str | Path, secrets: Mapping[str, bytes], passphrase: str, *, cost: int = COST) -> None:
    """Write the secrets to a new file with mode 600 that takes the place of an older one at once."""
    plaintext = canonical.dumps({name: fields.to_base64(secret) for name, secret in secrets.items()})
    salt, nonce = random.token_bytes(16), random.token_bytes(12)
    shown = {
        "kdf": "scrypt",
        "n": cost,
        "nonce": fields.to_base64(nonce),
        "salt": fields.to_base64(salt),
        "version": 1,
    }
    aead = AESGCM(_key(passphrase, salt, cost))
    shown["ciphertext"] = fields.to_base64(aead.encrypt(nonce, plaintext, _bound(shown)))
    shown["checksum"] = _checksum(shown)
    _replace(Path(path), canonical.dumps(shown))


def read(path: str | Path, passphrase: str) -> dict[str, bytes]:
    """The secrets by name.

    Raises KeystoreLocked for a wrong passphrase, KeystoreInvalid for a bad or missing file.
    """
    shown = _load(Path(path))
    try:
        cost = fields.integer(shown["n"], "n")
        nonce = fields.base64_bytes(shown["nonce"], "nonce", 12)
        salt = fields.base64_bytes(shown["salt"], "salt", 16)
        ciphertext = fields.base64_bytes(shown["ciphertext"], "ciphertext", 16, _MAX_FILE_BYTES)
        if cost not in _COSTS or shown["kdf"] != "scrypt" or shown["version"] != 1:
            fields.refuse("kdf", "be scrypt with a cost that Consentry uses")
    except LayoutInvalid as refused:
        raise KeystoreInvalid(f"keystore: {refused.diagnostics}") from None
    try:
        plaintext = AESGCM(_key(passphrase, salt, cost)).decrypt(nonce, ciphertext, _bound(shown))
    except InvalidTag:
        raise KeystoreLocked() from None
    held = canonical.loads(plaintext, "keystore")
    return {name: fields.base64_bytes(secret, "secret", 0, _MAX_FILE_BYTES) for name, secret in held.items()}


def passphrase_from_env(environ: Mapping[str, str] = os.environ) -> str:
    """The passphrase: the named file's text without its line end, or else the variable.

    Raises KeystoreLocked.
    """
    named = environ.get(PASSPHRASE_FILE)
    if named:
        try:
            passphrase = Path(named).read_text("utf-8").rstrip("\r\n")
        except (OSError, ValueError):
            raise KeystoreLocked("the passphrase file cannot be read") from None
    else:
        passphrase = environ.get(PASSPHRASE, "")
    if not passphrase:
        raise KeystoreLocked("no passphrase is given")
    return passphrase


def _key(passphrase: str, salt: bytes, cost: int) -> bytes:
    # The same passphrase typed on two systems may come in two Unicode forms.
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(typed)


def _bound(shown: Mapping[str, Any]) -> bytes:
    return canonical.dumps({name: shown[name] for name in ("kdf", "n", "salt", "version")})


def _checksum(shown: Mapping[str, Any]) -> str:
    covered = {name: value for name, value in shown.items() if name != "checksum"}
    return sha256(canonical.dumps(covered)).hexdigest()


def _load(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_FILE_BYTES + 1)
    except OSError:
        raise KeystoreInvalid("there is no keystore file to read") from None
    try:
        shown = fields.exact(raw, _KEYS, "keystore")
    except LayoutInvalid as refused:
        raise KeystoreInvalid(refused.diagnostics) from None
    if shown["checksum"] != _checksum(shown):
        raise KeystoreInvalid("the keystore file is damaged")
    return shown


def _replace(path: Path, content: bytes) -> None:
    # mkstemp creates with mode 600, in the same directory so that the rename is atomic.
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
