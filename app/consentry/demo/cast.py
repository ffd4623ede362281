"""Who appears in the demo, what they hold, and what must come out in the end."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Sized
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from consentry.demo.actors import Hospital, Patient, Person, content_of, resources
from consentry.demo.bundles import PATIENTS
from consentry.domain import times
from consentry.domain.terms import Consent
from consentry.fhir.split import RecordDraft, split
from consentry.fhir.validate import parse_bundle
from consentry.network.run import Network

SEED = 20261121
ALICE = PATIENTS[0]
LABORATORY = "laboratory"
WORDS = {LABORATORY: "laboratory results"}
KEEPERS_TO_KILL = ("trustee", "council", "regulator")
INTERN_DEPARTMENT = "endocrinology"


def terms_for(category: str) -> dict[str, Any]:
    """What City proposes: one category, for treatment, up to restricted."""
    provision = {
        "purposes": ["TREAT"],
        "categories": [category],
        "confidentiality": "R",
        "dataFrom": "any",
        "dataUntil": "any",
        "authors": ["any"],
        "records": ["any"],
    }
    return {"roles": ["attending", "intern"], "provisions": [provision], "maxUses": 0}


@dataclass
class Cast:
    """Who has appeared so far, and what they hold."""

    network: Network
    bundle: bytes
    alice: Patient = field(init=False)
    bose: Person = field(init=False)
    ref_at_mercy: str = ""
    ref_at_city: str = ""
    consent_id: str = ""
    consent: Consent = field(init=False)

    @property
    def mercy(self) -> Hospital:
        return Hospital(self.network, "mercy")

    @property
    def city(self) -> Hospital:
        return Hospital(self.network, "city")

    @cached_property
    def drafts(self) -> tuple[RecordDraft, ...]:
        return split(parse_bundle(self.bundle), received_at=times.iso(int(time.time())))

    @property
    def category(self) -> str:
        """What alice shares: her laboratory results, or what a bundle of yours has most of."""
        counted = Counter(str(draft.category) for draft in self.drafts)
        return LABORATORY if LABORATORY in counted else counted.most_common(1)[0][0]

    @property
    def sent(self) -> set[str]:
        """Every resource of the bundle as the hospital sent it."""
        return {content_of(entry["resource"]) for entry in json.loads(self.bundle)["entry"]}

    def expected(self, *confidentialities: str, department: str | None = None) -> set[str]:
        """The resources of that category that must come out, as published."""
        found: set[str] = set()
        for draft in self.drafts:
            shared = draft.category == self.category and draft.confidentiality in confidentialities
            if shared and department in (None, draft.department):
                found |= {content_of(one) for one in _inside(draft.content)}
        return found


def clinical(bundle: dict[str, Any]) -> set[str]:
    """What a searchset holds besides the Patient it is about."""
    return {content_of(one) for one in resources(bundle) if one["resourceType"] != "Patient"}


def warnings_of(bundle: dict[str, Any]) -> list[str]:
    return [
        issue["diagnostics"]
        for entry in bundle.get("entry", [])
        if entry["resource"]["resourceType"] == "OperationOutcome"
        for issue in entry["resource"]["issue"]
    ]


def _inside(content: bytes) -> list[dict[str, Any]]:
    return resources(json.loads(content))


def counted(things: Sized, noun: str) -> str:
    """“1 resource”, “2 resources”."""
    return f"{len(things)} {noun}{'' if len(things) == 1 else 's'}"
