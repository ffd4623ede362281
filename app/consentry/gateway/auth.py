"""Who calls: a person who signed in by wallet, or a hospital system by access token or client key (design §8).

Every FHIR route says by `permit` what it does with which type: a system's access token is good for its scopes alone.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from typing import cast

from flask import Flask, Response, g, request

from consentry.domain.addresses import Address, did
from consentry.domain.scopes import Scopes
from consentry.errors import NotSignedIn, OriginForeign, RoleUnfit, ScopeInsufficient, SignInReplaced
from consentry.gateway import problems
from consentry.gateway.hardening import UNSAFE
from consentry.gateway.parts import gateway
from consentry.gateway.per_request import kept
from consentry.services import backend_services
from consentry.services.retraction import require_may_retract
from consentry.services.sign_in import Person, Role, require_standing

COOKIE = "consentry"
MEANT = "X-Consentry-For"
"""Whom a page asks for: account, and the DID of the patient whose side it is on."""
_OAUTH = "/oauth/"


@dataclass(frozen=True)
class Client:
    """A hospital system of this gateway's own member.

    An access token is bound to `scopes`, and to the `purpose` and `practitioner` that its client named, if any; `token_digest`
    tells it apart from the client's other tokens. A client key is bound to nothing: all None, the digest empty.
    """

    name: str
    scopes: Scopes | None = None
    purpose: str | None = None
    practitioner: Address | None = None
    token_digest: bytes = field(default=b"", repr=False, compare=False)


@dataclass
class _Asked:
    """What the route of this request itself asked: `who` calls, and whether their `scope` holds."""

    who: bool = False
    scope: bool = False


def install(app: Flask) -> None:
    @app.after_request
    def require_scope(response: Response) -> Response:
        """A FHIR route that never asks for a scope answers no access token: what it forgets stays closed."""
        asked = kept(_Asked)
        forgotten = asked.who and not asked.scope and problems.is_fhir(request.path) and _has_scopes(known())
        if forgotten and response.status_code < HTTPStatus.BAD_REQUEST:
            return problems.answer_instead(response, ScopeInsufficient())
        return response


def caller() -> Person | Client:
    """Raises NotSignedIn, OriginForeign, SignInReplaced; ScopeInsufficient for an access token outside /fhir and /oauth."""
    kept(_Asked).who = True
    if "who" not in g:
        g.who = identify()  # once a request: an answer may ask for each of a thousand resources
    return cast(Person | Client, g.who)


def known() -> Person | Client | None:
    """Who was found to be calling while this request was answered."""
    return cast(Person | Client | None, g.get("who"))


def require_going_on() -> None:
    """That whoever this request was answered for may still ask (G-14). Raises NotSignedIn."""
    if "who" in g:
        identify()


def identify() -> Person | Client:
    """As `caller`, and nobody is noted as calling."""
    header = request.headers.get("Authorization")
    if header is None:
        return _by_cookie()
    kind, _, token = header.partition(" ")
    if kind.lower() != "bearer" or not token:
        raise NotSignedIn()
    who = _client(token) or _by_access_token(token)
    return who if who is not None else gateway().signing_in.tokens.who(token)


def permit(resource_type: str, letter: str) -> None:
    """That the caller's token, if it has scopes, allows this letter of `cruds` for resources of this type.

    Raises NotSignedIn, OriginForeign, ScopeInsufficient.
    """
    if not may(resource_type, letter):
        raise ScopeInsufficient(f"the token's scopes do not hold system/{resource_type}.{letter}")


def permit_checking(resource_type: str) -> None:
    """That the caller may have a resource of this type checked: nothing is read or kept, so that a token to create it or one to
    read it will do. Raises NotSignedIn, OriginForeign, ScopeInsufficient."""
    if not may(resource_type, "c"):
        permit(resource_type, "r")


def may(resource_type: str, letter: str) -> bool:
    """As `permit`, for an answer that leaves out what it may not hold. Raises NotSignedIn, OriginForeign."""
    who = caller()
    kept(_Asked).scope = True
    return not isinstance(who, Client) or who.scopes is None or who.scopes.allow(resource_type, letter)


def asks_by_parts() -> None:
    """The parts of this request (a batch) each ask for the scopes that they need."""
    kept(_Asked).scope = True


def narrowed() -> bool:
    """Whether the caller's token has scopes at all. Raises NotSignedIn, OriginForeign."""
    return _has_scopes(caller())


