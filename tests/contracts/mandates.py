"""Mandates and replacements as tests write them, beside the consents of consents.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.contracts.calls import view
from tests.contracts.consents import Draft, as_tuple, provision
from tests.contracts.structs import CONSENT_TYPES, MANDATE_TYPES, REPLACEMENT_FIELDS, SCOPE_FIELDS
from tests.contracts.typed import Windowed, typed_data

MANDATE_STATEMENT = "This person may grant consents in my name, within this scope and time."
REPLACEMENT_STATEMENT = "I revoke the consent that this one replaces, and grant this one."
SCOPE_SALT = "0x" + "6b" * 32


def scope(**changes: Any) -> dict[str, Any]:
    """Everything normal and restricted for treatment."""
    wide = provision(
        categories=["any"], confidentiality="R", dataFrom="any", dataUntil="any", authors=["any"]
    )
    return {"provisions": [wide], "salt": SCOPE_SALT} | changes


def scope_tuple(value: dict[str, Any]) -> tuple[Any, ...]:
    return as_tuple(value, SCOPE_FIELDS)


@dataclass(frozen=True)
class MandateDraft(Windowed):
    """A mandate: its scope and window."""

    primary, types = "Mandate", MANDATE_TYPES

    patient: str
    representative: str
    scope: dict[str, Any]
    valid_from: int
    valid_until: int
    relay_before: int

    mandate_id = Windowed.typed_id

    @property
    def words(self) -> dict[str, Any]:
        return {
            "patient": self.patient,
            "representative": self.representative,
            "statement": MANDATE_STATEMENT,
            "scope": self.scope,
        }

    def carried(self, contract: Any) -> tuple[Any, ...]:
        """What the transaction carries."""
        scope_hash = "0x" + view(contract, "hashScope", scope_tuple(self.scope)).hex()
        return (self.patient, self.representative, scope_hash, *self.times)


def replacement(replaced: str, draft: Draft, contract: Any) -> dict[str, Any]:
    message = {"statement": REPLACEMENT_STATEMENT, "replaces": replaced, "consent": draft.message}
    types = {"Replacement": REPLACEMENT_FIELDS, **CONSENT_TYPES}
    return typed_data("Replacement", types, message, contract)
