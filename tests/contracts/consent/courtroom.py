"""The court as a fixture of the quick and of the deep part."""

import pytest

from tests.contracts.consent.court import Court


@pytest.fixture
def court(
    members,
    consents,
    identities,
    alice,
    alices_daughter,
    city_hospital,
    mercy_hospital,
    consortium,
    dr_bose,
    citys_system,
    now,
):
    court = Court(members, consents, identities, alice, alices_daughter, city_hospital, mercy_hospital, now)
    court.staff(consortium, dr_bose, citys_system)
    return court
