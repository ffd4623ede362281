"""Vectors of the byte layouts that are public or sealed whole (specification L-1, L-5, L-15 to L-17)."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from consentry.domain import canonical, fields, merkle
from consentry.domain.entries import Entry
from tests.vectors import samples
from tests.vectors.mutations import GONE, changed, refused, text
from tests.vectors.samples import filler

HEX = fields.to_hex
B64 = fields.to_base64


def canonical_json() -> dict[str, Any]:
    values: list[Any] = [
        None,
        True,
        [],
        {},
        0,
        -1,
        2**53 - 1,
        1 - 2**53,
        "",
        'quote " backslash \\ slash /',
        "\b\t\n\f\r\u0000\u001f\u007f",
        "é ü 病历 \U0001f9ec \u2028",
        {"b": 1, "a": {"B": [], "A": [1, [2, None]]}, "": False, "aa": "x", "1": 1, "10": 2, "_": 3},
    ]
    wrong = [
        ("white space", b'{"a": 1}'),
        ("keys not sorted", b'{"b":1,"a":2}'),
        ("repeated key", b'{"a":1,"a":1}'),
        ("key not ASCII", '{"é":1}'.encode()),
        ("fraction", b"1.5"),
        ("fraction that is whole", b"1.0"),
        ("exponent", b"1e3"),
        ("minus zero", b"-0"),
        ("leading zero", b"01"),
        ("2 to the 53", b"9007199254740992"),
        ("not a number", b"NaN"),
        ("needless escape", b'"\\u0041"'),
        ("capital hex in an escape", b'"\\u001F"'),
        ("escaped slash", b'"\\/"'),
        ("half a surrogate pair, escaped", b'"\\ud800"'),
        ("half a surrogate pair, raw", b'"\xed\xa0\x80"'),
        ("not UTF-8", b'"\xff"'),
        ("overlong UTF-8", b'"\xc0\xaf"'),
        ("byte order mark", b"\xef\xbb\xbf1"),
        ("line end", b"1\n"),
        ("nothing", b""),
        ("cut", b'{"a":'),
        ("nested 17 deep", b"[" * 18 + b"]" * 18),
        ("nested deep", b"[" * 5000 + b"]" * 5000),
        ("control character", b'"\x01"'),
    ]
    return {
        "about": "L-1. `value` in any JSON form, `bytes` its canonical form in base64, `keccak` of these.",
        "valid": [
            {"value": value, "bytes": B64(raw), "keccak": HEX(canonical.keccak(raw))}
            for value in values
            for raw in (canonical.dumps(value),)
        ],
        "refused": [{"why": why, "bytes": B64(raw)} for why, raw in wrong],
    }


def entries() -> dict[str, Any]:
    entry = samples.entry(3)
    plaintext = entry.to_plaintext()
    size = int.from_bytes(plaintext[:4], "big")
    obj = json.loads(plaintext[4 : 4 + size])

    def framed(body: str) -> bytes:
        raw = body.encode()
        return len(raw).to_bytes(4, "big") + raw + bytes(-(4 + len(raw)) % 4096)

    wrong = [
        ("one page of padding too many", plaintext + bytes(4096)),
        ("padding cut", plaintext[:-1]),
        ("padding not zero", plaintext[:-1] + b"\1"),
        ("length beyond the end", b"\xff\xff\xff\xff" + plaintext[4:]),
        ("share missing", framed(text(changed(obj, ("shares",), obj["shares"][:2])))),
        ("copy too short", framed(text(changed(obj, ("copy",), B64(filler("x", 100)))))),
        ("nothing", b""),
    ]
    return {
        "about": "L-15. `plaintext` of an entry in base64, and the canonical texts inside.",
        "valid": [_entry_case(entry)],
        "refused": [{"why": why, "plaintext": B64(raw)} for why, raw in wrong],
    }


def _entry_case(entry: Entry) -> dict[str, Any]:
    return {
        "header": entry.header.to_bytes().decode(),
        "sealing": entry.sealing.to_bytes().decode(),
        "shares": [B64(share) for share in entry.shares],
        "copy": B64(entry.copy),
        "plaintext": B64(entry.to_plaintext()),
        "recordDigest": HEX(entry.record_digest()),
    }


def manifest() -> dict[str, Any]:
    whole = samples.manifest()
    obj = json.loads(whole.to_bytes())
    rows = [row.to_json() for row in samples.manifest(100).rows]
    return {
        "about": "L-16. The canonical text of a manifest, its Merkle root and its SHA-256, which is anchored.",
        "valid": [
            {
                "text": one.to_bytes().decode(),
                "root": HEX(one.root()),
                "sha256": HEX(sha256(one.to_bytes()).digest()),
            }
            for one in (samples.manifest(1), whole, samples.manifest(100))
        ],
        "refused": refused(
            obj,
            [
                ("no rows", ("rows",), []),
                ("101 rows", ("rows",), [*rows, rows[0]]),
                ("row of two", ("rows", 0), obj["rows"][0][:2]),
                ("tag too short", ("rows", 0, 0), "0x00"),
                ("not a CID", ("rows", 0, 1), "bafkrei"),
                ("digest in capitals", ("rows", 0, 2), obj["rows"][0][2].upper()),
                ("version 2", ("version",), 2),
                ("version true", ("version",), True),
                ("author missing", ("author",), GONE),
            ],
        ),
    }


def merkle_trees() -> dict[str, Any]:
    trees = []
    for count in (1, 2, 3, 4, 5, 6, 7, 8, 9, 100):
        values = [filler(f"value {i}") for i in range(count)]
        shown = range(count) if count < 10 else (0, 63, 64, 96, 99)
        trees.append(
            {
                "values": [HEX(value) for value in values],
                "root": HEX(merkle.root(values)),
                "proofs": [merkle.proof(values, i).to_json() for i in shown],
            }
        )
    values = [filler(f"value {i}") for i in range(5)]
    good = merkle.proof(values, 1).to_json()
    top = merkle.proof(values, 4).to_json()
    wrong = [
        ("another value", values[2], good),
        ("another index", values[1], good | {"index": 0}),
        ("sibling missing", values[1], good | {"siblings": good["siblings"][:-1]}),
        ("sibling too many", values[4], top | {"siblings": [*top["siblings"], HEX(bytes(32))]}),
        ("another count", values[4], top | {"count": 8}),
        (
            "inner node as a value",
            bytes.fromhex(good["siblings"][1][2:]),
            {"index": 1, "count": 3, "siblings": []},
        ),
    ]
    return {
        "about": "L-5. Trees with proofs by index; `refused` proofs do not lead to `root`.",
        "trees": trees,
        "root": HEX(merkle.root(values)),
        "refused": [{"why": why, "value": HEX(value), "proof": proof} for why, value, proof in wrong],
    }


def directory() -> dict[str, Any]:
    whole = samples.directory()
    obj = json.loads(whole.to_bytes())
    keys = obj["categories"]["laboratory"]
    no_consent = {"laboratory": keys}
    return {
        "about": "L-17, with two categories only: readers take the required ones as a parameter (`required`).",
        "required": [str(name) for name in whole.categories],
        "valid": [{"text": whole.to_bytes().decode()}],
        "refused": refused(
            obj,
            [
                ("category missing", ("categories",), no_consent),
                ("threshold above seats", ("threshold",), 4),
                ("threshold 1", ("threshold",), 1),
                ("version 0", ("version",), 0),
                ("previous is no CID", ("previous",), "document 1"),
                ("share missing", ("categories", "laboratory", "shares"), keys["shares"][:2]),
                ("channel key too short", ("categories", "laboratory", "channelKey"), B64(bytes(31))),
                ("URL-safe base64", ("categories", "laboratory", "channelKey"), "_" * 42 + "8="),
                ("patient missing", ("patient",), GONE),
            ],
        ),
    }
