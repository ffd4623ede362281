"""A revocation that the page shows to every keeper itself, whatever its gateway does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from consentry.demo.actors import Hospital
from consentry.domain import fields
from consentry.domain.ledger import ConsentStatus
from consentry.network.run import Network
from tests.browser.core_runs import run_core
from tests.browser.owners import Owner
from tests.journeys.bundles import TERMS
from tests.waiting import until


@pytest.fixture
def granted(network: Network, new_owner: Callable[[], Owner]) -> tuple[Owner, dict[str, Any]]:
    """Somebody, and a consent of City's that is in force."""
    owner = new_owner()
    Hospital(network, "city").propose(owner.at_city, TERMS, days=1)
    consent = owner.person.consents()[0]
    owner.person.grant(consent)
    return owner, consent


@pytest.mark.parametrize(
    ("lie", "acknowledged", "relayed"),
    [(None, 5, True), ("silent-revocation", 5, False), ("false-acknowledgement", 4, True)],
)
def test_page_revokes_at_every_keeper(
    granted: tuple[Owner, dict[str, Any]],
    network: Network,
    *,
    lie: str | None,
    acknowledged: int,
    relayed: bool,
) -> None:
    """W-30, K-17, K-18: counted is what keepers signed; without its gateway the chain hears of it from keepers."""
    owner, consent = granted
    told = {} if lie is None else {"lie": lie}
    page = run_core(network, owner.slug, "revoke", consent=consent, **told)
    assert (page["acknowledged"], page["of"]) == (acknowledged, 5)
    assert page["steps"] == list(range(acknowledged + 1))
    assert (page["transaction"] is not None) == relayed
    assert page["asked"].count("eth_signTypedData_v4") == 1
    consent_id = fields.hex_bytes(consent["id"], "id")

    def revoked() -> bool:
        return network.ledger.consent_of(owner.person.patient, consent_id).status is ConsentStatus.Revoked

    until(revoked, "the revocation on chain")
