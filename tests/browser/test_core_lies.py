"""A lying gateway and lying keepers, seen from the page that reads by itself: nothing false is shown, and it is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from consentry.demo.actors import Hospital
from consentry.network.run import Network
from tests.browser.core_runs import run_core
from tests.browser.owners import Owner
from tests.journeys.bundles import bundle, laboratory, patient


@pytest.fixture(scope="module")
def victim(network: Network, new_owner: Callable[[], Owner]) -> Owner:
    """One laboratory result at Mercy."""
    made = new_owner()
    Hospital(network, "mercy").publish(bundle(patient("V-1"), laboratory(7.7)), made.at_mercy)
    return made


def values(page: dict[str, Any]) -> list[float]:
    resources = [entry["resource"] for one in page["records"] for entry in one["bundle"]["entry"]]
    return [one["valueQuantity"]["value"] for one in resources if one["resourceType"] == "Observation"]


@pytest.mark.parametrize(
    "lie", ["wrong-share", "another-seat", "refused-share", "rubbish-keeper", "dead-keeper"]
)
def test_one_bad_keeper_changes_nothing(victim: Owner, network: Network, lie: str) -> None:
    """W-27, S-1: what is no share, or not this one, is not used; the others are asked, and who lied is named by seat and host."""
    page = run_core(network, victim.slug, "read", lie=lie)
    assert values(page) == [7.7]
    assert page["incomplete"] == []
    caught = lie in ("wrong-share", "another-seat", "rubbish-keeper")
    assert len(page["lying"]) == caught
    assert not caught or page["lying"][0]["host"].startswith("127.0.0.1:")


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ("wrong-entry", "gateway-wrong"),
        ("sealed-by-another", "entry-corrupt"),
        ("wrong-proof", "gateway-wrong"),
        ("wrong-root", "gateway-wrong"),
        ("made-up-anchor", "gateway-wrong"),
        ("moved", "gateway-wrong"),
        ("no-entry", "entry-missing"),
        ("erased", "entry-erased"),
        ("wrong-block", "content-corrupt"),
        ("wrong-together", "content-corrupt"),
        ("endless-block", "content-too-large"),
        ("no-blocks", "content-missing"),
        ("index-behind", "index-behind"),
    ],
)
def test_what_a_gateway_makes_up_is_not_shown(victim: Owner, network: Network, lie: str, said: str) -> None:
    """W-26: entry, proof, root and content are held against the author's anchor on chain and the header's digest."""
    page = run_core(network, victim.slug, "read", lie=lie)
    assert [one["kind"] for one in page["incomplete"]] == [said]
    assert values(page) == ([7.7] if lie == "index-behind" else [])
    assert page["lying"] == []


def test_entries_under_another_author_are_not_taken(victim: Owner, network: Network) -> None:
    """W-26: a row that names another author than was asked for is no answer to the question."""
    assert run_core(network, victim.slug, "read", lie="swapped-author")["records"] == []


@pytest.mark.parametrize("lie", ["wrong-document", "lost-document"])
def test_a_directory_that_the_patient_did_not_sign_is_not_read(
    victim: Owner, network: Network, lie: str
) -> None:
    """W-26, D-4: documents are those whose CIDs stand in the patient's own history, byte for byte."""
    page = run_core(network, victim.slug, "read", lie=lie)
    assert page["records"] == []
    assert page["incomplete"] == [{"kind": "directory-unreadable", "count": 1}]


@pytest.mark.parametrize(
    ("lie", "code", "own_words"),
    [
        ("all-refuse", "no-ground", False),
        ("too-few", "keepers-insufficient", False),
        ("no-chain", "chain-unreachable", True),
        ("empty-chain", "chain-wrong", True),
        ("no-gateway", "gateway-unreachable", True),
        ("other-answers", "gateway-wrong", True),
    ],
)
def test_what_cannot_be_read_is_said_in_words(
    victim: Owner, network: Network, *, lie: str, code: str, own_words: bool
) -> None:
    """W-27, W-18, K-28: refused by too many is refused; too few answers are too few, never an empty record. What keepers
    say has the gateway's words; for a gateway or a chain that fails the page has its own."""
    page = run_core(network, victim.slug, "read", lie=lie)
    assert page["problem"] == code, page
    assert all(page["words"]) != own_words


def test_a_wrong_clock_reads_by_the_chain(victim: Owner, network: Network) -> None:
    """W-28: a device that is days off asks by the chain's time."""
    page = run_core(network, victim.slug, "read", skew=-3 * 86_400)
    assert values(page) == [7.7], json.dumps(page)
