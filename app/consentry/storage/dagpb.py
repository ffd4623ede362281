"""The one shape of dag-pb node that the importer writes: a UnixFS file node of links and sizes, without data.

Sources: dag-pb specification (PBNode: field 2 links first, then field 1 data; PBLink: 1 hash, 2 name, 3
tsize); UnixFS specification (Data: 1 type = 2 file, 3 filesize, 4 blocksizes, unpacked).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from consentry.errors import CidInvalid
from consentry.storage.cid import Cid, parse_cid_bytes

_VARINT, _BYTES = 0, 2


class MalformedNodeError(ValueError):
    """The bytes are not a node of this shape. Only the reader sees it; outwards it is BlobCorrupt."""


@dataclass(frozen=True, slots=True)
class Link:
    """A child: its id, how many content bytes it spans, how many bytes its blocks take together (tsize)."""

    cid: Cid
    file_size: int
    stored_size: int


def encode_node(links: tuple[Link, ...]) -> bytes:
    """The canonical bytes of a file node over these children."""
    data = bytearray(b"\x08\x02\x18" + _varint(sum(link.file_size for link in links)))
    for link in links:
        data += b"\x20" + _varint(link.file_size)
    node = bytearray()
    for link in links:
        entry = b"\x0a\x24" + bytes(link.cid) + b"\x12\x00\x18" + _varint(link.stored_size)
        node += b"\x12" + _varint(len(entry)) + entry
    return bytes(node + b"\x0a" + _varint(len(data)) + data)


def decode_node(block: bytes) -> tuple[Link, ...]:
    """The children of a node; raises MalformedNodeError unless the block is what `encode_node` writes."""
    children: list[tuple[Cid, int]] = []
    sizes: list[int] = []
    try:
        for field, value in _fields(block):
            if field == 2 and isinstance(value, bytes):
                children.append(_link(value))
            elif field == 1 and isinstance(value, bytes):
                sizes += [size for key, size in _fields(value) if key == 4 and isinstance(size, int)]
        links = tuple(Link(cid, size, stored) for (cid, stored), size in zip(children, sizes, strict=True))
    except (IndexError, ValueError, CidInvalid) as error:
        raise MalformedNodeError("not a UnixFS file node") from error
    # One comparison refuses directories, inline data, names, wrong sums, unknown fields and odd varints
    # alike.
    if encode_node(links) != block:
        raise MalformedNodeError("not the canonical form of a UnixFS file node")
    return links


def _link(entry: bytes) -> tuple[Cid, int]:
    fields = dict(_fields(entry))
    cid, stored = fields.get(1), fields.get(3)
    if not isinstance(cid, bytes) or not isinstance(stored, int):
        raise MalformedNodeError("a link without id or size")
    return parse_cid_bytes(cid), stored


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Protocol-buffer fields of a message: (number, integer or bytes)."""
    at = 0
    while at < len(message):
        key, at = _read_varint(message, at)
        value, at = _read_varint(message, at)
        if key & 7 == _VARINT:
            yield key >> 3, value
        elif key & 7 == _BYTES and value <= len(message) - at:
            yield key >> 3, message[at : at + value]
            at += value
        else:
            raise MalformedNodeError("unknown wire type or cut short")


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _read_varint(message: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = message[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
        shift += 7
        if shift > 56:
            raise MalformedNodeError("a number beyond 2^63")
