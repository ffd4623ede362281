"""Terms as FHIR Consents and back, for all terms there are; Consents as terms, against what they mean."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from consentry.domain import fields, times
from consentry.domain.categories import Category
from consentry.domain.provisions import ANY, Provision, covers
from consentry.domain.purposes import Purpose
from consentry.domain.roles import Role
from consentry.domain.terms import Consent, Terms
from consentry.errors import ConsentNotExpressible, ConsentPermitsNothing
from consentry.fhir import jsontext
from consentry.fhir.consent_reading import read_consent
from consentry.fhir.consent_writing import from_terms
from consentry.fhir.validate import check_resource
from tests.app.fhir import consent_samples as samples
from tests.app.fhir.consent_samples import MEMBERS, NAMES, NOW, consent
from tests.vectors.samples import ALICE, CITY, filler, header

PATIENT = {"reference": "Patient/3f2a"}
MOMENTS = st.integers(times.EARLIEST, times.LATEST).map(times.iso)


def some(values: Any, most: int = 4) -> Any:
    lists = st.lists(st.sampled_from([str(one) for one in values]), min_size=1, max_size=most, unique=True)
    return st.just((ANY,)) | lists.map(tuple)


@st.composite
def provisions(draw: Any) -> Provision:
    first, second = sorted((draw(MOMENTS), draw(MOMENTS)))
    return Provision(
        purposes=draw(some(Purpose)),
        categories=draw(some(Category, 21)),
        confidentiality=draw(st.sampled_from(["N", "R", "V", ANY])),
        data_from=first if first != second and draw(st.booleans()) else ANY,
        data_until=second if draw(st.booleans()) else ANY,
        authors=draw(some(MEMBERS.values())),
        records=draw(some([fields.to_hex(bytes([one]) * 32) for one in (1, 2, 3)])),
    )


@st.composite
def consents(draw: Any) -> Consent:
    terms = Terms(
        recipient_name=MEMBERS[CITY],
        recipient=CITY,
        roles=draw(some(Role, 12)),
        provisions=tuple(draw(st.lists(provisions(), min_size=1, max_size=5))),
        max_uses=draw(st.just(0) | st.integers(0, 2**32 - 1)),
        salt=b"\1" * 32,
    )
    start = draw(st.integers(0, times.LATEST - 1))
    end = draw(st.integers(max(start, NOW) + 1, times.LATEST))
    return Consent(ALICE, terms, start, end, end)


@given(given_consent=consents())
@settings(max_examples=150, deadline=None)
def test_terms_come_back_from_fhir_as_they_were(given_consent: Consent) -> None:
    """N-1: every list in its order, both ends of every interval, roles, uses and window; and it is valid R4."""
    resource = jsontext.read(
        jsontext.write({**from_terms(given_consent, NAMES, PATIENT, NOW), "status": "proposed"}), max_depth=20
    )
    check_resource(resource)
    draft = read_consent(resource, NAMES, NOW)
    terms = given_consent.terms
    assert (draft.roles, draft.provisions, draft.max_uses) == (terms.roles, terms.provisions, terms.max_uses)
    assert (draft.valid_from, draft.valid_until) == (given_consent.valid_from, given_consent.valid_until)
    assert {**draft.resource, "status": "proposed"} == resource


# --- from FHIR, against what it means ---

REASONS = ("TREAT", "ETREAT", "HRESCH")
SORTS = ("laboratory", "medication", "emergency")
DAYS = ("2021-12-31", "2022-01-01", "2022-12-31", "2023-01-01")
RECORDS = ("Observation/a", "Observation/b")


def coded(system: str, values: tuple[str, ...], **more: Any) -> Any:
    one = st.sampled_from(values).map(lambda code: {"system": system, "code": code})
    return st.lists(one, min_size=1, max_size=2, unique_by=lambda coding: coding["code"], **more)


def named(meaning: str, references: list[str]) -> Any:
    one = st.sampled_from(references).map(lambda name: {"meaning": meaning, "reference": {"reference": name}})
    return st.lists(one, min_size=1, max_size=2, unique_by=lambda row: row["reference"]["reference"])


PERIODS = st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(sorted)
DATED = (
    PERIODS.map(lambda days: {"start": days[0], "end": days[1]})
    | st.sampled_from(DAYS).map(lambda day: {"start": day})
    | st.sampled_from(DAYS).map(lambda day: {"end": day})
)
INSTITUTIONS = [f"Organization/{one}" for one in MEMBERS]
OPTIONAL = {
    "purpose": coded(samples.REASONS, REASONS),
    "class": coded(samples.KINDS, SORTS),
    "dataPeriod": DATED,
    "data": named("authoredby", INSTITUTIONS) | named("instance", list(RECORDS)),
}
TYPES = st.sampled_from(["permit", "deny"])
RULES = st.fixed_dictionaries({"type": TYPES}, optional=OPTIONAL)
ANYTHING = st.fixed_dictionaries(
    {},
    optional={**OPTIONAL, "type": TYPES, "provision": st.lists(RULES, min_size=1, max_size=3)},
).filter(bool)
DENIALS = st.lists(RULES.map(lambda rule: rule | {"type": "deny"}), min_size=1, max_size=2)
EXCEPTED = st.builds(
    lambda root, rules, denials: root | {"type": "permit", "provision": rules + denials},
    st.fixed_dictionaries({}, optional=OPTIONAL),
    st.lists(RULES, max_size=1),
    DENIALS,
)
ROOTS = EXCEPTED | ANYTHING


MOMENTS_ASKED = [f"{day}T{hour}Z" for day in DAYS for hour in ("00:00:00", "23:59:59")]
HEADERS = {
    (kind, date, record): header(category=Category(kind), date=date, record_id=filler(record))
    for kind in (*SORTS, "psychiatry")
    for date in MOMENTS_ASKED
    for record in (*RECORDS, "Observation/c")
}
REQUESTS = [
    (purpose, kind, date, author, record)
    for purpose in (*REASONS, "CLINTRCH", "HLEGAL")
    for kind, date, record in HEADERS
    for author in MEMBERS
]


@given(root=ROOTS)
@settings(max_examples=200, deadline=None)
def test_a_consent_permits_what_it_says_and_nothing_else(root: dict[str, Any]) -> None:
    """N-2, N-3: each request of a grid is answered by the terms as the Consent itself answers it, denials included."""
    expected = {one: samples.permits(root, *one) for one in REQUESTS}
    try:
        draft = read_consent(consent(root), NAMES, NOW)
    except ConsentPermitsNothing:
        assert not any(expected.values())
        return
    except ConsentNotExpressible as refused:
        assert refused.expression[0].startswith("Consent.provision.provision")
        assert "single documents" in refused.diagnostics
        return
    for (purpose, kind, date, author, record), said in expected.items():
        held = HEADERS[kind, date, record]
        found = any(covers(one, purpose, held, MEMBERS[author]) for one in draft.provisions)
        assert found == said, (purpose, kind, date, author, record)
    if not any(rule["type"] == "deny" for rule in root.get("provision", [])):
        kept = {
            key: value for key, value in draft.resource["provision"].items() if key not in ("actor", "period")
        }
        assert kept == root
    again = read_consent({**draft.resource, "status": "active"}, NAMES, NOW)
    assert (again.provisions, again.resource) == (draft.provisions, draft.resource)
