"""The demo: real FHIR records go from one hospital to another under a patient's signature, and everything that must not
happen is tried. Each step says what it saw; the first that differs ends the demo with an exit code other than 0."""

from __future__ import annotations

from pathlib import Path

from consentry.demo import breaking_glass, erasing, founding, governing, losing, trials
from consentry.demo.bundles import demo_bundles
from consentry.demo.cast import (
    ALICE,
    SEED,
    Cast,
)
from consentry.demo.telling import Telling
from consentry.network.engines import CHAINS
from consentry.network.place import Place
from consentry.network.run import REPOSITORY, Network
from consentry.network.stores import StoreKind


def demo(chain: str, store: StoreKind, bundle: Path | None, databases: str = "") -> None:
    """Tell the whole story on a fresh network. Raises at the step that differs."""
    telling = Telling()
    content = bundle.read_bytes() if bundle else demo_bundles(SEED)[ALICE.key]
    place = Place(REPOSITORY / ".consentry" / f"demo-{_slug(chain)}-{store}")
    network = Network(place, chain, store, databases=databases)
    cast = Cast(network, content)
    shared = cast.category  # a bundle that cannot be published ends here, before anything is started
    telling.heading(
        f"Consentry: the whole exchange on one machine (chain {chain}, store {store}, shared: {shared})"
    )
    with network:
        founding.found(cast, telling)
        founding.publish(cast, telling)
        founding.grant(cast, telling)
        trials.read(cast, telling)
        trials.refusals(cast, telling)
        trials.faults(cast, telling)
        trials.revoke(cast, telling)
        losing.key_lost(cast, telling)
        breaking_glass.opened_and_reviewed(cast, telling)
        governing.new_member(cast, telling)
        trials.account(cast, telling)
        erasing.erased(cast, telling)
        telling.end()


def _slug(chain: str) -> str:
    return chain if chain in CHAINS else "url"
