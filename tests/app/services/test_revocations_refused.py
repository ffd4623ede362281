"""Revocations that the chain refuses: what counts as refused, who may sign anew, and what a flood of them costs (K-37, K-38)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from consentry.chain.calls import code32
from consentry.crypto.signatures import account_of, generate_account_key
from consentry.domain.ledger import ConsentStatus
from consentry.domain.revocation import SignedRevocation
from consentry.errors import ChainUnreachable, RateLimited, TransactionReverted
from consentry.keeper.relay import RevocationRelay
from consentry.ports import Sender
from consentry.ports.revocations import SeenRevocation
from consentry.services.keeper_desk import Desk, Limits
from consentry.services.pace import Pace
from consentry.services.revocations import LONGEST_PAUSE_SECONDS, bring_due, see
from tests.app.chain.world import DAY
from tests.app.services.rules_world import Rules, rules_on
from tests.app.services.test_revocations import NO_WALLET, WALLET, YES_WALLET, Home
from tests.chains import DeployedChain


@pytest.fixture(scope="module")
def rules(deployed_chain: DeployedChain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rules]:
    with rules_on(deployed_chain, tmp_path_factory.mktemp("rules")) as made:
        yield made


@pytest.fixture
def home(rules: Rules) -> Iterator[Home]:
    with rules.world.chain.undone():
        yield Home(rules)
        rules.clock.off = 0


class Failing:
    """A sender that brings nothing to the chain, for this reason."""

    def __init__(self, problem: Exception) -> None:
        self.address = "0x" + "00" * 20
        self._problem = problem

    def check(self, *_: Any) -> None:
        raise self._problem

    def transact(self, *_: Any) -> Any:
        raise self._problem


def tried(home: Home, desk: Desk, sender: Sender) -> SeenRevocation:
    """The next attempt, on a chain that moves on with the clock."""
    home.pass_time(LONGEST_PAUSE_SECONDS)
    move_chain(home)
    assert bring_due(desk, sender) == 1
    return found(home, desk)


def move_chain(home: Home) -> None:
    home.rules.ledger.connection.rpc.call("evm_increaseTime", LONGEST_PAUSE_SECONDS)
    home.rules.ledger.connection.rpc.call("evm_mine")


def found(home: Home, desk: Desk) -> SeenRevocation:
    kept = desk.revocations.find(home.patient, home.id_of())
    assert kept is not None
    return kept


def test_the_chain_refuses_when_nobody_of_the_patients_side_stands_behind_it(home: Home) -> None:
    """K-37: since the first refusal, counted at each attempt; the keeper goes on denying."""
    desk = home.rules.desk()
    see(home.signed(), desk)
    home.rules.alice.transact("IdentityRegistry", "changeOwner", home.patient, "0x" + "5c" * 20)
    first = tried(home, desk, home.sender())
    second = tried(home, desk, home.sender())
    assert first.refusals == 1 and first.refused_since == second.refused_since is not None
    assert second.refusals == 2 and desk.revocations.refused() == 1
    assert home.reason(desk=desk) == "RevocationSeen"


@pytest.mark.parametrize(
    "problem",
    [ChainUnreachable("no funds"), TransactionReverted("Reverted"), TransactionReverted("Panic")],
    ids=["not sent", "reverted", "panicked"],
)
def test_what_could_not_be_delivered_is_not_refused(home: Home, problem: Exception) -> None:
    """K-37: as long as the key is the patient's side's, however the relay fails and however often."""
    desk = home.rules.desk()
    see(home.signed(), desk)
    for _ in range(3):
        assert tried(home, desk, Failing(problem)).refusals == 0
    assert home.reason(desk=desk) == "RevocationSeen"
    tried(home, desk, home.sender())
    assert home.status() is ConsentStatus.Revoked


@pytest.mark.parametrize("moves", [0, 3], ids=["stands still", "is ahead of the clock"])
def test_a_chain_that_is_far_from_the_clock_refuses_nothing(home: Home, moves: int) -> None:
    """K-37, K-11: what an old head says is not what the chain says, nor by a clock that is off."""
    desk = home.rules.desk(limits=Limits())
    see(home.signed(), desk)
    home.rules.alice.transact("IdentityRegistry", "changeOwner", home.patient, "0x" + "5c" * 20)
    home.pass_time(LONGEST_PAUSE_SECONDS)
    for _ in range(moves):
        move_chain(home)
    assert bring_due(desk, home.sender()) == 1
    kept = found(home, desk)
    assert (kept.tries, kept.refusals, kept.refused_since) == (1, 0, None)


def test_a_wallet_that_says_one_thing_here_and_another_there_is_refused(home: Home) -> None:
    """K-37: it still says yes when it is asked; what counts for a wallet contract is what the transaction met."""
    rpc, desk = home.rules.ledger.connection.rpc, home.rules.desk()
    rpc.call("anvil_setCode", WALLET, YES_WALLET)
    home.rules.alice.transact("IdentityRegistry", "changeOwner", home.patient, WALLET)
    see(SignedRevocation(home.patient, home.id_of(), b"whatever this wallet signs with"), desk)
    assert tried(home, desk, Failing(TransactionReverted("ConsentSignatureInvalid"))).refusals == 1
    rpc.call("anvil_setCode", WALLET, NO_WALLET)
    assert tried(home, desk, home.sender()).refusals == 2


def test_who_may_revoke_now_signs_anew_and_the_chain_takes_it(home: Home) -> None:
    """K-37: a refused signature does not stand in the way of a good one; since when it is denied stays."""
    desk, new_key = home.rules.desk(), generate_account_key()
    see(home.signed(), desk)
    home.rules.alice.transact("IdentityRegistry", "changeOwner", home.patient, account_of(new_key))
    refused = tried(home, desk, home.sender())
    see(home.signed(by=new_key), desk)
    anew = found(home, desk)
    assert (anew.refusals, anew.refused_since, anew.tries) == (0, None, 0)
    assert anew.seen_at == refused.seen_at and anew.revocation == home.signed(by=new_key)
    tried(home, desk, home.sender())
    assert home.status() is ConsentStatus.Revoked


def test_a_good_signature_is_not_swapped_for_another_one(home: Home) -> None:
    """K-37: a representative who is about to be dismissed cannot make a revocation one that the chain refuses."""
    carer, desk = generate_account_key(), home.rules.desk()
    place = (home.patient, code32("consent"), account_of(carer))
    home.rules.alice.transact("IdentityRegistry", "addDelegate", *place, DAY)
    see(home.signed(), desk)
    see(home.signed(by=carer), desk)
    assert found(home, desk).revocation == home.signed()
    other = home.id_of(home.granted())
    see(home.signed(other, by=carer), desk)
    home.rules.alice.transact("IdentityRegistry", "revokeDelegate", *place)
    see(home.signed(other), desk)
    kept = desk.revocations.find(home.patient, other)
    assert kept is not None and kept.revocation == home.signed(other)


def test_only_so_many_are_examined_at_once(home: Home) -> None:
    """K-38: more are told to come again, before any question to the node; what is known is answered all the same, and so are
    requests."""
    desk, asked = home.rules.desk(), home.signed()
    see(asked, desk)
    other = home.granted()
    busy = 0
    while desk.examining.acquire(blocking=False):
        busy += 1
    assert busy == 4
    with pytest.raises(RateLimited):
        see(home.signed(home.id_of(other)), desk)
    see(asked, desk)
    assert home.reason(other, desk) == "Permitted"
    desk.examining.release()
    see(home.signed(home.id_of(other)), desk)
    assert home.reason(other, desk) == "RevocationSeen"


def test_what_stands_on_chain_spends_nobodys_pace(home: Home) -> None:
    """K-38: a revocation is public then, and anybody may send it again; only what is kept anew counts, for who signed it."""
    slow = replace(home.rules.desk(), pace=Pace(0.001, 1))
    home.rules.alice.transact("ConsentRegistry", "revoke", home.patient, home.id_of())
    others = [home.id_of(home.granted()) for _ in range(2)]
    for _ in range(3):
        see(home.signed(), slow)
    see(home.signed(others[0]), slow)
    see(home.signed(others[0]), slow)
    with pytest.raises(RateLimited):
        see(home.signed(others[1]), slow)


def test_what_else_of_the_chain_fails_keeps_no_revocation_waiting(home: Home) -> None:
    """K-18: another transaction that is under way, and that the node refuses each time."""
    desk = home.rules.desk()
    see(home.signed(), desk)
    home.pass_time(desk.limits.relay_after_seconds)
    RevocationRelay(desk, home.sender(), also=Failing(ChainUnreachable()).check).attempt()
    assert home.status() is ConsentStatus.Revoked
