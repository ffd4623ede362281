"""Mandates: what a representative may do for a patient, within a scope and a window (ADR 0008, 0011; MandateHash.sol).

A scope is provisions, as terms are. The chain knows a mandate by its id, representative and window; the scope is shown to
whoever has to judge it, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from consentry.domain import canonical, eip712, fields, times
from consentry.domain.addresses import ZERO, Address
from consentry.domain.headers import Header
from consentry.domain.provisions import PROVISION_TYPE, Provision, names, refuse
from consentry.domain.provisions import covers as provision_covers
from consentry.domain.provisions import validate as validate_provision
from consentry.errors import LayoutInvalid, TermsInvalid

STATEMENT: Final = "This person may grant consents in my name, within this scope and time."
MAX_PROVISIONS = 20
MAX_SCOPE_BYTES = 16_384

SCOPE_TYPE = eip712.struct(provisions="Provision[]", salt="bytes32")
MANDATE_TYPE = eip712.struct(
    patient="address",
    representative="address",
    statement="string",
    scope="Scope",
    validFrom="string",
    validUntil="string",
    relayBefore="string",
)
TYPES: Final = {"Mandate": MANDATE_TYPE, "Provision": PROVISION_TYPE, "Scope": SCOPE_TYPE}
_KEYS = tuple(member["name"] for member in MANDATE_TYPE if member["name"] != "statement")


@dataclass(frozen=True)
class Scope:
    """What is covered at most; `salt` 32 random bytes. Raises TermsInvalid that names the field."""

    provisions: tuple[Provision, ...]
    salt: bytes

    def __post_init__(self) -> None:
        if not isinstance(self.salt, bytes) or len(self.salt) != 32 or not any(self.salt):
            refuse("scope.salt", "must be 32 random bytes")
        if not 1 <= len(self.provisions) <= MAX_PROVISIONS:
            refuse("scope.provisions", f"must be 1 to {MAX_PROVISIONS}")
        for index, provision in enumerate(self.provisions):
            validate_provision(provision, f"scope.provisions[{index}]")
        if len(canonical.dumps(self.to_json())) > MAX_SCOPE_BYTES:
            refuse("scope", f"must be at most {MAX_SCOPE_BYTES} bytes of canonical JSON")

    def to_json(self) -> dict[str, Any]:
        return {
            "provisions": [provision.to_json() for provision in self.provisions],
            "salt": fields.to_hex(self.salt),
        }

    def covers_record(self, purpose: str, header: Header, author_name: str) -> bool:
        """Whether one provision covers the record in every field, by the contract's rule; `author_name` as registered."""
        return any(provision_covers(one, purpose, header, author_name) for one in self.provisions)

    def covers_category(self, purpose: str, category: str) -> bool:
        """Whether one provision names category and purpose: what a category's seed needs (C-12)."""
        return any(
            names(one.purposes, purpose) and names(one.categories, category) for one in self.provisions
        )

    def hash(self) -> bytes:
        """hashStruct(Scope), 32 bytes: all that the chain is given of it."""
        return eip712.hash_struct("Scope", TYPES, self.to_json())


@dataclass(frozen=True)
class Mandate:
    """What a patient signs. Times in seconds; in force from `valid_from` until before `valid_until`.

    Raises TermsInvalid that names the field.
    """

    patient: Address
    representative: Address
    scope: Scope
    valid_from: int
    valid_until: int
    relay_before: int

    def __post_init__(self) -> None:
        try:
            fields.address(self.patient, "mandate.patient")
            if fields.address(self.representative, "mandate.representative") == ZERO:
                fields.refuse("mandate.representative", "not be zero")
            for where, moment in (
                ("validFrom", self.valid_from),
                ("validUntil", self.valid_until),
                ("relayBefore", self.relay_before),
            ):
                fields.integer(moment, f"mandate.{where}", 0, times.LATEST)
        except LayoutInvalid as refused:
            raise TermsInvalid(refused.diagnostics, expression=refused.expression) from None
        if not self.valid_from < self.valid_until:
            refuse("mandate.validUntil", "must be later than validFrom")

    @classmethod
    def from_json(cls, obj: Any) -> Mandate:
        """From its JSON form. Raises TermsInvalid."""
        try:
            got = fields.exact(obj, _KEYS, "mandate")
            scope = fields.exact(got["scope"], ("provisions", "salt"), "mandate.scope")
            provisions = fields.array(scope["provisions"], "mandate.scope.provisions", 1, MAX_PROVISIONS)
            return cls(
                patient=got["patient"],
                representative=got["representative"],
                scope=Scope(
                    tuple(
                        Provision.from_json(one, f"mandate.scope.provisions[{i}]")
                        for i, one in enumerate(provisions)
                    ),
                    fields.hex_bytes(scope["salt"], "mandate.scope.salt"),
                ),
                valid_from=times.seconds(got["validFrom"], "mandate.validFrom"),
                valid_until=times.seconds(got["validUntil"], "mandate.validUntil"),
                relay_before=times.seconds(got["relayBefore"], "mandate.relayBefore"),
            )
        except LayoutInvalid as refused:
            raise TermsInvalid(refused.diagnostics, expression=refused.expression) from None

    def to_json(self) -> dict[str, Any]:
        """The message that is signed, without its statement."""
        return {
            "patient": self.patient,
            "representative": self.representative,
            "scope": self.scope.to_json(),
            "validFrom": times.iso(self.valid_from),
            "validUntil": times.iso(self.valid_until),
            "relayBefore": times.iso(self.relay_before),
        }

    @property
    def arguments(self) -> tuple[Any, ...]:
        """`IConsentRegistry.Mandate`, what a transaction carries."""
        window = (self.valid_from, self.valid_until, self.relay_before)
        return (self.patient, self.representative, self.scope.hash(), *window)


def typed_data(mandate: Mandate, chain_id: int, contract: Address) -> dict[str, Any]:
    """What the patient's wallet shows and signs; `contract` is the ConsentRegistry."""
    domain = {"name": "Consentry", "version": "1", "chainId": chain_id, "verifyingContract": contract}
    message = mandate.to_json() | {"statement": STATEMENT}
    # wallets show members in the order of the struct
    ordered = {member["name"]: message[member["name"]] for member in MANDATE_TYPE}
    return eip712.typed_data(domain, "Mandate", TYPES, ordered)


def mandate_id(mandate: Mandate, chain_id: int, contract: Address) -> bytes:
    """The EIP-712 digest, 32 bytes: the mandate's id."""
    return eip712.digest(typed_data(mandate, chain_id, contract))
