"""Each rule of a release on the real contracts, by what takes it away: one thing changes, and nothing leaves any more (K-19).

Beside these: openings in test_release_emergency.py, mandates and who acts for a patient in test_release_mandates.py, the two
blocks in test_release_finality.py, revocations on sight in test_revocations.py.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from consentry.chain.calls import code32
from consentry.crypto.signatures import account_of
from consentry.domain.ledger import ChainHead
from consentry.domain.requests import ConsentGround, ReleaseRequest
from consentry.domain.terms import Consent
from consentry.errors import ActorUnknown, ChainStale, ClockOff, ConsentryError, KeeperWithoutStanding
from consentry.services.keeper_desk import Limits
from tests.app.chain.world import DAY, grant_tuple
from tests.app.services.rules_world import YEAR, Rules, rules_on
from tests.chains import DeployedChain

CLOSED, DISTRUSTED = 2, 3
RESTRICTED = 2


@pytest.fixture(scope="module")
def whole(deployed_chain: DeployedChain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rules]:
    with rules_on(deployed_chain, tmp_path_factory.mktemp("rules")) as made:
        yield made


@pytest.fixture
def rules(whole: Rules) -> Iterator[Rules]:
    """Everything holds: the test begins with a share."""
    whole.books = secrets.token_hex(4)
    with whole.world.chain.undone():
        assert whole.reason(whole.asking()) == "Permitted"
        yield whole
        whole.clock.off = 0


def granted(rules: Rules, **changes: int) -> Consent:
    """Another consent of alice; `changes` of its window."""
    made = rules.world.consent(rules.alice)
    made = replace(made, terms=replace(made.terms, salt=secrets.token_bytes(32)), **changes)
    rules.alice.transact("ConsentRegistry", "grant", grant_tuple(made.grant()))
    return made


def under(rules: Rules, consent: Consent) -> ReleaseRequest:
    return rules.asking(ground=ConsentGround(consent.grant(), consent.terms))


def pass_chain_time(rules: Rules, seconds: int) -> None:
    rpc = rules.ledger.connection.rpc
    rpc.call("evm_increaseTime", seconds)
    rpc.call("evm_mine")


# --- the window ---


def test_window_ends_by_the_keepers_clock_when_the_chain_is_behind(rules: Rules) -> None:
    """K-19, K-3."""
    rules.clock.off = 2 * DAY
    assert rules.reason(rules.asking()) == "ConsentExpired"


def test_window_ends_by_block_time_when_the_keepers_clock_is_behind(rules: Rules) -> None:
    """K-19, K-3."""
    pass_chain_time(rules, 2 * DAY)
    assert rules.reason(rules.asking()) == "ConsentExpired"


def test_window_has_not_begun(rules: Rules) -> None:
    """K-19, K-3."""
    now = rules.clock.now()
    consent = granted(rules, valid_from=now + DAY, valid_until=now + 2 * DAY, relay_before=now + DAY)
    assert rules.reason(under(rules, consent)) == "ConsentNotYetValid"


# --- the record ---


def test_retracted_record_is_refused(rules: Rules) -> None:
    """K-19, R-2: everybody, the patient too."""
    rules.world.mercy_hospital.transact("RecordRegistry", "retract", rules.record.header.record_id)
    assert rules.reason(rules.asking()) == "RecordRetracted"


def test_suspended_authors_record_is_refused(rules: Rules) -> None:
    """K-19, M-4."""
    rules.world.consortium.transact("MemberRegistry", "suspend", rules.world.mercy_hospital.address)
    with pytest.raises(KeeperWithoutStanding):  # this keeper's member is mercy
        rules.answers(rules.asking(), rules.desk())
    assert rules.reason(rules.asking(), rules.desk(2)) == "AuthorInactive"


# --- who asks ---


def test_suspended_members_staff_is_nobody(rules: Rules) -> None:
    """K-19, M-4."""
    rules.world.consortium.transact("MemberRegistry", "suspend", rules.world.city_hospital.address)
    with pytest.raises(ActorUnknown):
        rules.answers(rules.asking(), rules.desk())


def test_dismissed_staff_is_nobody(rules: Rules) -> None:
    """K-19, M-3."""
    rules.world.city_hospital.transact("MemberRegistry", "dismiss", account_of(rules.dr_bose_key))
    with pytest.raises(ActorUnknown):
        rules.answers(rules.asking(), rules.desk())


def test_ended_licence_is_refused_by_either_clock(rules: Rules) -> None:
    """K-19, C-9."""
    doctor = rules.enrolled(licence=DAY // 2)
    assert rules.reason(rules.asking(by=doctor)) == "Permitted"
    rules.clock.off = DAY * 3 // 4
    assert rules.reason(rules.asking(by=doctor)) == "ActorLicenceEnded"
    rules.clock.off = 0
    pass_chain_time(rules, DAY * 3 // 4)
    assert rules.reason(rules.asking(by=doctor)) == "ActorLicenceEnded"


def test_role_that_the_terms_do_not_name_is_refused(rules: Rules) -> None:
    """K-19, C-9."""
    assert rules.reason(rules.asking(by=rules.enrolled("nurse"))) == "RoleNotCovered"


def test_ceiling_and_department_bind(rules: Rules) -> None:
    """K-19, C-9: what the consortium lets a role see at most, of which department."""

    def set_ceiling(most: int, *, own_only: bool) -> None:
        arguments = (code32("attending"), (most, own_only, False))
        rules.world.consortium.transact("MemberRegistry", "setCeiling", *arguments)

    set_ceiling(0, own_only=False)
    assert rules.reason(rules.asking()) == "CeilingExceeded"
    set_ceiling(RESTRICTED, own_only=True)
    assert rules.reason(rules.asking()) == "Permitted"
    elsewhere = rules.enrolled(department="oncology")
    assert rules.reason(rules.asking(by=elsewhere)) == "DepartmentNotOwn"


# --- the consent ---


def test_revoked_consent_is_refused_from_the_next_block_on(rules: Rules) -> None:
    """K-19, G-6: the same request as before."""
    request = rules.asking()
    assert rules.reason(request) == "Permitted"
    consent_id = rules.receipts_of(request)[0].consent_id
    rules.alice.transact("ConsentRegistry", "revoke", account_of(rules.alice_key), consent_id)
    assert rules.reason(request) == "ConsentRevoked"


def test_uses_are_spent(rules: Rules) -> None:
    """K-19: one use is one request and record; asking again with the same request is the same use."""
    consent = rules.world.consent(rules.alice)
    consent = replace(consent, terms=replace(consent.terms, max_uses=1, salt=secrets.token_bytes(32)))
    rules.alice.transact("ConsentRegistry", "grant", grant_tuple(consent.grant()))
    first = under(rules, consent)
    assert [rules.reason(first), rules.reason(first)] == ["Permitted", "Permitted"]
    assert rules.reason(under(rules, consent)) == "UsesExhausted"


@pytest.mark.parametrize(("status", "reason"), [(CLOSED, "Permitted"), (DISTRUSTED, "RegistryDistrusted")])
def test_registry_status_counts(rules: Rules, status: int, reason: str) -> None:
    """K-19, C-9: a closed registry's consents are evaluated still, a distrusted one's never."""
    arguments = (rules.ledger.address_of("ConsentRegistry"), code32("ConsentRegistry"), status)
    rules.world.consortium.transact("Authority", "setRegistry", *arguments)
    assert rules.reason(rules.asking()) == reason


# --- the directory ---


def test_seed_is_released_only_from_a_document_in_the_patients_own_history(rules: Rules) -> None:
    """K-19, K-5: one that nobody named; one that names alice and stands in somebody else's history."""
    assert rules.reason(rules.asking(rules.seed())) == "Permitted"
    unnamed = rules.publish_directory(name=False)
    assert rules.reason(rules.asking(rules.seed(cid=unnamed))) == "DirectoryNotPublished"
    foreign = rules.publish_directory(rules.dr_bose_key)
    assert rules.reason(rules.asking(rules.seed(cid=foreign))) == "DirectoryNotPublished"


