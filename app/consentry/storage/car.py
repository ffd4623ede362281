"""CARv1 archives: many blocks in one stream, as IPFS nodes import and export them.

    varint(length) ‖ DAG-CBOR {"roots": [CID…], "version": 1}   then of each block   varint(length) ‖ CID ‖ bytes

Source: ipld.io, "CARv1". A CID within DAG-CBOR is tag 42 of a byte string that begins with a zero (ipld.io, "DAG-CBOR").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from consentry.errors import BlobCorrupt, CidInvalid
from consentry.storage.cid import CID_BYTES, Cid, parse_cid_bytes
from consentry.storage.unixfs import CHUNK_BYTES

_MAX_HEADER = 1 << 16
_MAX_VARINT = 5


class Source(Protocol):
    """Bytes, as a file gives them."""

    def read(self, size: int, /) -> bytes: ...


def write(roots: Sequence[Cid], blocks: Iterable[tuple[Cid, bytes]]) -> Iterator[bytes]:
    """The archive of these blocks, in pieces."""
    yield _section(_header(roots))
    for cid, block in blocks:
        yield _section(bytes(cid), block)


def read(source: Source) -> Iterator[tuple[Cid, bytes]]:
    """An archive's blocks, in its order, each hashed against its id. Who asked for a content knows its roots: those of the header
    are passed over. Raises BlobCorrupt."""
    header = _length(source)
    if header is None or header > _MAX_HEADER:
        raise BlobCorrupt("not a CARv1 archive")
    _exactly(source, header)
    while (size := _length(source)) is not None:
        if not CID_BYTES <= size <= CID_BYTES + CHUNK_BYTES:
            raise BlobCorrupt("a block of the archive has no size that blocks of ours have")
        section = _exactly(source, size)
        try:
            cid = parse_cid_bytes(section[:CID_BYTES])
        except CidInvalid:
            raise BlobCorrupt("the archive names a block in another way than ours") from None
        block = section[CID_BYTES:]
        if not cid.matches(block):
            raise BlobCorrupt(f"the archive's block {cid} does not hash to its id")
        yield cid, block


def _header(roots: Sequence[Cid]) -> bytes:
    links = b"".join(b"\xd8\x2a" + _cbor(2, CID_BYTES + 1) + b"\0" + bytes(root) for root in roots)
    return b"\xa2\x65roots" + _cbor(4, len(roots)) + links + b"\x67version\x01"


def _cbor(major: int, number: int) -> bytes:
    """The head of a CBOR item in its shortest form (RFC 8949, section 4.2.1), for numbers below 65,536."""
    if number < 24:
        return bytes((major << 5 | number,))
    if number < 256:
        return bytes((major << 5 | 24, number))
    return bytes((major << 5 | 25,)) + number.to_bytes(2, "big")


def _section(*parts: bytes) -> bytes:
    return b"".join((_varint(sum(map(len, parts))), *parts))


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes((*out, number))


def _length(source: Source) -> int | None:
    """The next section's length; None at the end."""
    value = 0
    for place in range(_MAX_VARINT):
        byte = source.read(1)
        if not byte:
            if place == 0:
                return None
            break
        value |= (byte[0] & 127) << 7 * place
        if byte[0] < 128:
            return value
    raise BlobCorrupt("the archive breaks off")


def _exactly(source: Source, size: int) -> bytes:
    pieces, left = [], size
    while left:
        piece = source.read(left)
        if not piece:
            raise BlobCorrupt("the archive breaks off")
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
