"""Who asks for a token: a JWT signed by a registered hospital system (RFC 7523 §3; SMART App Launch 2.2,
client-confidential-asymmetric "Signature Verification").

What the library reads is bounded and checked by us first; what it verifies, it verifies under one key and one algorithm.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError

from consentry.errors import ClientAssertionInvalid, NotJson
from consentry.fhir import jsontext
from consentry.ports.client_book import ClientBook, RegisteredClient
from consentry.services.client_keys import ALGORITHMS, read_keys

MAX_SECONDS = 300
SKEW_SECONDS = 30
"""A client's clock may be that much ahead of ours; one that is behind makes its assertions end early."""

MAX_CHARACTERS = 16 * 1024
MAX_HEADER_CHARACTERS = 4 * 1024
MAX_CLIENT_ID = 64
MAX_JTI = 256
MAX_TIME = 2**40
_DEPTH = 8
_TYPES = ("jwt", "client-authentication+jwt")
_ELSEWHERE = frozenset(("jku", "jwk", "x5u", "crit", "b64"))
"""Headers that say where a key is, or how the rest is to be read: the key is the registered one, and nothing is special."""


@dataclass(frozen=True)
class Asserted:
    """A registered client, and what it claims; `until`: when the assertion ends (seconds, exclusive)."""

    client: RegisteredClient
    claims: dict[str, Any] = field(repr=False)
    until: int
    digest: bytes


def verify(assertion: str, audience: str, book: ClientBook, now: int) -> Asserted:
    """Raises ClientAssertionInvalid. It is not used up by this: see `use`."""
    signed, claims = _read(assertion)
    client = _client(claims.get("iss"), book)
    _verified(signed, client)
    until, identifier = _until(claims, now), claims.get("jti")
    _require(claims.get("sub") == client.client_id, "`sub` is another client than `iss`")
    _require(claims.get("aud") in (audience, [audience]), f"`aud` must be {audience}")
    _require(
        isinstance(identifier, str) and 0 < len(identifier) <= MAX_JTI,
        f"`jti` must be text of 1 to {MAX_JTI} characters",
    )
    named = f"{client.client_id}\n{identifier}".encode()
    return Asserted(client, claims, until, sha256(named).digest())


def use(asserted: Asserted, book: ClientBook, now: int) -> None:
    """Raises ClientAssertionInvalid when it was used before."""
    _require(
        book.use(asserted.digest, asserted.until, now),
        "this assertion was used already; each has a `jti` of its own",
    )


def _read(assertion: str) -> tuple[jws.CompactSignature, dict[str, Any]]:
    """What is signed, and the claims in it, not yet verified."""
    if len(assertion) > MAX_CHARACTERS or not assertion.isascii():
        raise ClientAssertionInvalid()
    try:
        signed = jws.extract_compact(assertion.encode(), registry=_registry())
        claims = jsontext.read(signed.payload or b"", max_depth=_DEPTH)
    except (NotJson, JoseError, ValueError, TypeError, AttributeError, RecursionError):
        raise ClientAssertionInvalid() from None
    if not isinstance(claims, dict) or not isinstance(signed.protected, dict):
        raise ClientAssertionInvalid()
    return signed, claims


def _client(issuer: object, book: ClientBook) -> RegisteredClient:
    client = book.client(issuer) if isinstance(issuer, str) and len(issuer) <= MAX_CLIENT_ID else None
    if client is None:
        raise ClientAssertionInvalid()
    return client


def _verified(signed: jws.CompactSignature, client: RegisteredClient) -> None:
    """By the one key of this client that the header names, under the one algorithm that this key is for."""
    header = signed.protected
    kid, algorithm, kind = header.get("kid"), header.get("alg"), header.get("typ", "JWT")
    if not isinstance(kid, str) or algorithm not in ALGORITHMS or _ELSEWHERE & header.keys():
        raise ClientAssertionInvalid()
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        raise ClientAssertionInvalid()
    key = read_keys(client.public_keys.encode()).of(kid, algorithm)
    try:
        if key is None or not jws.validate_compact(signed, key, registry=_registry()):
            raise ClientAssertionInvalid()
    except (JoseError, ValueError, TypeError):
        raise ClientAssertionInvalid() from None


def _registry() -> jws.JWSRegistry:
    """Headers that nobody knows are passed over (RFC 7515 §4), but for those that must be understood."""
    registry = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    registry.max_header_length = MAX_HEADER_CHARACTERS
    return registry


def _until(claims: dict[str, Any], now: int) -> int:
    """When the assertion ends (seconds, exclusive)."""
    expires = _seconds(claims.get("exp"))
    if expires is None:
        raise ClientAssertionInvalid("`exp` must be a time in seconds")
    _require(now < expires, "it has ended (`exp`)")
    _require(expires <= now + MAX_SECONDS + SKEW_SECONDS, f"`exp` is more than {MAX_SECONDS} seconds ahead")
    for name in ("nbf", "iat"):
        if name in claims:
            then = _seconds(claims[name])
            _require(then is not None and then <= now + SKEW_SECONDS, f"`{name}` is no time in the past")
    return expires


def _seconds(value: object) -> int | None:
    """A NumericDate (RFC 7519 §2), which may have a fraction."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return int(value) if 0 <= value < MAX_TIME else None


def _require(holds: object, why: str) -> None:
    if not holds:
        raise ClientAssertionInvalid(why)
