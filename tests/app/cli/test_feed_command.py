"""`consentry keeper feed` on a real chain: the regulator that the consortium named, and nobody else (A-10, A-11)."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

import pytest

from consentry.chain.calls import code32
from consentry.chain.sender import ChainSender
from consentry.crypto.signatures import account_of, generate_account_key
from tests.app.cli.network import Desk, linked
from tests.app.gateway.content import DAY
from tests.app.gateway.world import World


@pytest.fixture
def regulator(desk: Desk, world: World) -> Path:
    """The keystore of a system account that the regulator enrolled."""
    key, file = generate_account_key(), desk.file("regulator.keystore")
    system = desk.done("wallet", "new", file)["address"]
    admitted = (account_of(key), f"Regulator {secrets.token_hex(4)}", "regulator")
    world.consortium.transact("MemberRegistry", "admit", *admitted)
    world.consortium.transact("FastSuspension", "setRegulator", account_of(key))
    staff = (system, code32("system"), code32("any"), int(time.time()) + DAY)
    ChainSender(world.ledger.connection, key).transact("MemberRegistry", "enrol", *staff)
    return file


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """alice has read her own record: every keeper has receipts."""
    linked(desk, f"CLI-F-{secrets.token_hex(4)}")
    desk.done("read", "--self", "--wallet", desk.file("alice.keystore"))
    return desk


def test_feed_tells_the_regulator_who_asks(asked: Desk, regulator: Path) -> None:
    """A-10, A-11: all keepers; no patient, no record, no category; numbers to go on with."""
    alice = asked.done("wallet", "show", "--wallet", asked.file("alice.keystore"))["address"].lower()
    told = asked.done("keeper", "feed", "--as", regulator)["keepers"]
    assert [one["seat"] for one in told] == [0, 1, 2, 3, 4] and not any(one["problem"] for one in told)
    own = [row for one in told for row in one["rows"] if row["ground"] == "SELF"]
    assert len(own) >= 5 and {(row["actor"], row["member"]) for row in own} == {(None, None)}
    assert len({row["patient"] for row in told[0]["rows"][-3:]}) == 1
    assert told[0]["rows"][-1]["patient"] != told[1]["rows"][-1]["patient"]
    shown = asked("keeper", "feed", "--as", regulator)
    assert "pseudonym" in shown.out and alice not in shown.out.lower() and "laboratory" not in shown.out


def test_feed_goes_on_where_it_ended(asked: Desk, regulator: Path) -> None:
    """A-10"""
    (first,) = asked.done("keeper", "feed", "--as", regulator, "--seat", "2", "--most", "2")["keepers"]
    assert (len(first["rows"]), first["next"], first["more"]) == (2, 2, True)
    (rest,) = asked.done("keeper", "feed", "--as", regulator, "--seat", "2", "--after", "2")["keepers"]
    assert [row["seq"] for row in rest["rows"]] == list(range(2, rest["next"])) and not rest["more"]
    assert asked("keeper", "feed", "--as", regulator, "--after", "2", "--json").error == "command-invalid"
    assert asked("keeper", "feed", "--as", regulator, "--seat", "9", "--json").error == "not-found"


def test_feed_is_for_nobody_else(asked: Desk, regulator: Path, world: World) -> None:
    """A-10: not for a clinician's account, a stranger's, nor for a regulator of yesterday."""
    refused = asked("keeper", "feed", "--as", asked.file("dr_bose.keystore"), "--json")
    assert refused.error == "no-ground" and "named regulator" in refused.json["error"]["nextStep"]
    assert asked("keeper", "feed", "--as", asked.file("alice.keystore"), "--json").error == "not-found"
    world.consortium.transact("FastSuspension", "setRegulator", world.city.account.address)
    assert asked("keeper", "feed", "--as", regulator, "--json").error == "no-ground"
