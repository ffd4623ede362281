"""RecordsAnchored as nodes answer it: an index that begins reads them by the thousand, so each is read in one step."""

from __future__ import annotations

from struct import Struct, error
from typing import Any

from consentry.chain.contracts import Contract
from consentry.domain.ledger import AnchorEvent

EVENT = "RecordsAnchored"
_SHAPE = ((("author", "address"), ("root", "bytes32")), (("manifestDigest", "bytes32"), ("count", "uint32")))
_WORDS = Struct(">20s32s32s28sI32s")
"""Author, root, digest of the manifest, count (filled up to 32 bytes) and transaction."""

_NO_BYTES, _NOT_MORE = "0x" + "00" * 12, bytes(28)
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
            data, sent = raw["data"], raw["transactionHash"]
            if (len(author), len(root), len(data), len(sent)) != _DIGITS or author[:26] != _NO_BYTES:
                return None
            if first != self._first or not (root[:2] == data[:2] == sent[:2] == "0x") or raw.get("removed"):
                return None
            words = bytes.fromhex(author[26:] + root[2:] + data[2:] + sent[2:])
            by, under, manifest, zeros, count, transaction = _WORDS.unpack(words)
            block, log_index = int(raw["blockNumber"], 16), int(raw["logIndex"], 16)
        except (AttributeError, KeyError, TypeError, ValueError, error):
            return None
        if zeros != _NOT_MORE:
            return None
        return AnchorEvent("0x" + by.hex(), under, manifest, count, block, log_index, transaction)
