"""A signed revocation shown to a keeper: denied on sight, acknowledged, and brought to the chain (K-17, K-18, L-23)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace

import pytest

from consentry.chain.calls import code32
from consentry.chain.sender import ChainSender
from consentry.crypto.signatures import account_of, generate_account_key, recover, sign_typed
from consentry.domain import mandates, revocation
from consentry.domain.addresses import Address
from consentry.domain.ledger import ConsentStatus
from consentry.domain.requests import ConsentGround, SelfGround
from consentry.domain.revocation import Acknowledgement, SignedRevocation
from consentry.domain.terms import Consent, consent_id
from consentry.errors import ConsentNotGranted, SignatureInvalid
from consentry.services.keeper_desk import Desk
from consentry.services.revocations import LONGEST_PAUSE_SECONDS, bring_due, see
from tests.app.chain.world import DAY, grant_tuple
from tests.app.services.rules_world import Rules, rules_on
from tests.chains import DeployedChain

# returns the word that ERC-1271 asks for, whatever is asked; or zero
YES_WALLET = "0x7f1626ba7e" + "00" * 28 + "60005260206000f3"
NO_WALLET = "0x60206000f3"
WALLET = Address("0x" + "3a" * 20)


class Home:
    """alice revokes, at home."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        rules.books = secrets.token_hex(4)
        self.patient = account_of(rules.alice_key)
        self.registry = Address(rules.ledger.address_of("ConsentRegistry"))
        self.consent = self.granted()

    def granted(self) -> Consent:
        """Another consent of hers, on chain."""
        made = self.rules.world.consent(self.rules.alice)
        made = replace(made, terms=replace(made.terms, salt=secrets.token_bytes(32)))
        self.rules.alice.transact("ConsentRegistry", "grant", grant_tuple(made.grant()))
        return made

    def id_of(self, consent: Consent | None = None) -> bytes:
        return consent_id(consent or self.consent, self.rules.ledger.chain_id, self.registry)

    def signed(self, revoked: bytes | None = None, by: bytes | None = None) -> SignedRevocation:
        known = revoked or self.id_of()
        typed = revocation.typed_data(self.patient, known, self.rules.ledger.chain_id, self.registry)
        return SignedRevocation(self.patient, known, sign_typed(by or self.rules.alice_key, typed))

    def reason(self, consent: Consent | None = None, desk: Desk | None = None) -> str:
        """What dr_bose hears of alice's record under the consent, from the keeper's book."""
        shown = consent or self.consent
        ground = ConsentGround(shown.grant(), shown.terms)
        return self.rules.reason(self.rules.asking(ground=ground), desk)

    def status(self, known: bytes | None = None) -> ConsentStatus:
        return self.rules.ledger.consent_of(self.patient, known or self.id_of()).status

    def sender(self) -> ChainSender:
        """The keeper's account, as its relay uses it."""
        return ChainSender(self.rules.ledger.connection, self.rules.keeper_keys[0])

    def pass_time(self, seconds: int) -> None:
        self.rules.clock.off += seconds


@pytest.fixture(scope="module")
def rules(deployed_chain: DeployedChain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rules]:
    with rules_on(deployed_chain, tmp_path_factory.mktemp("rules")) as made:
        yield made


@pytest.fixture
def home(rules: Rules) -> Iterator[Home]:
    with rules.world.chain.undone():
        yield Home(rules)
        rules.clock.off = 0


