"""Sealing an archive to a public key, in bounded memory (specification U-2).

    "consentry-backup/1\\n" ‖ salt (32) ‖ HPKE-sealed key (1,168) ‖ STREAM of the archive (L-6)

Who makes an archive cannot open it: the private half of the key is kept offline.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator

from consentry.crypto import envelope, hpke
from consentry.domain import infos
from consentry.domain.entries import SEALED_KEY_BYTES
from consentry.errors import BackupInvalid, BackupLocked, EnvelopeCorrupt, SealInvalid

MAGIC = b"consentry-backup/1\n"
_SALT_BYTES = 32
_HEAD_BYTES = len(MAGIC) + _SALT_BYTES + SEALED_KEY_BYTES


def seal(chunks: Iterable[bytes], recipient: bytes) -> Iterator[bytes]:
    """Encrypt an archive that comes in pieces to an X-Wing public key (1,216 bytes), piece by piece."""
    salt, key = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(32)
    yield MAGIC + salt + hpke.seal(recipient, infos.backup_info(salt), key)
    yield from envelope.seal(chunks, envelope.derive(key, salt).aead_key)


def open_(chunks: Iterable[bytes], seed: bytes) -> Iterator[bytes]:
    """The archive, piece by piece; only the iterator's end says that it was whole.

    Raises BackupLocked for another key (`seed`: 32 bytes), BackupInvalid for anything damaged.
    """
    pieces = iter(chunks)
    head = bytearray()
    while len(head) < _HEAD_BYTES:
        piece = next(pieces, b"")
        if not piece:
            raise BackupInvalid("it is no archive of a back-up, or ends within its head")
        head += piece
    if not head.startswith(MAGIC):
        raise BackupInvalid("it is no archive of a back-up, or of another version")
    salt = bytes(head[len(MAGIC) : len(MAGIC) + _SALT_BYTES])
    sealed = bytes(head[len(MAGIC) + _SALT_BYTES : _HEAD_BYTES])
    try:
        key = hpke.open_(seed, infos.backup_info(salt), sealed)
    except SealInvalid:
        raise BackupLocked() from None
    yield from _whole(bytes(head[_HEAD_BYTES:]), pieces, envelope.derive(key, salt).aead_key)


def _whole(first: bytes, rest: Iterator[bytes], key: bytes) -> Iterator[bytes]:
    def together() -> Iterator[bytes]:
        yield first
        yield from rest

    try:
        yield from envelope.open_(together(), key)
    except EnvelopeCorrupt as problem:
        raise BackupInvalid(problem.diagnostics) from None
