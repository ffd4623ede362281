"""The same deployment as the contracts' tests, after the hand-over. The machine undoes its own examples."""

import pytest

from tests.contracts.conftest import (  # noqa: F401 – pytest finds fixtures by these names
    city_hospital,
    citys_system,
    consortium,
    deployed,
    dr_bose,
    founded,
    founding_plan,
    governed,
    members,
    mercy_hospital,
    pytest_collection_finish,
    pytest_configure,
    regulator,
)


@pytest.fixture(autouse=True)
def isolate():
    """Brownie keeps one snapshot only: it is the machine's."""
