"""How a client finds out where to get a token: SMART App Launch 2.2 (conformance), and the older extension that some clients
read instead (CapabilityStatement.rest.security, `oauth-uris`)."""

from __future__ import annotations

from dataclasses import dataclass

from consentry.fhir.interactions import Interaction, rows
from consentry.fhir.jsontext import Json

OAUTH_URIS = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
CAPABILITIES = ("client-confidential-asymmetric", "permission-v2")
_LETTERS = {
    Interaction.CREATE: "c",
    Interaction.READ: "r",
    Interaction.VREAD: "r",
    Interaction.HISTORY: "r",
    Interaction.UPDATE: "u",
    Interaction.DELETE: "d",
    Interaction.SEARCH: "s",
}


@dataclass(frozen=True)
class TokenEndpoints:
    """Absolute addresses; `algorithms` are those that an assertion may be signed by."""

    token: str
    introspect: str
    revoke: str
    algorithms: tuple[str, ...]


def configuration(endpoints: TokenEndpoints) -> dict[str, Json]:
    """`/.well-known/smart-configuration`. There is no authorization endpoint: people sign in with their wallets."""
    return {
        "token_endpoint": endpoints.token,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": list(endpoints.algorithms),
        "grant_types_supported": ["client_credentials"],
        "introspection_endpoint": endpoints.introspect,
        "revocation_endpoint": endpoints.revoke,
        "scopes_supported": list(scopes()),
        # required of every server, though only an authorization endpoint would use it
        "code_challenge_methods_supported": ["S256"],
        "capabilities": list(CAPABILITIES),
    }


def security(endpoints: TokenEndpoints) -> dict[str, Json]:
    """`CapabilityStatement.rest.security`."""
    return {
        "extension": [
            {
                "url": OAUTH_URIS,
                "extension": [
                    {"url": "token", "valueUri": endpoints.token},
                    {"url": "introspect", "valueUri": endpoints.introspect},
                    {"url": "revoke", "valueUri": endpoints.revoke},
                ],
            }
        ],
        "service": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
                        "code": "SMART-on-FHIR",
                    }
                ]
            }
        ],
        "description": "A system's access token (SMART Backend Services) or client key; a person's token (EIP-4361) with a "
        "reading session.",
    }


def scopes() -> tuple[str, ...]:
    """`*` first, then each type with the letters of what is done with it here."""
    found = ["system/*.cruds", "system/*.rs"]
    for row in rows():
        letters = {_LETTERS[one] for one in row.interactions}
        if row.operations:
            letters.add("r")
        found.append(f"system/{row.type}." + "".join(one for one in "cruds" if one in letters))
    return tuple(one for one in found if not one.endswith("."))
