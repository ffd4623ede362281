"""What the consortium decides: calls of our contracts, and the words that voters read (ADR 0007).

A decision is a list of calls that the Timelock makes once members voted for it. Whoever votes reads the calls themselves,
decoded and said in words, never only what their proposer says about them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from consentry.domain import fields
from consentry.domain.addresses import Address
from consentry.domain.canonical import keccak
from consentry.domain.confidentiality import Confidentiality, rank
from consentry.domain.ledger import Chamber, KeeperInfo

MAX_REASON = 500
_CHAMBERS = ("chamber of institutions", "ethics board", "patients' council")
_REGISTRY_STATES = ("unknown", "active", "closed", "distrusted")


class ProposalState(IntEnum):
    """As OpenZeppelin's Governor counts them."""

    Pending = 0
    Active = 1
    Canceled = 2
    Defeated = 3
    Succeeded = 4
    Queued = 5
    Expired = 6
    Executed = 7


class Support(IntEnum):
    Against = 0
    For = 1
    Abstain = 2


@dataclass(frozen=True)
class Act:
    """One call of one of our contracts, by their names; arguments as its ABI wants them."""

    contract: str
    function: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Call:
    """The same for the chain: where it goes, and its calldata."""

    target: Address
    data: bytes


@dataclass(frozen=True)
class Proposal:
    """Calls that members vote on. Times in seconds: votes count after `votes_from`, until `votes_until`."""

    id: int
    proposer: Address
    calls: tuple[Call, ...]
    description: str
    votes_from: int
    votes_until: int


@dataclass(frozen=True)
class ChamberVotes:
    """How a chamber voted; `seats` when the vote began (0 until then)."""

    against: int
    in_favour: int
    abstained: int
    seats: int

    @property
    def has_quorum(self) -> bool:
        """Whether at least half of the seats took part."""
        return self.seats > 0 and 2 * (self.against + self.in_favour + self.abstained) >= self.seats

    @property
    def carries(self) -> bool:
        return self.has_quorum and self.in_favour > self.against

    @property
    def rejects(self) -> bool:
        return self.has_quorum and self.in_favour <= self.against


@dataclass(frozen=True)
class Decision:
    """What is proposed, call by call."""

    acts: tuple[Act, ...]


def described(decision: Decision, reason: str, names: Mapping[str, str] | None = None) -> str:
    """The text of a proposal: what each call does, and why. It makes the proposal's id, so the same twice is one proposal.

    Raises LayoutInvalid for a reason that is none.
    """
    clean = " ".join(reason.split())
    if not 0 < len(clean) <= MAX_REASON or not clean.isprintable():
        fields.refuse("reason", f"be 1 to {MAX_REASON} printable characters")
    return "\n".join([*sentences(decision.acts, names or {}), f"Because: {clean}"])


def description_hash(description: str) -> bytes:
    """As OpenZeppelin's Governor names a description, 32 bytes."""
    return keccak(description.encode("utf-8"))


def whole(calls: Sequence[Call], description: str) -> tuple[list[str], list[int], list[bytes], bytes]:
    """A proposal as the Governor wants it said again at every step: targets, values, calldata, description hash."""
    targets: list[str] = [call.target for call in calls]
    return targets, [0] * len(calls), [call.data for call in calls], description_hash(description)


def admit(account: Address, name: str, kind: str, chamber: Chamber | None) -> Decision:
    """A new member, with a seat unless `chamber` is None."""
    acts = [Act("MemberRegistry", "admit", (account, name, kind))]
    if chamber is not None:
        acts.append(Act("MemberSeat", "give", (account, int(chamber))))
    return Decision(tuple(acts))


def suspend(member: Address) -> Decision:
    return Decision((Act("MemberRegistry", "suspend", (member,)),))


def reinstate(member: Address) -> Decision:
    return Decision((Act("MemberRegistry", "reinstate", (member,)),))


def expel(member: Address, chamber: Chamber | None) -> Decision:
    """For ever; a member with a seat (`chamber`) loses it in the same decision."""
    acts = [Act("MemberRegistry", "expel", (member,))]
    if chamber is not None:
        acts.append(Act("MemberSeat", "take", (member,)))
    return Decision(tuple(acts))


def replace_key(member: Address, key: Address) -> Decision:
    """Another account acts for the member, in place of the one that does now."""
    return Decision((Act("MemberRegistry", "replaceKey", (member, key)),))


