"""The rule again, in plain Python, written from the specification's sentences and not from the contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.contracts.consent.reasons import Reason

RANKS = {"N": 1, "R": 2, "V": 3}


@dataclass
class World:
    """What the chain knows. Members by address: (name, active). Staff by address: (member, role, department, end)."""

    now: int
    members: dict[str, tuple[str, bool]]
    staff: dict[str, tuple[str, str, str, int]]
    ceilings: dict[str, tuple[int, bool, bool]]
    registry: str = "active"
    consents: dict[str, str] = field(default_factory=dict)
    mandates: dict[str, str] = field(default_factory=dict)
    # consent id -> id of the mandate it was granted under
    under: dict[str, str] = field(default_factory=dict)
    deactivated: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Shown:
    """A mandate as it is shown with a request: its id by the wallet's rules ("" if it has none), and its scope."""

    mandate_id: str = ""
    scope: dict[str, Any] = field(default_factory=lambda: {"provisions": []})


def when(text: str) -> datetime | None:
    try:
        if len(text) != 20 or not text.isascii():
            return None
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return None


def among(value: str, words: list[str]) -> bool:
    if words == ["any"]:
        return True
    return "any" not in words and value in words


def covers(provision: dict[str, Any], purpose: str, record: dict[str, Any], author: str) -> bool:
    date = when(record["date"])
    if date is None:
        return False
    for bound, outside in (("dataFrom", lambda b: date < b), ("dataUntil", lambda b: date >= b)):
        if provision[bound] != "any":
            limit = when(provision[bound])
            if limit is None or outside(limit):
                return False
    most = provision["confidentiality"]
    graded = most == "any" or RANKS.get(record["confidentiality"], 9) <= RANKS.get(most, 0)
    return (
        graded
        and among(purpose, provision["purposes"])
        and among(record["category"], provision["categories"])
        and among(author, provision["authors"])
        and among(record["recordId"], provision["records"])
    )


def basis(world: World, draft: Any, consent_id: str, asker: dict[str, Any], shown: Shown) -> Reason:
    """Everything before what is asked for."""
    state = world.consents.get(consent_id)
    if state != "granted":
        return Reason.ConsentRevoked if state == "revoked" else Reason.ConsentUnknown
    time = max(world.now, asker["askedAt"])
    if time < draft.valid_from:
        return Reason.ConsentNotYetValid
    if time >= draft.valid_until:
        return Reason.ConsentExpired
    if world.registry == "distrusted":
        return Reason.RegistryDistrusted
    if draft.patient in world.deactivated:
        return Reason.PatientDeactivated
    if consent_id in world.under:
        if shown.mandate_id != world.under[consent_id]:
            return Reason.MandateUnknown
        if world.mandates[shown.mandate_id] == "revoked":
            return Reason.MandateRevoked
    recipient = draft.terms["recipient"]
    name, active = world.members.get(recipient, ("", False))
    if not name or name != draft.terms["recipientName"]:
        return Reason.RecipientNameWrong
    if not active:
        return Reason.RecipientInactive
    return parties(world, draft, recipient, asker, time)


def parties(world: World, draft: Any, recipient: str, asker: dict[str, Any], time: int) -> Reason:
    if asker["actor"] not in world.staff:
        return Reason.ActorNotEnrolled
    member, role, _, end = world.staff[asker["actor"]]
    if end <= time:
        return Reason.ActorLicenceEnded
    if member != recipient:
        return Reason.ActorOfAnotherMember
    if asker["signer"] != asker["actor"]:
        home, work, _, end = world.staff.get(asker["signer"], ("", "", "", 0))
        if home != recipient or work != "system" or end <= time:
            return Reason.SignerNotEnrolled
    roles = draft.terms["roles"]
    if not among(role, roles) or (role == "system" and "system" not in roles):
        return Reason.RoleNotCovered
    return Reason.Permitted


def bounds(world: World, draft: Any, consent_id: str, shown: Shown) -> list[tuple[Reason, list[dict]]]:
    """What has to cover a request, and what is said where it does not: the terms, and the scope of a mandate."""
    found = [(Reason.ProvisionMissing, draft.terms["provisions"])]
    if consent_id in world.under:
        found.append((Reason.ScopeExceeded, shown.scope["provisions"]))
    return found


def authors_known(world: World, provisions: list[dict[str, Any]]) -> bool:
    names = {name for name, _ in world.members.values()}
    return all(
        one["authors"] == ["any"] or all(author in names for author in one["authors"]) for one in provisions
    )


def episode_missing(world: World, asker: dict[str, Any]) -> bool:
    member, role, department, _ = world.staff[asker["actor"]]
    if not world.ceilings.get(role, (0, False, False))[2]:
        return False
    home, work, _, end = world.staff.get(asker["episodeBy"], ("", "", "", 0))
    standing = home == member and work == "system" and end > max(world.now, asker["askedAt"])
    return not (standing and department and asker["episodeDepartment"] == department)


def permits(
    world: World,
    draft: Any,
    consent_id: str,
    asker: dict[str, Any],
    record: dict[str, Any],
    shown: Shown = Shown(),
) -> Reason:
    reason = basis(world, draft, consent_id, asker, shown)
    if reason is not Reason.Permitted:
        return reason
    _, role, department, _ = world.staff[asker["actor"]]
    most, own_only, _ = world.ceilings.get(role, (0, False, False))
    if not 0 < RANKS.get(record["confidentiality"], 0) <= most:
        return Reason.CeilingExceeded
    if own_only and (not department or record["department"] != department):
        return Reason.DepartmentNotOwn
    if episode_missing(world, asker):
        return Reason.EpisodeMissing
    if record["level"] != 3:
        return Reason.LevelNotReleasable
    limits = bounds(world, draft, consent_id, shown)
    if record["author"] not in world.members or not all(authors_known(world, one) for _, one in limits):
        return Reason.AuthorUnknown
    purpose, author = asker["purpose"], world.members[record["author"]][0]
    nothing = "any" in (purpose, record["category"]) or "" in (purpose, record["category"])
    for otherwise, provisions in limits:
        if nothing or not any(covers(one, purpose, record, author) for one in provisions):
            return otherwise
    return Reason.Permitted


def permits_directory(
    world: World,
    draft: Any,
    consent_id: str,
    asker: dict[str, Any],
    category: str,
    shown: Shown = Shown(),
) -> Reason:
    reason = basis(world, draft, consent_id, asker, shown)
    if reason is not Reason.Permitted:
        return reason
    if world.ceilings.get(world.staff[asker["actor"]][1], (0, False, False))[0] == 0:
        return Reason.CeilingExceeded
    if episode_missing(world, asker):
        return Reason.EpisodeMissing
    limits = bounds(world, draft, consent_id, shown)
    if not all(authors_known(world, one) for _, one in limits):
        return Reason.AuthorUnknown
    purpose = asker["purpose"]
    nothing = "any" in (purpose, category) or "" in (purpose, category)
    for otherwise, provisions in limits:
        if nothing or not any(
            among(purpose, one["purposes"]) and among(category, one["categories"]) for one in provisions
        ):
            return otherwise
    return Reason.Permitted
