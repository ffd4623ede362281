"""Where the patient's side wants to be told of news by e-mail. Addresses stand in bodies, never in addresses of ours."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response

from consentry.domain.addresses import Address
from consentry.domain.mail import mail_address, masked
from consentry.gateway import auth, body
from consentry.gateway.parts import gateway
from consentry.services import mail_addresses

routes = Blueprint("mailing", __name__)
PATH = "/api/notifications/email"


@routes.get(PATH)
def get_mail() -> dict[str, Any]:
    patient, ports = _patient(), gateway().page.mail
    address = mail_addresses.address_of(patient, ports)
    return {"available": ports.mailer is not None, "address": None if address is None else masked(address)}


@routes.put(PATH)
def put_mail() -> tuple[dict[str, Any], int]:
    """A code goes there; until it is confirmed nothing has changed."""
    patient, ports = _patient(), gateway().page.mail
    address = mail_address(body.json_object("address")["address"])
    return {"ref": mail_addresses.ask_for(patient, address, ports), "address": masked(address)}, 202


@routes.post(f"{PATH}/confirmation")
def post_confirmation() -> Response:
    patient, ports = _patient(), gateway().page.mail
    asked = body.json_object("ref", "code")
    mail_addresses.confirm(patient, body.text(asked, "ref"), body.text(asked, "code"), ports)
    return make_response("", 204)


@routes.delete(PATH)
def delete_mail() -> Response:
    mail_addresses.forget(_patient(), gateway().page.mail)
    return make_response("", 204)


def _patient() -> Address:
    patient = auth.patient_side().patient
    assert patient is not None
    return patient
