"""RecordsAnchored as nodes answer it: an index that begins reads them by the thousand, so each is read in one step."""

from __future__ import annotations

from struct import Struct, error
from typing import Any

from consentry.chain.contracts import Contract
from consentry.domain.ledger import AnchorEvent

EVENT = "RecordsAnchored"
_SHAPE = ((("author", "address"), ("root", "bytes32")), (("manifestDigest", "bytes32"), ("count", "uint32")))
_WORDS = Struct(">12s20s32s32s28sI32s")
"""Author, root, digest of the manifest, count and transaction, each filled up to 32 bytes."""

_DIGITS = (66, 66, 130, 66)


class AnchorLogs:
    """Of one RecordRegistry. An ABI that has another event of this name is left to the reader of all events."""

    def __init__(self, contract: Contract) -> None:
        event = contract.events[EVENT]
        self.topic = event.topic
        self._first = "0x" + event.topic.hex() if (event.indexed, event.plain) == _SHAPE else None

    def usual(self, raw: Any) -> AnchorEvent | None:
        """None where anything is not as it usually is: then it is the reader of all events that reads or refuses it."""
        try:
            first, author, root = raw["topics"]
            texts = (author, root, raw["data"], raw["transactionHash"])
            if first != self._first or raw.get("removed") or tuple(map(len, texts)) != _DIGITS:
                return None
            if any(not one.startswith("0x") for one in texts):
                return None
            words = bytes.fromhex("".join([one[2:] for one in texts]))
            before, by, under, manifest, zeros, count, sent = _WORDS.unpack(words)
            place = (int(raw["blockNumber"], 16), int(raw["logIndex"], 16), sent)
        except (AttributeError, KeyError, TypeError, ValueError, error):
            return None
        if any(before) or any(zeros):
            return None
        return AnchorEvent("0x" + by.hex(), under, manifest, count, *place)
