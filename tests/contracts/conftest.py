"""The deployment graph as fixtures: the real deployment script on a chain of Brownie's, and actors with names.

Every test runs on the state that these fixtures leave behind and is undone afterwards.
"""

import gc
import os
from types import SimpleNamespace

import brownie
import pytest
from brownie import accounts, web3

from scripts import deploy as deployment_script
from scripts import founding as founding_script
from scripts import settings, wiring
from tests.contracts.consents import CITY, MERCY, SYSTEM_ROLE, Person
from tests.contracts.governing import Governed, pass_time, plan_of

NO_DEPARTMENT = "0x" + "00" * 32
YEAR = 365 * 24 * 3600


def pytest_configure(config):
    # Brownie 1.22 warns about its own chain.revert
    # the times that consortia live with: only this chain's clock waits for them
    os.environ["CONSENTRY_PROFILE"] = "production"
    config.addinivalue_line("filterwarnings", "ignore:rpc.revert should not be called:FutureWarning")


def pytest_collection_finish():
    # Brownie collects garbage at every undoing, which takes 0.2 s over all that is loaded once and stays
    gc.freeze()


@pytest.fixture(autouse=True)
def isolate():
    """Undo what a test did to the chain. Brownie's own isolation would deploy everything anew for each file."""
    brownie.chain.snapshot()
    height = brownie.web3.eth.block_number
    yield
    if brownie.web3.eth.block_number != height:
        brownie.chain.revert()


@pytest.fixture
def now():
    """The chain's time in seconds: after an undone test a node's clock may differ from this machine's."""
    brownie.chain.mine()
    return brownie.chain[-1].timestamp


@pytest.fixture(scope="session")
def consortium():
    return accounts[0]


@pytest.fixture(scope="session")
def mercy_hospital():
    return accounts[1]


@pytest.fixture(scope="session")
def city_hospital():
    return accounts[2]


@pytest.fixture(scope="session")
def regulator():
    return accounts[3]


@pytest.fixture(scope="session")
def relayer():
    return accounts[4]


@pytest.fixture(scope="session")
def mallory():
    return Person.named("mallory")


@pytest.fixture(scope="session")
def alice():
    """A patient with nothing but a key: she never pays."""
    return Person.named("alice")


@pytest.fixture(scope="session")
def alices_daughter():
    return Person.named("alice's daughter")


@pytest.fixture(scope="session")
def dr_bose():
    return Person.named("dr bose")


@pytest.fixture(scope="session")
def citys_system():
    return Person.named("city's information system")


@pytest.fixture(scope="session")
def deployed(consortium):
    """The contracts by name, wired as on every network."""
    entries = deployment_script.deploy(consortium, {})["contracts"]
    contracts = {
        name: getattr(brownie, name).at(web3.to_checksum_address(entry["address"]))
        for name, entry in entries.items()
    }
    deployment_script.wire(contracts, consortium)
    return SimpleNamespace(**contracts)


@pytest.fixture(scope="session")
def authority(deployed):
    return deployed.Authority


@pytest.fixture(scope="session")
def identities(deployed):
    return deployed.IdentityRegistry


@pytest.fixture(scope="session")
def members(deployed, consortium, mercy_hospital, city_hospital, regulator, dr_bose, citys_system):
    """Members admitted, City's staff enrolled."""
    registry = deployed.MemberRegistry
    registry.admit(mercy_hospital, MERCY, "hospital", {"from": consortium})
    registry.admit(city_hospital, CITY, "hospital", {"from": consortium})
    registry.admit(regulator, "Health Regulator", "regulator", {"from": consortium})
    end = brownie.chain[-1].timestamp + 2 * YEAR
    registry.enrol(
        dr_bose.address,
        settings.text32("attending"),
        settings.text32("cardiology"),
        end,
        {"from": city_hospital},
    )
    registry.enrol(citys_system.address, SYSTEM_ROLE, NO_DEPARTMENT, end, {"from": city_hospital})
    return registry


@pytest.fixture(scope="session")
def seats(deployed, members):
    """No member is seated yet."""
    return deployed.MemberSeat


@pytest.fixture(scope="session")
def founding_plan(mercy_hospital, city_hospital, regulator):
    return plan_of(mercy_hospital, city_hospital, regulator)


@pytest.fixture(scope="module")
def founded(deployed, members, consortium, founding_plan):
    """Members seated, the regulator named; the deployer still holds every power. Once for a file, and undone after it."""
    brownie.chain.snapshot()
    before = brownie.chain._snapshot_id  # each test takes its own, which would replace this one
    contracts = vars(deployed)
    founding_script.found(contracts, consortium, founding_plan | {"handOver": False}, 0)
    everybody = [accounts.at(member["account"]) for member in founding_plan["members"]]
    pass_time(2)
    yield Governed(deployed, (tuple(everybody[:3]), tuple(everybody[3:5]), tuple(everybody[5:])))
    brownie.chain._snapshot_id = before
    brownie.chain.revert()


@pytest.fixture
def governed(founded, deployed, consortium):
    """After the hand-over: only a vote changes anything."""
    wiring.hand_over(vars(deployed), consortium, 0)
    return founded


@pytest.fixture(scope="session")
def consents(deployed, members):
    return deployed.ConsentRegistry


@pytest.fixture(scope="session")
def records(deployed, members):
    return deployed.RecordRegistry


@pytest.fixture(scope="session")
def committee(deployed, members):
    return deployed.KeeperCommittee


@pytest.fixture(scope="session")
def audit(deployed, members):
    return deployed.AuditLog


@pytest.fixture(scope="session")
def libraries(consortium):
    """Doors to internal library functions."""
    return brownie.LibraryMock.deploy({"from": consortium})
