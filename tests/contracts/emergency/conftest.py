"""City's emergency room: two who open, one who reviews, and every way in which an account signs."""

import hashlib
import itertools

import brownie
import pytest

from tests.contracts import delegated
from tests.contracts.conftest import NO_DEPARTMENT, YEAR
from tests.contracts.consents import CITY, Person, text32
from tests.contracts.emergency.openings import JUSTIFIED, ZERO, Box, closing, review

HOUR = 3600
DAY = 24 * HOUR
ACCOUNTS = ["key", "wallet", "delegated"]


@pytest.fixture(scope="session")
def nurse_li():
    return Person.named("nurse li")


@pytest.fixture(scope="session")
def dr_chen():
    """Opens nothing: reviews."""
    return Person.named("dr chen")


@pytest.fixture(scope="session")
def emergencies(deployed, members, city_hospital, mercy_hospital, nurse_li, dr_chen):
    """The contract, with City's staff enrolled; dr bose is of City already."""
    end = brownie.chain[-1].timestamp + YEAR
    for person, role in ((nurse_li, "nurse"), (dr_chen, "attending")):
        members.enrol(person.address, text32(role), NO_DEPARTMENT, end, {"from": city_hospital})
    return deployed.EmergencyAccess


@pytest.fixture
def another(alice, dr_bose, nurse_li, now):
    """A new opening of alice's summary each time, for an hour."""
    numbers = itertools.count()

    def another(**changes):
        salt = "0x" + hashlib.sha256(f"subject {next(numbers)}".encode()).hexdigest()
        plain = {"patient": alice.address, "salt": salt, "member": CITY}
        who = {"first": dr_bose.address, "second": nurse_li.address}
        times = {"open_until": now + HOUR, "relay_before": now + HOUR // 2}
        return Box(**(plain | who | times | changes))

    return another


@pytest.fixture
def box(another, emergencies):
    return another()


@pytest.fixture
def open_box(emergencies, dr_bose, nurse_li, relayer):
    """Has both people sign and a stranger relay."""

    def open_box(box, first=dr_bose, second=nurse_li):
        typed = box.typed(emergencies)
        return emergencies.open(
            box.declaration(emergencies), first.sign(typed), second.sign(typed), {"from": relayer}
        )

    return open_box


@pytest.fixture
def opened(open_box, box):
    open_box(box)
    return box


@pytest.fixture
def closed(emergencies, opened, dr_bose):
    emergencies.close(opened.opening_id(emergencies), {"from": dr_bose.account})
    return opened


@pytest.fixture
def reviewed(emergencies, closed, dr_chen):
    emergencies.review(closed.opening_id(emergencies), JUSTIFIED, {"from": dr_chen.account})
    return closed


@pytest.fixture
def enrol(members, city_hospital, now):
    """Enrols an account at City, or changes its enrolment."""

    def enrol(account, role="attending", end=now + DAY, by=city_hospital):
        members.enrol(account, text32(role), NO_DEPARTMENT, end, {"from": by})

    return enrol


@pytest.fixture(params=["stranger", "elsewhere", "licence", "system", "dismissed"])
def unfit(request, enrol, members, city_hospital, mercy_hospital, now):
    """Somebody who may neither open nor close nor review at City: (person, the error that says why)."""
    person, flaw = Person.named("somebody"), request.param
    if flaw == "elsewhere":
        enrol(person.address, by=mercy_hospital)
        return person, ("OpeningStaffOfAnotherMember", person, mercy_hospital)
    if flaw == "licence":
        enrol(person.address, end=now + 30)
        brownie.chain.sleep(30)
        return person, ("OpeningLicenceEnded", person, now + 30)
    if flaw == "system":
        enrol(person.address, "system")
        return person, ("OpeningPersonMissing", person)
    if flaw == "dismissed":
        enrol(person.address)
        members.dismiss(person.address, {"from": city_hospital})
    return person, ("OpeningStaffOfAnotherMember", person, ZERO)


@pytest.fixture
def wallet_of(consortium):
    """A wallet contract (ERC-1271) that a person's key controls."""
    return lambda person: brownie.WalletMock.deploy(person.address, {"from": consortium})


@pytest.fixture
def delegate_code(wallet_of):
    """Gives a key's account the code of a wallet contract that another key controls, as EIP-7702 does."""

    return lambda account, person: delegated.delegate_code(account.address, wallet_of(person))


@pytest.fixture
def enrolled(enrol, wallet_of, delegate_code):
    """One more person of City, by a kind of account: (address, whoever's key signs for it)."""

    def enrolled(kind):
        person, device = Person.named("dr diaz"), Person.named("dr diaz's telephone")
        address = person.address
        if kind == "wallet":
            address = str(wallet_of(device))
        elif kind == "delegated":
            delegate_code(person, device)
        enrol(address)
        return address, person if kind in ("key", "direct") else device

    return enrolled


@pytest.fixture(params=ACCOUNTS)
def signer(request, enrolled):
    """Each kind of account."""
    return enrolled(request.param)


@pytest.fixture(params=["direct", *ACCOUNTS])
def path(request, emergencies, enrolled, relayer):
    """Who closes and reviews as one more person of City, and how: (address, close, review)."""
    address, key = enrolled(request.param)

    def close(box):
        opening_id = box.opening_id(emergencies)
        if request.param == "direct":
            return emergencies.close(opening_id, {"from": key.account})
        signature = key.sign(closing(address, opening_id, emergencies))
        return emergencies.closeBySignature(opening_id, address, signature, {"from": relayer})

    def judge(box, finding=JUSTIFIED):
        opening_id = box.opening_id(emergencies)
        if request.param == "direct":
            return emergencies.review(opening_id, finding, {"from": key.account})
        signature = key.sign(review(address, opening_id, finding, emergencies))
        return emergencies.reviewBySignature(opening_id, finding, address, signature, {"from": relayer})

    return address, close, judge
