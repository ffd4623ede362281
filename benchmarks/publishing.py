"""Publishing realistic Bundles through a gateway's process, against `fhir.resources` validating them and nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from fhir.resources.R4B import get_fhir_model_class

from benchmarks.measuring import Samples, milliseconds, table
from consentry.demo.actors import Hospital, Patient
from consentry.demo.bundles import profile_bundle
from consentry.fhir.split import split
from consentry.fhir.validate import parse_bundle
from consentry.network.plan import PATIENTS
from consentry.network.run import Network
from consentry.wallets.keyfile import Wallet

COUNT, WARM = 100, 6
PROFILES = ("type2_diabetes", "hypertension", "ckd_stage3", "anaemia", "healthy")
GOAL = 2.0
ALONE, WHOLE, CHECKED = "validation alone", "published", "of it: read, validated, checked, split"


def run(network: Network) -> None:
    """One Bundle after the other, each validated and published in turn, so that both see the same machine."""
    network.start(print)
    mercy = Hospital(network, "mercy")
    refs = [_linked(network, mercy, slug) for slug in PATIENTS]
    bundles = [profile_bundle(PROFILES[at % len(PROFILES)], seed) for at, seed in enumerate(_seeds())]
    samples, resources = Samples(), 0
    for at, raw in enumerate(bundles):
        kept = Samples() if at < WARM else samples
        rows = [row["resource"] for row in json.loads(raw)["entry"]]
        with kept.time(ALONE):
            _validate(rows)
        with kept.time(CHECKED):
            split(parse_bundle(raw), received_at="2026-11-22T00:00:00Z")
        with kept.time(WHOLE):
            mercy.publish(raw, refs[at % len(refs)])
        resources += len(rows) if at >= WARM else 0
    alone = sum(samples.seconds[ALONE])
    rows = [
        [
            part,
            f"{sum(samples.seconds[part]):.2f}",
            milliseconds(sum(samples.seconds[part]) / resources, 2),
            f"{sum(samples.seconds[part]) / alone:.2f}",
        ]
        for part in (ALONE, WHOLE, CHECKED)
    ]
    title = f"{COUNT} Bundles of {resources:,} resources published over HTTP (goal: ≤ {GOAL:.0f} × validation alone)"
    table(title, ["part", "s", "ms a resource", "against validation alone"], rows)


def _seeds() -> range:
    return range(7_000, 7_000 + COUNT + WARM)


def _validate(resources: Sequence[dict[str, Any]]) -> None:
    for one in resources:
        get_fhir_model_class(one["resourceType"]).model_validate(one)


def _linked(network: Network, hospital: Hospital, slug: str) -> str:
    Patient.sign_in(network, slug, hospital.slug).open_directory(network)
    return hospital.link(slug, Wallet(network.place.wallet_key(slug)))
