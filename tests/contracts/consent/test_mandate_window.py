"""A mandate's window to the second (C-18). Asked as a call, which runs in the newest block's second."""

from dataclasses import replace

import brownie
import pytest

from tests.contracts.reverts import reverts_with

DAY = 86400


@pytest.mark.parametrize(
    ("edge", "seconds", "works"),
    [
        ("valid_from", -1, False),
        ("valid_from", 0, True),
        ("valid_until", -1, True),
        ("valid_until", 0, False),
    ],
    ids=["before", "first", "last", "after"],
)
def test_grant_under_mandate_works_exactly_in_the_mandates_window(
    consents, draft, alice, alices_daughter, mandate, now, edge, seconds, works
):
    """C-18"""
    window = {"valid_from": now + DAY, "valid_until": now + 2 * DAY}
    other, inside = replace(mandate, **window), replace(draft, **window, relay_before=now + 9 * DAY)
    consents.grantMandate(other.carried(consents), {"from": alice.account})
    brownie.web3.provider.make_request("evm_mine", [window[edge] + seconds])
    sent = (inside.grant(consents), other.carried(consents), {"from": alices_daughter.account})
    if works:
        assert str(consents.grantUnderMandate.call(*sent)) == inside.consent_id(consents)
    else:
        with reverts_with("MandateNotInForce", other.mandate_id(consents), *window.values()):
            consents.grantUnderMandate.call(*sent)
