"""What a mandate's representative reads for a patient, on the real contracts (K-16, C-20, ADR 0013)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from consentry.chain.calls import code32
from consentry.crypto.signatures import account_of, sign_typed
from consentry.domain import mandates
from consentry.domain.addresses import ZERO, Address
from consentry.domain.mandates import Mandate, Scope
from consentry.domain.provisions import Provision
from consentry.domain.requests import ConsentGround, ReleaseRequest, SelfGround
from consentry.errors import ActorUnknown
from tests.app.chain.world import DAY, grant_tuple
from tests.app.services.rules_world import Rules, rules_on
from tests.chains import DeployedChain

LABORATORY = Provision(("FAMRQT", "TREAT"), ("laboratory",), "N", "any", "any", ("any",), ("any",))
DISTRUSTED = 3


class Family:
    """alice's daughter, by a mandate: her laboratory results, as the patient's family."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.daughter = secrets.token_bytes(32)
        self.contract = Address(rules.ledger.address_of("ConsentRegistry"))
        self.mandate = self.drafted()
        self.grant(self.mandate)

    def drafted(self, *provisions: Provision, begins: int = -DAY, ends: int = DAY) -> Mandate:
        now = self.rules.clock.now()
        scope = Scope(provisions or (LABORATORY,), secrets.token_bytes(32))
        patient, representative = account_of(self.rules.alice_key), account_of(self.daughter)
        return Mandate(patient, representative, scope, now + begins, now + ends, now + DAY)

    def grant(self, mandate: Mandate) -> bytes:
        """By alice's signature, relayed by somebody else; its id as we compute it is the contract's."""
        typed = mandates.typed_data(mandate, self.rules.ledger.chain_id, self.contract)
        signature = sign_typed(self.rules.alice_key, typed)
        arguments = (mandate.arguments, signature)
        sent = self.rules.world.mercy_hospital.transact(
            "ConsentRegistry", "grantMandateBySignature", *arguments
        )
        granted: bytes = sent.logs[0].arguments["mandateId"]
        assert granted == mandates.mandate_id(mandate, self.rules.ledger.chain_id, self.contract)
        return granted

    def asking(self, *items: Any, mandate: Mandate | None = None, purpose: str = "FAMRQT") -> ReleaseRequest:
        shown = mandate or self.mandate
        ground = SelfGround(shown.patient, shown)
        return self.rules.asking(*items, by=self.daughter, ground=ground, purpose=purpose)


@pytest.fixture(scope="module")
def rules(deployed_chain: DeployedChain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rules]:
    with rules_on(deployed_chain, tmp_path_factory.mktemp("rules")) as made:
        yield made


@pytest.fixture
def family(rules: Rules) -> Iterator[Family]:
    with rules.world.chain.undone():
        yield Family(rules)
        rules.clock.off = 0


def test_a_representative_reads_what_the_scope_covers_and_no_more(family: Family) -> None:
    """K-16: records and category seeds; the receipts name the mandate, which its scope judged."""
    rules = family.rules
    items = (rules.record, rules.seed(), rules.summary, rules.seed("emergency"))
    receipts = rules.receipts_of(family.asking(*items))
    assert [one.reason for one in receipts] == ["Permitted", "Permitted", "ScopeExceeded", "ScopeExceeded"]
    known = mandates.mandate_id(family.mandate, rules.ledger.chain_id, family.contract)
    for one in receipts:
        assert (one.ground, one.mandate_id, one.member, one.consent_id) == ("SELF", known, None, None)
        assert (one.actor, one.purpose) == (account_of(family.daughter), "FAMRQT")


def test_controller_and_live_delegate_read_everything(family: Family) -> None:
    """K-16, K-3: a delegate has the patient's full power until its validity ends or is taken back."""
    rules, delegate = family.rules, secrets.token_bytes(32)
    ground = SelfGround(account_of(rules.alice_key))
    stranger = rules.asking(rules.summary, by=delegate, ground=ground)
    with pytest.raises(ActorUnknown):
        rules.answers(stranger, rules.desk())
    place = (ground.patient, code32("consent"), account_of(delegate))
    rules.alice.transact("IdentityRegistry", "addDelegate", *place, DAY)
    for key in (rules.alice_key, delegate):
        request = rules.asking(rules.record, rules.summary, rules.seed("hiv"), by=key, ground=ground)
        assert {one.reason for one in rules.receipts_of(request)} == {"Permitted"}
    rules.alice.transact("IdentityRegistry", "revokeDelegate", *place)
    with pytest.raises(ActorUnknown):
        rules.answers(rules.asking(by=delegate, ground=ground), rules.desk())


