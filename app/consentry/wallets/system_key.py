"""A hospital system's own key: made, shown without its private half, and signing assertions (SMART App Launch 2.2, Backend
Services). A system with a FHIR library of its own needs none of this.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from consentry.domain.addresses import Address
from consentry.errors import KeystoreInvalid
from consentry.services.backend_services import ASSERTION_TYPE, CONTEXT, GRANT_TYPE

CURVE, ALGORITHM = "P-384", "ES384"
ASSERTION_SECONDS = 120


def new_key(kid: str) -> bytes:
    """A private key as JWK (JSON). Whoever has it is the system."""
    key = ECKey.generate_key(CURVE, {"kid": kid, "use": "sig", "alg": ALGORITHM})
    return _written(dict(key.as_dict(private=True)))


def public_set(private: bytes) -> bytes:
    """The JWK Set to be registered. Raises KeystoreInvalid."""
    key = _read(private)
    return _written({"keys": [{**key.as_dict(private=False), "kid": key.kid}]})


def token_request(
    private: bytes,
    client: str,
    audience: str,
    scope: str,
    now: int,
    *,
    purpose: str | None = None,
    practitioner: Address | None = None,
) -> dict[str, str]:
    """The form to be sent to the token endpoint `audience`, once. Raises KeystoreInvalid."""
    key = _read(private)
    context: dict[str, Any] = {"version": "1"}
    if purpose is not None:
        context["purpose_of_use"] = [purpose]
    if practitioner is not None:
        context["subject_id"] = practitioner
    claims = {
        "iss": client,
        "sub": client,
        "aud": audience,
        "iat": now,
        "exp": now + ASSERTION_SECONDS,
        "jti": secrets.token_hex(16),
        "extensions": {CONTEXT: context},
    }
    header = {"alg": ALGORITHM, "kid": key.kid, "typ": "JWT"}
    return {
        "grant_type": GRANT_TYPE,
        "scope": scope,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": jwt.encode(header, claims, key, algorithms=[ALGORITHM]),
    }


def _read(private: bytes) -> ECKey:
    try:
        key = ECKey.import_key(json.loads(private))
        if not key.is_private or key.curve_name != CURVE or not key.kid:
            raise KeystoreInvalid(f"a system's key is a private JWK on {CURVE} with a `kid`")
    except (JoseError, ValueError, TypeError, KeyError, RecursionError):
        raise KeystoreInvalid("this is no private key in JWK form") from None
    return key


def _written(value: dict[str, Any]) -> bytes:
    return json.dumps(value, indent=2).encode() + b"\n"
