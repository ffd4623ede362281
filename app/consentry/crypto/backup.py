"""Sealing an archive to a public key, and signing it, in bounded memory (specification U-2, U-6).

    "consentry-backup/2\\n" ‖ u64 time ‖ salt (32) ‖ HPKE-sealed key (1,168) ‖ STREAM of the archive (L-6) ‖ signature (65)
    "consentry-backup/1\\n" ‖ salt (32) ‖ HPKE-sealed key (1,168) ‖ STREAM of the archive (L-6)

Who makes an archive cannot open it: the private half of the key is kept offline. Sealing shows that nothing was changed since
somebody sealed it; who that was, only the signature says: the public key is no secret.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from consentry.crypto import envelope, hpke
from consentry.crypto.signatures import recover
from consentry.domain import infos
from consentry.domain.addresses import Address
from consentry.domain.canonical import keccak
from consentry.domain.entries import SEALED_KEY_BYTES
from consentry.errors import BackupInvalid, BackupLocked, EnvelopeCorrupt, SealInvalid, SignatureInvalid

UNSIGNED: Final = b"consentry-backup/1\n"
SIGNED: Final = b"consentry-backup/2\n"
_SALT_BYTES = 32
_TIME_BYTES = 8
_SIGNATURE_BYTES = 65


@dataclass(frozen=True)
class Signing:
    """`account` is whose back-up it is, and `sign` signs 32 bytes with it (65 bytes); `made_at` in seconds."""

    account: Address
    made_at: int
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True)
class Origin:
    """Which account signed an archive, and when it says that it was made (seconds)."""

    signer: Address
    made_at: int


def seal(chunks: Iterable[bytes], recipient: bytes, signing: Signing | None = None) -> Iterator[bytes]:
    """Encrypt an archive that comes in pieces to an X-Wing public key (1,216 bytes), piece by piece."""
    salt, key, seen = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(32), sha256()
    head = UNSIGNED if signing is None else SIGNED + signing.made_at.to_bytes(_TIME_BYTES, "big")

    def pieces() -> Iterator[bytes]:
        yield head + salt + hpke.seal(recipient, infos.backup_info(salt), key)
        yield from envelope.seal(chunks, envelope.derive(key, salt).aead_key)

    for piece in pieces():
        seen.update(piece)
        yield piece
    if signing is not None:
        yield signing.sign(_signed(seen.digest()))


class Opening:
    """An archive that is being opened with `seed` (32 bytes).

    `head`: the one that it must have, of an archive that was read to its end before. With it goes the content key, which only
    its maker and we know, so that each piece is one of that archive in its place (STREAM binds number and end), or none is given.
    """

    def __init__(self, chunks: Iterable[bytes], seed: bytes, head: bytes | None = None) -> None:
        self._chunks = iter(chunks)
        self._must = head
        self._head = b""
        self._held = b""
        self._seed = seed
        self._seen = sha256()
        self._origin: Origin | None = None

    def pieces(self) -> Iterator[bytes]:
        """The archive, piece by piece, once; only the iterator's end says that it was whole, and whose.

        Raises BackupLocked for another key, BackupInvalid for anything damaged.
        """
        magic = self._take(len(SIGNED))
        if magic not in (UNSIGNED, SIGNED):
            raise BackupInvalid("it is no archive of a back-up, or of another version")
        signed = magic == SIGNED
        time = self._take(_TIME_BYTES) if signed else b""
        salt, sealed = self._take(_SALT_BYTES), self._take(SEALED_KEY_BYTES)
        self._head = magic + time + salt + sealed
        if self._must is not None and self._head != self._must:
            raise BackupInvalid("it was changed while it was read")
        try:
            key = hpke.open_(self._seed, infos.backup_info(salt), sealed)
        except SealInvalid:
            raise BackupLocked() from None
        rest = self._but_last(_SIGNATURE_BYTES if signed else 0)
        try:
            yield from envelope.open_(rest, envelope.derive(key, salt).aead_key)
        except EnvelopeCorrupt as problem:
            raise BackupInvalid(problem.diagnostics) from None
        if signed:
            try:
                signer = recover(_signed(self._seen.digest()), self._held)
            except SignatureInvalid:
                raise BackupInvalid("its signature is none") from None
            self._origin = Origin(signer, int.from_bytes(time, "big"))

    @property
    def head(self) -> bytes:
        """Once a piece was read: what stands before the content, its sealed key too."""
        return self._head

    @property
    def origin(self) -> Origin | None:
        """Once all pieces were read: who signed it; None if nobody did."""
        return self._origin

    def _take(self, size: int) -> bytes:
        while len(self._held) < size:
            piece = next(self._chunks, b"")
            if not piece:
                raise BackupInvalid("it is no archive of a back-up, or ends within its head")
            self._held += piece
        taken, self._held = self._held[:size], self._held[size:]
        self._seen.update(taken)
        return taken

    def _but_last(self, size: int) -> Iterator[bytes]:
        """All that comes, but for the last so many bytes, which stay held."""
        for piece in self._chunks:
            self._held += piece
            ready = len(self._held) - size
            if ready > 0:
                yield self._take(ready)
        if len(self._held) < size:
            raise BackupInvalid("it is cut off within its signature")
        if len(self._held) > size:
            yield self._take(len(self._held) - size)


def _signed(seen: bytes) -> bytes:
    return keccak(b"consentry/v1/backup-signature", seen)