def test_a_keeper_denies_on_sight_and_says_so_under_its_name(home: Home) -> None:
    """K-17, L-23: the chain still has the consent; other consents and the patient are as before."""
    other, desk = home.granted(), home.rules.desk()
    request = home.rules.asking(ground=ConsentGround(home.consent.grant(), home.consent.terms))
    assert home.rules.reason(request, desk) == "Permitted"
    said = see(home.signed(), desk)
    told = Acknowledgement.parse(said.body)
    assert (told.keeper, told.patient, told.consent_id) == (desk.account, home.patient, home.id_of())
    assert recover(told.signing_digest(), said.signature) == desk.account
    assert home.status() is ConsentStatus.Granted
    assert home.rules.reason(request, desk) == "RevocationSeen"
    seeds = home.rules.asking(
        home.rules.seed(), ground=ConsentGround(home.consent.grant(), home.consent.terms)
    )
    assert home.rules.reason(seeds, desk) == "RevocationSeen"
    assert home.reason(other, desk) == "Permitted"
    own = home.rules.asking(by=home.rules.alice_key, ground=SelfGround(home.patient), purpose="PATRQT")
    assert home.rules.reason(own, desk) == "Permitted"


def test_a_keeper_that_starts_again_still_denies(home: Home) -> None:
    """K-17: durable before it is acknowledged; shown again, it was seen when it was seen first."""
    first = Acknowledgement.parse(see(home.signed(), home.rules.desk()).body)
    home.pass_time(5)
    again = home.rules.desk()
    assert home.reason(desk=again) == "RevocationSeen"
    assert Acknowledgement.parse(see(home.signed(), again).body) == first


def test_only_granted_ids_are_kept(home: Home) -> None:
    """K-17: neither unknown ids nor tombstones, or a book could be filled with nothing."""
    desk, tombstone = home.rules.desk(), secrets.token_bytes(32)
    home.rules.alice.transact("ConsentRegistry", "revoke", home.patient, tombstone)
    before = desk.revocations.waiting()
    for nothing in (secrets.token_bytes(32), tombstone):
        with pytest.raises(ConsentNotGranted):
            see(home.signed(nothing), desk)
    assert desk.revocations.waiting() == before


def test_only_the_patients_side_revokes(home: Home) -> None:
    """K-17, C-3: a stranger's signature, another consent's, bytes that are none."""
    desk, good = home.rules.desk(), home.signed()
    for bad in (
        home.signed(by=generate_account_key()).signature,
        home.signed(secrets.token_bytes(32)).signature,
        good.signature[:64] + b"\x05",
        b"yes",
    ):
        with pytest.raises(SignatureInvalid):
            see(replace(good, signature=bad), desk)
    assert home.reason(desk=desk) == "Permitted"


def test_a_live_representative_revokes_and_a_former_one_does_not(home: Home) -> None:
    """K-17, C-3."""
    carer, desk = generate_account_key(), home.rules.desk()
    place = (home.patient, code32("consent"), account_of(carer))
    home.rules.alice.transact("IdentityRegistry", "addDelegate", *place, DAY)
    see(home.signed(by=carer), desk)
    assert home.reason(desk=desk) == "RevocationSeen"
    home.rules.alice.transact("IdentityRegistry", "revokeDelegate", *place)
    other = home.granted()
    with pytest.raises(SignatureInvalid):
        see(home.signed(home.id_of(other), by=carer), desk)


@pytest.mark.parametrize("code", [YES_WALLET, NO_WALLET, "0x"], ids=["its own", "not its own", "no wallet"])
def test_a_wallet_contract_judges_its_own_signature(home: Home, code: str) -> None:
    """K-17, C-3, C-4: asked on the chain as the contract asks it."""
    rpc, desk = home.rules.ledger.connection.rpc, home.rules.desk()
    rpc.call("anvil_setCode", WALLET, code)
    home.rules.alice.transact("IdentityRegistry", "changeOwner", home.patient, WALLET)
    signed = SignedRevocation(home.patient, home.id_of(), b"whatever this wallet signs with")
    if code == YES_WALLET:
        see(signed, desk)
        assert home.reason(desk=desk) == "RevocationSeen"
    else:
        with pytest.raises(SignatureInvalid):
            see(signed, desk)


