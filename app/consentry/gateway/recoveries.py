"""Guardians give a lost identity to a new key, each at an own device. Whoever asks need not be the patient."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from consentry.domain import fields, times
from consentry.domain.addresses import Address, address, address_of_did
from consentry.domain.guardians import GuardianSet
from consentry.gateway import auth, body, shapes
from consentry.gateway.identity import pending, signature
from consentry.gateway.parts import gateway
from consentry.services import guarding
from consentry.services.guarding import Agree, Guarded

routes = Blueprint("recoveries", __name__)


@routes.post("/api/recoveries/open")
def post_open() -> dict[str, Any]:
    """What guardians have agreed to so far, for whoever shows the set."""
    who = auth.person()
    asked = body.json_object("identity", "guardianSet")
    gateway().consents.relays.take(who.address)
    guardian_set = GuardianSet.from_json(asked["guardianSet"])
    return _shown(guarding.look(_identity(asked), guardian_set, gateway().identity))


@routes.post("/api/recoveries/agreements")
def post_agreement() -> dict[str, Any]:
    who = auth.person()
    asked = body.json_object("identity", "guardianSet", "newOwner", "deadline", "signature")
    gateway().consents.relays.take(who.address)
    command = Agree(
        identity=_identity(asked),
        new_owner=address(asked["newOwner"]),
        guardian_set=GuardianSet.from_json(asked["guardianSet"]),
        deadline=fields.integer(asked["deadline"], "deadline", 0, times.LATEST),
        signature=signature(asked),
    )
    return _shown(guarding.agree(command, gateway().identity))


@routes.post("/api/recoveries/finishing")
def post_finishing() -> dict[str, Any]:
    who = auth.person()
    asked = body.json_object("identity")
    gateway().consents.relays.take(who.address)
    return shapes.mined(guarding.finish(_identity(asked), gateway().identity))


def _identity(asked: dict[str, Any]) -> Address:
    return address_of_did(body.text(asked, "identity"), gateway().site.chain_id)


def _shown(seen: Guarded) -> dict[str, Any]:
    return {
        "recovery": pending(seen.recovery),
        "threshold": seen.threshold,
        "waiting": [
            {"newOwner": one.new_owner, "deadline": one.deadline, "agreed": list(one.agreed)}
            for one in seen.waiting
        ],
        "started": None if seen.started is None else shapes.mined(seen.started),
    }
