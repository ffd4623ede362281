"""What a Consent may not say here: each element by its path (N-4). Nothing is read past, nothing is guessed."""

from __future__ import annotations

from typing import Any

import pytest

from consentry.errors import ConsentNotExpressible
from consentry.fhir.consent_codes import CATEGORY_TAG, MAX_USES, MEMBER_NAME, ROLE
from consentry.fhir.consent_reading import read_consent
from tests.app.fhir.consent_samples import NAMES, NOW, consent, expand
from tests.vectors.samples import CITY, MERCY

PERMIT: dict[str, Any] = {"type": "permit", "purpose": ["@TREAT"]}
DENY: dict[str, Any] = {"type": "deny", "purpose": ["@HPAYMT"]}
ODD = [{"url": "urn:example:narrower", "valueBoolean": True}]
UNKNOWN = [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]
LABEL = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "ETH"}
ROOT = "Consent.provision"
NESTED = "Consent.provision.provision[0]"


def nested(rule: dict[str, Any]) -> dict[str, Any]:
    return PERMIT | {"provision": [rule]}


def actor(reference: Any, role: Any = "@IRCP") -> dict[str, Any]:
    return {"role": role, "reference": reference}


def role(**changes: Any) -> list[dict[str, Any]]:
    whole = {
        "resourceType": "PractitionerRole",
        "id": "r",
        "organization": {"reference": f"Organization/{CITY}"},
        "code": [{"coding": [{"system": ROLE, "code": "nurse"}]}],
    } | changes
    return [{key: value for key, value in whole.items() if value is not None}]


PROVISIONS = [
    (PERMIT | {"modifierExtension": ODD}, f"{ROOT}.modifierExtension"),
    (PERMIT | {"modifierExtension": [{"url": MAX_USES, "valueDecimal": 0}]}, f"{ROOT}.modifierExtension"),
    (PERMIT | {"modifierExtension": [{"url": MAX_USES, "valueDecimal": 2**32}]}, f"{ROOT}.modifierExtension"),
    (PERMIT | {"modifierExtension": [{"url": MAX_USES, "valueInteger": 3}]}, f"{ROOT}.modifierExtension"),
    (PERMIT | {"modifierExtension": [{"url": MAX_USES, "valueDecimal": 3}] * 2}, f"{ROOT}.modifierExtension"),
    (nested(DENY | {"modifierExtension": ODD}), f"{NESTED}.modifierExtension"),
    (PERMIT | {"actor": [actor("$city") | {"modifierExtension": ODD}]}, f"{ROOT}.actor[0].modifierExtension"),
    (PERMIT | {"action": [{"text": "read only"}]}, f"{ROOT}.action"),
    (PERMIT | {"code": [{"text": "HIV tests"}]}, f"{ROOT}.code"),
    (PERMIT | {"_type": {"extension": UNKNOWN}}, f"{ROOT}._type"),
    (
        PERMIT | {"class": [{"system": "http://hl7.org/fhir/resource-types", "code": "Observation"}]},
        f"{ROOT}.class[0]",
    ),
    (
        PERMIT | {"class": [{"system": CATEGORY_TAG, "code": one} for one in ("any", "visit")]},
        f"{ROOT}.class",
    ),
    (PERMIT | {"purpose": ["@TREAT", "@TREAT"]}, f"{ROOT}.purpose"),
    (PERMIT | {"purpose": [{"code": "TREAT"}]}, f"{ROOT}.purpose[0]"),
    (PERMIT | {"purpose": ["@TREAT", {"display": "research"}]}, f"{ROOT}.purpose[1]"),
    (PERMIT | {"securityLabel": [LABEL]}, f"{ROOT}.securityLabel[0]"),
    (PERMIT | {"period": {"extension": UNKNOWN}}, f"{ROOT}.period"),
    (PERMIT | {"period": {"start": "2026-01-01", "_end": {"extension": UNKNOWN}}}, f"{ROOT}.period._end"),
    (PERMIT | {"period": {"start": "2027", "end": "2026-06-01"}}, f"{ROOT}.period.end"),
    (PERMIT | {"period": {"start": "2022", "end": "2023"}}, f"{ROOT}.period.end"),
    (PERMIT | {"period": {"start": "1969-06-01"}}, f"{ROOT}.period.start"),
    (PERMIT | {"dataPeriod": {"extension": UNKNOWN}}, f"{ROOT}.dataPeriod"),
    (PERMIT | {"dataPeriod": {"start": "1799-06-01"}}, f"{ROOT}.dataPeriod.start"),
    (PERMIT | {"data": [{"meaning": "dependents", "reference": "$sugar"}]}, f"{ROOT}.data[0].meaning"),
    (
        PERMIT | {"data": [{"meaning": "instance", "reference": {"display": "that one"}}]},
        f"{ROOT}.data[0].reference",
    ),
    (
        PERMIT | {"data": [{"meaning": "authoredby", "reference": {"reference": "Organization/0x12"}}]},
        f"{ROOT}.data[0].reference",
    ),
    (
        PERMIT
        | {
            "data": [
                {
                    "meaning": "authoredby",
                    "reference": {
                        "reference": f"Organization/{MERCY}",
                        "identifier": {"system": MEMBER_NAME, "value": "City Clinic"},
                    },
                }
            ]
        },
        f"{ROOT}.data[0].reference",
    ),
    (
        PERMIT
        | {
            "actor": [
                actor(
                    {
                        "reference": "Organization/0x12",
                        "identifier": {"system": MEMBER_NAME, "value": "City Clinic"},
                    }
                )
            ]
        },
        f"{ROOT}.actor[0].reference",
    ),
    (PERMIT | {"actor": [actor("$mercy")]}, f"{ROOT}.actor[0].reference"),
    (PERMIT | {"actor": [actor("$practitioner")]}, f"{ROOT}.actor[0].reference"),
    (PERMIT | {"actor": [actor("$city"), actor("$mercy")]}, f"{ROOT}.actor[1].reference"),
    (PERMIT | {"actor": [actor("$city"), actor("$city")]}, f"{ROOT}.actor"),
    (PERMIT | {"actor": [actor("$city", {"text": "anyone"})]}, f"{ROOT}.actor[0].role"),
    (PERMIT | {"actor": [actor({"reference": "#nobody"})]}, f"{ROOT}.actor[0].reference"),
    (
        PERMIT | {"actor": [actor({"reference": f"Organization/{CITY}", "type": "Practitioner"})]},
        f"{ROOT}.actor[0].reference.type",
    ),
    (nested({"purpose": ["@HRESCH"]}), f"{NESTED}.type"),
    (nested({"type": "maybe", "purpose": ["@HRESCH"]}), f"{NESTED}.type"),
    (PERMIT | {"type": "Permit"}, f"{ROOT}.type"),
    (nested(DENY | {"period": {"end": "2027"}}), f"{NESTED}.period"),
    (nested(DENY | {"provision": [PERMIT]}), f"{NESTED}.provision"),
    (nested({"type": "permit", "period": {"end": "2027"}}), f"{NESTED}.period"),
    (nested(DENY | {"securityLabel": ["$R"]}), f"{NESTED}.securityLabel"),
    (nested(DENY | {"actor": [actor("$mercy")]}), f"{NESTED}.actor[0].reference"),
    (nested({"type": "permit", "actor": [actor("$mercy")]}), f"{NESTED}.actor[0].reference"),
    (
        nested(
            {
                "type": "deny",
                "data": [
                    {"meaning": "authoredby", "reference": "$city"},
                    {"meaning": "instance", "reference": "$sugar"},
                ],
            }
        ),
        f"{NESTED}.data",
    ),
    (PERMIT | {"provision": [DENY] * 101}, f"{ROOT}.provision"),
    ({"provision": [PERMIT | {"dataPeriod": {"start": f"20{one}"}} for one in range(10, 31)]}, ROOT),
]


