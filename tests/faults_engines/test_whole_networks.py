"""Everything stands still or dies at once, and comes back, while hospitals publish and patients decide (specification H-37)."""

from __future__ import annotations

import itertools
import threading
import time

import pytest

from consentry.chain.kaia import KaiaChain
from consentry.errors import ConsentryError
from consentry.network.run import Network
from tests.faults.conftest import dr_bose
from tests.faults_engines.validators import New, Seen, one_story, publish, standing_still
from tests.waiting import until

STILL_SECONDS = 60


def test_the_chain_stands_still_under_load(
    chain: KaiaChain, network: Network, new_exchange: New, seen: Seen
) -> None:
    """the whole chain stands still for a minute while hospitals publish

    H-37: nothing that was acknowledged is lost, nothing is there twice.
    """
    exchanges = [new_exchange(7.1), new_exchange(7.1)]
    values = [round(8 + place / 10, 1) for place in range(5)]
    publishing = [
        threading.Thread(target=publish, args=pair) for pair in itertools.product(exchanges, values)
    ]
    with standing_still(chain, 0, 1, 2, 3):
        for one in publishing:
            one.start()
        time.sleep(STILL_SECONDS)
    for one in publishing:
        one.join()
    for exchange in exchanges:
        assert until(lambda each=exchange: each.read() == [7.1, *values], "each record, once")
    seen(f"{len(publishing)} publications by {len(exchanges)} patients' hospital: each record there, once")


def test_everything_is_killed_at_once(
    chain: KaiaChain, network: Network, new_exchange: New, seen: Seen
) -> None:
    """every process killed with -9, and started in the worst order

    H-37: records, consents, revocations and receipts are there, and once.
    """
    kept, revoked = new_exchange(7.1, 7.2), new_exchange(7.3)
    assert kept.read() == [7.1, 7.2]
    revoked.patient.revoke(revoked.consent_id)
    ours = [
        *(f"keeper-{slug}" for slug in network.keepers),
        *(f"gateway-{slug}" for slug in network.gateways),
    ]
    for name in ours:
        network.processes[name].kill()
    for one in chain.validators:
        one.kill()
    for name in ours:
        network.processes[name].start()
    chain.start()
    for name in ours:
        network.processes[name].await_ready()
    goal = one_story(chain)
    for exchange in (kept, revoked):
        exchange.bose = dr_bose(network)
    assert until(lambda: kept.read() == [7.1, 7.2], "the records")
    with pytest.raises(ConsentryError):
        revoked.read()
    seen(f"{len(ours)} processes and 4 validators: everything as before at block {goal}")
