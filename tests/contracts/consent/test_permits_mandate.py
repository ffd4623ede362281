"""What a consent granted under a mandate permits (C-20)."""

from dataclasses import replace

import pytest

from tests.contracts.calls import view
from tests.contracts.consent.reasons import Reason
from tests.contracts.consents import NO_MANDATE, asked, asker, facts, provision
from tests.contracts.mandates import MandateDraft, scope


@pytest.fixture
def ask_under(consents, ask, alice, alices_daughter, mandate, draft):
    """Grants `draft` under a mandate of this scope, then asks. Returns the reason for a record."""

    def ask_under(said=None, *, on=draft, **changes):
        under = replace(mandate, scope=said or scope())
        carried = under.carried(consents)
        consents.grantMandate(carried, {"from": alice.account})
        consents.grantUnderMandate(on.grant(consents), carried, {"from": alices_daughter.account})
        return ask(on, grant=False, under=(carried, under.scope), **changes)

    return ask_under


def scoped(**changes):
    return scope(provisions=[provision(**changes)])


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (scope(), Reason.Permitted),
        (scoped(), Reason.Permitted),
        (scoped(purposes=["HRESCH"]), Reason.ScopeExceeded),
        (scoped(categories=["problems"]), Reason.ScopeExceeded),
        (scoped(confidentiality=""), Reason.ScopeExceeded),
        (scoped(dataUntil="2025-01-01T00:00:00Z"), Reason.ScopeExceeded),
        (scoped(dataFrom="2025"), Reason.ScopeExceeded),
        (scoped(authors=["Health Regulator"]), Reason.ScopeExceeded),
        (scoped(authors=["Nowhere"]), Reason.AuthorUnknown),
        (scoped(records=["0x" + "00" * 32]), Reason.ScopeExceeded),
        (scope(provisions=[]), Reason.ScopeExceeded),
    ],
)
def test_permits_follows_the_scope_when_granted_under_a_mandate(ask_under, said, reason):
    """C-20"""
    assert ask_under(said) is reason


def test_permits_still_needs_the_terms_when_the_scope_is_wider(ask_under, draft):
    """C-20: a mandate adds nothing."""
    narrow = replace(draft, terms=draft.terms | {"provisions": [provision(categories=["imaging"])]})
    assert ask_under(on=narrow) is Reason.ProvisionMissing


def test_permits_refuses_when_the_mandate_is_revoked(consents, ask, ask_under, alice, draft, mandate):
    """C-17, C-20"""
    mandate = replace(mandate, scope=scope())
    assert ask_under() is Reason.Permitted
    under = (mandate.carried(consents), mandate.scope)
    consents.revoke(alice.address, mandate.mandate_id(consents), {"from": alice.account})
    assert ask(draft, grant=False, under=under) is Reason.MandateRevoked


@pytest.mark.parametrize("name", ["valid_from", "valid_until", "relay_before"])
@pytest.mark.parametrize("seconds", [1, 2**64 - 1])
def test_permits_refuses_when_the_mandate_shown_is_another(
    consents, ask, ask_under, draft, mandate, name, seconds
):
    """C-8, C-20"""
    assert ask_under() is Reason.Permitted
    other = replace(mandate, **{name: seconds})
    carried = list(mandate.carried(consents))
    carried[3 + ("valid_from", "valid_until", "relay_before").index(name)] = seconds
    assert ask(draft, grant=False, under=(tuple(carried), other.scope)) is Reason.MandateUnknown


def test_permits_refuses_when_the_scope_shown_is_another(
    consents, ask, ask_under, alice, draft, mandate, alices_daughter
):
    """C-20"""
    assert ask_under(scoped()) is Reason.Permitted
    narrow, wide = replace(mandate, scope=scoped()), replace(mandate, scope=scope())
    for under in (
        (),
        (NO_MANDATE, narrow.scope),
        (narrow.carried(consents), wide.scope),
        (wide.carried(consents), wide.scope),
        (wide.carried(consents), narrow.scope),
        (narrow.carried(consents), scoped(salt="0x" + "00" * 32) | {"salt": "0x" + "00" * 32}),
    ):
        assert ask(draft, grant=False, under=under) is Reason.MandateUnknown
    # another live mandate of the same people is not the one it was granted under
    consents.grantMandate(wide.carried(consents), {"from": alice.account})
    assert ask(draft, grant=False, under=(wide.carried(consents), wide.scope)) is Reason.MandateUnknown


def test_permits_reads_no_mandate_when_granted_without(consents, ask, granted, mandate):
    """C-20"""
    shown = MandateDraft(mandate.patient, mandate.representative, scope(provisions=[]), 0, 2, 1)
    maximal = (*shown.carried(consents)[:3], *[2**64 - 1] * 3)
    for carried in (shown.carried(consents), maximal):
        assert ask(granted, grant=False, under=(carried, shown.scope)) is Reason.Permitted


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (scope(), Reason.Permitted),
        (scoped(categories=["problems"]), Reason.ScopeExceeded),
        (scoped(purposes=["HRESCH"]), Reason.ScopeExceeded),
        # as for terms: a scope of one record or year still shows the headers of the category
        (scoped(records=["0x" + "00" * 32], dataUntil="2020-01-01T00:00:00Z"), Reason.Permitted),
        (scoped(authors=["Nowhere"]), Reason.AuthorUnknown),
    ],
)
def test_permits_directory_follows_the_scope_when_granted_under_a_mandate(
    consents, ask_under, draft, mandate, mercy_hospital, dr_bose, said, reason
):
    """C-12, C-20; what permitsMany says stays what permits says (C-14)."""
    single = ask_under(said)
    under = replace(mandate, scope=said)
    shown = asked(draft.grant(consents), draft.terms, asker(dr_bose), under.carried(consents), under.scope)
    assert Reason(view(consents, "permitsDirectory", shown, "laboratory")) is reason
    records = [facts(mercy_hospital), facts(mercy_hospital, category="imaging")]
    many = [Reason(one) for one in view(consents, "permitsMany", shown, records)]
    assert many == [
        single,
        Reason.AuthorUnknown if reason is Reason.AuthorUnknown else Reason.ProvisionMissing,
    ]
