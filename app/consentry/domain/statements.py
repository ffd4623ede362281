"""Statements: a keeper's signed word on which of its receipts are about a patient (specification L-24).

A receipt proves that something was noted; only a statement makes visible that one was left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from consentry.domain import canonical, fields, times
from consentry.domain.addresses import Address
from consentry.domain.canonical import keccak

MAX_SEQS = 200
MAX_STATEMENT_BYTES = 8192

_KEYS = (
    "after",
    "chainId",
    "committedUntil",
    "digest",
    "keeper",
    "last",
    "patient",
    "query",
    "seqs",
    "time",
    "until",
    "version",
)


@dataclass(frozen=True)
class Statement:
    """Of the keeper's receipts numbered `after` to before `until`, exactly `seqs` are about the patient.

    `committed_until`: those before it were committed, as the keeper saw it. `last`: it had `until` receipts in all.
    `digest` (32 bytes) is `values_digest` of these receipts; `query` the 32-byte digest of the query that was answered;
    `time` in seconds.
    """

    after: int
    chain_id: int
    committed_until: int
    digest: bytes
    keeper: Address
    last: bool
    patient: Address
    query: bytes
    seqs: tuple[int, ...]
    time: int
    until: int
    version: int = 1

    def __post_init__(self) -> None:
        where = "statement."
        fields.integer(self.after, where + "after")
        fields.integer(self.chain_id, where + "chainId", 1)
        fields.integer(self.committed_until, where + "committedUntil")
        fields.integer(self.until, where + "until", self.after)
        fields.integer(self.version, where + "version", 1, 1)
        fields.raw_bytes(self.digest, where + "digest")
        fields.raw_bytes(self.query, where + "query")
        fields.address(self.keeper, where + "keeper")
        fields.address(self.patient, where + "patient")
        times.iso(self.time)
        if not isinstance(self.last, bool):
            fields.refuse(where + "last", "be true or false")
        if self.last and self.committed_until > self.until:
            fields.refuse(where + "committedUntil", "be no more than there are")
        fields.array(list(self.seqs), where + "seqs", 0, MAX_SEQS)
        before = self.after - 1
        for seq in self.seqs:
            before = fields.integer(seq, where + "seqs", before + 1, self.until - 1)

    def to_json(self) -> dict[str, Any]:
        return {
            "after": self.after,
            "chainId": self.chain_id,
            "committedUntil": self.committed_until,
            "digest": fields.to_hex(self.digest),
            "keeper": self.keeper,
            "last": self.last,
            "patient": self.patient,
            "query": fields.to_hex(self.query),
            "seqs": list(self.seqs),
            "time": times.iso(self.time),
            "until": self.until,
            "version": self.version,
        }

    def to_bytes(self) -> bytes:
        return self._bytes

    @classmethod
    def parse(cls, raw: bytes) -> Statement:
        """Read a statement's bytes. Raises LayoutInvalid naming the field."""
        if not isinstance(raw, bytes) or len(raw) > MAX_STATEMENT_BYTES:
            fields.refuse("statement", f"be at most {MAX_STATEMENT_BYTES} bytes")
        got = fields.exact(raw, _KEYS, "statement")
        return cls(
            after=got["after"],
            chain_id=got["chainId"],
            committed_until=got["committedUntil"],
            digest=fields.hex_bytes(got["digest"], "statement.digest"),
            keeper=got["keeper"],
            last=got["last"],
            patient=got["patient"],
            query=fields.hex_bytes(got["query"], "statement.query"),
            seqs=tuple(fields.array(got["seqs"], "statement.seqs", 0, MAX_SEQS)),
            time=times.seconds(got["time"], "statement.time"),
            until=got["until"],
            version=got["version"],
        )

    @cached_property
    def _bytes(self) -> bytes:
        return canonical.dumps(self.to_json())


def values_digest(values: Iterable[bytes]) -> bytes:
    """What stands for receipts, by their Merkle values (L-18) in order, 32 bytes."""
    return keccak(b"consentry/v1/statement-values", *values)


def statement_digest(chain_id: int, raw: bytes) -> bytes:
    """What the keeper's account signs (L-24), 32 bytes."""
    chain = fields.integer(chain_id, "chainId", 1).to_bytes(32, "big")
    return keccak(b"consentry/v1/statement-signature", chain, raw)
