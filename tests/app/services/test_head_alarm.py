"""A chain that stands still is told, in the log and in words (H-6)."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import cast

import pytest

from consentry.cli.status_words import chain_words
from consentry.ports import Ledger
from consentry.services.head_alarm import HeadAlarm
from tests.app.keeper_cast import StoppedClock
from tests.app.memory_ledger import MemoryLedger


def test_look_tells_the_log_once_each_way(caplog: pytest.LogCaptureFixture) -> None:
    """H-6"""
    clock, memory = StoppedClock(), MemoryLedger(1, {})
    memory.head_at = replace(memory.head_at, timestamp=clock.now())
    alarm = HeadAlarm(cast(Ledger, memory), clock, 60)
    caplog.set_level(logging.INFO)
    for _ in range(9):
        clock.time += 10
        alarm.look()
    memory.head_at = replace(memory.head_at, timestamp=clock.now())
    for _ in range(3):
        clock.time += 10
        alarm.look()
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "70 s old" in caplog.text


def test_seen_tells_age_and_nodes() -> None:
    """H-6: without a block it is late, whatever its age would be."""
    clock, memory = StoppedClock(), MemoryLedger(1, {})
    alarm = HeadAlarm(cast(Ledger, memory), clock, 60)
    head = replace(memory.head_at, timestamp=clock.now() - 60)
    told = {"nodes": 1, "good": 1, "using": 1, "disputed": False, "headAge": 60, "late": False}
    assert alarm.seen(head).to_json() == told
    assert alarm.seen(None).to_json() == told | {"headAge": None, "late": True}


def test_chain_words_say_what_is_not_well() -> None:
    """H-6: and nothing else, whatever a gateway tells."""
    well = {"nodes": 2, "good": 2, "using": 1, "disputed": False, "headAge": 3, "late": False}
    assert chain_words(well) == chain_words(None) == chain_words({"nodes": "2", "late": "yes"}) == []
    words = chain_words(well | {"good": 1, "using": 2, "disputed": True, "headAge": 95, "late": True})
    assert words[0] == "1 of its 2 chain nodes are good; number 2 of its settings is asked."
    assert "two stories" in words[1] and "95 s old" in words[2]
