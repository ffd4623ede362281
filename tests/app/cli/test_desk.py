"""At the desk and in the wrong place: who may ask, what is missing, and what to do next (G-1, G-4, G-5)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from consentry.domain import fields
from tests.app.cli.conftest import PASSPHRASE, Run
from tests.app.cli.network import Served, served
from tests.app.gateway.world import World
from tests.chains import DeployedChain

READ = ("read", "--patient", "p-1", "--purpose", "TREAT")


@pytest.fixture(scope="module")
def world(deployed_chain: DeployedChain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(deployed_chain, tmp_path_factory.mktemp("network"))
    yield made
    made.close()


@pytest.fixture
def place(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    with served(world.city, monkeypatch) as made:
        yield made


@pytest.fixture
def key(world: World, tmp_path: Path) -> Path:
    (tmp_path / "city.key").write_text(world.city.key)
    return tmp_path / "city.key"


def test_linking_again_and_asking_by_number_give_one_reference(
    consentry: Run, place: Served, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G-4"""
    alice = tmp_path / "alice.keystore"
    consentry("wallet", "new", alice)
    asked = ("--mrn", "DESK-1", "--client-key-file", key, "--gateway", place.url, "--json")
    first, again = (consentry("patient", "link", "--wallet", alice, *asked).json for _ in range(2))
    assert first == again
    assert consentry("patient", "show", *asked).json == first
    plain = consentry("patient", "show", *asked[:-1])
    assert first["ref"] in plain.out and "DESK-1" not in plain.out + plain.err
    unknown = consentry("patient", "show", "--mrn", "DESK-2", *asked[2:])
    assert (unknown.code, unknown.error) == (2, "patient-not-linked")


def test_a_stranger_is_no_staff(consentry: Run, place: Served, world: World, tmp_path: Path) -> None:
    """G-5: exit code 3, with the member's name."""
    consentry("wallet", "new", tmp_path / "mallory.keystore")
    ran = consentry(*READ, "--as", tmp_path / "mallory.keystore", "--gateway", place.url)
    assert ran.code == 3 and "actor-unknown" in ran.err
    assert f"not enrolled as staff at {world.city.name}" in ran.err


def test_a_client_key_is_of_one_member(
    consentry: Run, place: Served, world: World, key: Path, tmp_path: Path
) -> None:
    """G-1: without a key or with another hospital's: which option to give."""
    (tmp_path / "mercy.key").write_text(world.mercy.key)
    (tmp_path / "b.json").write_text('{"resourceType": "Bundle"}')
    read = (*READ, "--practitioner", "0x" + "11" * 20, "--gateway", place.url)
    grant = ("consent", "grant", "0x" + "11" * 32, "--signature", "0x" + "11" * 65, "--gateway", place.url)
    publish = ("publish", tmp_path / "b.json", "--patient", "p-1", "--gateway", place.url)
    for command, instead in ((read, "--as FILE"), (grant, "--wallet FILE"), (publish, "--as FILE")):
        without = consentry(*command)
        assert without.code == 2 and "--client-key-file FILE or " + instead in without.err
        other = consentry(*command, "--client-key-file", tmp_path / "mercy.key")
        assert other.code == 3 and f"this client key is not of {world.city.name}" in other.err
        assert "--client-key-file FILE, or " + instead in other.err


def test_what_is_no_gateway_is_called_so(consentry: Run, world: World, key: Path, tmp_path: Path) -> None:
    """A keeper, the chain: with whatever command."""
    (tmp_path / "b.json").write_text('{"resourceType": "Bundle"}')
    consentry("wallet", "new", tmp_path / "alice.keystore")
    keeper = world.ledger.committee()
    assert keeper is not None
    publish = ("publish", tmp_path / "b.json", "--patient", "p-1", "--client-key-file", key)
    for url in (keeper.keepers[0].url, world.chain.url):
        for command in (
            ("status",),
            ("keeper", "list"),
            publish,
            ("consent", "show", "--wallet", tmp_path / "alice.keystore"),
        ):
            ran = consentry(*command, "--gateway", url)
            assert ran.code == 4 and "this is not a gateway" in ran.err, (url, command, ran.err)


def test_files_are_named_with_their_path(consentry: Run, tmp_path: Path) -> None:
    nowhere, hello = tmp_path / "nowhere" / "x", tmp_path / "hello.json"
    hello.write_text("hello")
    wallet = consentry("wallet", "show", "--wallet", nowhere)
    assert wallet.code == 2 and f"file-unreadable): {nowhere}" in wallet.err
    consentry("wallet", "new", tmp_path / "a.keystore")
    locked = consentry(
        "wallet", "show", "--wallet", tmp_path / "a.keystore", CONSENTRY_PASSPHRASE_FILE=str(nowhere)
    )
    assert locked.code == 2 and f"CONSENTRY_PASSPHRASE_FILE {nowhere}" in locked.err
    out = consentry(*READ, "--as", tmp_path / "a.keystore", "--out", nowhere)
    assert out.code == 2 and f"file-unwritable): {nowhere}" in out.err
    text = consentry("publish", hello, "--patient", "p-1")
    assert text.code == 2 and f"{hello} is not JSON" in text.err
    hello.write_text('{"resourceType": "Bundle"}')
    receipts = consentry("verify", hello)
    assert receipts.code == 2 and f"{hello} is not a receipts file" in receipts.err
    assert PASSPHRASE not in locked.err and fields.to_hex(b"x") not in locked.err
