"""`permits` against the model on ten thousand generated cases, ids included (C-8 … C-10, C-12, C-14, C-20, C-22, C-23).

A case is one request under one consent; each is answered by `permits`, `permitsMany` and `permitsDirectory`, ten
requests in one JSON-RPC batch. Some minutes.
"""

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.contracts.consent.cases import cases
from tests.contracts.consent.reasons import Reason

EXAMPLES = 1_050
REQUESTS = 10
CASES = 10_000


def test_permits_equals_the_model_when_ten_thousand_cases_are_asked(court):
    """C-8 … C-10, C-12, C-14, C-20, C-22, C-23"""

    @seed(4)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases(REQUESTS))
    def check(case):
        court.hear(case)

    check()
    assert court.asked >= CASES
    evaluated = {reason for reason in Reason if reason <= Reason.ScopeExceeded}
    assert court.seen == evaluated - {Reason.RegistryDistrusted, Reason.RecipientInactive}