def test_a_revoked_mandate_denies_whatever_rests_on_it(home: Home) -> None:
    """K-17, K-16: reading for the patient, and consents that were granted under it."""
    carer, desk, now = generate_account_key(), home.rules.desk(), home.rules.clock.now()
    scope = mandates.Scope(home.consent.terms.provisions, secrets.token_bytes(32))
    scope = replace(scope, provisions=(replace(scope.provisions[0], purposes=("any",)),))
    window = (home.consent.valid_from, home.consent.valid_until, now + DAY)
    mandate = mandates.Mandate(home.patient, account_of(carer), scope, *window)
    home.rules.alice.transact("ConsentRegistry", "grantMandate", mandate.arguments)
    under = replace(home.consent, terms=replace(home.consent.terms, salt=secrets.token_bytes(32)))
    filed = (grant_tuple(under.grant()), mandate.arguments)
    home.rules.sender(carer).transact("ConsentRegistry", "grantUnderMandate", *filed)

    def reasons() -> list[str]:
        own = home.rules.asking(by=carer, ground=SelfGround(home.patient, mandate), purpose="FAMRQT")
        first = home.rules.reason(own, desk)
        filed_under = ConsentGround(under.grant(), under.terms, mandate)
        return [first, home.rules.reason(home.rules.asking(ground=filed_under), desk)]

    assert reasons() == ["Permitted", "Permitted"]
    see(home.signed(mandates.mandate_id(mandate, home.rules.ledger.chain_id, home.registry)), desk)
    assert reasons() == ["RevocationSeen", "RevocationSeen"]


def test_a_keeper_brings_to_the_chain_what_nobody_else_did(home: Home) -> None:
    """K-18: after some seconds, not before; then it is the chain's to deny, and nothing is kept."""
    desk, sender = home.rules.desk(), home.sender()
    see(home.signed(), desk)
    assert bring_due(desk, sender) == 0 and home.status() is ConsentStatus.Granted
    home.pass_time(desk.limits.relay_after_seconds)
    assert bring_due(desk, sender) == 1
    assert home.status() is ConsentStatus.Revoked
    home.pass_time(LONGEST_PAUSE_SECONDS)
    assert bring_due(desk, sender) == 1 and desk.revocations.waiting() == 0
    assert home.reason(desk=desk) == "ConsentRevoked"
    see(home.signed(), desk)
    assert desk.revocations.waiting() == 0


def test_a_keeper_sends_nothing_when_somebody_else_was_first(home: Home) -> None:
    """K-18: one transaction is enough."""
    desk, sender = home.rules.desk(), home.sender()
    see(home.signed(), desk)
    signed = home.signed()
    arguments = (signed.patient, signed.consent_id, signed.signature)
    home.rules.world.city_hospital.transact("ConsentRegistry", "revokeBySignature", *arguments)
    before = home.rules.ledger.head().number
    home.pass_time(desk.limits.relay_after_seconds)
    assert bring_due(desk, sender) == 1
    assert home.rules.ledger.head().number == before and desk.revocations.waiting() == 0


def test_what_the_chain_does_not_take_is_tried_ever_more_rarely(home: Home) -> None:
    """K-18: the controller has changed since; the keeper goes on denying, and stops when the consent has ended."""
    desk, sender = home.rules.desk(), home.sender()
    see(home.signed(), desk)
    home.rules.alice.transact("IdentityRegistry", "changeOwner", home.patient, "0x" + "5c" * 20)
    pauses = []
    for _ in range(4):
        home.pass_time(desk.limits.relay_after_seconds)
        waited = desk.limits.relay_after_seconds
        while bring_due(desk, sender) == 0:
            home.pass_time(5)
            waited += 5
        pauses.append(waited)
    assert pauses == sorted(pauses) and pauses[-1] > 2 * pauses[0]
    assert home.reason(desk=desk) == "RevocationSeen"
    home.pass_time(2 * DAY)
    home.rules.ledger.connection.rpc.call("evm_increaseTime", 2 * DAY)
    home.rules.ledger.connection.rpc.call("evm_mine")
    assert bring_due(desk, sender) == 1 and desk.revocations.waiting() == 0
