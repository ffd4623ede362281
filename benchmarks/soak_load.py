"""What the soak does to a network: patients, and interactions in the shares of a working one (specification H-70)."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from benchmarks.load import ANSWER_BYTES
from benchmarks.measuring import Samples
from benchmarks.scene import PROVISION, laboratory_bundle
from benchmarks.soaking import DOCTORS, THIRD, SoakNetwork
from consentry.demo.actors import Hospital, Patient
from consentry.errors import ConsentryError
from consentry.remote.exchange import AnswerTooLarge, Exchange, NoAnswer
from consentry.wallets.keyfile import Wallet

SHARES = {"read": 90, "publish": 5, "grant": 2, "account": 2, "revoke": 1}
"""Per cent of the interactions."""

PAIRS = (("mercy", "city"), ("city", "mercy"), (THIRD, "city"))
"""Who publishes, and whose doctor reads."""

WORKERS, PREPARING = 16, 32
RECORD_BYTES = 2_000
BEHIND_SECONDS, DAYS = 60.0, 1
"""An index of a hospital may be behind the publications of another one for so long, at the end."""


@dataclass
class Subject:
    """A patient as the load sees it; whatever changes it holds `lock`. `author` publishes, `reader` reads: slugs of members.
    `records`: acknowledged publications."""

    name: str
    author: str
    reader: str
    at_author: str
    at_reader: str
    patient: Patient
    reading: Patient
    records: int = 0
    consents: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Soak:
    """`subjects` and what is done to them; `samples` by kind, `errors` by kind and code, `done`: how many were answered."""

    def __init__(self, network: SoakNetwork, subjects: Sequence[Subject], seed: int) -> None:
        self._network, self._subjects, self._seed = network, subjects, seed
        self._exchange = Exchange(kept=WORKERS)
        self._headers = {slug: _as_doctor(network, slug) for slug in DOCTORS}
        self.samples, self.errors = Samples(), Counter[tuple[str, str]]()
        self.done = 0
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._kinds: dict[str, Callable[[Subject], object]] = {
            "read": self.read,
            "publish": self.publish,
            "grant": self.grant,
            "account": self.account,
            "revoke": self.revoke,
        }

    def run(self, count: int) -> None:
        """So many, as fast as they are answered. What no interaction may raise ends it, as Ctrl-C does: what was done is kept."""
        plan = self._plan(count)
        with ThreadPoolExecutor(WORKERS) as threads:
            working = [threads.submit(self._work, plan) for _ in range(WORKERS)]
            try:
                for one in working:
                    one.result()
            finally:
                self._ended.set()

    def _work(self, plan: Iterator[tuple[str, Subject]]) -> None:
        while not self._ended.is_set():
            with self._lock:
                what = next(plan, None)
            if what is None:
                return
            self._one(*what)

    def _plan(self, count: int) -> Iterator[tuple[str, Subject]]:
        chance = random.Random(self._seed)
        kinds = list(SHARES)
        for _ in range(count):
            yield chance.choices(kinds, list(SHARES.values()))[0], chance.choice(self._subjects)

    def _one(self, kind: str, subject: Subject) -> None:
        began = time.perf_counter()
        code = ""
        try:
            self._kinds[kind](subject)
        except ConsentryError as error:
            code = error.code
        except (NoAnswer, AnswerTooLarge) as error:
            code = type(error).__name__
        with self._lock:
            self.done += 1
            if code:
                self.errors[kind, code] += 1
            else:
                self.samples.seconds.setdefault(kind, []).append(time.perf_counter() - began)

    # --- what is done ---

    def read(self, subject: Subject) -> int:
        """The whole record by a doctor of the other hospital; gives how many results came."""
        gateway = self._network.gateways[subject.reader]
        url = f"{gateway}/fhir/Patient/{subject.at_reader}/$everything?_type=Observation"
        headers = self._headers[subject.reader]
        reply = self._exchange.ask("GET", url, None, headers, seconds=60, most=ANSWER_BYTES)
        if reply.status != 200:
            raise SoakFailed(f"HTTP {reply.status}")
        return int(reply.body.count(b'"Observation"'))

    def account(self, subject: Subject) -> None:
        """Who read, with every keeper's receipts and their proofs: after a hundred readings more than a client takes unasked."""
        subject.reading.gateway.exchange("GET", "/api/receipts", None, most=ANSWER_BYTES)

    def publish(self, subject: Subject) -> None:
        with subject.lock:
            content = laboratory_bundle(RECORD_BYTES, 1, first=subject.records)
            Hospital(self._network, subject.author).publish(content, subject.at_author)
            subject.records += 1

    def grant(self, subject: Subject) -> None:
        """One consent more, beside the one that reading rests on."""
        with subject.lock:
            self._grant(subject)

    def revoke(self, subject: Subject) -> None:
        """The latest of those; where there is none, it is granted first."""
        with subject.lock:
            if not subject.consents:
                self._grant(subject)
            subject.patient.revoke(subject.consents[-1])
            subject.consents.pop()

    def _grant(self, subject: Subject) -> None:
        proposed = Hospital(self._network, subject.reader).propose(subject.at_reader, _terms(), DAYS)
        subject.patient.grant(proposed)
        subject.consents.append(str(proposed["id"]))

    # --- afterwards ---

    def lost_or_doubled(self) -> int:
        """How many acknowledged records of all patients are missing or there twice, once indexes had time to follow."""
        ends = time.monotonic() + BEHIND_SECONDS
        left: Sequence[Subject] = self._subjects
        while True:
            with ThreadPoolExecutor(WORKERS) as threads:
                wrong = {
                    one.name: found for one, found in zip(left, threads.map(self._wrong, left), strict=True)
                }
            left = [one for one in left if wrong[one.name]]
            if not left or time.monotonic() > ends:
                return sum(wrong.values())

    def _wrong(self, subject: Subject) -> int:
        """All of them, where there is no answer."""
        try:
            return abs(self.read(subject) - subject.records)
        except (SoakFailed, NoAnswer, AnswerTooLarge):
            return subject.records

    def close(self) -> None:
        self._exchange.close()