# --- what the keeper sees of the world ---


@pytest.mark.parametrize(
    ("off", "told"), [(200, ChainStale), (-200, ClockOff)], ids=["old head", "slow clock"]
)
def test_keeper_refuses_when_head_and_clock_are_apart(
    rules: Rules, off: int, told: type[ConsentryError]
) -> None:
    """K-19, K-11: nothing is decided, and it is said."""
    limits = Limits(max_head_age_seconds=60, max_clock_skew_seconds=120)
    pass_chain_time(rules, max(rules.clock.now() - rules.ledger.head().timestamp, 0))
    rules.clock.off = off
    with pytest.raises(told):
        rules.answers(rules.asking(), rules.desk(limits=limits))


def test_keeper_says_so_when_its_view_is_none(rules: Rules, monkeypatch: pytest.MonkeyPatch) -> None:
    """K-19, K-11: a head from before all this is too old, whatever else the node answers."""
    desk = rules.desk(limits=Limits())
    real: Callable[..., object] = desk.ledger.evaluate_both

    def long_ago(calls: object) -> object:
        return replace(real(calls), head=ChainHead(1, rules.clock.now() - YEAR, bytes(32)))  # type: ignore[type-var]

    monkeypatch.setattr(desk.ledger, "evaluate_both", long_ago)
    with pytest.raises(ConsentryError) as problem:
        rules.answers(rules.asking(), desk)
    assert isinstance(problem.value, ChainStale)
