"""Where hospital systems get access tokens, and where they learn where (SMART App Launch 2.2, Backend Services)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, Response, jsonify, request

from consentry.domain.addresses import did
from consentry.errors import TokenRequestInvalid
from consentry.fhir import smart
from consentry.gateway import auth
from consentry.gateway.parts import Gateway, gateway
from consentry.services import backend_services
from consentry.services.access_tokens import TOKEN_SECONDS, Granted

routes = Blueprint("oauth", __name__)
FORM = "application/x-www-form-urlencoded"
MAX_FORM_BYTES = 32 * 1024
MAX_PARAMETERS = 20


@routes.get("/.well-known/smart-configuration")
@routes.get("/fhir/.well-known/smart-configuration")
def get_smart_configuration() -> dict[str, Any]:
    return smart.configuration(backend_services.endpoints(gateway().site))


@routes.post(backend_services.TOKEN_PATH)
def post_token() -> Response:
    asked = _form()
    if "Authorization" in request.headers or "client_secret" in asked:
        raise TokenRequestInvalid("a client signs an assertion, and says nothing else of who it is")
    issued = backend_services.issue(asked, gateway().backend)
    return _unkept(
        jsonify(
            access_token=issued.token,
            token_type="bearer",
            expires_in=TOKEN_SECONDS,
            scope=str(issued.granted.scopes),
        )
    )


@routes.post(backend_services.INTROSPECT_PATH)
def post_introspection() -> Response:
    asking, parts = auth.token_desk(), gateway()
    granted = backend_services.introspect(_token(), asking, parts.backend)
    return _unkept(jsonify({"active": False} if granted is None else _active(granted, parts)))


@routes.post(backend_services.REVOKE_PATH)
def post_revocation() -> Response:
    asking = auth.token_desk()
    backend_services.revoke(_token(), asking, gateway().backend)
    return _unkept(jsonify())


def _active(granted: Granted, parts: Gateway) -> dict[str, Any]:
    """RFC 7662 §2.2, and what SMART App Launch 2.2 requires of it."""
    name = granted.client.client_id
    context: dict[str, Any] = {"version": "1"}
    if granted.purpose is not None:
        context["purpose_of_use"] = [granted.purpose]
    if granted.practitioner is not None:
        context["subject_id"] = did(granted.practitioner, parts.site.chain_id)
    return {
        "active": True,
        "scope": str(granted.scopes),
        "client_id": name,
        "sub": name,
        "token_type": "bearer",
        "iss": parts.site.origin,
        "aud": f"{parts.site.origin}/fhir",
        "iat": granted.issued_at,
        "exp": granted.expires_at,
        "extensions": {backend_services.CONTEXT: context},
    }


def _token() -> str:
    token = _form().get("token")
    if not token:
        raise TokenRequestInvalid("token: is missing")
    return token


def _form() -> dict[str, str]:
    """The parameters of the body, each once; those without a value count as left out (RFC 6749 §3.2)."""
    request.max_content_length = MAX_FORM_BYTES
    if request.mimetype != FORM or request.content_encoding:
        raise TokenRequestInvalid(f"the body must be {FORM}")
    if request.query_string:
        raise TokenRequestInvalid("parameters stand in the body: addresses are written into logs")
    raw = request.get_data(cache=False)
    try:
        pairs = parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(raw),
            max_num_fields=MAX_PARAMETERS,
            errors="strict",
        )
    except ValueError:
        raise TokenRequestInvalid("the body is no form in UTF-8 with few parameters") from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise TokenRequestInvalid("a parameter stands there twice")
    return {name: value for name, value in pairs if value}


def _unkept(response: Response) -> Response:
    response.headers["Pragma"] = "no-cache"  # RFC 6749 §5.1, for caches of before HTTP/1.1
    return response