class SoakFailed(ConsentryError):
    """An answer that no interaction of the load expects."""

    code = "unexpected-answer"


def prepare(network: SoakNetwork, count: int) -> list[Subject]:
    """Patients with a directory, a record and a consent each. Each member with a gateway is the author of a third of them: one
    author's publications wait for one another."""
    slugs = [f"patient-{number}" for number in range(count)]
    for slug in slugs:
        network.people[slug] = network.place.new_wallet(slug)
    pairs = [PAIRS[number % len(PAIRS)] for number in range(count)]
    with ThreadPoolExecutor(PREPARING) as threads:
        return list(threads.map(lambda slug, pair: _subject(network, slug, *pair), slugs, pairs))


def _subject(network: SoakNetwork, slug: str, author: str, reader: str) -> Subject:
    wallet = Wallet(network.place.wallet_key(slug))
    patient = Patient.sign_in(network, slug, reader)
    patient.open_directory(network)
    at_author = Hospital(network, author).link(slug, wallet)
    at_reader = Hospital(network, reader).link(slug, wallet)
    reading = Patient.sign_in(network, slug, THIRD)
    reading.open_session("PATRQT")
    patient.grant(Hospital(network, reader).propose(at_reader, _terms(), DAYS))
    Hospital(network, author).publish(laboratory_bundle(RECORD_BYTES, 1), at_author)
    return Subject(slug, author, reader, at_author, at_reader, patient, reading, records=1)


def _as_doctor(network: SoakNetwork, slug: str) -> dict[str, str]:
    """What a hospital's system sends when its doctor reads."""
    key = (network.place.member(slug) / "client.key").read_text("ascii").strip()
    return {
        "Authorization": f"Bearer {key}",
        "X-Consentry-Practitioner": network.people[DOCTORS[slug]],
        "X-Consentry-Purpose": "TREAT",
    }


def _terms() -> dict[str, object]:
    return {"roles": ["any"], "provisions": [PROVISION], "maxUses": 0}
