"""The latest and the final block, by each kind of finality, and reorganisations that undo what was said (K-3, K-20)."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from consentry.chain.connection import Connection
from consentry.chain.deployment import Finality
from consentry.chain.ledger import ChainLedger
from consentry.chain.sender import ChainSender
from consentry.crypto.signatures import account_of, sign_typed
from consentry.domain import revocation
from consentry.domain.addresses import Address
from consentry.domain.requests import ConsentGround
from consentry.domain.revocation import SignedRevocation
from consentry.domain.terms import Consent, consent_id
from consentry.services.keeper_desk import Desk
from consentry.services.revocations import bring_due, see
from tests.app.chain.world import grant_tuple
from tests.app.services.rules_world import Rules, rules_on
from tests.chains import DeployedChain

DEPTH = 3
EPOCHS = 70
"""Blocks after which anvil's `finalized` tag has passed a block: two epochs of 32."""

KINDS: dict[str, tuple[Finality, int]] = {
    "instant": ("instant", 0),
    "depth": (DEPTH, DEPTH),
    "finalized": ("finalized", EPOCHS),
}


@dataclass
class Chain:
    """One kind of finality; `after`: how many blocks make a block final."""

    rules: Rules
    finality: Finality
    after: int

    def desk(self) -> Desk:
        """The first keeper, whose node is read by this finality; it starts anew each time, with its book and nothing else."""
        own = self.rules.ledger.connection
        return replace(
            self.rules.desk(),
            ledger=ChainLedger(Connection(own.rpc, replace(own.deployment, finality=self.finality))),
        )

    def mine(self, blocks: int) -> None:
        if blocks:
            self.rules.ledger.connection.rpc.call("anvil_mine", hex(blocks))

    def undo(self, blocks: int) -> None:
        """The newest blocks never were: a reorganisation."""
        self.rules.ledger.connection.rpc.call("anvil_rollback", blocks)

    def granted(self) -> Consent:
        made = self.rules.world.consent(self.rules.alice)
        made = replace(made, terms=replace(made.terms, salt=secrets.token_bytes(32)))
        self.rules.alice.transact("ConsentRegistry", "grant", grant_tuple(made.grant()))
        return made

    def id_of(self, consent: Consent) -> bytes:
        registry = Address(self.rules.ledger.address_of("ConsentRegistry"))
        return consent_id(consent, self.rules.ledger.chain_id, registry)

    def revoke(self, consent: Consent) -> None:
        self.rules.alice.transact("ConsentRegistry", "revoke", consent.patient, self.id_of(consent))

    def reason(self, consent: Consent) -> str:
        request = self.rules.asking(ground=ConsentGround(consent.grant(), consent.terms))
        return self.rules.reason(request, self.desk())


@pytest.fixture(scope="module")
def rules(deployed_chain: DeployedChain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rules]:
    with rules_on(deployed_chain, tmp_path_factory.mktemp("rules")) as made:
        # what everybody is, is final by every kind before the tests begin
        made.ledger.connection.rpc.call("anvil_mine", hex(EPOCHS))
        yield made


@pytest.fixture(params=KINDS)
def chain(request: pytest.FixtureRequest, rules: Rules) -> Iterator[Chain]:
    rules.books = secrets.token_hex(4)
    finality, after = KINDS[request.param]
    with rules.world.chain.undone():
        yield Chain(rules, finality, after)


def test_a_grant_counts_once_it_is_final_and_a_revocation_at_once(chain: Chain) -> None:
    """K-20, K-3."""
    consent = chain.granted()
    assert chain.reason(consent) == ("ConsentUnknown" if chain.after else "Permitted")
    chain.mine(chain.after)
    assert chain.reason(consent) == "Permitted"
    chain.revoke(consent)
    assert chain.reason(consent) == "ConsentRevoked"


def test_an_anchor_counts_once_it_is_final_and_a_retraction_at_once(chain: Chain) -> None:
    """K-20, K-3."""
    record = chain.rules.another_record()
    assert chain.rules.reason(chain.rules.asking(record), chain.desk()) == (
        "RecordNotAnchored" if chain.after else "Permitted"
    )
    chain.mine(chain.after)
    assert chain.rules.reason(chain.rules.asking(record), chain.desk()) == "Permitted"
    chain.rules.world.mercy_hospital.transact("RecordRegistry", "retract", record.header.record_id)
    assert chain.rules.reason(chain.rules.asking(record), chain.desk()) == "RecordRetracted"


@pytest.mark.parametrize("chain", ["depth", "finalized"], indirect=True)
def test_a_grant_that_a_reorganisation_undoes_never_released_anything(chain: Chain) -> None:
    """K-20: before it the grant was not final, after it there is none; granted again it counts when it is final."""
    consent = chain.granted()
    assert chain.reason(consent) == "ConsentUnknown"
    chain.undo(1)
    chain.mine(chain.after + 1)
    assert chain.reason(consent) == "ConsentUnknown"
    chain.rules.alice.transact("ConsentRegistry", "grant", grant_tuple(consent.grant()))
    assert chain.reason(consent) == "ConsentUnknown"
    chain.mine(chain.after)
    assert chain.reason(consent) == "Permitted"


@pytest.mark.parametrize("chain", ["depth"], indirect=True)
def test_a_revocation_that_a_reorganisation_undoes_still_counts_where_it_was_shown(chain: Chain) -> None:
    """K-20, K-17, K-18: kept until it is final, and brought to the chain again."""
    consent = chain.granted()
    chain.mine(chain.after)
    assert chain.reason(consent) == "Permitted"
    registry = Address(chain.rules.ledger.address_of("ConsentRegistry"))
    known = chain.id_of(consent)
    typed = revocation.typed_data(consent.patient, known, chain.rules.ledger.chain_id, registry)
    signature = sign_typed(chain.rules.alice_key, typed)
    see(SignedRevocation(account_of(chain.rules.alice_key), known, signature), chain.desk())
    sender = ChainSender(chain.rules.ledger.connection, chain.rules.keeper_keys[0])

    chain.rules.clock.off = 60
    assert bring_due(chain.desk(), sender) == 1
    assert chain.reason(consent) == "ConsentRevoked" and chain.desk().revocations.waiting() == 1
    chain.rules.clock.off = 600
    assert bring_due(chain.desk(), sender) == 1 and chain.desk().revocations.waiting() == 1
    chain.undo(1)
    assert chain.reason(consent) == "RevocationSeen"
    chain.rules.clock.off = 3600
    assert bring_due(chain.desk(), sender) == 1
    chain.mine(chain.after)
    chain.rules.clock.off = 2 * 3600
    assert bring_due(chain.desk(), sender) == 1 and chain.desk().revocations.waiting() == 0
    chain.rules.clock.off = 0
    assert chain.reason(consent) == "ConsentRevoked"
