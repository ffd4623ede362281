"""Openings as tests write them, and the signatures of a wallet library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.contracts.calls import view
from tests.contracts.consents import facts
from tests.contracts.typed import digest, iso, typed_data

NAME = "Consentry Emergency"
STATEMENT = "This is an emergency. We need the emergency summary of this patient."
CLOSING = "I close this emergency opening. Nothing more may be released under it."
REVIEW = "I have reviewed this emergency opening. I am neither of the two who opened it."

SUBJECT_FIELDS = [("patient", "address"), ("salt", "bytes32")]
OPENING_FIELDS = [
    ("subject", "Subject"),
    ("statement", "string"),
    ("member", "string"),
    ("first", "address"),
    ("second", "address"),
    ("openUntil", "string"),
    ("relayBefore", "string"),
]
OPENING_TYPES = {"Opening": OPENING_FIELDS, "Subject": SUBJECT_FIELDS}
CLOSING_FIELDS = [("closer", "address"), ("statement", "string"), ("openingId", "bytes32")]
REVIEW_FIELDS = [
    ("reviewer", "address"),
    ("statement", "string"),
    ("openingId", "bytes32"),
    ("finding", "string"),
]
UNKNOWN, OPEN, ENDED, CLOSED, REVIEWED = range(5)
NONE, JUSTIFIED, UNJUSTIFIED = range(3)
FINDINGS = {JUSTIFIED: "justified", UNJUSTIFIED: "unjustified"}
ZERO = "0x" + "00" * 20


@dataclass(frozen=True)
class Box:
    """An opening before it is relayed; times in seconds."""

    patient: str
    salt: str
    member: str
    first: str
    second: str
    open_until: int
    relay_before: int

    @property
    def subject(self) -> tuple[str, str]:
        return (self.patient, self.salt)

    def typed(self, contract: Any) -> dict[str, Any]:
        message = {
            "subject": {"patient": self.patient, "salt": self.salt},
            "statement": STATEMENT,
            "member": self.member,
            "first": self.first,
            "second": self.second,
            "openUntil": iso(self.open_until),
            "relayBefore": iso(self.relay_before),
        }
        return typed_data("Opening", OPENING_TYPES, message, contract, NAME)

    def opening_id(self, contract: Any) -> str:
        return "0x" + digest(self.typed(contract)).hex()

    def declaration(self, contract: Any) -> tuple[Any, ...]:
        """What the transaction carries."""
        subject_hash = "0x" + view(contract, "hashSubject", self.subject).hex()
        times = (self.open_until, self.relay_before)
        return (subject_hash, self.member, self.first, self.second, *times)


def closing(closer: str, opening_id: str, contract: Any) -> dict[str, Any]:
    message = {"closer": closer, "statement": CLOSING, "openingId": opening_id}
    return typed_data("Closing", {"Closing": CLOSING_FIELDS}, message, contract, NAME)


def review(reviewer: str, opening_id: str, finding: int, contract: Any) -> dict[str, Any]:
    message = {
        "reviewer": reviewer,
        "statement": REVIEW,
        "openingId": opening_id,
        "finding": FINDINGS[finding],
    }
    return typed_data("Review", {"Review": REVIEW_FIELDS}, message, contract, NAME)


def wrong_signatures(
    signer: Any, stranger: Any, typed: dict[str, Any], *others: dict[str, Any]
) -> list[bytes]:
    """Whatever does not sign `typed` for the signer: a stranger's, over another or reworded text, cut off, empty."""
    reworded = typed | {"message": typed["message"] | {"statement": "Yes"}}
    over_others = [signer.sign(one) for one in (*others, reworded)]
    return [stranger.sign(typed), *over_others, signer.sign(typed)[:64], b""]


def summary(author: Any, **changes: Any) -> tuple[Any, ...]:
    """A record of the emergency summary."""
    return facts(author, **({"category": "emergency"} | changes))
