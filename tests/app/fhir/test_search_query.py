"""Reading a search against the table (F-14, F-15)."""

from __future__ import annotations

import string
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentry import errors
from consentry.fhir import tables, tree
from consentry.fhir.models import model
from consentry.fhir.search_parameters import Kind, parameters, patient_names, searchable_types
from consentry.fhir.search_query import Context, Search, TokenTest, parse_search
from consentry.fhir.search_results import MAX_PAGE, Summary

BASE = "https://city.example/fhir"


def parsed(query: str, kind: str = "Observation", **more: object) -> Search:
    context = Context(**({"base": BASE, "now": 1_780_000_000} | more))  # type: ignore[arg-type]
    return parse_search(kind, parse_qsl(query, keep_blank_values=True), context)


def test_parse_search_reads_what_a_client_sends() -> None:
    """F-14: values apart at commas, tokens at bars, either of them escaped; result parameters beside."""
    found = parsed(
        r"patient=p-1&code=http://loinc.org|2339-0,|x,http://snomed.info/sct|,a\,b\|c&_count=20&_sort=-date,code"
        "&_summary=data&_total=none&_elements=code,status&_include=Observation:encounter"
        "&_revinclude=Provenance:target&code="
    )
    assert (found.patient, found.ignored) == ("p-1", ())
    assert found.criteria[0].tests == (
        TokenTest("http://loinc.org", "2339-0"),
        TokenTest("", "x"),
        TokenTest("http://snomed.info/sct", None),
        TokenTest(None, "a,b|c"),
    )
    shape = found.shape
    assert (shape.count, shape.summary, shape.total) == (20, Summary.DATA, False)
    assert [(one.parameter.name, one.falling) for one in shape.order] == [("date", True), ("code", False)]
    assert shape.elements == {"code", "status"} and shape.provenance
    assert [one.name for one in shape.includes] == ["encounter"]
    assert parsed("patient=a&_count=1000000").shape.count == MAX_PAGE


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("patient=a&date=perhaps", errors.SearchInvalid),
        ("patient=a&date=ge", errors.SearchInvalid),
        ("patient=a&date=2025-13", errors.SearchInvalid),
        ("patient=a&code:in=x", errors.SearchInvalid),
        ("patient=a&status:missing=1", errors.SearchInvalid),
        ("patient=a&_count=ten", errors.SearchInvalid),
        ("patient=a&_count=5&_count=6", errors.SearchInvalid),
        ("patient=a&_sort=value-quantity", errors.SearchInvalid),
        ("patient=a&_sort=" + ",".join(["date"] * 9), errors.SearchInvalid),
        ("patient=a&_total=all", errors.SearchInvalid),
        ("patient=a&_summary=short", errors.SearchInvalid),
        ("patient=a&_elements=a.b", errors.SearchInvalid),
        ("patient=a&code=" + ",".join("x" * 201), errors.SearchInvalid),
        ("patient=a&code=" + "x" * 4_001, errors.SearchInvalid),
        ("patient=a" + "&code=x" * 64, errors.SearchInvalid),
        ("patient=a" + ("&code=" + ",".join("x" * 200)) * 3, errors.SearchInvalid),
        ("code=x", errors.SearchWithoutPatient),
        ("patient=a&subject=Patient/b", errors.SearchWithoutPatient),
        ("patient=a,b", errors.SearchWithoutPatient),
        ("subject=Group/a", errors.SearchWithoutPatient),
        ("patient=https://elsewhere.example/fhir/Patient/a", errors.SearchWithoutPatient),
    ],
)
def test_parse_search_refuses_what_cannot_be_right(query: str, error: type[Exception]) -> None:
    """F-14, F-15"""
    with pytest.raises(error):
        parsed(query)


def test_parse_search_ignores_or_refuses_what_is_unknown() -> None:
    """F-14: names only, and none that could carry anything else."""
    query = "patient=a&shoe=43&value-quantity=5&_has:x=y&_include=Other:x&_summary=text&<b>=1"
    found = parsed(query)
    assert found.ignored == ("shoe", "value-quantity", "_has:x", "_include", "a parameter", "_summary")
    assert found.used == (("patient", "a"), ("_summary", "text"))
    with pytest.raises(errors.SearchUnsupported) as refused:
        parsed("patient=a&shoe=43", strict=True)
    assert "43" not in str(refused.value)
    assert parsed("patient=a&_format=json", strict=True).used == (("patient", "a"),)


def test_parse_search_takes_the_patient_of_a_compartment() -> None:
    """F-15"""
    assert parsed("code=x", patient="p-1").patient == "p-1"
    assert parsed(f"subject={BASE}/Patient/p-1", patient="p-1").patient == "p-1"
    assert parsed("beneficiary=Patient/p-1", "Coverage").patient == "p-1"
    with pytest.raises(errors.SearchWithoutPatient):
        parsed("patient=p-2", patient="p-1")


@given(st.lists(st.tuples(st.text(max_size=12), st.text(string.printable, max_size=30)), max_size=9))
def test_parse_search_knows_an_answer_to_everything(pairs: list[tuple[str, str]]) -> None:
    """F-14"""
    try:
        found = parse_search("Observation", [("patient", "p"), *pairs], Context(BASE, 0))
    except errors.InputError as refused:
        assert refused.status == 400
    else:
        assert found.patient == "p"


def test_parameters_are_about_elements_that_their_types_have() -> None:
    """F-14: every path's first step is an element of the type, and every published type can be searched."""
    own = {"Consent", "Patient", "MolecularSequence"}
    assert set(searchable_types()) == set(tables.resource_types()) - own
    for kind in searchable_types():
        known = {field.alias or name for name, field in model(kind).model_fields.items()}
        for parameter in parameters(kind).values():
            steps = {path.partition(".")[0] for path in parameter.paths}
            assert steps <= known | {"class", "for", "id", "meta"}, (kind, parameter.name)
        role = tables.resource_types()[kind].role
        assert ("patient" in patient_names(kind)) == (role != "supporting")
    assert {one.kind for one in parameters("Observation").values()} == set(Kind)
    assert list(tree.at({"class": {"code": "AMB"}}, parameters("Encounter")["class"].paths[0]))
