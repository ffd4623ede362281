"""Reading sessions, and the patient's account of accesses."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from consentry.domain import times
from consentry.gateway import auth, body, shapes
from consentry.gateway.auditing import about_reader
from consentry.gateway.parts import gateway
from consentry.services.account import account
from consentry.services.reading_session import challenge, open_session

routes = Blueprint("reading", __name__)


@routes.post("/api/reading-sessions/challenges")
def post_challenge() -> dict[str, Any]:
    who = auth.person()
    asked = body.json_object("purpose")
    typed_data, ref = challenge(who, body.text(asked, "purpose", 32), gateway().sessions)
    return {"typedData": typed_data, "ref": ref}


@routes.post("/api/reading-sessions")
def post_session() -> tuple[dict[str, Any], int]:
    who = auth.person()
    asked = body.json_object("ref", "signature")
    reader = open_session(who, body.text(asked, "ref", 64), body.text(asked, "signature"), gateway().sessions)
    return {"expiresAt": times.iso(reader.certificate.fields.expires)}, 201


@routes.get("/api/receipts")
def get_receipts() -> dict[str, Any]:
    parts = gateway()
    reader = about_reader(parts.sessions.readers.of(auth.patient_side()))
    return shapes.account(account(reader, parts.ledger, parts.account), parts.ledger.members())
