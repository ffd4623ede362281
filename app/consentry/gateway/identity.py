"""The patient's own identity: representatives, guardians, and what is pending. Identities stand in bodies, never in addresses."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from consentry.domain import fields, times
from consentry.domain.addresses import Address, address, did
from consentry.gateway import auth, body, shapes
from consentry.gateway.parts import gateway
from consentry.ports.recoveries import Recovery
from consentry.services import own_identity
from consentry.services.own_identity import (
    MOST_NAME,
    EndRepresentative,
    IdentityState,
    NameRepresentative,
    Veto,
)
from consentry.services.personal_message import signature_bytes
from consentry.services.recovery import NameGuardians
from consentry.services.sign_in import Person

routes = Blueprint("identity", __name__)
MAX_SIGNATURE_BYTES = 4_096
LONGEST_SECONDS = 100 * 365 * 24 * 3600


@routes.get("/api/identity")
def get_identity() -> dict[str, Any]:
    patient = _patient(auth.patient_side())
    return _state(patient, own_identity.state_of(patient, gateway().identity))


@routes.get("/api/identities")
def get_identities() -> dict[str, Any]:
    """For whom else the signed-in account acts, as far as it was named here."""
    who, parts = auth.person(), gateway()
    found, more = own_identity.identities_of(who.address, parts.identity)
    return {
        "identities": [
            {
                "did": did(one.identity, parts.site.chain_id),
                "how": one.how,
                "from": times.iso(one.from_) if one.from_ else None,
            }
            for one in found
        ],
        "more": more,
    }


@routes.post("/api/identity/representatives")
def post_representative() -> dict[str, Any]:
    patient, asked = _signed("account", "name", "validity")
    command = NameRepresentative(
        identity=patient,
        account=address(asked["account"]),
        name=body.text(asked, "name", MOST_NAME) if asked["name"] != "" else "",
        validity=fields.integer(asked["validity"], "validity", 1, LONGEST_SECONDS),
        deadline=_deadline(asked),
        signature=signature(asked),
    )
    return shapes.done(own_identity.name_representative(command, gateway().identity))


@routes.post("/api/identity/representatives/ending")
def post_ending() -> dict[str, Any]:
    patient, asked = _signed("account")
    command = EndRepresentative(patient, address(asked["account"]), _deadline(asked), signature(asked))
    return shapes.done(own_identity.end_representative(command, gateway().identity))


@routes.post("/api/identity/guardians")
def post_guardians() -> dict[str, Any]:
    patient, asked = _signed("commitment")
    commitment = fields.hex_bytes(asked["commitment"], "commitment")
    command = NameGuardians(patient, commitment, _deadline(asked), signature(asked))
    return shapes.done(own_identity.name_guardians(command, gateway().identity))


@routes.post("/api/identity/veto")
def post_veto() -> dict[str, Any]:
    patient, asked = _signed()
    command = Veto(patient, _deadline(asked), signature(asked))
    return shapes.done(own_identity.stop_recovery(command, gateway().identity))


def signature(asked: dict[str, Any]) -> bytes:
    """Raises SignatureInvalid."""
    return signature_bytes(asked["signature"], MAX_SIGNATURE_BYTES)


def pending(one: Recovery) -> dict[str, Any]:
    """A recovery as the API shows it; `newOwner` is null while there is none."""
    due = None if one.new_owner is None else times.iso(one.executable_at)
    return {
        "newOwner": one.new_owner,
        "executableAt": due,
        "attempt": one.attempt,
        "vetoSpent": one.veto_spent,
    }


def _signed(*names: str) -> tuple[Address, dict[str, Any]]:
    """Whose side asks, and what it signed, within its pace. Raises NotSignedIn, RoleUnfit, LayoutInvalid, RateLimited."""
    who = auth.patient_side()
    asked = body.json_object(*names, "deadline", "signature")
    gateway().consents.relays.take(who.address)
    return _patient(who), asked


def _deadline(asked: dict[str, Any]) -> int:
    return fields.integer(asked["deadline"], "deadline", 0, times.LATEST)


def _patient(who: Person) -> Address:
    assert who.patient is not None
    return who.patient


def _state(patient: Address, state: IdentityState) -> dict[str, Any]:
    guarding = state.guarding
    return {
        "did": did(patient, gateway().site.chain_id),
        "controller": state.controller,
        "nonce": state.nonce,
        "representatives": [
            {"account": one.account, "name": one.name, "until": times.iso(min(one.until, times.LATEST))}
            for one in state.representatives
        ],
        "guardians": {
            "commitment": _hex(guarding.commitment),
            "nextCommitment": _hex(guarding.following),
            "effectiveAt": times.iso(guarding.effective_at) if guarding.effective_at else None,
        },
        "recovery": pending(state.recovery),
        "recoveryDelay": state.delay,
    }


def _hex(commitment: bytes | None) -> str | None:
    return None if commitment is None else fields.to_hex(commitment)
