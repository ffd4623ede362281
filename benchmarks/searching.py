"""Searching a thousand records of one patient page by page at a gateway's process, against the bare mathematics of releasing."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

from benchmarks.measuring import Samples, milliseconds, table
from benchmarks.scene import PROVISION, laboratory_bundle
from consentry.crypto import hpke
from consentry.crypto.sealing import open_released, seal_released
from consentry.demo.actors import Hospital, Patient
from consentry.network.plan import THRESHOLD
from consentry.network.run import Network
from consentry.remote.exchange import Exchange
from consentry.wallets.keyfile import Wallet

RECORDS, BUNDLE, SIZE = 1_000, 100, 2_000
PAGE = 50
SEARCHES, WARM = 6, 1
SAMPLE = 200
GOAL_MS = 50
SETTLED_SECONDS = 120.0
FIRST, LATER, BARE = "first page", "second page on", "bare"
ANSWER_BYTES = 64 * 2**20


@dataclass(frozen=True)
class Asking:
    """City's system, for a doctor of City."""

    exchange: Exchange
    headers: dict[str, str]

    def get(self, url: str) -> dict[str, Any]:
        reply = self.exchange.ask("GET", url, None, self.headers, seconds=120, most=ANSWER_BYTES)
        if reply.status != 200:
            raise RuntimeError(f"HTTP {reply.status}: {reply.body[:300]!r}")
        return dict(json.loads(reply.body))


def run(network: Network) -> None:
    """Publish, grant, search again and again and follow `next` to the end; print the table."""
    network.start(print)
    url, headers = _prepared(network)
    asking, samples = Asking(Exchange(kept=1), headers), Samples()
    _await_index(asking, url)
    for at in range(SEARCHES + WARM):
        kept = Samples() if at < WARM else samples
        _search(asking, url, kept)
        _mathematics(kept)
    asking.exchange.close()
    bare = samples.p50(BARE) / SAMPLE * THRESHOLD * RECORDS
    first = samples.p50(FIRST)
    rows = [
        [part, str(len(samples.seconds[part])), *map(milliseconds, (samples.p50(part), samples.p95(part)))]
        for part in (FIRST, LATER)
    ]
    title = f"Search of {RECORDS:,} records of one patient, {PAGE} a page (goal: second page on p95 ≤ {GOAL_MS} ms)"
    table(title, ["page", "times", "p50 ms", "p95 ms"], rows)
    print(
        f"\nThe first page opens all records. Their bare mathematics (each share opened and sealed again by {THRESHOLD} keepers, "
        f"and opened by the reader) takes {bare:.2f} s one after the other: the first page takes {first / bare:.2f} × that."
    )


def _prepared(network: Network) -> tuple[str, dict[str, str]]:
    """What is asked, and the headers of who asks."""
    wallet = Wallet(network.place.wallet_key("alice"))
    alice = Patient.sign_in(network, "alice", "city")
    alice.open_directory(network)
    mercy, city = Hospital(network, "mercy"), Hospital(network, "city")
    at_mercy, at_city = mercy.link("B-1", wallet), city.link("B-1", wallet)
    for first in range(0, RECORDS, BUNDLE):
        mercy.publish(laboratory_bundle(SIZE, BUNDLE, first), at_mercy)
    alice.grant(city.propose(at_city, {"roles": ["any"], "provisions": [PROVISION], "maxUses": 0}, 1))
    key = (network.place.member("city") / "client.key").read_text("ascii").strip()
    headers = {
        "Authorization": f"Bearer {key}",
        "X-Consentry-Practitioner": network.people["dr_bose"],
        "X-Consentry-Purpose": "TREAT",
    }
    return f"{network.gateways['city']}/fhir/Observation?patient={at_city}&_count={PAGE}&_sort=date", headers


def _search(asking: Asking, url: str, samples: Samples) -> None:
    page = samples.call(FIRST, lambda: asking.get(url))
    if page["total"] != RECORDS:
        raise RuntimeError(f"{page['total']} of {RECORDS} records were found")
    seen = _matches(page)
    while following := [one["url"] for one in page["link"] if one["relation"] == "next"]:
        with samples.time(LATER):
            page = asking.get(following[0])
        seen += _matches(page)
    if seen != RECORDS:
        raise RuntimeError(f"{seen} of {RECORDS} records were shown")


def _await_index(asking: Asking, url: str) -> None:
    """City's gateway has just seen a thousand entries come. Raises RuntimeError if it never catches up."""
    ends = time.monotonic() + SETTLED_SECONDS
    while any(row["search"]["mode"] == "outcome" for row in asking.get(url)["entry"]):
        if time.monotonic() > ends:
            raise RuntimeError("the gateway's index stays behind")
        time.sleep(1)


def _matches(page: dict[str, Any]) -> int:
    """How many a page has. Raises RuntimeError for one that says it is incomplete: its time would say nothing."""
    for row in page["entry"]:
        if row["search"]["mode"] == "outcome":
            raise RuntimeError(json.dumps(row["resource"]))
    return len(page["entry"])


def _mathematics(samples: Samples) -> None:
    """What a keeper and the reader cannot leave out of a release, for so many records as a sample has."""
    keeper, reader, share = hpke.generate_seed(), hpke.generate_seed(), secrets.token_bytes(33)
    public, seal_to = hpke.public_key(keeper), hpke.public_key(reader)
    sealed = [hpke.seal(public, b"bench", share) for _ in range(SAMPLE)]
    digest, named = secrets.token_bytes(32), secrets.token_bytes(32)
    opener, opening = hpke.Opener(keeper), hpke.Opener(reader)
    with samples.time(BARE):
        for one in sealed:
            again = seal_released(seal_to, digest, named, 0, hpke.open_(opener, b"bench", one))
            open_released(opening, digest, named, 0, again)
