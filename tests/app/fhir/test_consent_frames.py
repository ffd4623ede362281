"""What may surround a Consent's provision: kept where it narrows nothing, else refused (N-4). R4's elements are all decided."""

from __future__ import annotations

from typing import Any

import pytest
from fhir.resources.R4B import consent as model

from consentry.errors import ConsentNotExpressible, ConsentPermitsNothing, NotFhir
from consentry.fhir.consent_codes import SCOPES
from consentry.fhir.consent_reading import read_consent
from tests.app.fhir.consent_samples import NAMES, NOW, consent, expand
from tests.app.fhir.test_consent_refusals import LABEL, ODD, PERMIT, UNKNOWN, role

FRAMES: list[tuple[dict[str, Any], str]] = [
    *(({"status": one}, "Consent.status") for one in ("draft", "rejected", "inactive", "entered-in-error")),
    ({"_status": {"extension": UNKNOWN}}, "Consent._status"),
    ({"implicitRules": "urn:example:rules"}, "Consent.implicitRules"),
    ({"meta": {"security": [LABEL]}, "modifierExtension": ODD}, "Consent.modifierExtension"),
    ({"verification": [{"verified": False}]}, "Consent.verification"),
    ({"scope": {"coding": [{"system": SCOPES, "code": "research"}]}}, "Consent.scope"),
    ({"scope": {"text": "privacy"}}, "Consent.scope"),
    ({"policyRule": {"coding": [{"system": LABEL["system"], "code": "OPTOUT"}]}}, "Consent.policyRule"),
    ({"policy": [{"uri": "https://profiles.ihe.net/ITI/PCF/Policy-deny|1.1.0"}]}, "Consent.policy[0].uri"),
    ({"policy": [{"uri": "http://profiles.ihe.net/ITI/PCF/Policy-deny#it"}]}, "Consent.policy[0].uri"),
    ({"policy": [{"uri": "https://profiles.ihe.net/ITI/PCF/Policy-deny/"}]}, "Consent.policy[0].uri"),
    ({"contained": role(modifierExtension=ODD)}, "Consent.contained[0].modifierExtension"),
    ({"contained": role() * 2}, "Consent.contained"),
]


@pytest.mark.parametrize(("changes", "path"), FRAMES)
def test_consent_is_refused_when_what_surrounds_it_narrows_it(changes: dict[str, Any], path: str) -> None:
    """N-4"""
    with pytest.raises(ConsentNotExpressible) as refused:
        read_consent(consent(expand(PERMIT), **changes), NAMES, NOW)
    assert refused.value.expression == (path,)


def test_consent_is_refused_when_it_is_not_r4() -> None:
    """N-4: as any other resource; also without the policy that ppc-1 asks for."""
    for changes in ({"policy": None}, {"subject": {"reference": "Patient/1"}}, {"scope": None}):
        with pytest.raises(NotFhir) as refused:
            read_consent(consent(**{"provision": expand(PERMIT)} | changes), NAMES, NOW)
        assert all(path.startswith("Consent") for path in refused.value.expression)
    with pytest.raises(ConsentPermitsNothing):
        read_consent(consent(), NAMES, NOW)


READ = {
    "Consent": "contained policy policyRule provision scope status",
    "provision": "actor class data dataPeriod period provision purpose securityLabel type modifierExtension",
    "actor": "reference role",
    "data": "meaning reference",
}
KEPT = {
    "Consent": "category dateTime extension id identifier language meta organization patient performer "
    "sourceAttachment sourceReference text",
    "provision": "extension id",
    "actor": "extension id",
    "data": "extension id",
}
REFUSED = {
    "Consent": "implicitRules modifierExtension verification",
    "provision": "action code",
    "actor": "modifierExtension",
    "data": "modifierExtension",
}


@pytest.mark.parametrize(
    ("element", "of"),
    [
        ("Consent", model.Consent),
        ("provision", model.ConsentProvision),
        ("actor", model.ConsentProvisionActor),
        ("data", model.ConsentProvisionData),
    ],
)
def test_every_element_of_r4_is_read_kept_or_refused(element: str, of: Any) -> None:
    """N-4: none is passed over unknown; those that are refused have cases above."""
    names = {field.alias or name for name, field in of.model_fields.items()} - {
        "fhir_comments",
        "resource_type",
    }
    known = [one[element].split() for one in (READ, KEPT, REFUSED)]
    assert {name for name in names if not name.startswith("_")} == set().union(*known)
    assert sum(map(len, known)) == len(set().union(*known))
