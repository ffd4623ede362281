"""Access tokens of hospital systems. `oauth` is the code of RFC 6749 §5.2 that clients of `/oauth` read."""

from __future__ import annotations

from typing import ClassVar

from consentry.errors.base import InputError, RefusedError


class TokenRequestInvalid(InputError):
    oauth: ClassVar[str] = "invalid_request"
    code = "token-request-invalid"
    next_step = (
        "Send a form (application/x-www-form-urlencoded), each parameter once; `/openapi.json` lists them."
    )
    summary = "The token request is malformed."


class ClientAssertionInvalid(RefusedError):
    """Until the signature holds, nothing is told of why: whether such a client exists is nobody else's business."""

    oauth: ClassVar[str] = "invalid_client"
    code = "client-assertion-invalid"
    status = 401
    next_step = (
        "Sign a new assertion with the registered key: `iss` and `sub` the client's name, `aud` the token endpoint, a new `jti`, "
        "`exp` within five minutes."
    )
    summary = "No registered client has signed this assertion."


class GrantTypeUnsupported(InputError):
    oauth: ClassVar[str] = "unsupported_grant_type"
    code = "grant-type-unsupported"
    next_step = "Ask with `grant_type=client_credentials`; people sign in with their wallets."
    summary = "Tokens are given for client credentials only."


class ScopeInvalid(InputError):
    oauth: ClassVar[str] = "invalid_scope"
    code = "scope-invalid"
    next_step = "Ask for scopes that the member has registered for this client (`consentry client list`)."
    summary = "None of these scopes can be given."


class AuthorizationContextInvalid(InputError):
    """What the assertion says of purpose and practitioner (extension `hl7-b2b`)."""

    oauth: ClassVar[str] = "invalid_grant"
    code = "authorization-context-invalid"
    next_step = "Correct the named part of the extension `hl7-b2b`; docs/glossary.md says what it holds here."
    summary = "The assertion names a purpose or a practitioner that cannot be."


class ClientKeysInvalid(InputError):
    code = "client-keys-invalid"
    status = 422
    next_step = "Give a JWK Set of public keys, each with a `kid` of its own: P-384 (ES384) or RSA of 2048 to 8192 bits (RS384)."
    summary = "These keys cannot be registered."


class ClientNotRegistered(InputError):
    code = "client-not-registered"
    status = 404
    next_step = "`consentry client list` shows who is registered at this gateway."
    summary = "No client of this name is registered."
