"""`permits`, `permitsMany` and `permitsDirectory` against a plain Python model over random consents, mandates and
requests (C-8 … C-10, C-12, C-14, C-20, C-22, C-23); ids come from a wallet library. The deep part asks for more."""

from hypothesis import HealthCheck, given, settings

from tests.contracts.consent.cases import cases
from tests.contracts.consent.reasons import Reason

EXAMPLES = 120
REQUESTS = 3


def test_permits_equals_the_model_when_anything_is_asked(court):
    """C-8 … C-10, C-12, C-14, C-20, C-22, C-23"""

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(case=cases(REQUESTS))
    def check(case):
        court.hear(case)

    check()
    assert court.asked >= EXAMPLES * REQUESTS
    assert {Reason.Permitted, Reason.ProvisionMissing, Reason.ConsentRevoked} <= court.seen
    assert {Reason.MandateUnknown, Reason.ScopeExceeded, Reason.PatientDeactivated} <= court.seen
    assert len(court.seen) >= 15
