"""What a consent says, checked before anyone is asked to sign, and its EIP-712 forms (design §6, C-1, C-10,
C-11).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from consentry.domain import canonical, eip712, fields, times
from consentry.domain.addresses import ZERO, Address
from consentry.domain.ledger import Grant
from consentry.domain.provisions import ANY as ANY
from consentry.domain.provisions import (
    PROVISION_TYPE,
    check_list,
    known,
    refuse,
    texts,
)
from consentry.domain.provisions import Provision as Provision
from consentry.domain.provisions import covers as covers
from consentry.domain.provisions import validate as validate_provision
from consentry.domain.roles import Role
from consentry.domain.wording import in_words as in_words
from consentry.errors import LayoutInvalid, TermsInvalid

MAX_PROVISIONS = 20
MAX_TERMS_BYTES = 16_384
KEPT = 256
"""Of hashes, by what they are of: four megabytes where all are as long as terms may be."""

TERMS_TYPE = eip712.struct(
    recipientName="string",
    recipient="address",
    roles="string[]",
    provisions="Provision[]",
    maxUses="uint32",
    salt="bytes32",
)
CONSENT_TYPE = eip712.struct(
    patient="address", terms="Terms", validFrom="string", validUntil="string", relayBefore="string"
)
TYPES = {"Consent": CONSENT_TYPE, "Provision": PROVISION_TYPE, "Terms": TERMS_TYPE}


@dataclass(frozen=True)
class Terms:
    """To whom, for which roles, what; `max_uses` 0 is no limit, `salt` 32 random bytes.

    Always valid (C-11).
    """

    recipient_name: str
    recipient: Address
    roles: tuple[str, ...]
    provisions: tuple[Provision, ...]
    max_uses: int
    salt: bytes

    def __post_init__(self) -> None:
        validate(self)

    def to_json(self) -> dict[str, Any]:
        """The EIP-712 message, which is the JSON form as well."""
        return {
            "recipientName": self.recipient_name,
            "recipient": self.recipient,
            "roles": list(self.roles),
            "provisions": [provision.to_json() for provision in self.provisions],
            "maxUses": self.max_uses,
            "salt": fields.to_hex(self.salt),
        }

    @classmethod
    def from_json(cls, obj: Any, where: str = "terms") -> Terms:
        """Read and check. Raises TermsInvalid naming the field."""
        try:
            got = fields.exact(obj, [member["name"] for member in TERMS_TYPE], where)
            provisions = fields.array(got["provisions"], f"{where}.provisions", 1, MAX_PROVISIONS)
            return cls(
                recipient_name=got["recipientName"],
                recipient=got["recipient"],
                roles=texts(got["roles"], f"{where}.roles"),
                provisions=tuple(
                    Provision.from_json(one, f"{where}.provisions[{i}]") for i, one in enumerate(provisions)
                ),
                max_uses=got["maxUses"],
                salt=fields.hex_bytes(got["salt"], f"{where}.salt"),
            )
        except LayoutInvalid as refused:
            raise TermsInvalid(refused.diagnostics, expression=refused.expression) from None


@dataclass(frozen=True)
class Consent:
    """What a patient signs. Times in seconds; in force from `valid_from` until before `valid_until`."""

    patient: Address
    terms: Terms
    valid_from: int
    valid_until: int
    relay_before: int

    def __post_init__(self) -> None:
        try:
            fields.address(self.patient, "patient")
            fields.integer(self.valid_from, "validFrom", 0, times.LATEST)
            fields.integer(self.valid_until, "validUntil", 0, times.LATEST)
            fields.integer(self.relay_before, "relayBefore", 0, times.LATEST)
        except LayoutInvalid as refused:
            raise TermsInvalid(refused.diagnostics, expression=refused.expression) from None
        if not self.valid_from < self.valid_until:
            refuse("validUntil", "must be later than validFrom")
        if self.relay_before > self.valid_until:
            refuse("relayBefore", "must not be later than validUntil")

    def to_json(self) -> dict[str, Any]:
        """The EIP-712 message, which is the JSON form as well: times as text."""
        return {
            "patient": self.patient,
            "terms": self.terms.to_json(),
            "validFrom": times.iso(self.valid_from),
            "validUntil": times.iso(self.valid_until),
            "relayBefore": times.iso(self.relay_before),
        }

    @classmethod
    def from_json(cls, obj: Any) -> Consent:
        """Read and check. Raises TermsInvalid naming the field."""
        try:
            got = fields.exact(obj, [member["name"] for member in CONSENT_TYPE], "consent")
        except LayoutInvalid as refused:
            raise TermsInvalid(refused.diagnostics, expression=refused.expression) from None
        return cls(
            patient=got["patient"],
            terms=Terms.from_json(got["terms"]),
            valid_from=times.seconds(got["validFrom"], "validFrom", TermsInvalid),
            valid_until=times.seconds(got["validUntil"], "validUntil", TermsInvalid),
            relay_before=times.seconds(got["relayBefore"], "relayBefore", TermsInvalid),
        )

    def grant(self) -> Grant:
        """What the transaction carries."""
        return Grant(
            self.patient, terms_hash(self.terms), self.valid_from, self.valid_until, self.relay_before
        )


def validate(terms: Terms) -> None:
    """Raise TermsInvalid naming the field unless C-11 holds."""
    if not fields.is_name(terms.recipient_name):
        refuse("terms.recipientName", "must be printable text without control characters")
    try:
        if fields.address(terms.recipient, "terms.recipient") == ZERO:
            fields.refuse("terms.recipient", "not be the zero address")
        fields.integer(terms.max_uses, "terms.maxUses", 0, 2**32 - 1)
        fields.raw_bytes(terms.salt, "terms.salt")
    except LayoutInvalid as refused:
        raise TermsInvalid(refused.diagnostics, expression=refused.expression) from None
    if terms.salt == bytes(32):
        refuse("terms.salt", "must be random")
    check_list(terms.roles, "terms.roles", known(Role))
    if not 1 <= len(terms.provisions) <= MAX_PROVISIONS:
        refuse("terms.provisions", f"must be 1 to {MAX_PROVISIONS}")
    for index, provision in enumerate(terms.provisions):
        validate_provision(provision, f"terms.provisions[{index}]")
    if len(canonical.dumps(terms.to_json())) > MAX_TERMS_BYTES:
        refuse("terms", f"must be at most {MAX_TERMS_BYTES} bytes of canonical JSON")


@lru_cache(maxsize=KEPT)
def terms_hash(terms: Terms) -> bytes:
    """hashStruct(Terms), 32 bytes: what the transaction carries. Remembered by the terms themselves: reads come again and again
    under the same ones, and to hash them takes longer than to compare them."""
    return eip712.hash_struct("Terms", TYPES, terms.to_json())


def typed_data(consent: Consent, chain_id: int, contract: Address) -> dict[str, Any]:
    """What the wallet shows and signs (`eth_signTypedData_v4`)."""
    domain = {"name": "Consentry", "version": "1", "chainId": chain_id, "verifyingContract": contract}
    return eip712.typed_data(domain, "Consent", TYPES, consent.to_json())


@lru_cache(maxsize=KEPT)
def consent_id(consent: Consent, chain_id: int, contract: Address) -> bytes:
    """The EIP-712 digest, 32 bytes (C-1)."""
    return eip712.digest(typed_data(consent, chain_id, contract))
