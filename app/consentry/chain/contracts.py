"""Contracts by their ABI (`interfaces/<Contract>.json`): encoding, decoding, events.

Types are worked out once. Values are eth-abi's: addresses as lower-case text, bytesN and bytes as bytes, integers,
structs as tuples.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError, EncodingError
from eth_utils.abi import collapse_if_tuple, event_abi_to_log_topic, function_abi_to_4byte_selector

from consentry.domain.ledger import EventLog
from consentry.errors import ChainWrong, DeploymentMissing, LayoutInvalid

_NO_BYTES, _NOT_MORE = bytes(12), bytes(31)
_CODES = "uint8[]"
_BITS = {f"uint{bits}": bits for bits in range(8, 257, 8)}
_ADDRESS = re.compile(r"0x[0-9a-f]{40}")
NAMES = (
    "Authority",
    "Timelock",
    "IdentityRegistry",
    "MemberRegistry",
    "MemberSeat",
    "Consortium",
    "FastSuspension",
    "ConsentRegistry",
    "EmergencyAccess",
    "RecordRegistry",
    "KeeperCommittee",
    "AuditLog",
)


@dataclass(frozen=True)
class Function:
    """One function of an ABI: its name, selector (4 bytes) and types."""

    name: str
    selector: bytes
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    def encode(self, *arguments: Any) -> bytes:
        """The calldata. Raises LayoutInvalid when an argument is not of its type."""
        try:
            return self.selector + (_words(self.inputs, arguments) or encode(self.inputs, arguments))
        except (EncodingError, TypeError, ValueError):
            raise LayoutInvalid(f"the arguments of {self.name} are not of its types") from None

    def decode_call(self, data: bytes) -> tuple[Any, ...] | None:
        """The arguments of a call of this function, or None if these bytes are none."""
        try:
            arguments = decode(self.inputs, data[4:])
            whole = self.selector + encode(self.inputs, arguments) == data
        except (DecodingError, EncodingError, ValueError, OverflowError):
            return None
        return arguments if whole else None

    def decode(self, data: bytes) -> tuple[Any, ...]:
        """The returned values. Raises ChainWrong when they cannot come from this function."""
        words = _read_words(self.outputs, data)
        if words is not None:
            return words
        try:
            return decode(self.outputs, data)
        except (DecodingError, ValueError, OverflowError):  # ValueError: text that is not UTF-8
            raise ChainWrong(f"the answer of {self.name} does not have its types") from None


@dataclass(frozen=True)
class Event:
    """One event of an ABI; `topic` is its first topic (32 bytes)."""

    name: str
    topic: bytes
    indexed: tuple[tuple[str, str], ...]
    plain: tuple[tuple[str, str], ...]

    def decode(self, topics: Sequence[bytes], data: bytes) -> dict[str, Any]:
        """Arguments by name. Raises ChainWrong for a log that is not this event's."""
        try:
            if len(topics) != len(self.indexed) + 1 or topics[0] != self.topic:
                raise ValueError
            values = {
                name: _decoded([kind], topic)[0]
                for (name, kind), topic in zip(self.indexed, topics[1:], strict=True)
            }
            kinds = [kind for _, kind in self.plain]
            plain = zip((name for name, _ in self.plain), _decoded(kinds, data), strict=True)
        except (DecodingError, ValueError, OverflowError):
            raise ChainWrong(f"a log of {self.name} does not have its types") from None
        return values | dict(plain)


class Contract:
    """A contract's ABI at its address. A name that the ABI lacks is a KeyError: a programming error."""

    def __init__(self, name: str, address: str, abi: Sequence[Mapping[str, Any]]) -> None:
        self.name = name
        self.address = address.lower()
        self.functions = {item["name"]: _function(item) for item in abi if item["type"] == "function"}
        self.events = {item["name"]: _event(item) for item in abi if item["type"] == "event"}
        self._by_topic = {event.topic: event for event in self.events.values()}

    def encode(self, function: str, *arguments: Any) -> bytes:
        return self.functions[function].encode(*arguments)

    def decode_log(self, topics: Sequence[bytes], data: bytes) -> EventLog | None:
        """The log as one of this contract's events, or None if the ABI does not know it."""
        event = self._by_topic.get(topics[0]) if topics else None
        if event is None:
            return None
        return EventLog(self.name, event.name, event.decode(topics, data))


