"""Showing a signed revocation to the keepers, and saying which of them deny from now on."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from consentry.cli.network_values import NetworkInfo
from consentry.cli.settings import Settings
from consentry.domain import times
from consentry.domain.ledger import KeeperInfo
from consentry.domain.revocation import SignedRevocation
from consentry.remote.keepers import HttpKeepers
from consentry.services.committees import every_keeper
from consentry.services.revoking import Told, tell_keepers

KEEPER_SECONDS = 10.0


def show_keepers(settings: Settings, network: NetworkInfo, revocation: SignedRevocation) -> Told:
    """Ask all keepers at once, and say at once what they answered."""
    committee = network.committee
    every = _keepers(settings, network)
    working = settings.output.working("Showing it to every keeper")
    with working, closing(HttpKeepers(timeout_seconds=KEEPER_SECONDS)) as keepers:
        told = tell_keepers(revocation, every, network.chain_id, keepers)
    settings.output.note(f"{len(told.acknowledged)} of {told.asked} keepers acknowledged.")
    for failure in told.failures:
        settings.output.note(f"Keeper {failure.seat + 1} ({failure.host}) did not: {failure.code}")
    if told.failures and told.suffices(committee.threshold):
        settings.output.note("The others are too few to open a record; they hear of it from the chain.")
    elif told.failures:
        settings.output.note("Until the chain has it, the others could still open records under it.")
    return told


def _keepers(settings: Settings, network: NetworkInfo) -> tuple[KeeperInfo, ...]:
    """Every keeper there ever was by the chain's word; by the gateway's, those that sit now."""
    if not settings.has_chain:
        settings.output.note("Who keeps is the gateway's word; --rpc and --deployment ask the chain.")
        return network.committee.keepers
    from consentry.chain.ledger import ChainLedger

    return every_keeper(ChainLedger(settings.connection()))


def keepers_told(told: Told) -> dict[str, Any]:
    """For `--json`: who acknowledged when, and who failed and why."""
    return {
        "keepers": {
            "asked": told.asked,
            "acknowledged": [
                {"keeper": one.keeper, "seenAt": times.iso(one.seen_at)} for one in told.acknowledged
            ],
            "failed": [
                {"seat": one.seat, "host": one.host, "code": one.code, "detail": one.detail}
                for one in told.failures
            ],
        }
    }
