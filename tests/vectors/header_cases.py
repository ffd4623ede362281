"""Vectors of headers and sealings (specification L-2 to L-4)."""

from __future__ import annotations

from typing import Any

from consentry.domain import fields
from consentry.domain.headers import Header, Sealing, record_digest
from tests.vectors import samples
from tests.vectors.mutations import GONE, refused
from tests.vectors.samples import filler

HEX = fields.to_hex


def headers() -> dict[str, Any]:
    def case(header: Header, sealing: Sealing) -> dict[str, Any]:
        return {
            "header": header.to_bytes().decode(),
            "headerHash": HEX(header.hash()),
            "sealing": sealing.to_bytes().decode(),
            "sealingHash": HEX(sealing.hash()),
            "recordDigest": HEX(record_digest(header.record_id, header.hash(), sealing.hash())),
        }

    header, sealing = samples.header(), samples.sealing()
    later = samples.header(
        record_id=filler("later"), replaces=filler("record"), version=2, level=4, confidentiality="V"
    )
    capital = "0x" + header.patient[2:].upper()
    return {
        "about": "L-2 to L-4. Canonical texts of header and sealing, their hashes and the record digest.",
        "valid": [
            case(header, sealing),
            case(later, samples.sealing(16, 16)),
            case(later, samples.sealing(2, 2)),
        ],
        "refusedHeaders": refused(
            header.to_json(),
            [
                ("field missing", ("suite",), GONE),
                ("field too many", ("note",), "x"),
                ("capital hex", ("patient",), capital),
                ("address too short", ("author",), header.author[:-1]),
                ("digest without 0x", ("keyCommitment",), "00" * 32),
                ("digest too long", ("ciphertextDigest",), "0x" + "00" * 33),
                ("record id null", ("recordId",), None),
                ("replaces nothing by text", ("replaces",), ""),
                ("unknown category", ("category",), "astrology"),
                ("unknown confidentiality", ("confidentiality",), "U"),
                ("unknown suite", ("suite",), "A128GCM"),
                ("level 0", ("level",), 0),
                ("level 5", ("level",), 5),
                ("level true", ("level",), True),
                ("version 0", ("version",), 0),
                ("impossible date", ("date",), "2025-02-29T00:00:00Z"),
                ("date with an offset", ("date",), "2025-02-28T00:00:00+00:00"),
                ("hour 24", ("date",), "2025-02-28T24:00:00Z"),
                ("date in other digits", ("date",), "２０２５-02-28T00:00:00Z"),
                ("before 1800", ("date",), "1799-12-31T23:59:59Z"),
                ("empty department", ("department",), ""),
                ("department of 33 characters", ("department",), "d" * 33),
                ("CIDv0", ("cid",), "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG"),
                ("CID in capitals", ("cid",), header.cid.upper()),
                ("CID with stray bits", ("cid",), _stray_bits(header.cid)),
            ],
        ),
        "refusedSealings": refused(
            sealing.to_json(),
            [
                ("field missing", ("threshold",), GONE),
                ("threshold above seats", ("threshold",), 6),
                ("threshold 1", ("threshold",), 1),
                ("one seat", ("shareHashes",), [HEX(filler("x"))]),
                ("17 seats", ("shareHashes",), [HEX(filler(str(seat))) for seat in range(17)]),
                ("hash too short", ("shareHashes", 0), "0x00"),
                ("hashes not an array", ("shareHashes",), {}),
                ("committee version 0", ("committeeVersion",), 0),
            ],
        ),
    }


def _stray_bits(cid: str) -> str:
    """Another text that sloppy base32 readers take for the same bytes."""
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    return cid[:-1] + alphabet[alphabet.index(cid[-1]) | 1]
