"""Hospitals, patients and keepers at work for a long time: `make soak N=100000`.

Four validators, five keepers, three gateways as processes of one machine. N interactions in the shares of a working network, in
an order that the seed decides, by several at once; afterwards every patient's record is read once more and compared with what was
acknowledged. Errors are counted by their code, none is repeated.
"""

from __future__ import annotations

import argparse
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from benchmarks.load import ANSWER_BYTES, cpu_seconds, processes
from benchmarks.measuring import Samples, machine, milliseconds, table
from benchmarks.scene import PROVISION, laboratory_bundle, place
from benchmarks.soaking import SoakNetwork, memory, sizes
from consentry.demo.actors import Hospital, Patient
from consentry.errors import ConsentryError
from consentry.remote.exchange import Exchange
from consentry.wallets.keyfile import Wallet

SHARES = {"read": 90, "publish": 5, "grant": 2, "account": 2, "revoke": 1}
"""Per cent of the interactions."""

AUTHOR, READER, DOCTOR = "mercy", "city", "dr_bose"
WORKERS, MOST_PATIENTS, INTERACTIONS_EACH = 8, 200, 50
RECORD_BYTES = 2_000
PROGRESS_SECONDS = 15.0


@dataclass
class Subject:
    """A patient as the load sees it; whatever changes it holds `lock`. `records`: acknowledged publications."""

    name: str
    at_author: str
    at_reader: str
    patient: Patient
    reading: Patient
    records: int = 0
    consents: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Soak:
    """`subjects` and what is done to them; `samples` by kind, `errors` by kind and code."""

    def __init__(self, network: SoakNetwork, subjects: Sequence[Subject], seed: int) -> None:
        self._network, self._subjects, self._seed = network, subjects, seed
        self._exchange = Exchange(kept=WORKERS)
        key = (network.place.member(READER) / "client.key").read_text("ascii").strip()
        self._headers = {
            "Authorization": f"Bearer {key}",
            "X-Consentry-Practitioner": network.people[DOCTOR],
            "X-Consentry-Purpose": "TREAT",
        }
        self.samples, self.errors = Samples(), Counter[tuple[str, str]]()
        self.done = 0
        self._kinds: dict[str, Callable[[Subject], object]] = {
            "read": self.read,
            "publish": self.publish,
            "grant": self.grant,
            "account": lambda one: one.reading.gateway.get("/api/receipts"),
            "revoke": self.revoke,
        }

    def run(self, count: int) -> None:
        """So many, as fast as they are answered."""
        with ThreadPoolExecutor(WORKERS) as threads:
            for _ in threads.map(self._one, self._plan(count)):
                self.done += 1

    def _plan(self, count: int) -> Iterator[tuple[str, Subject]]:
        chance = random.Random(self._seed)
        kinds = list(SHARES)
        for _ in range(count):
            yield chance.choices(kinds, list(SHARES.values()))[0], chance.choice(self._subjects)

    def _one(self, what: tuple[str, Subject]) -> None:
        kind, subject = what
        began = time.perf_counter()
        try:
            self._kinds[kind](subject)
        except ConsentryError as error:
            self.errors[kind, error.code] += 1
            return
        self.samples.seconds.setdefault(kind, []).append(time.perf_counter() - began)

    # --- what is done ---

    def read(self, subject: Subject) -> int:
        """The whole record by a doctor of the other hospital; gives how many results came."""
        url = (
            f"{self._network.gateways[READER]}/fhir/Patient/{subject.at_reader}/$everything?_type=Observation"
        )
        reply = self._exchange.ask("GET", url, None, self._headers, seconds=60, most=ANSWER_BYTES)
        if reply.status != 200:
            raise SoakFailed(f"HTTP {reply.status}")
        return int(reply.body.count(b'"Observation"'))

    def publish(self, subject: Subject) -> None:
        with subject.lock:
            content = laboratory_bundle(RECORD_BYTES, 1, first=subject.records)
            Hospital(self._network, AUTHOR).publish(content, subject.at_author)
            subject.records += 1

    def grant(self, subject: Subject) -> None:
        """One consent more, beside the one that reading rests on."""
        with subject.lock:
            proposed = Hospital(self._network, READER).propose(subject.at_reader, _terms(), 1)
            subject.patient.grant(proposed)
            subject.consents.append(str(proposed["id"]))

    def revoke(self, subject: Subject) -> None:
        """The latest of those; where there is none, it is granted first."""
        if not subject.consents:
            self.grant(subject)
        with subject.lock:
            if subject.consents:
                subject.patient.revoke(subject.consents[-1])
                subject.consents.pop()

    # --- afterwards ---

    def lost_or_doubled(self) -> int:
        """How many records of all patients are missing or too many."""
        return sum(abs(self.read(subject) - subject.records) for subject in self._subjects)

    def close(self) -> None:
        self._exchange.close()


