"""Anchors read from a node's logs in one step: the same as by the reader of all events, or left to it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from consentry.chain.anchor_logs import EVENT, AnchorLogs
from consentry.chain.contracts import Contract, load_abis

INTERFACES = Path(__file__).parents[3] / "interfaces"
AUTHOR, ROOT, MANIFEST, SENT = "0x" + "ab" * 20, *(secrets.token_bytes(32) for _ in range(3))
CONTRACT = Contract("RecordRegistry", "0x" + "11" * 20, load_abis(INTERFACES)["RecordRegistry"])


def word(value: int | bytes) -> str:
    raw = value if isinstance(value, bytes) else value.to_bytes(32, "big")
    return raw.rjust(32, b"\0").hex()


def log(**other: Any) -> dict[str, Any]:
    topics = [CONTRACT.events[EVENT].topic, bytes.fromhex(AUTHOR[2:]), ROOT]
    usual = {
        "topics": ["0x" + word(one) for one in topics],
        "data": "0x" + word(MANIFEST) + word(2**32 - 1),
        "blockNumber": "0x1a",
        "logIndex": "0x2",
        "transactionHash": "0x" + SENT.hex(),
        "removed": False,
    }
    return usual | other


def test_usual_reads_what_the_reader_of_all_events_reads() -> None:
    """H-9: each field is what the ABI says it is."""
    raw = log()
    found = AnchorLogs(CONTRACT).usual(raw)
    decoded = CONTRACT.decode_log(
        [bytes.fromhex(one[2:]) for one in raw["topics"]], bytes.fromhex(raw["data"][2:])
    )
    assert found is not None and decoded is not None
    told = (found.author, found.root, found.manifest_digest, found.count)
    assert told == tuple(decoded.arguments[name] for name in ("author", "root", "manifestDigest", "count"))
    assert told == (AUTHOR, ROOT, MANIFEST, 2**32 - 1)
    assert (found.block, found.log_index, found.transaction) == (26, 2, SENT)


@pytest.mark.parametrize(
    "other",
    [
        {"removed": True},
        {"topics": ["0x" + word(7), "0x" + word(1), "0x" + word(ROOT)]},
        {"topics": []},
        {"topics": [*log()["topics"], "0x" + word(1)]},
        {"topics": [log()["topics"][0], "0x" + word(2**160), "0x" + word(ROOT)]},
        {"data": "0x" + word(MANIFEST) + word(2**32)},
        {"data": "0x" + word(MANIFEST)},
        {"data": "00" + word(MANIFEST) + word(1)},
        {"data": "0x" + word(MANIFEST) + word(1)[:-2] + "  "},
        {"data": None},
        {"blockNumber": None},
        {"logIndex": "two"},
        {"transactionHash": "0x" + "zz" * 32},
    ],
)
def test_usual_leaves_what_is_not_as_usual(other: Mapping[str, Any]) -> None:
    """H-9: nothing that a node makes up is read as an anchor, and nothing of it ends the reading here."""
    assert AnchorLogs(CONTRACT).usual(log(**other)) is None
    assert AnchorLogs(CONTRACT).usual(json.loads(json.dumps(other))) is None
    assert AnchorLogs(CONTRACT).usual("log") is None


def test_usual_reads_nothing_by_another_abi() -> None:
    """H-9: an event of another shape is left to the reader of all events."""
    abi = json.loads((INTERFACES / "RecordRegistry.json").read_text("utf-8"))
    abi = abi["abi"] if isinstance(abi, dict) else abi
    (event,) = (one for one in abi if one["type"] == "event" and one["name"] == EVENT)
    next(one for one in event["inputs"] if one["name"] == "count")["type"] = "uint64"
    other = Contract("RecordRegistry", CONTRACT.address, abi)
    raw = log(topics=["0x" + other.events[EVENT].topic.hex(), *log()["topics"][1:]])
    assert AnchorLogs(other).usual(raw) is None
