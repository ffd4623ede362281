"""A world in which each signed function can be called, and accounts of every kind that may sign."""

from types import SimpleNamespace

import brownie
import pytest
from brownie import web3

from tests.contracts.consents import Person
from tests.contracts.delegated import put_code
from tests.contracts.signatures.cases import CASES
from tests.contracts.signatures.shapes import DAY, WALLET_OWNER


@pytest.fixture(params=CASES, ids=str)
def case(request):
    return request.param


@pytest.fixture
def world(deployed, members, identities, consents, alice, relayer, city_hospital, now):
    return SimpleNamespace(
        identities=identities,
        consents=consents,
        emergencies=deployed.EmergencyAccess,
        members=members,
        alice=alice,
        relayer=relayer,
        recipient=city_hospital,
        now=now,
        deadline=now + DAY,
    )


@pytest.fixture
def owner():
    """Who holds the key of a wallet contract."""
    return Person.named(WALLET_OWNER)


@pytest.fixture
def wallet(owner, consortium):
    return brownie.WalletMock.deploy(owner.address, {"from": consortium})


@pytest.fixture
def is_anvil():
    return "anvil" in web3.client_version.lower()


@pytest.fixture
def set_code():
    """Put code at an address; "0x" for none."""
    return put_code
