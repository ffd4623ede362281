"""Envelopes: AES-256-GCM in the STREAM construction, in bounded memory (specification L-6, S-3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from consentry.domain import fields
from consentry.domain.headers import SUITE
from consentry.domain.infos import envelope_info
from consentry.errors import EnvelopeCorrupt

CHUNK_BYTES = 65_536
TAG_BYTES = 16
_SEALED_BYTES = CHUNK_BYTES + TAG_BYTES


class EnvelopeKeys(NamedTuple):
    """`aead_key` encrypts, `commitment` stands in the header (32 bytes each)."""

    aead_key: bytes
    commitment: bytes


def derive(record_key: bytes, record_id: bytes, suite: str = SUITE) -> EnvelopeKeys:
    """Both keys of a record key (32 bytes). Raises LayoutInvalid for another suite or length."""
    fields.raw_bytes(record_key, "recordKey")
    fields.raw_bytes(record_id, "recordId")
    info = envelope_info(fields.member_of(suite, (SUITE,), "suite"))
    both = HKDF(algorithm=hashes.SHA256(), length=64, salt=record_id, info=info).derive(record_key)
    return EnvelopeKeys(both[:32], both[32:])


def seal(chunks: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """Encrypt plaintext that comes in pieces of any size; one ciphertext chunk at a time comes out.

    A key (`EnvelopeKeys.aead_key`) seals one envelope only: nonces start at 0.
    """
    aead = AESGCM(fields.raw_bytes(key, "key"))
    return (aead.encrypt(nonce, block, None) for nonce, block in _numbered(chunks, CHUNK_BYTES))


def open_(chunks: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """Decrypt ciphertext that comes in pieces of any size; each chunk comes out once it is authentic.

    Raises EnvelopeCorrupt naming the chunk (from 0). What came out before may be the start of a cut envelope:
    only the iterator's end says that it was whole.
    """
    aead = AESGCM(fields.raw_bytes(key, "key"))
    return _open(chunks, aead)


def _open(chunks: Iterable[bytes], aead: AESGCM) -> Iterator[bytes]:
    for index, (nonce, block) in enumerate(_numbered(chunks, _SEALED_BYTES)):
        # An empty chunk is only ever the whole of an empty envelope.
        if len(block) < TAG_BYTES or (len(block) == TAG_BYTES and index):
            raise EnvelopeCorrupt(f"chunk {index} of the envelope is cut short")
        try:
            yield aead.decrypt(nonce, block, None)
        except InvalidTag:
            raise EnvelopeCorrupt(f"chunk {index} of the envelope fails its authentication") from None


def _numbered(chunks: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bytes | memoryview]]:
    """Blocks of `size` bytes with their STREAM nonces; the last may be shorter, or a single empty one."""
    index, held = 0, None
    for block in _blocks(chunks, size):
        if held is not None:
            yield index.to_bytes(11, "big") + b"\0", held
            index += 1
        held = block
    yield index.to_bytes(11, "big") + b"\1", b"" if held is None else held


def _blocks(chunks: Iterable[bytes], size: int) -> Iterator[bytes | memoryview]:
    """Cut pieces of any size into blocks; whole blocks inside a piece are not copied."""
    rest = bytearray()
    for chunk in chunks:
        view, start = memoryview(chunk), 0
        if rest:
            start = min(size - len(rest), len(view))
            rest += view[:start]
            if len(rest) < size:
                continue
            yield bytes(rest)
            rest = bytearray()
        whole = start + (len(view) - start) // size * size
        for at in range(start, whole, size):
            yield view[at : at + size]
        rest += view[whole:]
    if rest:
        yield bytes(rest)
