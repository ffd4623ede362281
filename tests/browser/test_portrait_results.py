"""Results over time: which values share a line, and how odd ones are told."""

from __future__ import annotations

from typing import Any

from tests.browser.portraits import CITY, LOINC, coded, observation, portrait, record

WEIGHT = coded(LOINC, "29463-7", "Body weight")
GLUCOSE = coded(LOINC, "2345-7", "Glucose")
PRESSURE = coded(LOINC, "85354-9", "Blood pressure")


def lines(*records: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = portrait(records)["series"]
    return found


def laboratory(*resources: dict[str, Any], **header: Any) -> dict[str, Any]:
    return record(*resources, category="laboratory", **header)


def test_values_share_a_line_when_conversion_is_exact() -> None:
    """W-36: pounds become kilograms, in the unit of the newest value, and stay as they were written."""
    (told,) = lines(
        laboratory(observation(WEIGHT, 150, "[lb_av]", "2025-01-05"), number=1),
        laboratory(observation(WEIGHT, 70, "kg", "2026-01-05"), author=CITY, number=2),
    )
    assert [point["values"] for point in told["points"]] == [[68.0389], [70]]
    assert told["points"][0]["written"][0]["value"] == 150 and told["like"]["code"] == "kg"


def test_a_chart_is_known_by_what_was_measured() -> None:
    """W-132: an older record of another kind that comes later moves no chart to another's place; each has a name of its
    own, also where codes are shared, and where there is no name at all."""
    newer = laboratory(
        observation(WEIGHT, 70, "kg", "2026-01-05"),
        observation(GLUCOSE, 5, "mmol/L", "2026-01-04"),
        number=2,
    )
    older = laboratory(observation(coded(LOINC, "718-7"), 140, "g/L", "2020-01-01"), number=1)
    before, after = (
        {one["name"]["words"]: one["key"] for one in lines(*of)} for of in ((newer,), (older, newer))
    )
    assert before.items() <= after.items() and len(set(after.values())) == 3
    shared = coded("urn:lab", "A1")
    odd = [
        observation(shared, 1, "mol", "2026-01-01"),
        observation({"coding": [*WEIGHT["coding"], *shared["coding"]]}, 70, "kg", "2026-01-02"),
        observation(WEIGHT, 71, "kg", "2026-01-03"),
        observation({}, 1, "mol", "2026-01-04"),
        observation({}, 2, "mol", "2026-01-05"),
    ]
    for order in (odd, odd[::-1]):
        keys = [one["key"] for one in lines(laboratory(*order))]
        assert len(keys) > 2 and len(set(keys)) == len(keys)


def test_temperature_and_decimal_units_are_converted() -> None:
    """W-36: °F to °C and g/L to g/dL."""
    warm, protein = coded(LOINC, "8310-5"), coded(LOINC, "718-7")
    told = lines(
        laboratory(
            observation(warm, 98.6, "[degF]", "2025-01-01"),
            observation(warm, 37.1, "Cel", "2026-01-02"),
            observation(protein, 140, "g/L", "2025-01-01"),
            observation(protein, 13.9, "g/dL", "2026-01-01"),
        )
    )
    assert [[point["values"][0] for point in one["points"]] for one in told] == [[37, 37.1], [14, 13.9]]


def test_values_stay_apart_when_conversion_takes_the_substance() -> None:
    """W-36: milligrams and millimoles are never drawn on one line."""
    told = lines(
        laboratory(
            observation(GLUCOSE, 99, "mg/dL", "2025-01-05"), observation(GLUCOSE, 5.5, "mmol/L", "2026-01-05")
        )
    )
    assert [one["like"]["unit"] for one in told] == ["mmol/L", "mg/dL"]


def test_unknown_units_share_a_line_only_with_themselves() -> None:
    """W-36: a unit that nobody coded is compared as it is written; none is its own."""
    free = [
        {**observation(GLUCOSE, value, "x", when), "valueQuantity": {"value": value, **unit}}
        for value, unit, when in [
            (1, {"unit": "Stück"}, "2025"),
            (2, {"unit": "stück"}, "2026"),
            (3, {}, "2024"),
        ]
    ]
    assert [len(one["points"]) for one in lines(laboratory(*free))] == [2, 1]


def test_value_is_told_once_when_it_came_twice() -> None:
    """W-36: the same number at the same instant from two hospitals is one point with both; another number is another point."""
    same = observation(WEIGHT, 70, "kg")
    other = observation(WEIGHT, 71, "kg")
    (told,) = lines(
        laboratory(same, number=1),
        laboratory(same, author=CITY, number=2),
        laboratory(other, author=CITY, number=3),
    )
    assert [len(point["seen"]) for point in told["points"]] == [2, 1]


def test_limit_is_told_and_not_drawn() -> None:
    """W-36: “below 5” has no place on a line, and stands in the table as it was written."""
    low = observation(GLUCOSE, 5, "mg/dL")
    low["valueQuantity"]["comparator"] = "<"
    (told,) = lines(laboratory(low))
    assert told["points"][0]["values"] == [None] and told["points"][0]["written"][0]["comparator"] == "<"


def test_parts_share_a_chart_when_their_units_do() -> None:
    """W-36: a blood pressure is one measurement with two lines, upper first; parts in other units stand by themselves."""
    upper, lower, pulse = (coded(LOINC, code) for code in ("8480-6", "8462-4", "8867-4"))
    parts = [
        {"code": code, "valueQuantity": {"value": value, "unit": unit}}
        for code, value, unit in [(lower, 80, "mmHg"), (upper, 120, "mmHg")]
    ]
    whole = {
        "resourceType": "Observation",
        "status": "final",
        "code": PRESSURE,
        "effectiveDateTime": "2026-01",
    }
    (told,) = lines(laboratory({**whole, "component": parts}))
    assert told["points"][0]["values"] == [120, 80]
    mixed = [*parts, {"code": pulse, "valueQuantity": {"value": 70, "unit": "/min"}}]
    apart = lines(laboratory({**whole, "component": mixed}))
    assert sorted(one["name"]["words"] for one in apart) == ["8462-4", "8480-6", "8867-4"]


def test_cancelled_and_undated_results_cost_themselves_only() -> None:
    """W-36, W-37: a result that was cancelled is none; one with a date that does not exist has its record's date."""
    cancelled = {**observation(WEIGHT, 80, "kg"), "status": "cancelled"}
    nowhere = observation(WEIGHT, 69, "kg", "2026-02-30")
    text = {**observation(WEIGHT, 0, "kg"), "valueQuantity": {"value": "heavy"}}
    (told,) = lines(laboratory(cancelled, nowhere, text, date="2026-03-01T08:00:00Z"))
    assert [point["when"]["text"] for point in told["points"]] == ["2026-03-01T08:00:00Z"]


def test_results_in_words_are_told_by_measurement() -> None:
    """W-36: coded and free answers, once each, the newest first."""
    nitrite = coded(LOINC, "5802-4", "Nitrite")
    base = {"resourceType": "Observation", "status": "final", "code": nitrite}
    negative = {"valueCodeableConcept": coded("http://snomed.info/sct", "260385009", "Negative")}
    told = portrait(
        [
            laboratory(
                {**base, **negative, "effectiveDateTime": "2025-01-01"},
                {**base, **negative, "effectiveDateTime": "2025-01-01"},
                {**base, "valueString": "trace", "effectiveDateTime": "2026-01-01"},
            )
        ]
    )["findings"]
    assert [entry["words"]["words"] for entry in told[0]["entries"]] == ["trace", "Negative"]
    assert len(told[0]["entries"][1]["seen"]) == 2
