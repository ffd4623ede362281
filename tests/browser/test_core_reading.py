"""The patient's page reads in the browser (under Node here) what Python reads for the same patient on the same network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from consentry.demo.actors import Hospital
from consentry.domain import fields
from consentry.domain.requests import SelfGround
from consentry.network.direct import read_ports
from consentry.network.run import Network
from consentry.services.asking import Asking
from consentry.services.reading import Reading, ReadPorts, Which, read
from consentry.wallets.account import open_reader
from tests.browser.core_runs import run_core
from tests.browser.owners import Owner
from tests.journeys.bundles import bundle, laboratory, patient, vaccination


@pytest.fixture(scope="session")
def owner(network: Network, new_owner: Callable[[], Owner]) -> Owner:
    """Two documents at Mercy, one of them corrected, and one at City; the directory was renewed in between."""
    made = new_owner()
    mercy, city = Hospital(network, "mercy"), Hospital(network, "city")
    first = bundle(patient("O-1"), laboratory(5.1))
    mercy.publish(first, made.at_mercy)
    mercy.publish(first.replace(b'"value": 5.1', b'"value": 5.3'), made.at_mercy)
    made.person.open_directory(network)
    mercy.publish(bundle(patient("O-1"), vaccination("2026-02-02")), made.at_mercy)
    city.publish(bundle(patient("O-9"), laboratory(6.2, "2026-04-01")), made.at_city)
    return made


@pytest.fixture(scope="module")
def ports(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadPorts]:
    with read_ports(network, tmp_path_factory.mktemp("python") / "index.sqlite") as found:
        yield found


def by_python(owner: Owner, network: Network, ports: ReadPorts, which: Which) -> Reading:
    wallet = owner.person.wallet
    reader = open_reader(wallet, wallet.address, "City Hospital", network.ledger.chain_id)
    asking = Asking(
        reader.actor, reader.certificate, reader.key, None, reader.purpose, SelfGround(wallet.address)
    )
    return read(asking, None, ports, which=which)


def told(reading: Reading) -> list[dict[str, Any]]:
    return [
        {
            "id": fields.to_hex(one.header.record_id),
            "category": str(one.header.category),
            "author": one.author_name,
            "root": fields.to_hex(one.root),
            "document": fields.to_hex(one.document),
            "replaced": one.replaced,
            "bundle": json.loads(one.content),
        }
        for one in reading.records
    ]


@pytest.mark.parametrize("history", [False, True])
def test_page_reads_what_python_reads(
    owner: Owner,
    network: Network,
    ports: ReadPorts,
    history: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """W-25, W-26: the same records, in the same order, with the same documents, versions and roots, and nothing missing."""
    python = by_python(owner, network, ports, Which.ALL if history else Which.NEWEST)
    page = run_core(network, owner.slug, "read", history=history)
    assert python.incomplete == () and page["incomplete"] == [] and page["lying"] == []
    expected = told(python)
    assert len(expected) >= (4 if history else 3)
    assert [{key: one[key] for key in expected[0]} for one in page["records"]] == expected
    assert all(
        one["placed"] and len(one["served"]) >= network.ledger.committee().threshold
        for one in page["records"]
    )
    assert page["steps"] == page["early"] == len(expected)


def test_page_reads_after_one_signature(owner: Owner, network: Network) -> None:
    """W-25: one signature opens the session; its key stays in WebCrypto; only the categories that were named are asked for."""
    page = run_core(network, owner.slug, "read", categories=["laboratory"])
    assert {one["category"] for one in page["records"]} == {"laboratory"}
    assert page["asked"].count("eth_signTypedData_v4") == 1
    assert page["asked"].count("personal_sign") == 1
    assert not {"eth_sendTransaction", "eth_sign", "eth_decrypt"} & set(page["asked"])
    assert page["keys"] == [False]


def test_a_session_that_the_page_ends_reads_no_more(owner: Owner, network: Network) -> None:
    """W-31, K-26: the session's own key says so to every keeper, without the wallet; keepers agree on why."""
    page = run_core(network, owner.slug, "end")
    assert (page["heard"], page["of"], page["after"]) == (5, 5, "session-revoked")
    assert page["asked"].count("eth_signTypedData_v4") == 1


def test_who_has_no_directory_has_no_records(network: Network) -> None:
    """W-26: somebody without a directory has a record without entries."""
    slug = "without-directory"
    network.people[slug] = network.place.new_wallet(slug)
    page = run_core(network, slug, "read")
    assert (page["records"], page["incomplete"]) == ([], [])
