"""A consent of alice for City's attending doctors, and every path by which it can be granted or revoked."""

import hashlib
import itertools

import brownie
import pytest

from tests.contracts.calls import view
from tests.contracts.consent.courtroom import court as court
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
from tests.contracts.delegated import delegate_code
from tests.contracts.mandates import MandateDraft, replacement, scope

DAY = 86400
SALTS = itertools.count()
PATHS = ["direct", "delegate", "signature", "representative", "wallet", "eip7702"]


def fresh_salt():
    """No two tests send the same bytes: Brownie takes a transaction that comes back after an undone test for a
    dropped one."""
    return "0x" + hashlib.sha256(f"salt {next(SALTS)}".encode()).hexdigest()


@pytest.fixture
def draft(alice, city_hospital, now):
    return Draft(alice.address, terms(city_hospital, salt=fresh_salt()), now - DAY, now + 30 * DAY, now + DAY)


@pytest.fixture
def paths(consents, identities, alice, alices_daughter, relayer, consortium):
    """By name: a function that does `verb` ("grant", "replace" or "revoke") with a draft the way the path says.
    "replace" takes the id that the draft replaces as well."""

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

    def delegated():
        guardian = Person.named("guardian")
        contract = brownie.WalletMock.deploy(guardian.address, {"from": consortium})
        delegate_code(alice.address, contract)
        return guardian

    def sent(sender, verb, draft, *replaced):
        if verb == "revoke":
            return consents.revoke(draft.patient, draft.consent_id(consents), {"from": sender})
        return getattr(consents, verb)(*replaced, draft.grant(consents), {"from": sender})

    def relayed(signer, verb, draft, *replaced):
        by = {"from": relayer}
        if verb == "grant":
            return consents.grantBySignature(draft.grant(consents), signer.sign(draft.typed(consents)), by)
        if verb == "replace":
            signature = signer.sign(replacement(*replaced, draft, consents))
            return consents.replaceBySignature(*replaced, draft.grant(consents), signature, by)
        consent_id = draft.consent_id(consents)
        signature = signer.sign(revocation(draft.patient, consent_id, consents))
        return consents.revokeBySignature(draft.patient, consent_id, signature, by)

    return {
        "direct": lambda *what: sent(alice.account, *what),
        "delegate": lambda *what: sent(delegate().account, *what),
        "signature": lambda *what: relayed(alice, *what),
        "representative": lambda *what: relayed(delegate(), *what),
        "wallet": lambda *what: relayed(wallet(), *what),
        # the code at alice's own account answers (ERC-1271)
        "eip7702": lambda *what: relayed(delegated(), *what),
    }


@pytest.fixture(params=PATHS)
def path(request, paths):
    """Each behaviour once per path of the patient's own side."""
    return paths[request.param]


@pytest.fixture(params=[*PATHS, "mandate", "mandate-signature"])
def grant_path(request, paths):
    """Each way of granting once, those under a mandate as well."""
    if request.param in paths:
        return paths[request.param]
    return request.getfixturevalue("under_mandate")[request.param]


@pytest.fixture
def mandate(alice, alices_daughter, now):
    """Alice lets her daughter grant consents for a hundred days."""
    start, end = now - 10 * DAY, now + 100 * DAY
    return MandateDraft(
        alice.address, alices_daughter.address, scope(salt=fresh_salt()), start, end, now + DAY
    )


@pytest.fixture
def mandated(consents, alice, mandate):
    consents.grantMandate(mandate.carried(consents), {"from": alice.account})
    return mandate


@pytest.fixture
def under_mandate(consents, alices_daughter, relayer, mandated):
    """By name: a function that grants or revokes under the daughter's mandate, or under the one given."""

    def sent(verb, draft, under=mandated):
        carried, by = under.carried(consents), {"from": alices_daughter.account}
        if verb == "grant":
            return consents.grantUnderMandate(draft.grant(consents), carried, by)
        return consents.revokeUnderMandate(draft.consent_id(consents), carried, by)

    def relayed(verb, draft, under=mandated):
        carried, by = under.carried(consents), {"from": relayer}
        if verb == "grant":
            signature = alices_daughter.sign(draft.typed(consents))
            return consents.grantUnderMandateBySignature(draft.grant(consents), carried, signature, by)
        consent_id = draft.consent_id(consents)
        signature = alices_daughter.sign(revocation(draft.patient, consent_id, consents))
        return consents.revokeUnderMandateBySignature(consent_id, carried, signature, by)

    return {"mandate": sent, "mandate-signature": relayed}


@pytest.fixture(params=["mandate", "mandate-signature"])
def mandate_path(request, under_mandate):
    """Each behaviour under a mandate once per path of its representative."""
    return under_mandate[request.param]


@pytest.fixture
def granted(consents, draft, alice):
    consents.grant(draft.grant(consents), {"from": alice.account})
    return draft


@pytest.fixture
def ask(consents, alice, mercy_hospital, dr_bose):
    """Grants the draft unless told otherwise, then asks for a record. Returns the reason."""

    def ask(draft, *, who=None, record=None, grant=True, under=(), **changes):
        if grant:
            consents.grant(draft.grant(consents), {"from": alice.account})
        who = who or asker(dr_bose, **changes)
        record = record or facts(mercy_hospital)
        shown = asked(draft.grant(consents), draft.terms, who, *under)
        return Reason(view(consents, "permits", shown, record))

    return ask
