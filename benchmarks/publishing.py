"""Publishing realistic Bundles through a gateway's process, against `fhir.resources` validating them and nothing else."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from fhir.resources.R4B import get_fhir_model_class

from benchmarks.least import Least
from benchmarks.load import cpu_seconds, processes
from benchmarks.measuring import table
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
ALONE, WHOLE = "validation alone", "published over HTTP"
CHECKED = "of it: read, validated, checked, split"
SEALED = "of it: keys split, all sealed and hashed"
DURABLE = "of it: its blocks and three commits on disk"
LEAST = "the least: what these three cost by themselves"


@dataclass
class Clocks:
    """Seconds by part, waiting included, and of the processors alone."""

    waiting: dict[str, float] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        began, own = time.perf_counter(), time.process_time()
        yield
        self.waiting[name] = self.waiting.get(name, 0) + time.perf_counter() - began
        self.processor[name] = self.processor.get(name, 0) + time.process_time() - own


def run(network: Network) -> None:
    """One Bundle after the other, each validated and published in turn, so that both see the same machine."""
    network.start(print)
    least = Least(network.place.root / "least")
    mercy = Hospital(network, "mercy")
    refs = [_linked(network, mercy, slug) for slug in PATIENTS]
    bundles = [profile_bundle(PROFILES[at % len(PROFILES)], 7_000 + at) for at in range(COUNT + WARM)]
    _turns(mercy, refs, bundles[:WARM], least)
    kinds = processes(network)
    before = {kind: cpu_seconds(pids) for kind, pids in kinds.items()}
    clocks, resources = _turns(mercy, refs, bundles[WARM:], least)
    spent = {kind: cpu_seconds(pids) - before[kind] for kind, pids in kinds.items()}
    clocks.processor[WHOLE] = sum(spent.values())
    for kind in (clocks.waiting, clocks.processor):
        kind[LEAST] = kind[CHECKED] + kind[SEALED] + kind[DURABLE]
    rows = [
        [
            part,
            f"{clocks.waiting[part]:.2f}",
            f"{clocks.waiting[part] / clocks.waiting[ALONE]:.1f}",
            f"{clocks.processor[part]:.2f}",
            f"{clocks.processor[part] / clocks.processor[ALONE]:.1f}",
        ]
        for part in (ALONE, WHOLE, CHECKED, SEALED, DURABLE, LEAST)
    ]
    title = f"{COUNT} Bundles of {resources:,} resources published (goal: ≤ {GOAL:.0f} × validation alone)"
    table(title, ["part", "s", "× alone", "CPU s", "× alone"], rows)
    told = ", ".join(f"{kind} {seconds:.2f} s" for kind, seconds in spent.items())
    print(
        f"\nCPU of all processes meanwhile: {told}; gateways are the one that publishes and the one that indexes."
    )


def _turns(
    hospital: Hospital, refs: Sequence[str], bundles: Sequence[bytes], least: Least
) -> tuple[Clocks, int]:
    """The clocks, and how many resources there were."""
    clocks, resources = Clocks(), 0
    for at, raw in enumerate(bundles):
        rows = [row["resource"] for row in json.loads(raw)["entry"]]
        with clocks.part(ALONE):
            _validate(rows)
        with clocks.part(CHECKED):
            drafts = split(parse_bundle(raw), received_at="2026-11-22T00:00:00Z")
        with clocks.part(SEALED):
            blocks = [block for draft in drafts for block in least.sealed(draft.content)]
        with clocks.part(DURABLE):
            least.keep(blocks)
        with clocks.part(WHOLE):
            hospital.publish(raw, refs[at % len(refs)])
        resources += len(rows)
    return clocks, resources


def _validate(resources: Sequence[dict[str, Any]]) -> None:
    for one in resources:
        get_fhir_model_class(one["resourceType"]).model_validate(one)


def _linked(network: Network, hospital: Hospital, slug: str) -> str:
    Patient.sign_in(network, slug, hospital.slug).open_directory(network)
    return hospital.link(slug, Wallet(network.place.wallet_key(slug)))
