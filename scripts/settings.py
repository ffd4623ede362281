"""What a deployment consists of: the values that scripts/deploy.py puts on chain, apart from procedure."""

from __future__ import annotations

import os

MINUTE, HOUR, DAY = 60, 3_600, 86_400

FAST_SUSPENSION = 72 * HOUR
"""Seconds for which a regulator suspends a member alone, at most; fixed in the contract."""

# Times in seconds. The consortium lives with `production`; a development network decides within moments.
PROFILES: dict[str, dict[str, int]] = {
    "production": {
        "votingDelay": DAY,
        # longer than a fast suspension lasts, so that none keeps a member from a vote
        "votingPeriod": 7 * DAY,
        "timelockDelay": 2 * DAY,
        "recoveryDelay": 7 * DAY,
    },
    "development": {"votingDelay": 0, "votingPeriod": 10 * MINUTE, "timelockDelay": 1, "recoveryDelay": 5},
}
DEVELOPMENT_CHAINS = (1337, 31337)

# Contracts in order of deployment. A constructor argument is another contract's name, a number's name in the
# profile, or "deployer".
CONTRACTS: dict[str, tuple[str, ...]] = {
    "Authority": ("deployer",),
    "Timelock": ("timelockDelay", "deployer"),
    "IdentityRegistry": ("recoveryDelay",),
    "MemberRegistry": ("Authority",),
    "MemberSeat": ("Authority", "MemberRegistry"),
    "Consortium": ("MemberSeat", "MemberRegistry", "Timelock", "votingDelay", "votingPeriod"),
    "FastSuspension": ("Authority", "MemberRegistry", "MemberSeat"),
    "ConsentRegistry": ("Authority", "IdentityRegistry", "MemberRegistry"),
    "EmergencyAccess": ("Authority", "MemberRegistry"),
    "RecordRegistry": ("Authority", "MemberRegistry"),
    "KeeperCommittee": ("Authority", "MemberRegistry", "MemberSeat"),
    "AuditLog": ("Authority", "MemberRegistry", "KeeperCommittee"),
}

# Contracts that the Authority lists; it does not list itself.
REGISTRIES: tuple[str, ...] = tuple(name for name in CONTRACTS if name != "Authority")

# Roles of the Authority. Until the hand-over the deployer holds the first two, from then on the Timelock alone.
ADMIN_ROLE = 0  # AccessManager's own: roles, and what they open
CONSORTIUM_ROLE = 1
SUSPENSION_ROLE = 2  # held by FastSuspension
ROLE_LABELS: dict[int, str] = {CONSORTIUM_ROLE: "consortium", SUSPENSION_ROLE: "suspension"}

# Which functions the consortium's role opens.
CONSORTIUM_FUNCTIONS: dict[str, tuple[str, ...]] = {
    "Authority": ("setRegistry",),
    "MemberRegistry": ("admit", "suspend", "reinstate", "expel", "replaceKey", "setCeiling"),
    "MemberSeat": ("give", "take"),
    "FastSuspension": ("setRegulator",),
    "EmergencyAccess": ("setLimits", "reviewFor"),
    "RecordRegistry": ("retractFor",),
    "KeeperCommittee": ("publish",),
    "AuditLog": ("setCommitWithin",),
}

# Which functions the role of fast suspension opens.
SUSPENSION_FUNCTIONS: dict[str, tuple[str, ...]] = {
    "MemberRegistry": ("suspendUntil", "confirmSuspension"),
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
# On a chain that does, CONSENTRY_FINALITY says `finalized` (the node's own tag) or after how many blocks one stays.
FINALITY: str | dict[str, int] = "instant"

# The contracts are immutable and the network has no fee market: a zero price works on every chain we support.
GAS_PRICE = 0


def finality() -> str | dict[str, int]:
    """What the deployment says to readers. Raises ValueError for what is neither of the words nor a depth in blocks."""
    told = os.environ.get("CONSENTRY_FINALITY", "")
    if told in ("", "instant", "finalized"):
        return told or FINALITY
    if not told.isdigit() or not 1 <= int(told) <= 1_000:
        raise ValueError(f"CONSENTRY_FINALITY is instant, finalized or a number of blocks, not {told!r}")
    return {"depth": int(told)}


def profile_of(chain_id: int) -> str:
    """The profile that CONSENTRY_PROFILE names, else by the chain. Raises ValueError for a name there is no profile of."""
    default = "development" if chain_id in DEVELOPMENT_CHAINS else "production"
    name = os.environ.get("CONSENTRY_PROFILE", default)
    if name not in PROFILES:
        raise ValueError(f"CONSENTRY_PROFILE is one of {', '.join(PROFILES)}, not {name!r}")
    return name


def times_of(profile: str) -> dict[str, int]:
    """The times of a profile. Raises ValueError for production times with which a regulator could keep a member from
    a whole vote (docs/adr/0007-consortium.md): nobody can change the period afterwards."""
    times = PROFILES[profile]
    if profile == "production" and times["votingPeriod"] <= FAST_SUSPENSION:
        raise ValueError(
            f"Voting takes {times['votingPeriod'] / HOUR:g} hours in production times, no longer than the "
            f"{FAST_SUSPENSION // HOUR} of a fast suspension: a regulator could keep members from a vote."
        )
    return times


def text32(word: str) -> str:
    """A short ASCII word as bytes32 in hex: left-aligned, zero-padded."""
    raw = word.encode("ascii")
    if not 0 < len(raw) <= 32:
        raise ValueError(f"{word!r} does not fit into 32 bytes")
    return "0x" + raw.ljust(32, b"\0").hex()
