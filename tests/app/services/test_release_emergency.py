"""Ground EMERGENCY at the keeper, judged by the real contract (K-15, E-10, E-11)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from consentry.crypto.signatures import account_of, sign_typed
from consentry.domain import openings
from consentry.domain.addresses import Address
from consentry.domain.openings import Opening, Subject
from consentry.domain.requests import EmergencyGround, ReleaseRequest
from consentry.errors import ActorUnknown
from tests.app.services.rules_world import Rules, rules_on
from tests.chains import DeployedChain

HOUR = 3600


class Ward:
    """dr_bose and dr_chen of city have opened alice's emergency summary."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.dr_bose, self.dr_chen = rules.enrolled(), rules.enrolled()
        self.contract = Address(rules.ledger.address_of("EmergencyAccess"))
        self.opening = self.open()

    def open(self, seconds: int = HOUR) -> Opening:
        now = self.rules.ledger.head().timestamp
        opening = Opening(
            Subject(account_of(self.rules.alice_key), secrets.token_bytes(32)),
            self.rules.world.city_name,
            account_of(self.dr_bose),
            account_of(self.dr_chen),
            now + seconds,
            now + seconds,
        )
        typed = openings.typed_data(opening, self.rules.ledger.chain_id, self.contract)
        signatures = [sign_typed(key, typed) for key in (self.dr_bose, self.dr_chen)]
        arguments = (opening.declaration().arguments, *signatures)
        self.rules.world.mercy_hospital.transact("EmergencyAccess", "open", *arguments)
        return opening

    def opening_id(self, of: Opening | None = None) -> bytes:
        return openings.opening_id(of or self.opening, self.rules.ledger.chain_id, self.contract)

    def asking(self, *items: Any, by: bytes | None = None, **changes: Any) -> ReleaseRequest:
        """By dr_bose under the opening, for the summary; `changes` are of the opening that is shown."""
        ground = EmergencyGround(replace(self.opening, **changes))
        return self.rules.asking(
            *(items or (self.rules.summary,)), by=by or self.dr_bose, ground=ground, purpose="ETREAT"
        )


@pytest.fixture(scope="module")
def rules(deployed_chain: DeployedChain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rules]:
    with rules_on(deployed_chain, tmp_path_factory.mktemp("rules")) as made:
        yield made


@pytest.fixture
def ward(rules: Rules) -> Iterator[Ward]:
    with rules.world.chain.undone():
        yield Ward(rules)


def test_each_opener_is_released_record_and_seed_of_the_summary_alone(ward: Ward) -> None:
    """K-15: without any consent, and the receipts name opening and ground."""
    items = (ward.rules.summary, ward.rules.seed("emergency"))
    for opener in (ward.dr_bose, ward.dr_chen):
        for receipt in ward.rules.receipts_of(ward.asking(*items, by=opener)):
            assert (receipt.decision, receipt.ground, receipt.purpose) == ("released", "EMERGENCY", "ETREAT")
            assert (receipt.opening_id, receipt.consent_id) == (ward.opening_id(), None)
            assert receipt.actor == account_of(opener)
            assert receipt.member == ward.rules.world.city_hospital.address


def test_nothing_but_the_summary_is_released_under_an_opening(ward: Ward) -> None:
    """K-15, E-10: one request, each item judged by itself; refusals name the opening too."""
    items = (ward.rules.record, ward.rules.summary, ward.rules.seed(), ward.rules.seed("hiv"))
    receipts = ward.rules.receipts_of(ward.asking(*items))
    refused = "CategoryNotEmergency"
    assert [one.reason for one in receipts] == [refused, "Permitted", refused, refused]
    assert {one.opening_id for one in receipts} == {ward.opening_id()}


def test_nobody_else_reads_under_an_opening(ward: Ward) -> None:
    """K-15, E-10: neither a colleague nor a member that has nothing to do with it."""
    colleague = ward.rules.enrolled()
    assert ward.rules.reason(ward.asking(by=colleague)) == "OpenerOther"


def test_another_purpose_than_emergency_treatment_is_refused(ward: Ward) -> None:
    """K-15, E-10."""
    ground = EmergencyGround(ward.opening)
    request = ward.rules.asking(ward.rules.summary, by=ward.dr_bose, ground=ground, purpose="TREAT")
    assert ward.rules.reason(request) == "PurposeNotEmergency"


@pytest.mark.parametrize("change", ["salt", "second", "open_until", "relay_before", "member"])
def test_an_opening_that_is_shown_otherwise_is_unknown(ward: Ward, change: str) -> None:
    """K-15, E-2: the subject and the id are recomputed from what is shown."""
    shown: dict[str, Any] = {
        "salt": {"subject": replace(ward.opening.subject, salt=secrets.token_bytes(32))},
        "second": {"second": "0x" + "77" * 20},
        "open_until": {"open_until": ward.opening.open_until + 1},
        "relay_before": {"relay_before": ward.opening.relay_before + 1},
        "member": {"member": "Mercy"},
    }[change]
    assert ward.rules.reason(ward.asking(**shown)) == "OpeningUnknown"


def test_an_opening_of_another_patient_shows_nothing_of_alice(ward: Ward) -> None:
    """K-15: the patient that is shown is hashed with the salt; the items have to be that patient's."""
    other = Subject(Address("0x" + "88" * 20), ward.opening.subject.salt)
    header = replace(ward.rules.summary.header, patient=other.patient)
    stolen = replace(ward.rules.summary, header=header)
    assert ward.rules.reason(ward.asking(stolen, subject=other)) == "OpeningUnknown"


def test_a_closed_opening_releases_nothing(ward: Ward) -> None:
    """K-15, E-10, E-11: also asked again by the same request."""
    request = ward.asking()
    assert ward.rules.reason(request) == "Permitted"
    closing = openings.closing_data(
        ward.opening_id(), account_of(ward.dr_chen), ward.rules.ledger.chain_id, ward.contract
    )
    arguments = (ward.opening_id(), account_of(ward.dr_chen), sign_typed(ward.dr_chen, closing))
    ward.rules.world.mercy_hospital.transact("EmergencyAccess", "closeBySignature", *arguments)
    assert ward.rules.reason(request) == "OpeningClosed"
    assert ward.rules.reason(ward.asking()) == "OpeningClosed"


def test_an_opening_ends_by_the_keepers_clock_as_well(ward: Ward) -> None:
    """K-15, K-3: the chain's time still lies in the box, the keeper's does not."""
    ward.rules.clock.off = 2 * HOUR
    try:
        assert ward.rules.reason(ward.asking()) == "OpeningEnded"
    finally:
        ward.rules.clock.off = 0


def test_an_opener_who_was_dismissed_is_nobody_to_a_keeper(ward: Ward) -> None:
    """E-11, K-2: from the same block on."""
    ward.rules.world.city_hospital.transact("MemberRegistry", "dismiss", account_of(ward.dr_bose))
    with pytest.raises(ActorUnknown):
        ward.rules.answers(ward.asking(), ward.rules.desk())
    assert ward.rules.reason(ward.asking(by=ward.dr_chen)) == "Permitted"
