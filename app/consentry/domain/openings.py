"""Break-glass openings: what two people sign to open a patient's emergency summary, and what closes and reviews it
(IEmergencyAccess; specification E-1, E-2, E-7, E-8)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from consentry.domain import eip712, fields, times
from consentry.domain.addresses import ZERO, Address

STATEMENT: Final = "This is an emergency. We need the emergency summary of this patient."
CLOSING: Final = "I close this emergency opening. Nothing more may be released under it."
REVIEW: Final = "I have reviewed this emergency opening. I am neither of the two who opened it."

LONGEST_SECONDS: Final = 24 * 3600
"""No box outlives it, whatever the consortium's limits (E-4)."""

TYPES: Final = {
    "Opening": eip712.struct(
        subject="Subject",
        statement="string",
        member="string",
        first="address",
        second="address",
        openUntil="string",
        relayBefore="string",
    ),
    "Subject": eip712.struct(patient="address", salt="bytes32"),
    "Closing": eip712.struct(closer="address", statement="string", openingId="bytes32"),
    "Review": eip712.struct(reviewer="address", statement="string", openingId="bytes32", finding="string"),
}


class Finding(IntEnum):
    """`IEmergencyAccess.Finding`: same names, same numbers."""

    Justified = 1
    Unjustified = 2

    @property
    def word(self) -> str:
        """As it is signed."""
        return self.name.lower()


@dataclass(frozen=True)
class Subject:
    """Whose emergency; `salt` is 32 random bytes, new for each opening, so that the chain links no two of them."""

    patient: Address
    salt: bytes

    def __post_init__(self) -> None:
        fields.address(self.patient, "subject.patient")
        if not any(fields.raw_bytes(self.salt, "subject.salt")):
            fields.refuse("subject.salt", "not be zero")

    def to_json(self) -> dict[str, Any]:
        return {"patient": self.patient, "salt": fields.to_hex(self.salt)}


@dataclass(frozen=True)
class Declaration:
    """What a transaction carries: `IEmergencyAccess.Declaration`, times in seconds."""

    subject_hash: bytes
    member: str
    first: Address
    second: Address
    open_until: int
    relay_before: int

    @property
    def arguments(self) -> tuple[Any, ...]:
        """In the order of the struct, as the ABI wants it."""
        return (
            self.subject_hash,
            self.member,
            self.first,
            self.second,
            self.open_until,
            self.relay_before,
        )


@dataclass(frozen=True)
class Opening:
    """An opening of two people of `member` (its registered name); times in seconds, `open_until` exclusive.

    Raises LayoutInvalid that names the field: an invalid value never exists.
    """

    subject: Subject
    member: str
    first: Address
    second: Address
    open_until: int
    relay_before: int

    def __post_init__(self) -> None:
        fields.name(self.member, "opening.member")
        for where, account in (("first", self.first), ("second", self.second)):
            if fields.address(account, f"opening.{where}") == ZERO:
                fields.refuse(f"opening.{where}", "not be zero")
        if self.first == self.second:
            fields.refuse("opening.second", "be another person than the first")
        for where, moment in (("openUntil", self.open_until), ("relayBefore", self.relay_before)):
            fields.integer(moment, f"opening.{where}", 0, times.LATEST)

    @classmethod
    def from_json(cls, obj: Any, where: str = "opening") -> Opening:
        """From its JSON form. Raises LayoutInvalid."""
        names = ("subject", "member", "first", "second", "openUntil", "relayBefore")
        got = fields.exact(obj, names, where)
        subject = fields.exact(got["subject"], ("patient", "salt"), f"{where}.subject")
        return cls(
            Subject(
                fields.address(subject["patient"], f"{where}.subject.patient"),
                fields.hex_bytes(subject["salt"], f"{where}.subject.salt"),
            ),
            fields.name(got["member"], f"{where}.member"),
            fields.address(got["first"], f"{where}.first"),
            fields.address(got["second"], f"{where}.second"),
            times.seconds(got["openUntil"], f"{where}.openUntil"),
            times.seconds(got["relayBefore"], f"{where}.relayBefore"),
        )

    def to_json(self) -> dict[str, Any]:
        """The message that is signed, without its statement."""
        return {
            "subject": self.subject.to_json(),
            "member": self.member,
            "first": self.first,
            "second": self.second,
            "openUntil": times.iso(self.open_until),
            "relayBefore": times.iso(self.relay_before),
        }

    def declaration(self) -> Declaration:
        """Without the patient: what goes to the chain."""
        subject_hash = eip712.hash_struct("Subject", TYPES, self.subject.to_json())
        return Declaration(
            subject_hash, self.member, self.first, self.second, self.open_until, self.relay_before
        )


def typed_data(opening: Opening, chain_id: int, contract: Address) -> dict[str, Any]:
    """What both wallets show and sign."""
    return _typed("Opening", opening.to_json() | {"statement": STATEMENT}, chain_id, contract)


def opening_id(opening: Opening, chain_id: int, contract: Address) -> bytes:
    """The 32 bytes that both sign, which are the opening's id."""
    return eip712.digest(typed_data(opening, chain_id, contract))


def closing_data(opening: bytes, closer: Address, chain_id: int, contract: Address) -> dict[str, Any]:
    """What closes the opening of this id (32 bytes) early."""
    message = {"closer": closer, "statement": CLOSING, "openingId": _hex(opening)}
    return _typed("Closing", message, chain_id, contract)


def review_data(
    opening: bytes, finding: Finding, reviewer: Address, chain_id: int, contract: Address
) -> dict[str, Any]:
    """What a third person signs about the opening of this id (32 bytes)."""
    message = {
        "reviewer": reviewer,
        "statement": REVIEW,
        "openingId": _hex(opening),
        "finding": finding.word,
    }
    return _typed("Review", message, chain_id, contract)


def _hex(opening: bytes) -> str:
    return fields.to_hex(fields.raw_bytes(opening, "openingId"))


def _typed(primary: str, message: dict[str, Any], chain_id: int, contract: Address) -> dict[str, Any]:
    domain = {
        "name": "Consentry Emergency",
        "version": "1",
        "chainId": chain_id,
        "verifyingContract": contract,
    }
    types = {primary: TYPES[primary]}
    if primary == "Opening":
        types["Subject"] = TYPES["Subject"]
    # wallets show members in the order of the struct
    ordered = {member["name"]: message[member["name"]] for member in TYPES[primary]}
    return eip712.typed_data(domain, primary, types, ordered)