def set_ceiling(
    role: str, most: Confidentiality | None, *, own_department_only: bool, current_episode_only: bool
) -> Decision:
    """What a role sees at most; None: nothing."""
    level = 0 if most is None else rank(most)
    ceiling = (level, own_department_only, current_episode_only)
    return Decision((Act("MemberRegistry", "setCeiling", (_code32(role, "role"), ceiling)),))


def set_registry(registry: Address, kind: str, status: int) -> Decision:
    """List a contract (1), close it (2) or distrust it (3)."""
    return Decision((Act("Authority", "setRegistry", (registry, _code32(kind, "kind"), status)),))


def publish_committee(keepers: Sequence[KeeperInfo], threshold: int) -> Decision:
    seats = [(one.account, one.member, int(one.chamber), one.url, one.sealing_key) for one in keepers]
    return Decision((Act("KeeperCommittee", "publish", (seats, threshold)),))


def set_opening_limits(max_duration: int, most_open: int, review_within: int, most_overdue: int) -> Decision:
    """How emergency openings are bounded; times in seconds."""
    limits = (max_duration, most_open, review_within, most_overdue)
    return Decision((Act("EmergencyAccess", "setLimits", (limits,)),))


def sentences(acts: Sequence[Act | None], names: Mapping[str, str]) -> tuple[str, ...]:
    """One for each call; None is a call of no contract of ours. Whom these acts admit is named as a member is, so that the
    words stay the same once they are carried out."""
    admitted = {
        str(act.arguments[0]): str(act.arguments[1])
        for act in acts
        if act is not None and (act.contract, act.function) == ("MemberRegistry", "admit")
    }
    known = {**names, **admitted}
    return tuple(
        "Call something that is no contract of ours." if act is None else in_words(act, known) for act in acts
    )


def in_words(act: Act, names: Mapping[str, str]) -> str:
    """One sentence; `names` of members by their addresses."""

    def who(address: str) -> str:
        return f"{names[address]} ({address})" if address in names else address

    say = _WORDS.get((act.contract, act.function))
    if say is None:
        return f"Call {act.contract}.{act.function} with {act.arguments!r}."
    return say(who, *act.arguments)


def _ceiling(who: Callable[[str], str], role: bytes, ceiling: tuple[int, bool, bool]) -> str:
    level, own, episode = ceiling
    most = ("nothing", "what is N at most", "what is R at most", "everything up to V")[level]
    where = ", of the own department" * own + ", in its current episode" * episode
    return f"Let the role {_text(role)} see {most}{where}."


def _limits(who: Callable[[str], str], limits: tuple[int, int, int, int]) -> str:
    longest, most, within, overdue = limits
    return (
        f"Let emergency openings last {longest // 60} minutes at most, {most} of a member at once, reviewed within "
        f"{within // 3600} hours after them, with {overdue} overdue reviews at most."
    )


_WORDS: Mapping[tuple[str, str], Callable[..., str]] = {
    ("MemberRegistry", "admit"): lambda who, member, name, kind: f"Admit {member} as “{name}” ({kind}).",
    ("MemberRegistry", "suspend"): lambda who, member: f"Suspend {who(member)}.",
    ("MemberRegistry", "reinstate"): lambda who, member: f"Reinstate {who(member)}.",
    ("MemberRegistry", "expel"): lambda who, member: f"Expel {who(member)} for ever.",
    ("MemberRegistry", "replaceKey"): lambda who, member, key: f"Let {key} act for {who(member)}.",
    ("MemberRegistry", "setCeiling"): _ceiling,
    ("MemberSeat", "give"): lambda who, member, chamber: (
        f"Give {who(member)} a seat in the {_CHAMBERS[chamber]}."
    ),
    ("MemberSeat", "take"): lambda who, member: f"Take the seat of {who(member)}.",
    ("FastSuspension", "setRegulator"): lambda who, member: f"Make {who(member)} the regulator.",
    ("Authority", "setRegistry"): lambda who, registry, kind, status: (
        f"Make {registry} an {_REGISTRY_STATES[status]} {_text(kind)}."
        if status == 1
        else f"Make {registry} a {_REGISTRY_STATES[status]} {_text(kind)}."
    ),
    ("KeeperCommittee", "publish"): lambda who, seats, threshold: (
        f"Seal to a new committee of {len(seats)} keepers, any {threshold} of whom open a record: "
        f"{', '.join(f'{account} for {who(member)} at {url}' for account, member, _, url, _ in seats)}."
    ),
    ("EmergencyAccess", "setLimits"): _limits,
}


def _code32(text: str, where: str) -> bytes:
    return fields.code(text, where).encode("ascii").ljust(32, b"\0")


def _text(code: bytes) -> str:
    return code.rstrip(b"\0").decode("ascii", "replace")