@pytest.mark.parametrize(("provision", "path"), PROVISIONS)
def test_provision_is_refused_when_it_says_what_terms_cannot(provision: dict[str, Any], path: str) -> None:
    """N-4"""
    with pytest.raises(ConsentNotExpressible) as refused:
        read_consent(consent(expand(provision)), NAMES, NOW)
    assert refused.value.expression == (path,)


@pytest.mark.parametrize(
    "held",
    [
        role(active=False),
        role(period={"end": "2027"}),
        role(practitioner={"reference": "Practitioner/1"}),
        role(specialty=[{"text": "oncology"}]),
        role(code=None),
        role(code=[{"coding": [{"system": ROLE, "code": "king"}]}]),
        role(code=[{"coding": [{"system": "urn:example:roles", "code": "nurse"}]}]),
        role(organization={"reference": f"Organization/{MERCY}"}),
        role(resourceType="HealthcareService", code=None, organization=None),
    ],
)
def test_role_is_refused_when_it_is_narrower_than_a_role(held: list[dict[str, Any]]) -> None:
    """N-4"""
    provision = expand(PERMIT | {"actor": [actor({"reference": "#r"})]})
    with pytest.raises(ConsentNotExpressible) as refused:
        read_consent(consent(provision, contained=held), NAMES, NOW)
    assert refused.value.expression == (f"{ROOT}.actor[0].reference",)


def test_role_is_refused_beside_the_whole_institution() -> None:
    """N-4: which of the two is meant?"""
    provision = expand(PERMIT | {"actor": [actor("$city"), actor({"reference": "#r"})]})
    with pytest.raises(ConsentNotExpressible) as refused:
        read_consent(consent(provision, contained=role()), NAMES, NOW)
    assert refused.value.expression == (f"{ROOT}.actor",)


def test_roles_are_refused_when_permissions_differ_in_them() -> None:
    """N-4: terms are for one set of roles. A denial for some roles only would leave the others' permission in doubt."""
    for kind in ("permit", "deny"):
        rule = {"type": kind, "purpose": ["@HRESCH"], "actor": [actor({"reference": "#r"})]}
        with pytest.raises(ConsentNotExpressible) as refused:
            read_consent(consent(expand(nested(rule)), contained=role()), NAMES, NOW)
        assert refused.value.expression == (f"{NESTED}.actor",)