@pytest.mark.parametrize(
    "narrower",
    [
        {"purposes": ("PATRQT",)},
        {"categories": ("medication",)},
        {"data_from": "2026-05-04T08:00:01Z"},
        {"data_until": "2026-05-04T08:00:00Z"},
        {"authors": ("Another Hospital",)},
        {"records": ("0x" + "12" * 32,)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_field_of_the_scope_binds(family: Family, narrower: dict[str, Any]) -> None:
    """K-16, C-10: on the record of 2026-05-04T08:00:00Z."""
    mandate = family.drafted(replace(LABORATORY, **narrower))
    family.grant(mandate)
    assert family.rules.reason(family.asking(mandate=mandate)) == "ScopeExceeded"


def test_confidentiality_of_the_scope_binds(family: Family) -> None:
    """K-16, C-10: N does not cover R."""
    record = family.rules.another_record(confidentiality="R")
    assert family.rules.reason(family.asking(record)) == "ScopeExceeded"


def test_a_mandate_shown_otherwise_than_granted_is_nobodys(family: Family) -> None:
    """K-16, K-2: a wider scope, a longer window, another salt make another id, which the patient never granted."""
    scope = family.mandate.scope
    everything = Provision(("any",), ("any",), "any", "any", "any", ("any",), ("any",))
    for shown in (
        replace(family.mandate, scope=replace(scope, provisions=(everything,))),
        replace(family.mandate, scope=replace(scope, salt=secrets.token_bytes(32))),
        replace(family.mandate, valid_until=family.mandate.valid_until + 1),
    ):
        with pytest.raises(ActorUnknown):
            family.rules.answers(family.asking(mandate=shown), family.rules.desk())


@pytest.mark.parametrize("off", [-2 * DAY, 2 * DAY])
def test_a_mandate_holds_within_its_window_only(family: Family, off: int) -> None:
    """K-16: by the later of block time and the keeper's clock; a clock that runs behind does not bring it back."""
    family.rules.clock.off = off
    expected = "MandateNotInForce" if off > 0 else "Permitted"
    assert family.rules.reason(family.asking()) == expected


def test_a_mandate_that_has_not_begun_holds_nothing(family: Family) -> None:
    """K-16."""
    mandate = family.drafted(begins=DAY, ends=2 * DAY)
    family.grant(mandate)
    assert family.rules.reason(family.asking(mandate=mandate)) == "MandateNotInForce"


def test_a_revoked_mandate_ends_at_once(family: Family) -> None:
    """K-16: one that was granted leaves a receipt; a tombstone makes nobody known."""
    rules, drafted = family.rules, family.drafted()
    for mandate in (family.mandate, drafted):
        known = mandates.mandate_id(mandate, rules.ledger.chain_id, family.contract)
        rules.alice.transact("ConsentRegistry", "revoke", mandate.patient, known)
    assert rules.reason(family.asking()) == "MandateRevoked"
    with pytest.raises(ActorUnknown):
        rules.answers(family.asking(mandate=drafted), rules.desk())


def test_nobody_reads_for_a_patient_who_is_gone(family: Family) -> None:
    """K-16, C-22, I-7."""
    family.rules.alice.transact("IdentityRegistry", "changeOwner", family.mandate.patient, ZERO)
    assert family.rules.reason(family.asking()) == "PatientDeactivated"


def test_a_distrusted_registrys_mandates_hold_nothing(family: Family) -> None:
    """K-16, C-9."""
    arguments = (family.contract, code32("ConsentRegistry"), DISTRUSTED)
    family.rules.world.consortium.transact("Authority", "setRegistry", *arguments)
    assert family.rules.reason(family.asking()) == "RegistryDistrusted"


def test_a_consent_granted_under_a_mandate_is_read_with_the_mandate_shown(family: Family) -> None:
    """C-20, K-16: the ground shows it, and the contract judges scope and terms together."""
    rules = family.rules
    consent = rules.world.consent(rules.alice)
    consent = replace(
        consent,
        terms=replace(consent.terms, salt=secrets.token_bytes(32)),
        valid_from=family.mandate.valid_from,
        valid_until=family.mandate.valid_until,
        relay_before=family.mandate.valid_until,
    )
    arguments = (grant_tuple(consent.grant()), family.mandate.arguments)
    rules.sender(family.daughter).transact("ConsentRegistry", "grantUnderMandate", *arguments)
    shown = ConsentGround(consent.grant(), consent.terms, family.mandate)
    beyond = rules.another_record(confidentiality="R")
    receipts = rules.receipts_of(rules.asking(rules.record, beyond, rules.seed(), ground=shown))
    assert [one.reason for one in receipts] == ["Permitted", "ScopeExceeded", "Permitted"]
    hidden = rules.asking(ground=ConsentGround(consent.grant(), consent.terms))
    assert rules.reason(hidden) == "MandateUnknown"
