"""Nobody with a node can tell what is in whose record: alice's and bob's are exchanged, and the chain looks the same (C-7, P-1).

Real processes, twice. By design the chain shows how many records an anchor has and how many receipts a keeper commits
(docs/known-limits.md), so both contents have as many. Everything else about them differs: categories, confidentiality,
lengths, purposes, recipients, uses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from consentry.fhir.split import split
from consentry.fhir.validate import parse_bundle
from tests.journeys import log_search
from tests.journeys.exchanged import ordinary, stigmatised
from tests.journeys.exchanging import DAY, RECORDS, Run, Seen, exchange
from tests.journeys.traces import Log, Trace, differences, trace
from tests.meta.metrics import NAMES

FORMATS = ("json", "text")
SERIES = re.compile(r"^(\w+)[ {]", re.MULTILINE)
WITH_TLS = frozenset(("consentry_gateway_certificate_days", "consentry_keeper_certificate_days"))
ROUTES = frozenset(("/release", "/fhir/Patient/<ref>/$everything"))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    """Alice has what is stigmatised and bob what is ordinary; then the other way round."""
    folder = tmp_path_factory.mktemp("differential")
    dark, light = stigmatised("T-1"), ordinary("T-1")
    return [
        exchange(folder / "first", {"alice": dark, "bob": light}, FORMATS[0]),
        exchange(folder / "second", {"alice": light, "bob": dark}, FORMATS[1]),
    ]


def test_contents_differ_in_all_but_their_number() -> None:
    """So that the comparison below says something."""
    dark, light = (
        split(parse_bundle(one.bundle), received_at="2026-01-01T00:00:00Z")
        for one in (stigmatised("T-1"), ordinary("T-1"))
    )
    assert len(dark) == len(light) == RECORDS
    assert not {one.category for one in dark} & {one.category for one in light}
    assert not {one.confidentiality for one in dark} & {one.confidentiality for one in light}
    assert min(len(one.content) for one in dark) > 2 * max(len(one.content) for one in light)


def test_chain_tells_nothing_when_records_are_exchanged(runs: list[Run]) -> None:
    """C-7, P-1: every transaction's sender, target, length and words, every log's."""
    one, other = (trace(run.seen, run.audit_log) for run in runs)
    assert differences(one, other) == []
    assert len(one.lines) > 60
    assert one.receipts > 2 * RECORDS


@pytest.mark.parametrize("place", range(2), ids=FORMATS)
def test_no_log_tells_whom_a_request_was_about(runs: list[Run], place: int) -> None:
    """H-52, P-1: of a whole exchange, in either form."""
    run = runs[place]
    asked = [name for name, text in run.logs.items() if "keeper" in name and "/release" in text]
    assert len(run.logs) >= 7 and len(asked) >= 3  # the fewest that do are asked
    private = {"alice", "bob", "T-1", "M-alice", "C-alice", "M-bob", "C-bob", "dr_bose"}
    for name, text in [*run.logs.items(), *run.metrics.items()]:
        assert log_search.leaks(text, run.public, private) == [], name


def test_metrics_are_those_that_are_listed(runs: list[Run]) -> None:
    """H-48: of a network that did something, each one and no other; those of TLS only where it is served."""
    told = {name for text in runs[0].metrics.values() for name in SERIES.findall(text)}
    assert told == NAMES - WITH_TLS and WITH_TLS < NAMES
    released = re.findall(
        r"^consentry_keeper_items_released_total (\S+)$", "\n".join(runs[0].metrics.values()), re.M
    )
    assert len(released) == 5 and sum(map(float, released)) > 3 * RECORDS


def test_each_line_of_a_json_log_is_of_allowed_fields(runs: list[Run]) -> None:
    """H-51: also what libraries say."""
    for name, text in runs[0].logs.items():
        assert list(log_search.wrong_lines(text)) == [], name
        assert text.count("\n") > 5, name


def test_requests_to_keepers_have_the_gateways_id(runs: list[Run]) -> None:
    """H-53: over real processes."""
    asked: dict[str, set[str]] = {"gateway": set(), "keeper": set()}
    for name, text in runs[0].logs.items():
        asked[name.split("-")[0]] |= {
            line["request"] for line in map(json.loads, text.splitlines()) if line.get("route") in ROUTES
        }
    assert asked["keeper"] and asked["keeper"] <= asked["gateway"]


@pytest.mark.parametrize(
    "line",
    [
        "read by 0x" + "ab" * 20,
        "record " + "0f" * 32,
        "at bafkrei" + "a" * 52,
        "for TREAT",
        "in psychiatry",
        "of MRN-4711",
        "key " + "aB3_" * 11,
    ],
)
def test_the_search_of_logs_finds_what_is_planted(line: str) -> None:
    """H-52: the test above can fail."""
    assert log_search.leaks(f"12:00 INFO {line}\n", ("0x" + "cd" * 20,), {"MRN-4711"})
    assert not log_search.leaks(
        "sent 0x" + "0f" * 32 + " by 0x" + "cd" * 20, ("0x" + "cd" * 20,), {"MRN-4711"}
    )


def grants(seen: Seen) -> list[int]:
    """Where the four grants stand: the transactions whose input has one signature more than a grant's five words."""
    return [at for at, one in enumerate(seen) if len(one.input) == 4 + 32 * (5 + 1 + 1 + 3)]


