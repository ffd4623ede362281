"""Property tests of the app never fail by the clock: a busy machine draws and runs slowly, and that proves nothing.

Brownie brings a profile of its own for the tests of contracts.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
