"""Whether a record is genuine is computed by the page from the chain, whatever was said when it was opened."""

from __future__ import annotations

from collections.abc import Callable

from consentry.demo.actors import Hospital
from consentry.network.run import Network
from tests.browser.core_runs import run_core
from tests.browser.owners import Owner
from tests.journeys.bundles import bundle, laboratory, patient


def test_only_what_was_anchored_is_proven(network: Network, new_owner: Callable[[], Owner]) -> None:
    """W-39: with one changed word in header, sealing or proof it is not; what its author took back is told as that."""
    owner = new_owner()
    mercy, city = Hospital(network, "mercy"), Hospital(network, "city")
    mercy.publish(bundle(patient("Q-1"), laboratory(5.1, "2026-01-01")), owner.at_mercy)
    city.publish(bundle(patient("Q-9"), laboratory(5.3, "2026-03-01")), owner.at_city)
    wrong = city.publish(bundle(patient("Q-9"), laboratory(9.9, "2026-02-01")), owner.at_city)
    gone = wrong["entry"][0]["response"]["location"].rpartition(":")[2]
    city.gateway.post("/api/records/retractions", {"record": gone, "reason": "entered-in-error"})
    told = run_core(network, owner.slug, "prove", retracted=gone)
    assert told["genuine"] is True and told["gone"] == [False, True]
    forged = {"content", "date", "author", "sealing", "root", "count"}
    assert told["forged"] == dict.fromkeys(forged, False)
