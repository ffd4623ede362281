"""Vectors of keepers' statements (specification L-24, A-4)."""

from __future__ import annotations

from typing import Any

from consentry.crypto.signatures import sign_digest
from consentry.domain import fields
from consentry.domain.receipts import receipt_value
from consentry.domain.statements import Statement, statement_digest, values_digest
from tests.vectors import samples
from tests.vectors.mutations import GONE, Change, refused
from tests.vectors.receipt_samples import receipt
from tests.vectors.samples import CHAIN_ID, KEEPER, NOW, filler

HEX = fields.to_hex


def statements() -> dict[str, Any]:
    page = _statement((0, 1, 4), after=0, until=5, last=False, committed_until=7)
    return {
        "about": "L-24. `digest` stands for the receipts' Merkle values in order; the keeper signed `signingDigest`.",
        "chainId": CHAIN_ID,
        "keeper": KEEPER,
        "valid": [
            _case(page, (0, 1, 4)),
            _case(_statement((), after=5, until=9, last=True, committed_until=9), ()),
            _case(_statement((), after=0, until=0, last=True, committed_until=0), ()),
        ],
        "refused": refused(page.to_json(), _WRONG),
    }


_WRONG: list[Change] = [
    ("a number before it starts", ("after",), 1),
    ("a number after it ends", ("until",), 4),
    ("ends before it starts", ("until",), -1),
    ("numbers that fall", ("seqs",), [1, 0, 4]),
    ("a number twice", ("seqs",), [0, 1, 1]),
    ("a number as text", ("seqs",), ["0"]),
    ("more numbers than a page holds", ("seqs",), list(range(201))),
    ("numbers missing", ("seqs",), GONE),
    ("last as a number", ("last",), 1),
    ("more committed than there are", ("last",), True),
    ("digest of 31 bytes", ("digest",), HEX(bytes(31))),
    ("query missing", ("query",), GONE),
    ("another version", ("version",), 2),
    ("chain id as text", ("chainId",), "1337"),
    ("patient in capitals", ("patient",), samples.ALICE.upper().replace("0X", "0x")),
]


def _statement(seqs: tuple[int, ...], **changes: Any) -> Statement:
    told: dict[str, Any] = {
        "chain_id": CHAIN_ID,
        "digest": values_digest(receipt_value(receipt(seq).to_bytes()) for seq in seqs),
        "keeper": KEEPER,
        "patient": samples.ALICE,
        "query": filler("query digest"),
        "seqs": seqs,
        "time": NOW,
    }
    return Statement(**told, **changes)


def _case(one: Statement, seqs: tuple[int, ...]) -> dict[str, Any]:
    raw = one.to_bytes()
    digest = statement_digest(CHAIN_ID, raw)
    return {
        "text": raw.decode(),
        "values": [HEX(receipt_value(receipt(seq).to_bytes())) for seq in seqs],
        "signingDigest": HEX(digest),
        "signature": HEX(sign_digest(filler("account keeper"), digest)),
    }
