"""The demo's patients and their seeded FHIR bundles: a year of care at Mercy Hospital, none of it real.

`carebundle` draws one full visit (panels, vitals, conditions, prescriptions) and a year of quarterly visits
before it, for the same person. What it doesn't make lies hand-written in `data/alice-extra.json`: allergies,
a statement of medication, psychiatry, notes in Chinese, restricted and very restricted resources, an X-ray,
an advance directive. Equal seeds give equal bytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any, Final

from carebundle import generate_bundle, generate_history, to_json

from consentry.fhir import jsontext

MRN_SYSTEM: Final = "https://mercy.example/fhir/NamingSystem/mrn"
LAST_VISIT: Final = date(2026, 1, 1)
_INTERVAL = timedelta(days=90)


@dataclass(frozen=True)
class DemoPatient:
    """Somebody of the demo. `mrn` is the number at Mercy Hospital; `family` and `given` must never appear on
    chain."""

    key: str
    mrn: str
    family: str
    given: str
    profile: str
    sex: str
    extra: str | None = None


PATIENTS: Final = (
    DemoPatient("alice", "MERCY-100417", "Liang", "Alice", "type2_diabetes", "F", "alice-extra.json"),
    DemoPatient("bob", "MERCY-100552", "Aldous", "Bob", "hypertension", "M"),
    DemoPatient("chen", "MERCY-100673", "陈", "建平", "ckd_stage3", "M"),
)


def demo_bundles(seed: int) -> dict[str, bytes]:
    """One transaction Bundle per patient, by key: valid R4, 60 to 90 entries."""
    return {patient.key: _bundle(patient, seed, index) for index, patient in enumerate(PATIENTS)}


def profile_bundle(profile: str, seed: int) -> bytes:
    """One visit of a stranger, of any of carebundle's profiles (healthy, type2_diabetes, hypertension,
    ckd_stage3, anaemia)."""
    return to_json(generate_bundle(profile=profile, seed=seed, reference_date=LAST_VISIT)).encode()


def extra_bundle() -> bytes:
    """The hand-written bundle as it lies on disk; complete and publishable by itself."""
    return files(__package__).joinpath("data", "alice-extra.json").read_bytes()


def _bundle(patient: DemoPatient, seed: int, index: int) -> bytes:
    # `index` enters carebundle's ids: without it the three would share fullUrls
    visit = _tree(
        to_json(
            generate_bundle(
                profile=patient.profile, seed=seed, sex=patient.sex, index=index, reference_date=LAST_VISIT
            )
        )
    )
    year = _tree(
        to_json(
            generate_history(
                profile=patient.profile,
                seed=seed,
                sex=patient.sex,
                index=index,
                reference_date=LAST_VISIT - _INTERVAL,
            )
        )
    )
    rows = {row["fullUrl"]: row for row in (*year["entry"], *visit["entry"])}
    me = next(url for url, row in rows.items() if row["resource"]["resourceType"] == "Patient")
    rows[me] = {**rows[me], "resource": _patient(patient, rows[me]["resource"])}
    if patient.extra is not None:
        added = _tree(files(__package__).joinpath("data", patient.extra).read_text(encoding="utf-8"))
        rows |= {row["fullUrl"]: row for row in _adopted(added["entry"], me)}
    return jsontext.write({"resourceType": "Bundle", "type": "transaction", "entry": list(rows.values())})


def _tree(text: str) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads(text, parse_float=Decimal)
    return tree


def _patient(patient: DemoPatient, drawn: dict[str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "meta": drawn["meta"],
        "identifier": [{"use": "usual", "system": MRN_SYSTEM, "value": patient.mrn}],
        "name": [{"use": "official", "family": patient.family, "given": [patient.given]}],
        "gender": drawn["gender"],
        "birthDate": drawn["birthDate"],
    }


def _adopted(rows: list[dict[str, Any]], me: str) -> list[dict[str, Any]]:
    """The rows without their Patient, referring to `me` instead."""
    theirs = next(row["fullUrl"] for row in rows if row["resource"]["resourceType"] == "Patient")
    kept = [row for row in rows if row["fullUrl"] != theirs]
    adopted: list[dict[str, Any]] = json.loads(
        jsontext.write(kept).decode().replace(f'"{theirs}"', f'"{me}"'), parse_float=Decimal
    )
    return adopted
