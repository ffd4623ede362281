"""Access tokens for hospital systems (SMART App Launch 2.2, Backend Services; RFC 6749 §4.4, RFC 7662, RFC 7009).

A token says what its client may ask for, never what anybody may read: that stays with the patient's grounds, which keepers
check. What a token is bound to, its purpose and its practitioner, no header changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from consentry.domain.addresses import Address, address, address_of_did
from consentry.domain.purposes import Purpose
from consentry.domain.scopes import Scopes
from consentry.errors import (
    AuthorizationContextInvalid,
    ClientAssertionInvalid,
    GrantTypeUnsupported,
    LayoutInvalid,
    NotSignedIn,
    ScopeInvalid,
    TokenRequestInvalid,
)
from consentry.fhir.smart import TokenEndpoints
from consentry.ports import Clock, Ledger
from consentry.ports.client_book import ClientBook, RegisteredClient
from consentry.services import client_assertions
from consentry.services.access_tokens import TOKEN_SECONDS, AccessTokens, Granted
from consentry.services.client_keys import ALGORITHMS
from consentry.services.pace import Pace
from consentry.services.sign_in import Site

GRANT_TYPE = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TOKEN_PATH = "/oauth/token"
INTROSPECT_PATH = "/oauth/introspect"
REVOKE_PATH = "/oauth/revoke"
CONTEXT = "hl7-b2b"
ACT_REASON = ("urn:oid:2.16.840.1.113883.5.8#", "http://terminology.hl7.org/CodeSystem/v3-ActReason#", "")
"""What may stand before a purpose's code (HL7 UDAP Security 1.1, §5.3.3)."""

PER_SECOND = 5.0
BURST = 100


@dataclass(frozen=True)
class ClientPorts:
    """`pace` counts tokens of each client."""

    site: Site
    ledger: Ledger
    clock: Clock
    book: ClientBook
    tokens: AccessTokens
    pace: Pace = field(default_factory=lambda: Pace(PER_SECOND, BURST))


@dataclass(frozen=True)
class Issued:
    """The token itself is nowhere else."""

    token: str = field(repr=False)
    granted: Granted


def endpoints(site: Site) -> TokenEndpoints:
    """An assertion's `aud` is the first of them."""
    token, introspect, revoke = (
        f"{site.origin}{path}" for path in (TOKEN_PATH, INTROSPECT_PATH, REVOKE_PATH)
    )
    return TokenEndpoints(token, introspect, revoke, ALGORITHMS)


def issue(asked: Mapping[str, str], ports: ClientPorts) -> Issued:
    """A token for what a client asked: `asked` are the parameters of RFC 6749 §4.4.2 with those of RFC 7523 §2.2.

    Raises TokenRequestInvalid, GrantTypeUnsupported, ClientAssertionInvalid, RateLimited, ScopeInvalid,
    AuthorizationContextInvalid, StoreUnreachable, ChainUnreachable.
    """
    if _named(asked, "grant_type") != GRANT_TYPE:
        raise GrantTypeUnsupported()
    if _named(asked, "client_assertion_type") != ASSERTION_TYPE:
        raise TokenRequestInvalid(f"client_assertion_type: must be {ASSERTION_TYPE}")
    wanted, now = _named(asked, "scope"), ports.clock.now()
    asserted = client_assertions.verify(
        _named(asked, "client_assertion"), endpoints(ports.site).token, ports.book, now
    )
    client = asserted.client
    if asked.get("client_id", client.client_id) != client.client_id:
        raise ClientAssertionInvalid("client_id is another client than `iss`")
    client_assertions.use(asserted, ports.book, now)
    ports.pace.take(client.client_id)
    scopes = _scopes(wanted, client)
    purpose, practitioner = _context(asserted.claims, ports)
    granted = Granted(client, scopes, purpose, practitioner, now, now + TOKEN_SECONDS)
    return Issued(ports.tokens.issue(granted), granted)


def holder_of(token: str, ports: ClientPorts) -> Granted:
    """What stands behind a token, as long as its client is registered as it was. Raises NotSignedIn, StoreUnreachable."""
    granted = ports.tokens.who(token)
    if ports.book.client(granted.client.client_id) != granted.client:
        ports.tokens.end(granted)
        raise NotSignedIn()
    return granted


def introspect(token: str, asking: str | None, ports: ClientPorts) -> Granted | None:
    """What stands behind a token, for its own client (by name) or for one of the member's keys (None); else nothing.

    Raises StoreUnreachable.
    """
    try:
        granted = holder_of(token, ports)
    except NotSignedIn:
        return None
    return granted if asking in (None, granted.client.client_id) else None


def revoke(token: str, asking: str | None, ports: ClientPorts) -> None:
    """End a token, and what it opened; one that `asking` cannot introspect stays. Raises StoreUnreachable."""
    granted = introspect(token, asking, ports)
    if granted is not None:
        ports.tokens.end(granted)


def _named(asked: Mapping[str, str], name: str) -> str:
    value = asked.get(name)
    if not value:
        raise TokenRequestInvalid(f"{name}: is missing")
    return value


def _scopes(wanted: str, client: RegisteredClient) -> Scopes:
    """What is both asked for and registered (RFC 6749 §3.3: the answer says what was given)."""
    try:
        scopes = Scopes.of_request(wanted)
    except LayoutInvalid as problem:
        raise ScopeInvalid(problem.diagnostics) from None
    common = scopes.common(Scopes.parse(client.scopes))
    if not common:
        raise ScopeInvalid("scope: none of these is registered for this client")
    return common


def _context(claims: Mapping[str, Any], ports: ClientPorts) -> tuple[str | None, Address | None]:
    """Purpose and practitioner, where the client binds its token to them (HL7 UDAP Security 1.1, §5.3.2)."""
    extensions = claims.get("extensions")
    if extensions is None:
        return None, None
    if not isinstance(extensions, dict):
        raise AuthorizationContextInvalid("extensions: must be an object")
    context = extensions.get(CONTEXT)
    if context is None:
        return None, None
    if not isinstance(context, dict) or context.get("version") != "1":
        raise AuthorizationContextInvalid(f'{CONTEXT}: must be an object of version "1"')
    return _purpose(context.get("purpose_of_use")), _practitioner(context.get("subject_id"), ports)


def _purpose(value: object) -> str | None:
    """One purpose: a token for several would leave open for which of them something was read."""
    if value is None:
        return None
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        for before in ACT_REASON:
            code = value[0].removeprefix(before)
            if code in frozenset(Purpose):
                return code
    raise AuthorizationContextInvalid(
        f"{CONTEXT}.purpose_of_use: must be a list of one of {', '.join(Purpose)}"
    )


def _practitioner(value: object, ports: ClientPorts) -> Address | None:
    """An account of this member's staff, whose standing keepers check again with each request."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise AuthorizationContextInvalid(f"{CONTEXT}.subject_id: must be text")
    try:
        account = address_of_did(value, ports.site.chain_id) if value.startswith("did:") else address(value)
    except LayoutInvalid:
        raise AuthorizationContextInvalid(
            f"{CONTEXT}.subject_id: must be an account, 0x and 40 hex digits, or its did:ethr"
        ) from None
    staff = ports.ledger.staff(account)
    if staff is None or staff.member != ports.site.member or staff.licence_end_at <= ports.clock.now():
        raise AuthorizationContextInvalid(f"{CONTEXT}.subject_id: is not enrolled by this member")
    return account
