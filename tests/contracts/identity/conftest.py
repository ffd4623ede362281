"""Alice's guardians and the moves of a recovery."""

from types import SimpleNamespace

import brownie
import pytest

from tests.contracts.consents import Person
from tests.contracts.identity.guardians import DELAY, Circle, recovery

DAY = 86400


@pytest.fixture
def friends():
    return [Person.named(f"guardian {number}") for number in range(3)]


@pytest.fixture
def circle(friends):
    """Two of three."""
    return Circle.of(2, *friends)


@pytest.fixture
def guarded(identities, alice, circle):
    """Alice's guardians are in force. Returns their commitment."""
    commitment = circle.commitment(identities, alice.address)
    identities.setGuardians(alice.address, commitment, {"from": alice.account})
    return commitment


@pytest.fixture
def fresh():
    """Alice's new key."""
    return Person.named("alice's new key")


@pytest.fixture
def wait():
    """Let seconds pass."""

    def wait(seconds=DELAY):
        brownie.chain.sleep(seconds)
        brownie.chain.mine()

    return wait


@pytest.fixture
def moves(identities, alice, circle, friends, fresh, relayer):
    """What guardians, the holder of a key, and anybody can do to alice's identity."""

    def start(new_owner=None, people=None, using=None, deadline=None, number=None):
        deadline = brownie.chain[-1].timestamp + DAY if deadline is None else deadline
        new_owner, using = new_owner or fresh.address, using or circle
        typed = recovery(identities, alice.address, new_owner, deadline, number)
        signatures = using.signed(typed, *(friends[:2] if people is None else people))
        sent = (alice.address, new_owner, using.revealed, signatures, deadline)
        return identities.startRecovery(*sent, {"from": relayer})

    def stop(person=alice):
        return identities.vetoRecovery(alice.address, {"from": person.account})

    def finish():
        return identities.finishRecovery(alice.address, {"from": relayer})

    def name(commitment, person=alice):
        return identities.setGuardians(alice.address, commitment, {"from": person.account})

    return SimpleNamespace(start=start, stop=stop, finish=finish, name=name)
