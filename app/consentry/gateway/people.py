"""Signing in and out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request

from consentry.domain.addresses import address, address_of_did
from consentry.errors import NotSignedIn
from consentry.gateway import auth, body, shapes
from consentry.gateway.parts import gateway
from consentry.services import notifying, sign_in
from consentry.services.sign_in import TOKEN_SECONDS, Person, SignIn

routes = Blueprint("people", __name__)


@routes.post("/api/sign-in/challenges")
def post_challenge() -> dict[str, Any]:
    asked = body.json_object("address")
    return {"message": sign_in.challenge(address(asked["address"]), gateway().signing_in)}


@routes.post("/api/sign-in")
def post_sign_in() -> Response:
    parts = gateway()
    asked = body.json_object("message", "signature", optional=("patient",))
    patient = None if asked["patient"] is None else address_of_did(asked["patient"], parts.site.chain_id)
    command = SignIn(body.text(asked, "message"), body.text(asked, "signature"), patient)
    token, person = sign_in.sign_in(command, parts.signing_in)
    # nobody could end it any more: the cookie by which its browser asked is about to be another one
    _end(request.cookies.get(auth.COOKIE, ""))
    told = 0 if person.patient is None else notifying.unseen(person.patient, parts.openings)
    response = jsonify(token=token, notifications=told, **shapes.person(person, parts))
    _set_cookie(response, token, TOKEN_SECONDS)
    return response


@routes.delete("/api/sign-in")
def delete_sign_in() -> Response:
    response = make_response("", 204)
    value = auth.token()
    if value is not None:
        _end(value, auth.require_meant)
        _set_cookie(response, "", 0)
    return response


@routes.get("/api/me")
def get_me() -> dict[str, Any]:
    return shapes.person(auth.person(), gateway())


def _end(value: str, require: Callable[[Person], None] = lambda _: None) -> None:
    """Signing out twice, or with a token that has ended, is as good. Raises what `require` does of whoever signed in."""
    parts = gateway()
    try:
        who = parts.signing_in.tokens.who(value)
    except NotSignedIn:
        return
    require(who)
    parts.signing_in.tokens.forget(value)  # first: what is still answered then is dropped when it is ready
    ended = parts.sessions.readers.forget(who)
    parts.everything.working.forget(who.token_digest)
    parts.shown.shown.forget(who.token_digest)
    parts.signing_out.end(ended)


def _set_cookie(response: Response, value: str, seconds: int) -> None:
    secure = gateway().site.origin.startswith("https:")
    response.set_cookie(
        auth.COOKIE, value, max_age=seconds, path="/", httponly=True, samesite="Strict", secure=secure
    )