def with_input(seen: Seen, at: int, added: bytes) -> Seen:
    return [*seen[:at], replace(seen[at], input=seen[at].input + added), *seen[at + 1 :]]


def with_log(seen: Seen, at: int, change: Callable[[Log], Log]) -> Seen:
    (log,) = seen[at].logs
    return [*seen[:at], replace(seen[at], logs=(change(log),)), *seen[at + 1 :]]


def word(value: bytes) -> bytes:
    return value.ljust(32, b"\0")


def number(value: int) -> bytes:
    return value.to_bytes(32, "big")


LEAKS: dict[str, Callable[[Seen, int], Seen]] = {
    "one byte of length": lambda seen, at: with_input(seen, at, b"\0"),
    "a digest more": lambda seen, at: with_input(seen, at, bytes(range(100, 132))),
    "a category in calldata": lambda seen, at: with_input(seen, at, word(b"hiv")),
    "a purpose's number": lambda seen, at: with_input(seen, at, number(3)),
    "a category in an event": lambda seen, at: with_log(
        seen, at, lambda log: replace(log, data=log.data + word(b"psychiatry"))
    ),
    "a recipient in an event": lambda seen, at: with_log(
        seen,
        at,
        lambda log: replace(log, topics=(*log.topics, bytes(12) + bytes.fromhex(seen[at].sender[2:]))),
    ),
    "another relayer": lambda seen, at: [
        *seen[:at],
        replace(seen[at], sender=seen[0].sender),
        *seen[at + 1 :],
    ],
    "a window by category": lambda seen, at: with_log(
        seen, at, lambda log: replace(log, data=log.data[:32] + number(seen[at].time + 90 * DAY))
    ),
    "a transaction less": lambda seen, at: [*seen[:at], *seen[at + 1 :]],
    "the order": lambda seen, at: [*seen[:at], seen[at + 1], seen[at], *seen[at + 2 :]],
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS.keys())
def test_comparison_finds_a_leak_when_one_is_planted(
    runs: list[Run], leak: Callable[[Seen, int], Seen]
) -> None:
    """P-1: the test above can fail; each leak stands in one run only, as what depends on the content would."""
    one, other = runs
    at = grants(one.seen)[0]
    assert differences(trace(leak(one.seen, at), one.audit_log), trace(other.seen, other.audit_log))


def test_comparison_finds_another_number_of_receipts(runs: list[Run]) -> None:
    """What keepers commit is compared in all, and can differ."""
    one = trace(runs[0].seen, runs[0].audit_log)
    assert differences(one, Trace(one.lines, 2 * one.receipts))
