"""Whether a chain's EVM runs what our contracts are compiled to, asked before anything is deployed.

Code with an opcode that a chain lacks deploys all the same, and fails only where it is called. So the opcodes that came after
the first release of Ethereum are looked for in the code, and each one found is run by `eth_call`, which costs and changes
nothing. Sources: the EIP named beside each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

_PUSH1, _PUSH32, _JUMPDEST = 0x60, 0x7F, 0x5B
_ENDS = frozenset((0x00, 0x56, 0xF3, 0xFD, 0xFE, 0xFF))  # STOP, JUMP, RETURN, REVERT, INVALID, SELFDESTRUCT
_RETURN_ONE = bytes.fromhex("600160005260206000f3")  # 32 bytes that say 1


@dataclass(frozen=True)
class Opcode:
    """`takes`: how many values of the stack."""

    name: str
    takes: int
    since: str


OPCODES: Mapping[int, Opcode] = {
    0xF4: Opcode("DELEGATECALL", 6, "EIP-7, Homestead"),
    0x3D: Opcode("RETURNDATASIZE", 0, "EIP-211, Byzantium"),
    0x3E: Opcode("RETURNDATACOPY", 3, "EIP-211, Byzantium"),
    0xFA: Opcode("STATICCALL", 6, "EIP-214, Byzantium"),
    0x1B: Opcode("SHL", 2, "EIP-145, Constantinople"),
    0x1C: Opcode("SHR", 2, "EIP-145, Constantinople"),
    0x1D: Opcode("SAR", 2, "EIP-145, Constantinople"),
    0x3F: Opcode("EXTCODEHASH", 1, "EIP-1052, Constantinople"),
    0xF5: Opcode("CREATE2", 4, "EIP-1014, Constantinople"),
    0x46: Opcode("CHAINID", 0, "EIP-1344, Istanbul"),
    0x47: Opcode("SELFBALANCE", 0, "EIP-1884, Istanbul"),
    0x48: Opcode("BASEFEE", 0, "EIP-3198, London"),
    0x5F: Opcode("PUSH0", 0, "EIP-3855, Shanghai"),
    0x49: Opcode("BLOBHASH", 1, "EIP-4844, Cancun"),
    0x4A: Opcode("BLOBBASEFEE", 0, "EIP-7516, Cancun"),
    0x5C: Opcode("TLOAD", 1, "EIP-1153, Cancun"),
    0x5D: Opcode("TSTORE", 2, "EIP-1153, Cancun"),
    0x5E: Opcode("MCOPY", 3, "EIP-5656, Cancun"),
}


class EvmUnfit(Exception):
    """Says which chain rule is missing, who needs it, and what to do."""


def newer_opcodes(code: bytes) -> set[int]:
    """Which of OPCODES this code can come to, from its first byte on. Texts and tables that lie in it are not opcodes.

    Whatever a PUSH holds may be where a jump goes: with the compiler's code, that is every place a jump goes to, and next to
    nothing else.
    """
    found: set[int] = set()
    seen: set[int] = set()
    waiting = [0]
    while waiting:
        place = waiting.pop()
        while place < len(code) and place not in seen:
            seen.add(place)
            opcode = code[place]
            if opcode in OPCODES:
                found.add(opcode)
            if opcode in _ENDS:
                break
            place += 1
            if _PUSH1 <= opcode <= _PUSH32:
                size = opcode - _PUSH1 + 1
                target = int.from_bytes(code[place : place + size])
                if target < len(code) and code[target] == _JUMPDEST:
                    waiting.append(target)
                place += size
    return found


def program(opcode: int) -> bytes:
    """Runs the opcode on zeros, then returns 1."""
    return bytes([_PUSH1, 0]) * OPCODES[opcode].takes + bytes([opcode]) + _RETURN_ONE


def require(codes: Mapping[str, Sequence[bytes]], run: Callable[[bytes], bytes]) -> None:
    """`codes`: by contract, its creation code and what is left on chain. `run` gives what a chain's `eth_call` of creation code
    returns, and raises anything when that fails.

    Raises EvmUnfit with the first rule that is missing.
    """
    users: dict[int, str] = {}
    for name, parts in codes.items():
        for opcode in set().union(*(newer_opcodes(part) for part in parts)):
            users.setdefault(opcode, name)
    if not _runs(_RETURN_ONE, run):
        raise EvmUnfit(
            "This node does not run code by eth_call, so that nothing can be said of its chain. Nothing was deployed. "
            "Take a node that speaks Ethereum's JSON-RPC."
        )
    for opcode in _in_order(users):
        if not _runs(program(opcode), run):
            one = OPCODES[opcode]
            raise EvmUnfit(
                f"This chain's EVM lacks {one.name} ({one.since}), which {users[opcode]} needs. Nothing was deployed. "
                "Take a chain that has it from its first block on, or switch it on in the chain's genesis."
            )


def _runs(code: bytes, run: Callable[[bytes], bytes]) -> bool:
    try:
        return int.from_bytes(run(code)) == 1
    except Exception:  # every node and library says it differently, and each means no
        return False


def _in_order(opcodes: Iterable[int]) -> list[int]:
    """As they came to Ethereum, so that the oldest missing rule is named."""
    history = list(OPCODES)
    return sorted(opcodes, key=history.index)
