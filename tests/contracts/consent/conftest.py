"""A consent of alice for City's attending doctors, and every path by which it can be granted or revoked."""

import brownie
import pytest

from tests.contracts.calls import view
from tests.contracts.consent.reasons import Reason
from tests.contracts.consents import (
    REPRESENTATIVE,
    Draft,
    Person,
    asked,
    asker,
    facts,
    revocation,
    terms,
)

DAY = 86400
PATHS = ["direct", "delegate", "signature", "representative", "wallet"]


@pytest.fixture
def draft(alice, city_hospital, now):
    return Draft(alice.address, terms(city_hospital), now - DAY, now + 30 * DAY, now + DAY)


@pytest.fixture
def paths(consents, identities, alice, alices_daughter, relayer, consortium):
    """By name: a function that does `verb` ("grant" or "revoke") with a draft the way the path says."""

    def delegate():
        identities.addDelegate(
            alice.address, REPRESENTATIVE, alices_daughter.address, DAY, {"from": alice.account}
        )
        return alices_daughter

    def wallet():
        guardian = Person.named("guardian")
        contract = brownie.WalletMock.deploy(guardian.address, {"from": consortium})
        identities.changeOwner(alice.address, contract, {"from": alice.account})
        return guardian

    def sent(verb, draft, sender):
        if verb == "grant":
            return consents.grant(draft.grant(consents), {"from": sender})
        return consents.revoke(draft.patient, draft.consent_id(consents), {"from": sender})

    def relayed(verb, draft, signer):
        if verb == "grant":
            signature = signer.sign(draft.typed(consents))
            return consents.grantBySignature(draft.grant(consents), signature, {"from": relayer})
        consent_id = draft.consent_id(consents)
        signature = signer.sign(revocation(draft.patient, consent_id, consents))
        return consents.revokeBySignature(draft.patient, consent_id, signature, {"from": relayer})

    return {
        "direct": lambda verb, draft: sent(verb, draft, alice.account),
        "delegate": lambda verb, draft: sent(verb, draft, delegate().account),
        "signature": lambda verb, draft: relayed(verb, draft, alice),
        "representative": lambda verb, draft: relayed(verb, draft, delegate()),
        "wallet": lambda verb, draft: relayed(verb, draft, wallet()),
    }


@pytest.fixture(params=PATHS)
def path(request, paths):
    """Each behaviour once per path."""
    return paths[request.param]


@pytest.fixture
def granted(consents, draft, alice):
    consents.grant(draft.grant(consents), {"from": alice.account})
    return draft


@pytest.fixture
def ask(consents, alice, mercy_hospital, dr_bose):
    """Grants the draft unless told otherwise, then asks for a record. Returns the reason."""

    def ask(draft, *, who=None, record=None, grant=True, **changes):
        if grant:
            consents.grant(draft.grant(consents), {"from": alice.account})
        who = who or asker(dr_bose, **changes)
        record = record or facts(mercy_hospital)
        shown = asked(draft.grant(consents), draft.terms, who)
        return Reason(view(consents, "permits", shown, record))

    return ask
