"""Observations that R4 allows and hardly anybody sends: every kind of text, number, extension and contained resource."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.app.gateway.content import OBSERVATION

Made = dict[str, Any]

TEXTS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Zl", "Zp", "Zs")), min_size=1, max_size=30
) | st.sampled_from(
    [
        "é",
        "e\u0301",
        "𝒳",
        "👩🏽‍⚕️",
        "مرحبا",
        "汉字",
        "a\u200db",
        "\ufeffx",
        "\u2028",
        "<b>&amp;</b>",
        "\\u0041",
        "/\\\"'",
        "x\ty\nz",
    ]
)
NUMBERS = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=3) | st.sampled_from(
    [
        Decimal(one)
        for one in (
            "1.10",
            "0.0",
            "-0.00",
            "1E+2",
            "1e-7",
            "100",
            "0.000000000000000001",
            "9007199254740993.5",
        )
    ]
)
SYSTEMS = st.sampled_from(["http://loinc.org", "urn:oid:2.16.840.1.113883.6.96", "urn:example:我们"])
IDS = st.from_regex(r"\A[A-Za-z0-9\-.]{1,20}\Z")
CODINGS = st.fixed_dictionaries(
    {
        "system": SYSTEMS,
        "code": st.from_regex(r"\A[^\s]+( [^\s]+)*\Z").filter(
            lambda code: len(code) < 40 and code.isprintable()
        ),
    },
    optional={"display": TEXTS, "userSelected": st.booleans(), "id": IDS},
)
LEAVES = st.one_of(
    st.fixed_dictionaries({"valueString": TEXTS}),
    st.fixed_dictionaries({"valueDecimal": NUMBERS}),
    st.fixed_dictionaries({"valueBoolean": st.booleans()}),
    st.fixed_dictionaries({"valueInteger": st.integers(-(2**31), 2**31 - 1)}),
    st.fixed_dictionaries({"valueCoding": CODINGS}),
    st.fixed_dictionaries({"valueDate": st.sampled_from(["2026", "2026-02", "2026-02-28"])}),
)
URLS = st.sampled_from(
    ["http://example.org/fhir/StructureDefinition/unknown", "urn:example:extension", "http://example.org/é"]
)


def _extension(held: st.SearchStrategy[Made]) -> st.SearchStrategy[Made]:
    return st.builds(lambda url, value: {"url": url, **value}, URLS, held)


EXTENSIONS = st.lists(
    _extension(
        LEAVES | st.lists(_extension(LEAVES), min_size=1, max_size=2).map(lambda below: {"extension": below})
    ),
    min_size=1,
    max_size=2,
)
PRIMITIVE = st.fixed_dictionaries({"extension": EXTENSIONS}, optional={"id": IDS})
QUANTITIES = st.fixed_dictionaries(
    {"value": NUMBERS}, optional={"unit": TEXTS, "_unit": PRIMITIVE, "extension": EXTENSIONS}
)
RANGES = st.fixed_dictionaries({"low": QUANTITIES})
VALUES = st.one_of(
    st.fixed_dictionaries({"valueQuantity": QUANTITIES}),
    st.fixed_dictionaries({"valueString": TEXTS}, optional={"_valueString": PRIMITIVE}),
    st.fixed_dictionaries({"_valueString": PRIMITIVE}),
    st.fixed_dictionaries({"valueRange": RANGES}),
    st.fixed_dictionaries(
        {"valueCodeableConcept": st.fixed_dictionaries({"coding": st.lists(CODINGS, min_size=1, max_size=2)})}
    ),
    st.fixed_dictionaries({"valueInteger": st.integers(-(2**31), 2**31 - 1)}),
)
CONTAINED = st.fixed_dictionaries(
    {"resourceType": st.just("Practitioner"), "id": st.just("p1")},
    optional={
        "name": st.builds(
            lambda given, below: [{"given": [given, None], "_given": [None, below]}], TEXTS, PRIMITIVE
        ),
        "language": st.just("de"),
    },
)
DIV = '<div xmlns="http://www.w3.org/1999/xhtml"><p title="a&amp;b">é 👩🏽‍⚕️ &lt;</p></div>'


@st.composite
def observations(draw: Any) -> Made:
    """Without id and subject."""
    made: Made = {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": OBSERVATION, "code": "laboratory"}]}],
        "code": {"coding": draw(st.lists(CODINGS, min_size=1, max_size=2)), "text": draw(TEXTS)},
        "effectiveDateTime": draw(
            st.sampled_from(["2026-05-04", "2026-05-04T08:00:00.120+09:30", "2026-05-04T23:59:59Z"])
        ),
        **draw(VALUES),
    }
    if draw(st.booleans()):
        made |= {"contained": [draw(CONTAINED)], "performer": [{"reference": "#p1"}]}
    if draw(st.booleans()):
        made |= {"extension": draw(EXTENSIONS), "_status": draw(PRIMITIVE)}
    if draw(st.booleans()):
        made |= {"text": {"status": "generated", "div": DIV}, "language": "de-CH"}
    if draw(st.booleans()):
        made |= {
            "component": [{"code": {"text": draw(TEXTS)}, **draw(VALUES)}],
            "note": [{"text": draw(TEXTS)}],
        }
    return made
