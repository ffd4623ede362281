"""The names of this member's people: to each other, and to patients about accounts that they name."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from consentry.domain import fields, times
from consentry.domain.addresses import Address, address
from consentry.gateway import auth, body
from consentry.gateway.parts import gateway
from consentry.services import colleagues
from consentry.services.colleagues import Colleague

routes = Blueprint("colleagues", __name__)
AT_ONCE = 1_000


@routes.get("/api/staff")
def get_staff() -> dict[str, Any]:
    who, parts = auth.staff(), gateway()
    asked = (who.address, *map(Address, parts.staff_names))
    found = colleagues.colleagues(asked, parts.staff_names, parts.site.member, parts.ledger, parts.clock)
    return {"staff": [_shown(one) for one in found]}


@routes.post("/api/staff/names")
def post_names() -> dict[str, Any]:
    auth.person()
    asked = fields.array(body.json_object("accounts")["accounts"], "accounts", 0, AT_ONCE)
    return {"names": colleagues.named(map(address, asked), gateway().staff_names)}


def _shown(one: Colleague) -> dict[str, Any]:
    return {
        "account": one.enrolled.account,
        "name": one.name,
        "role": one.enrolled.role,
        "department": one.enrolled.department,
        "licenceEndsAt": times.iso(one.enrolled.licence_end_at),
        "active": one.active,
    }
