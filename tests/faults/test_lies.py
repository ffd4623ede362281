"""Keepers that lie, authors that spoil their own shares, copies under another name (specification S-1, S-2, K-4, K-5)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import pytest

from consentry.chain.sender import ChainSender
from consentry.demo.actors import resources
from consentry.demo.cast import warnings_of
from consentry.domain.directory import SERVICE
from consentry.errors import KeepersInsufficient
from consentry.services.directory import VALIDITY_SECONDS
from tests.faults.bad_author import BadAuthor
from tests.faults.conftest import Exchange
from tests.faults.network import FaultyNetwork

Seen = Callable[[str], None]


@contextmanager
def lying(network: FaultyNetwork, *slugs: str) -> Iterator[None]:
    with ExitStack() as stack:
        for slug in slugs:
            stack.enter_context(network.with_fault(f"keeper-{slug}", "--lie"))
        yield


def test_keepers_lie(network: FaultyNetwork, new_exchange: Callable[..., Exchange], seen: Seen) -> None:
    """n − t keepers lying, and one more

    S-1: two lies of five cost nothing; with three nothing is read, and nothing false is shown.
    """
    exchange = new_exchange(8.1)
    with lying(network, "mercy", "trustee"):
        assert exchange.read() == [8.1]
        with lying(network, "council"), pytest.raises(KeepersInsufficient):
            exchange.read()
        assert exchange.read() == [8.1]
    seen("two of five: read all the same; three: `keepers-insufficient`; nothing false was shown")


def test_author_spoils_its_own_shares(
    network: FaultyNetwork, new_exchange: Callable[..., Exchange], seen: Seen
) -> None:
    """an author whose shares are inconsistent

    S-2: every share matches its hash, and the combined key is not the record's: found before any decryption, said, and the
    other records are read.
    """
    exchange = new_exchange(8.2)
    bad = BadAuthor(network, "mercy")
    honest = bad.sealed(exchange.patient.patient, 9.9)
    bad.file(bad.with_shares_of(honest, secrets.token_bytes(32)))
    values, missing = exchange.read_with_warnings()
    assert values == [8.2]
    (said,) = (one for one in missing if "Mercy Hospital" in one)
    assert said.startswith("key-commitment-mismatch: ")
    seen(f"the other record is read; said: {said}")


def test_shares_are_copied_under_another_name(
    network: FaultyNetwork, new_exchange: Callable[..., Exchange], seen: Seen
) -> None:
    """sealed shares copied into another author's record

    K-4, L-8: City files Mercy's shares under its own name, for a patient of its own choice, and gets none opened.
    """
    victim, own = new_exchange(8.3), new_exchange(8.4)
    mercy, city = BadAuthor(network, "mercy"), BadAuthor(network, "city")
    theirs = mercy.sealed(victim.patient.patient, 9.9)
    mercy.file(theirs)
    copied = replace(
        theirs, header=replace(theirs.header, author=city.author.address, patient=own.patient.patient)
    )
    city.file(copied)
    values, missing = own.read_with_warnings()
    assert values == [8.4] and victim.read() == [8.3, 9.9]
    assert not any("9.9" in one for one in missing)
    seen("no keeper opened a copied share; the record is read where it belongs")


def test_directory_document_is_copied(
    network: FaultyNetwork, new_exchange: Callable[..., Exchange], seen: Seen
) -> None:
    """a directory document copied into another patient's history

    K-5: Mallory names Alice's document as her own and asks for its seeds.
    """
    alice, mallory = new_exchange(8.5), new_exchange(8.6)
    change = network.ledger.latest_attribute(alice.patient.patient, SERVICE)
    assert change is not None
    name = SERVICE.encode().ljust(32, b"\0")
    mallory_sends = ChainSender(network.connection, network.place.wallet_key(mallory.number))
    mallory_sends.transact(
        "IdentityRegistry", "setAttribute", mallory.patient.patient, name, change.value, VALIDITY_SECONDS
    )
    mallory.patient.open_session("PATRQT")
    found = mallory.patient.everything("self")
    values = [one["valueQuantity"]["value"] for one in resources(found) if "valueQuantity" in one]
    assert values == [8.6] and alice.read() == [8.5]
    seen(
        f"Mallory reads her own record as before and nothing of Alice's; said: {'; '.join(warnings_of(found))}"
    )