class SoakFailed(ConsentryError):
    """An answer that no interaction of the load expects."""

    code = "unexpected-answer"


def prepare(network: SoakNetwork, count: int) -> list[Subject]:
    """Patients with a directory, a record and a consent each."""
    slugs = [f"patient-{number}" for number in range(count)]
    for slug in slugs:
        network.people[slug] = network.place.new_wallet(slug)
    with ThreadPoolExecutor(WORKERS) as threads:
        return list(threads.map(lambda slug: _subject(network, slug), slugs))


def _subject(network: SoakNetwork, slug: str) -> Subject:
    wallet = Wallet(network.place.wallet_key(slug))
    patient = Patient.sign_in(network, slug, READER)
    patient.open_directory(network)
    at_author = Hospital(network, AUTHOR).link(slug, wallet)
    at_reader = Hospital(network, READER).link(slug, wallet)
    reading = Patient.sign_in(network, slug, "council")
    reading.open_session("PATRQT")
    made = Subject(slug, at_author, at_reader, patient, reading)
    patient.grant(Hospital(network, READER).propose(at_reader, _terms(), 1))
    Hospital(network, AUTHOR).publish(laboratory_bundle(RECORD_BYTES, 1), at_author)
    made.records = 1
    return made


def _terms() -> dict[str, object]:
    return {"roles": ["any"], "provisions": [PROVISION], "maxUses": 0}


def _told(soak: Soak, count: int, ended: threading.Event) -> None:
    """A line now and then, for people who wait."""
    began = time.monotonic()
    while not ended.wait(PROGRESS_SECONDS):
        rate = soak.done / (time.monotonic() - began)
        left = (count - soak.done) / rate if rate else 0
        print(
            f"  {soak.done:,} of {count:,}, {rate:.0f} a second, about {left / 60:.0f} min left", flush=True
        )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=2_000, help="interactions (default: 2000)")
    parser.add_argument("--chain", default="kaia", help="kaia, clique, anvil or ganache (default: kaia)")
    parser.add_argument("--seed", type=int, default=1, help="decides who does what when (default: 1)")
    chosen = parser.parse_args()
    patients = max(1, min(MOST_PATIENTS, chosen.count // INTERACTIONS_EACH))
    print(
        f"{machine()}\n{chosen.count:,} interactions of {patients} patients, chain {chosen.chain}, seed {chosen.seed}"
    )
    with SoakNetwork(place("soak"), chosen.chain, commit_every_seconds=30.0) as network:
        network.start(print)
        began = time.monotonic()
        soak = Soak(network, prepare(network, patients), chosen.seed)
        print(f"patients prepared  ({time.monotonic() - began:.1f} s)")
        report(network, soak, chosen.count)
        soak.close()


def report(network: SoakNetwork, soak: Soak, count: int) -> None:
    """Run it, print the tables. Exits with 1 when anything failed, is lost or is doubled."""
    before, kinds = memory(network), processes(network)
    spent = {kind: cpu_seconds(pids) for kind, pids in kinds.items()}
    ended = threading.Event()
    teller = threading.Thread(target=_told, args=(soak, count, ended), daemon=True)
    teller.start()
    began = time.monotonic()
    soak.run(count)
    seconds = time.monotonic() - began
    ended.set()
    teller.join()
    spent = {kind: cpu_seconds(pids) - spent[kind] for kind, pids in kinds.items()}
    after, wrong = memory(network), soak.lost_or_doubled()
    rows = [
        [
            kind,
            f"{len(soak.samples.seconds[kind]):,}",
            milliseconds(soak.samples.p50(kind)),
            milliseconds(soak.samples.p95(kind)),
            milliseconds(_p99(soak.samples.seconds[kind])),
        ]
        for kind in SHARES
        if kind in soak.samples.seconds
    ]
    shares = ", ".join(f"{kind} {share} %" for kind, share in SHARES.items())
    table(
        f"{count:,} interactions in {seconds:,.0f} s, {count / seconds:.0f} a second ({shares})",
        ["interaction", "done", "p50 ms", "p95 ms", "p99 ms"],
        rows,
    )
    table(
        "Memory of each process",
        ["process", "MB at the start", "MB at the end", "times"],
        [
            [name, f"{before[name]:.0f}", f"{after[name]:.0f}", f"{after[name] / before[name]:.2f}"]
            for name in before
        ],
    )
    table(
        "Processor time",
        ["processes", "seconds", "ms an interaction"],
        [[kind, f"{one:,.0f}", milliseconds(one / count, 2)] for kind, one in spent.items()],
    )
    table("On disk", ["what", "MB"], [[name, f"{size:.1f}"] for name, size in sizes(network).items()])
    print(f"\nrecords lost or doubled: {wrong}; errors: {dict(soak.errors) or 'none'}")
    if wrong or soak.errors:
        raise SystemExit(1)


def _p99(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[round(0.99 * (len(ordered) - 1))]


if __name__ == "__main__":
    main()
