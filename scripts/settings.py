"""What a deployment consists of: the values that scripts/deploy.py puts on chain, apart from procedure."""

from __future__ import annotations

# Seconds that a patient's lost key waits for its recovery by guardians, and a change of guardians for its effect.
RECOVERY_DELAY = 7 * 24 * 3600

# Contracts in order of deployment; each constructor argument names another contract or the deployer, or is a number.
CONTRACTS: dict[str, tuple[str | int, ...]] = {
    "Authority": ("deployer",),
    "IdentityRegistry": (RECOVERY_DELAY,),
    "MemberRegistry": ("Authority",),
    "MemberSeat": ("Authority", "MemberRegistry"),
    "ConsentRegistry": ("Authority", "IdentityRegistry", "MemberRegistry"),
    "RecordRegistry": ("Authority", "MemberRegistry"),
    "KeeperCommittee": ("Authority", "MemberRegistry", "MemberSeat"),
    "AuditLog": ("Authority", "MemberRegistry", "KeeperCommittee"),
}

# Contracts that the Authority lists; it does not list itself.
REGISTRIES: tuple[str, ...] = tuple(name for name in CONTRACTS if name != "Authority")

# The one role of this release; AccessManager reserves 0 for its administrator. Until the consortium votes,
# the deployer holds it.
CONSORTIUM_ROLE = 1
CONSORTIUM_LABEL = "consortium"

# Which functions the role opens.
CONSORTIUM_FUNCTIONS: dict[str, tuple[str, ...]] = {
    "Authority": ("setRegistry",),
    "MemberRegistry": ("admit", "suspend", "reinstate", "expel", "replaceKey", "setCeiling"),
    "MemberSeat": ("give", "take"),
    "RecordRegistry": ("retractFor",),
    "KeeperCommittee": ("publish",),
    "AuditLog": ("setCommitWithin",),
}

# Confidentiality as the contracts count it.
NOTHING, NORMAL, RESTRICTED, VERY_RESTRICTED = range(4)

# role -> (what it may see at most, own department only, current episode only)
CEILINGS: dict[str, tuple[int, bool, bool]] = {
    "attending": (VERY_RESTRICTED, False, False),
    "resident": (RESTRICTED, True, True),
    "intern": (NORMAL, True, True),
    "nurse": (RESTRICTED, False, False),
    "pharmacist": (RESTRICTED, False, False),
    "researcher": (NORMAL, False, False),
    "system": (VERY_RESTRICTED, False, False),
}

# How a reader decides that a block is final. Anvil, Ganache, QBFT and Istanbul never take a block back.
FINALITY = "instant"

# The contracts are immutable and the network has no fee market: a zero price works on every chain we support.
GAS_PRICE = 0


def text32(word: str) -> str:
    """A short ASCII word as bytes32 in hex: left-aligned, zero-padded."""
    raw = word.encode("ascii")
    if not 0 < len(raw) <= 32:
        raise ValueError(f"{word!r} does not fit into 32 bytes")
    return "0x" + raw.ljust(32, b"\0").hex()
