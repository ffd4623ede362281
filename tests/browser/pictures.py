"""Codes as a camera and a file hold them: PNG (W3C, ISO/IEC 15948) and YUV4MPEG2, which Chromium plays as a camera."""

from __future__ import annotations

import struct
import zlib

from tests.browser.node import evaluate

_ENCODE = """
import { encode } from "uqr";
declare const given: string;
console.log(JSON.stringify(encode(given, { border: 4 }).data));
"""


def code(text: str, module: int = 8) -> list[bytes]:
    """The QR code of a text as rows of grey, `module` pixels wide and high for each of its squares."""
    squares = evaluate(_ENCODE, text)
    rows = [b"".join((b"\x00" if dark else b"\xff") * module for dark in row) for row in squares]
    return [row for row in rows for _ in range(module)]


def png(rows: list[bytes]) -> bytes:
    """A grey picture of 8 bits."""
    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\x00" + row for row in rows))
    parts = ((b"IHDR", head), (b"IDAT", pixels), (b"IEND", b""))
    written = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def film(rows: list[bytes], width: int = 640, height: int = 480) -> bytes:
    """Two frames with the picture in the middle of white; colours are grey (4:2:0)."""
    left, top = (width - len(rows[0])) // 2, (height - len(rows)) // 2
    blank = b"\xff" * width
    lines = [blank] * top + [b"\xff" * left + row + b"\xff" * (width - left - len(row)) for row in rows]
    frame = b"".join(lines + [blank] * (height - len(lines))) + b"\x80" * (width * height // 2)
    head = f"YUV4MPEG2 W{width} H{height} F5:1 Ip A1:1 C420jpeg\n".encode()
    return head + (b"FRAME\n" + frame) * 2