def _has_scopes(who: Person | Client | None) -> bool:
    return isinstance(who, Client) and who.scopes is not None


def person() -> Person:
    """A person whose standing holds on chain now. Raises NotSignedIn, RoleUnfit."""
    who = caller()
    if isinstance(who, Client):
        raise RoleUnfit("this is for people who signed in with their wallet")
    require_standing(who, gateway().signing_in)
    return who


def staff() -> Person:
    """A member of staff in person. Raises NotSignedIn, RoleUnfit."""
    who = person()
    if who.role is not Role.STAFF:
        raise RoleUnfit("this is for the member's staff, who sign with their own wallets")
    return who


def patient_side() -> Person:
    """Raises NotSignedIn, RoleUnfit."""
    who = person()
    if who.patient is None:
        raise RoleUnfit("this is for patients and their representatives")
    return who


def patient_side_signed_in() -> Person:
    """As `patient_side`, without asking the chain whether the standing holds still: for what is sealed, and asked for by the
    hundred. Raises NotSignedIn, RoleUnfit."""
    who = caller()
    if isinstance(who, Client) or who.patient is None:
        raise RoleUnfit("this is for patients and their representatives")
    return who


def client() -> Client:
    """A hospital system, and no person whoever it is. Raises NotSignedIn, RoleUnfit."""
    who = caller()
    if not isinstance(who, Client):
        raise RoleUnfit("this is for the member's systems, by client key")
    return who


def desk() -> str:
    """A client system or a member of staff, by the name that records keep of them. Raises NotSignedIn, RoleUnfit."""
    who = caller()
    if isinstance(who, Client):
        return f"client:{who.name}"
    if who.role is not Role.STAFF:
        raise RoleUnfit("this is for the member's staff and systems")
    require_standing(who, gateway().signing_in)
    return who.address


def author() -> str:
    """As `desk`, for those who answer for records: staff by a role that writes them, and a token's practitioner beside its
    system. Raises NotSignedIn, RoleUnfit."""
    by, who = desk(), caller()
    person = who.practitioner if isinstance(who, Client) else who.address
    if person is not None:
        require_may_retract(person, gateway().ledger)
    return by if person is None or person == by else f"{by} for {person}"


def token_desk() -> str | None:
    """Who asks about tokens: a client by its access token, which has no say about others' (its name), or one of the member's
    keys (None). Raises NotSignedIn, RoleUnfit."""
    who = client()
    return None if who.scopes is None else who.name


def token() -> str | None:
    """What a person is signed in by, if anything."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    return value if kind.lower() == "bearer" and value else request.cookies.get(COOKIE)


def _by_cookie() -> Person:
    value = request.cookies.get(COOKIE)
    if value is None:
        raise NotSignedIn()
    # `hardening.refuse_foreign` refuses foreign origins; with a cookie a missing one is not trusted either.
    if request.method in UNSAFE and "Origin" not in request.headers:
        raise OriginForeign()
    who = gateway().signing_in.tokens.who(value)
    require_meant(who)
    return who


def require_meant(who: Person) -> None:
    """That whoever signed in is whom the page means, if it says so: tabs of one browser share the cookie (W-80).
    Raises SignInReplaced."""
    patient = () if who.patient is None else (did(who.patient, gateway().site.chain_id),)
    if request.headers.get(MEANT, "") not in ("", " ".join((who.address, *patient))):
        raise SignInReplaced()


def _by_access_token(token: str) -> Client | None:
    try:
        granted = backend_services.holder_of(token, gateway().backend)
    except NotSignedIn:
        return None
    if not problems.is_fhir(request.path) and not request.path.startswith(_OAUTH):
        raise ScopeInsufficient("an access token is for /fhir alone")
    return Client(
        granted.client.client_id, granted.scopes, granted.purpose, granted.practitioner, granted.digest
    )


def _client(key: str) -> Client | None:
    digest = sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
    found = None
    for one in gateway().clients:
        if hmac.compare_digest(digest, one.key_digest.lower().removeprefix("0x")):
            found = Client(one.name)
    return found
