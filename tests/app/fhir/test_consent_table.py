"""The committed table of Consents, most of them shaped after the examples of IHE PCF: what becomes of each."""

from __future__ import annotations

from typing import Any

import pytest

from consentry.domain import times
from consentry.domain.categories import Category
from consentry.domain.purposes import Purpose
from consentry.domain.terms import ANY
from consentry.errors import ConsentryError
from consentry.fhir.consent_codes import MEMBER_NAME, NARROWER, PARTICIPATION
from consentry.fhir.consent_reading import read_consent
from tests.app.fhir.consent_samples import MEMBERS, NAMES, NOW, TABLE, consent, expand, record_of
from tests.vectors.samples import CITY

ACTOR = {
    "role": {"coding": [{"system": PARTICIPATION, "code": "IRCP"}]},
    "reference": {
        "reference": f"Organization/{CITY}",
        "type": "Organization",
        "identifier": {"system": MEMBER_NAME, "value": MEMBERS[CITY]},
        "display": MEMBERS[CITY],
    },
}


def name_of(row: dict[str, Any]) -> str:
    return str(row.get("example") or row["name"])


def sent(row: dict[str, Any]) -> dict[str, Any]:
    return consent(expand(row["provision"]), **expand(row.get("changes", {})))


def terms_of(said: dict[str, Any]) -> dict[str, Any]:
    """The table leaves out what is not restricted, and names records by what they hold."""
    whole = dict.fromkeys(("purposes", "categories", "authors", "records"), [ANY])
    whole |= dict.fromkeys(("confidentiality", "dataFrom", "dataUntil"), ANY) | said  # type: ignore[arg-type]
    if whole["categories"] == "all but the emergency summary":
        whole["categories"] = [str(one) for one in Category if one is not Category.EMERGENCY]
    if whole["records"] != [ANY]:
        whole["records"] = [record_of(one) for one in whole["records"]]  # type: ignore[misc]
    return whole


def test_table_says_where_it_comes_from() -> None:
    assert "IHE" in TABLE["source"] and "CC-BY-4.0" in TABLE["licence"] and "shaped after" in TABLE["note"]


@pytest.mark.parametrize("row", TABLE["accepted"], ids=name_of)
def test_consent_becomes_terms_and_comes_back(row: dict[str, Any]) -> None:
    """N-1, N-2, N-3: the terms of the table; and the Consent itself, saying whom it is for and from when. A compiled one
    comes back by its permissions alone."""
    now = times.seconds(row["now"]) if "now" in row else NOW
    resource = sent(row)
    draft = read_consent(resource, NAMES, now)
    assert [one.to_json() for one in draft.provisions] == [terms_of(one) for one in row["terms"]]
    start, end = row.get("window", [times.iso(now), times.iso(times.LATEST)])
    assert (times.iso(draft.valid_from), times.iso(draft.valid_until)) == (start, end)
    assert (draft.roles, draft.max_uses) == ((ANY,), 0)
    assert read_consent({**draft.resource, "status": "active"}, NAMES, now + 60) == draft
    del resource["status"]
    if row.get("compiled"):
        assert "deny" not in str(draft.resource) and "Mercy" not in str(draft.resource)
        resource["provision"] = draft.resource["provision"]
    root = resource["provision"]
    if not any("actor" in rule for rule in (root, *root.get("provision", ()))):
        root["actor"] = [ACTOR]
    root["period"] = {"start": times.iso(now), **root.get("period", {})}
    assert draft.resource == resource


@pytest.mark.parametrize("row", TABLE["refused"], ids=name_of)
def test_consent_is_refused_by_its_element(row: dict[str, Any]) -> None:
    """N-4: 422, by the path of what cannot be said; nothing of the content is repeated."""
    with pytest.raises(ConsentryError) as refused:
        read_consent(sent(row), NAMES, NOW)
    problem = refused.value
    assert (problem.status, problem.expression) == (422, (row["path"],))
    assert problem.code == row.get("code", "consent-not-expressible")
    assert not any(word in problem.diagnostics for word in ("ex-", "FooBar", "PSY", "TREAT", "example.org"))


def test_compiled_consent_loses_the_words_that_tell_of_its_denials() -> None:
    """N-3: its narrative goes; one that denies nothing keeps it."""
    told = {
        "text": {"status": "generated", "div": "<div xmlns='http://www.w3.org/1999/xhtml'>not for 2022</div>"}
    }
    for row in TABLE["accepted"]:
        now = times.seconds(row["now"]) if "now" in row else NOW
        draft = read_consent(sent(row) | told, NAMES, now)
        assert ("text" in draft.resource) is not row.get("compiled", False)


def test_kinds_of_purposes_are_those_of_the_code_system() -> None:
    """N-3: HL7's own table, restated with its source; every code is one that terms know."""
    above = TABLE["purposes"]["subsumedBy"]
    assert TABLE["purposes"]["licence"] == "CC0"
    assert {(child, parent) for parent, kinds in NARROWER.items() for child in kinds} == {
        (child, parent) for child, parents in above.items() for parent in parents
    }
    assert {*above, *NARROWER} <= {str(one) for one in Purpose}
