"""Consents as tests write them: people with keys, terms in words, and the signatures of a wallet library."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from brownie import accounts
from eth_account import Account
from eth_account.messages import encode_typed_data

from scripts.settings import text32
from tests.contracts.calls import view
from tests.contracts.structs import (
    CONSENT_TYPES,
    PROVISION_FIELDS,
    REVOCATION_FIELDS,
    SCOPE_FIELDS,
    TERMS_FIELDS,
)
from tests.contracts.typed import Windowed, typed_data

MERCY = "Mercy Hospital"
CITY = "City Hospital 市立医院"
SYSTEM_ROLE = text32("system")
REPRESENTATIVE = text32("consent")
STATEMENT = "I revoke this consent. Nothing more may be released under it."
RECORD = "0x" + "ab" * 32
SALT = "0x" + "5a" * 32
ZERO_ADDRESS = "0x" + "00" * 20
ZERO_WORD = "0x" + "00" * 32
NO_MANDATE = (ZERO_ADDRESS, ZERO_ADDRESS, ZERO_WORD, 0, 0, 0)
NO_SCOPE: dict[str, Any] = {"provisions": [], "salt": ZERO_WORD}
HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


@dataclass(frozen=True)
class Person:
    """Somebody with a key of their own; `account` sends transactions at price zero from an empty balance."""

    name: str
    key: bytes

    @classmethod
    def named(cls, name: str) -> Person:
        return cls(name, hashlib.sha256(f"consentry test key of {name}".encode()).digest())

    @property
    def address(self) -> str:
        return Account.from_key(self.key).address

    @property
    def account(self) -> Any:
        return accounts.add(self.key)

    def sign(self, typed: dict[str, Any]) -> bytes:
        """65 bytes r ‖ s ‖ v over EIP-712 typed data, as a wallet returns them."""
        return bytes(Account.sign_message(encode_typed_data(full_message=typed), self.key).signature)


def provision(**changes: Any) -> dict[str, Any]:
    """Laboratory results and problems for treatment, everything normal from 2024 and 2025."""
    return {
        "purposes": ["TREAT"],
        "categories": ["laboratory", "problems"],
        "confidentiality": "N",
        "dataFrom": "2024-01-01T00:00:00Z",
        "dataUntil": "2026-01-01T00:00:00Z",
        "authors": ["any"],
        "records": ["any"],
    } | changes


def terms(recipient: str, **changes: Any) -> dict[str, Any]:
    """Terms for City's attending doctors."""
    return {
        "recipientName": CITY,
        "recipient": str(recipient),
        "roles": ["attending"],
        "provisions": [provision()],
        "maxUses": 0,
        "salt": SALT,
    } | changes


def as_tuple(value: Any, fields: list[tuple[str, str]]) -> tuple[Any, ...]:
    """A struct in the order of its fields, as Brownie encodes it."""
    return tuple(
        [as_tuple(one, PROVISION_FIELDS) for one in value[name]] if kind == "Provision[]" else value[name]
        for name, kind in fields
    )


def terms_tuple(value: dict[str, Any]) -> tuple[Any, ...]:
    return as_tuple(value, TERMS_FIELDS)


@dataclass(frozen=True)
class Draft(Windowed):
    """A consent: its terms and window."""

    primary, types = "Consent", CONSENT_TYPES

    patient: str
    terms: dict[str, Any]
    valid_from: int
    valid_until: int
    relay_before: int

    consent_id = Windowed.typed_id

    @property
    def words(self) -> dict[str, Any]:
        return {"patient": self.patient, "terms": self.terms}

    def grant(self, contract: Any) -> tuple[Any, ...]:
        """What the transaction carries."""
        terms_hash = "0x" + view(contract, "hashTerms", terms_tuple(self.terms)).hex()
        return (self.patient, terms_hash, *self.times)


def revocation(patient: str, consent_id: str, contract: Any) -> dict[str, Any]:
    message = {"patient": patient, "statement": STATEMENT, "consentId": consent_id}
    return typed_data("Revocation", {"Revocation": REVOCATION_FIELDS}, message, contract)


def facts(author: Any, **changes: Any) -> tuple[Any, ...]:
    """A normal laboratory record of 2025 from cardiology."""
    record = {
        "recordId": RECORD,
        "author": str(author),
        "category": "laboratory",
        "level": 3,
        "confidentiality": "N",
        "department": "cardiology",
        "date": "2025-03-04T05:06:07Z",
    } | changes
    return tuple(record.values())


def asker(actor: Any, **changes: Any) -> tuple[Any, ...]:
    """`actor` asks for treatment and signs the request."""
    value = {
        "actor": address_of(actor),
        "signer": address_of(actor),
        "purpose": "TREAT",
        "askedAt": 0,
        "episodeBy": ZERO_ADDRESS,
        "episodeDepartment": "",
    }
    return tuple((value | changes).values())


def asked(
    grant: tuple[Any, ...],
    said: dict[str, Any],
    who: tuple[Any, ...],
    mandate: tuple[Any, ...] = NO_MANDATE,
    scope: dict[str, Any] | None = None,
) -> tuple[Any, ...]:
    """An `Ask`: the consent as it is shown by who asks under it."""
    return (grant, terms_tuple(said), mandate, as_tuple(scope or NO_SCOPE, SCOPE_FIELDS), who)


def address_of(who: Any) -> str:
    return who if isinstance(who, str) else str(who.address)
