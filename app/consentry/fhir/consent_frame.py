"""What surrounds a Consent's provision: kept as it is where it narrows nothing, refused by its path where it may (N-4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from consentry.errors import NotFhir
from consentry.fhir import consent_elements as element
from consentry.fhir import tree
from consentry.fhir.categories import ACT_CODE
from consentry.fhir.consent_codes import NARROWING_POLICIES, PRIVACY, SCOPES, refuse
from consentry.fhir.jsontext import Json

PROVISION: Final = "Consent.provision"
_OPEN = ("active", "proposed")
_KEPT = (
    *(
        "resourceType",
        "meta",
        "language",
        "text",
        "contained",
        "identifier",
        "status",
        "scope",
        "category",
        "patient",
    ),
    *(
        "dateTime",
        "performer",
        "organization",
        "sourceAttachment",
        "sourceReference",
        "policy",
        "policyRule",
        "provision",
    ),
)


def check_frame(resource: dict[str, Json]) -> None:
    """Raises ConsentNotExpressible, NotFhir."""
    for key in resource:
        if key == "_status" or key.removeprefix("_") not in (*_KEPT, "id", "extension", "modifierExtension"):
            refuse(f"Consent.{key}", "cannot be said in terms that a wallet signs and a contract decides")
    if resource["status"] not in _OPEN:
        refuse("Consent.status", "must be proposed or active; without the patient's signature it is proposed")
    if "patient" not in resource:
        refuse("Consent.patient", "must name the patient")
    if not tree.says(resource["scope"], SCOPES, PRIVACY):
        refuse("Consent.scope", "must be patient-privacy")
    _check_policies(resource)
    for path in _modifiers(resource, "Consent"):
        refuse(path, "modifies what stands beside it in a way that is not known here")


def _check_policies(resource: dict[str, Json]) -> None:
    if "policy" not in resource and "policyRule" not in resource:
        raise NotFhir("Neither a policy nor a policy rule is named.", expression=("Consent.policy",))
    for index, policy in enumerate(resource.get("policy", ())):
        where = f"Consent.policy[{index}]"
        element.only(policy, ("authority", "uri"), where)
        if _named(str(policy.get("uri"))) in NARROWING_POLICIES:
            refuse(f"{where}.uri", "is a policy that itself denies what a provision could permit")
    if "policyRule" in resource and not tree.says(resource["policyRule"], ACT_CODE, "OPTIN"):
        refuse("Consent.policyRule", "must be OPTIN: nothing is permitted but what is said")


def _named(uri: str) -> str:
    """A policy, however its canonical address is written: version, fragment, scheme and a last slash make it no other one."""
    plain = re.split(r"[|#?]", uri, maxsplit=1)[0].strip().rstrip("/")
    return re.sub(r"(?i)^https?:", "https:", plain)


def _modifiers(node: Json, path: str) -> Iterator[str]:
    """Every modifier extension but the root provision's, which is read."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        where = f"{path}[{key}]" if isinstance(node, list) else f"{path}.{key}"
        if key in ("modifierExtension", "implicitRules") and path != PROVISION:
            yield where
        elif isinstance(value, dict | list):
            yield from _modifiers(value, where)


def contained(resource: dict[str, Json]) -> dict[str, Json]:
    """What a Consent contains, by id."""
    held = resource.get("contained", [])
    by_id = {one.get("id"): one for one in held}
    if len(by_id) != len(held):
        refuse("Consent.contained", "must have an id each")
    return by_id