def load_abis(directory: Path) -> dict[str, list[dict[str, Any]]]:
    """The ABIs of all our contracts by name. Raises DeploymentMissing."""
    abis: dict[str, list[dict[str, Any]]] = {}
    for name in NAMES:
        try:
            raw = json.loads((directory / f"{name}.json").read_text("utf-8"))
        except (OSError, ValueError):
            raise DeploymentMissing(f"interfaces/{name}.json is missing or not JSON") from None
        abis[name] = raw["abi"] if isinstance(raw, dict) else raw
    return abis


def _words(kinds: Sequence[str], arguments: Sequence[Any]) -> bytes:
    """Addresses and 32-byte values, most of what keepers ask with: eth-abi takes twenty times as long for the same bytes.
    Empty when anything else is among them, or not as it should be: then it is eth-abi's to encode or to refuse."""
    words = []
    for kind, value in zip(kinds, arguments, strict=False):
        if kind == "bytes32" and isinstance(value, bytes) and len(value) == 32:
            words.append(value)
        elif kind == "address" and isinstance(value, str) and _ADDRESS.fullmatch(value):
            words.append(bytes(12) + bytes.fromhex(value[2:]))
        else:
            return b""
    return b"".join(words) if len(words) == len(kinds) == len(arguments) else b""


def _decoded(kinds: Sequence[str], data: bytes) -> Sequence[Any]:
    words = _read_words(kinds, data)
    return decode(kinds, data) if words is None else words


def _read_words(kinds: Sequence[str], data: bytes) -> tuple[Any, ...] | None:
    """Values of one word each, or one struct of such: most of what contracts answer keepers. None when anything else is among
    them, or not as it should be: then it is eth-abi's to decode or to refuse."""
    if len(kinds) == 1 and kinds[0] == _CODES:
        return _read_codes(data)
    if len(kinds) == 1 and kinds[0].startswith("("):
        if "[" in kinds[0] or kinds[0].count("(") > 1:
            return None
        inside = _read_words(kinds[0][1:-1].split(","), data)
        return None if inside is None else (inside,)
    if len(data) != 32 * len(kinds):
        return None
    values: list[Any] = []
    for at, kind in enumerate(kinds):
        word = data[32 * at : 32 * at + 32]
        if kind == "bytes32":
            values.append(word)
        elif kind == "address" and word.startswith(_NO_BYTES):
            values.append("0x" + word[12:].hex())
        elif kind == "bool" and word[:31] == _NOT_MORE and word[31] < 2:
            values.append(word[31] == 1)
        elif kind in _BITS and (number := int.from_bytes(word, "big")) >> _BITS[kind] == 0:
            values.append(number)
        else:
            return None
    return tuple(values)


def _read_codes(data: bytes) -> tuple[Any, ...] | None:
    """`uint8[]`: a reason for each record that a keeper asks about. The place of the list, its length, a word for each."""
    count = len(data) // 32 - 2
    if (
        data[:64] != (32).to_bytes(32, "big") + max(count, 0).to_bytes(32, "big")
        or len(data) != 64 + 32 * count
    ):
        return None
    codes = data[95::32]
    return (tuple(codes),) if data[64:] == b"".join([_NOT_MORE + bytes((one,)) for one in codes]) else None


def _function(item: Mapping[str, Any]) -> Function:
    return Function(
        name=item["name"],
        selector=function_abi_to_4byte_selector(dict(item)),  # type: ignore[arg-type]
        inputs=tuple(collapse_if_tuple(one) for one in item["inputs"]),
        outputs=tuple(collapse_if_tuple(one) for one in item["outputs"]),
    )


def _event(item: Mapping[str, Any]) -> Event:
    kinds = [(one["name"], collapse_if_tuple(one), bool(one["indexed"])) for one in item["inputs"]]
    return Event(
        name=item["name"],
        topic=event_abi_to_log_topic(dict(item)),  # type: ignore[arg-type]
        indexed=tuple((name, kind) for name, kind, indexed in kinds if indexed),
        plain=tuple((name, kind) for name, kind, indexed in kinds if not indexed),
    )
