"""A member's key handed over or replaced, and a fast suspension, on a chain on which members decide (H-88, H-89)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from consentry.chain.sender import ChainSender
from consentry.crypto import keystore
from consentry.crypto.signatures import account_of, generate_account_key
from tests.app.cli.conftest import PASSPHRASE, Run
from tests.app.cli.voting import WHY, decided
from tests.app.governed import Governed


@pytest.fixture(scope="module", autouse=True)
def regulated(governed: Governed) -> None:
    """The regulator is named, as a founding does."""
    deployer = ChainSender(governed.ledger.connection, governed.chain.key(0))
    deployer.transact("FastSuspension", "setRegulator", governed.sender("regulator").address)


@pytest.fixture
def undone(governed: Governed) -> Iterator[None]:
    """Standing and time are afterwards what they were."""
    with governed.chain.undone():
        yield


def new_key(folder: Path, name: str = "new") -> tuple[Path, str]:
    """A keystore, and its account."""
    key, file = generate_account_key(), folder / f"{name}.keystore"
    keystore.write(file, {"account": key}, PASSPHRASE, cost=2**12)
    return file, account_of(key)


def shown(chain: Any, name: str) -> dict[str, Any]:
    return dict(chain("member", "show", name).json)


def test_a_member_hands_its_key_over(chain: Any, governed: Governed, tmp_path: Path) -> None:
    """H-88, M-8: at once, and the old one acts no more; the member stays its address."""
    name, member = governed.names["trustee"], governed.sender("trustee").address
    file, account = new_key(tmp_path)
    assert shown(chain, name)["key"] == member
    done = chain("member", "rotate-key", "--new", file, by="trustee")
    assert (done.code, done.json["key"]) == (0, account), done.out
    assert (shown(chain, name)["address"], shown(chain, name)["key"]) == (member, account)
    again = chain("member", "rotate-key", "--new", new_key(tmp_path, "third")[0], by="trustee")
    assert again.code == 3 and shown(chain, name)["key"] == account
    back = chain("member", "rotate-key", "--new", tmp_path / "trustee.keystore", by="new")
    assert (back.code, shown(chain, name)["key"]) == (0, member)


def test_a_key_that_is_not_there_is_handed_nothing(chain: Any, governed: Governed, tmp_path: Path) -> None:
    """H-88: the new keystore is opened, and it is another key."""
    before = governed.ledger.head().number
    keystore.write(tmp_path / "empty.keystore", {"copy": bytes(32)}, PASSPHRASE, cost=2**12)
    keystore.write(tmp_path / "locked.keystore", {"account": generate_account_key()}, "another", cost=2**12)
    for file, code in (
        ("empty", "keystore-invalid"),
        ("locked", "keystore-locked"),
        ("gone", "file-unreadable"),
        ("mercy", "command-invalid"),
    ):
        ran = chain("member", "rotate-key", "--new", tmp_path / f"{file}.keystore", by="mercy")
        assert ran.error == code, ran.out
    assert governed.ledger.head().number == before


def test_a_lost_key_is_replaced_by_vote(chain: Any, governed: Governed, tmp_path: Path) -> None:
    """H-88, V-11: what is voted on names the member and the new key in words."""
    name, member = governed.names["trustee"], governed.sender("trustee").address
    account = new_key(tmp_path)[1]
    proposal = decided(chain, governed, "member", "replace-key", name, "--to", account, *WHY)
    assert shown(chain, name)["key"] == account
    told = chain("consortium", "show", proposal).json["does"]
    assert told == [f"Let {account} act for {name} ({member})."]
    held = governed.sender("council").address
    taken = chain("consortium", "propose", "replace-key", name, "--to", held, *WHY, by="mercy")
    assert (taken.code, taken.error) == (3, "proposal-would-fail")
    wrong = chain("member", "replace-key", name, "--to", "0x12", *WHY, by="mercy")
    assert (wrong.code, wrong.error) == (2, "layout-invalid")
    back = chain("member", "rotate-key", "--new", tmp_path / "trustee.keystore", by="new")
    assert back.code == 0, back.out


@pytest.mark.usefixtures("undone")
def test_the_regulator_suspends_at_once_and_a_chamber_confirms(chain: Any, governed: Governed) -> None:
    """H-89, V-8, V-9: nobody else does; it says until when, and what of it lasts."""
    name, member = governed.names["city"], governed.sender("city").address
    refused = chain("member", "suspend-fast", name, by="mercy")
    assert refused.code == 3 and shown(chain, name)["status"] == "Active"
    for wrong in (("Nobody's Hospital",), (name, "--hours", "73"), (name, "--hours", "0")):
        assert chain("member", "suspend-fast", *wrong, by="regulator").code == 2
    done = chain("member", "suspend-fast", name, "--hours", "48", by="regulator")
    assert (done.code, done.json["member"]) == (0, member), done.out
    assert shown(chain, name)["status"] == "Suspended" and done.json["suspendedUntil"].endswith("Z")
    own = chain("member", "confirm-suspension", name, by="trustee")
    assert own.code == 3, "the regulator's own chamber does not confirm"
    confirmed = chain("member", "confirm-suspension", name, by="council")
    assert (confirmed.json["confirmed"], confirmed.json["suspendedUntil"]) == (True, None)
    governed.pass_time(49 * 3_600)
    assert shown(chain, name)["status"] == "Suspended"
    again = chain("member", "confirm-suspension", name, by="mercy")
    assert again.code == 3


@pytest.mark.usefixtures("undone")
def test_a_suspension_that_nobody_confirms_lapses(
    consentry: Run, chain: Any, governed: Governed, tmp_path: Path
) -> None:
    """H-89: in words, too, that and how it is confirmed."""
    name = governed.names["mercy"]
    place = {"CONSENTRY_RPC": governed.chain.url, "CONSENTRY_DEPLOYMENT": str(governed.chain.deployment)}
    told = consentry("member", "suspend-fast", name, "--wallet", tmp_path / "regulator.keystore", **place)
    assert told.code == 0 and "unless a chamber confirms" in told.out, told.err
    assert f'confirm-suspension "{name}"' in told.out + told.err
    assert shown(chain, name)["status"] == "Suspended"
    governed.pass_time(73 * 3_600)
    assert shown(chain, name)["status"] == "Active"
