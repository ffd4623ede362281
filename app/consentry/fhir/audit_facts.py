"""What an audit event tells, before it is FHIR (specification J-1, J-3): values without any clinical content."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

EVENT_ID_BYTES = 16


class Pattern(StrEnum):
    """The basic patterns of IHE BALP; with a patient named each is its Patient variant."""

    CREATE = "Create"
    READ = "Read"
    UPDATE = "Update"
    DELETE = "Delete"
    QUERY = "Query"
    DECISION = "AuthZconsent"


class Outcome(StrEnum):
    """R4 audit-event-outcome: done; not possible as it was asked; refused, or failed here."""

    SUCCESS = "0"
    MINOR = "4"
    SERIOUS = "8"


@dataclass(frozen=True)
class Named:
    """Somebody or something, as a FHIR Reference says it. Of what is `private` nobody but the patient concerned sees the
    value: others see a pseudonym."""

    type: str = ""
    reference: str = ""
    system: str = ""
    value: str = ""
    display: str = ""
    private: bool = False


@dataclass(frozen=True)
class ReceiptName:
    """One keeper's receipt: its number there, and its Merkle value (L-18) as 0x and 64 hex digits."""

    keeper: str
    seq: int
    digest: str


@dataclass(frozen=True)
class Problem:
    """Why something was not done: our slug, R4's issue type, and the sentence that the error has for everybody."""

    code: str
    issue: str
    summary: str


@dataclass(frozen=True)
class Facts:
    """One event. `recorded` in seconds; `subtypes` are codes of R4's restful-interaction (of AuthZsubType in a decision);
    `address` is the caller's on the network; `data` what was read or written, without what a caller made up; `query` the
    request with the names of its parameters alone.

    `records` are the ids (0x and hex) of records that were published or taken back; `grounds` the consents or the opening of
    a decision; `requests` the digests (0x and hex) of what keepers were asked, which each of their receipts names, of refusals
    too; `receipts` those that came with answers, of which `more_receipts` are not listed here. `unwritten`: how many refusals
    of callers whom nobody knows came before and have no event of their own.
    """

    event_id: str
    recorded: int
    pattern: Pattern
    subtypes: tuple[str, ...]
    outcome: Outcome
    request_id: str
    origin: str
    member: Named
    client: Named
    address: str
    user: Named | None = None
    role: str = ""
    purpose: str = ""
    patient: Named | None = None
    data: Named | None = None
    query: str = ""
    problem: Problem | None = None
    records: tuple[str, ...] = ()
    grounds: tuple[Named, ...] = ()
    requests: tuple[str, ...] = ()
    receipts: tuple[ReceiptName, ...] = ()
    more_receipts: int = 0
    unwritten: int = 0

    def to_json(self) -> dict[str, Any]:
        """As `dataclasses.asdict`, which would copy every word of it."""
        kept: dict[str, Any] = {**vars(self)}
        for name in ("member", "client", "user", "patient", "data", "problem"):
            kept[name] = None if kept[name] is None else {**vars(kept[name])}
        for name in ("grounds", "receipts"):
            kept[name] = [{**vars(one)} for one in kept[name]]
        return kept

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Facts:
        """What `to_json` wrote, also by an earlier version: what was not known then has its default."""
        known = {one.name for one in fields(cls)}
        found = {name: value for name, value in kept.items() if name in known}
        for name in ("member", "client", "user", "patient", "data"):
            found[name] = None if found.get(name) is None else Named(**found[name])
        found["pattern"], found["outcome"] = Pattern(found["pattern"]), Outcome(found["outcome"])
        found["problem"] = None if found.get("problem") is None else Problem(**found["problem"])
        found["grounds"] = tuple(Named(**one) for one in found.get("grounds", ()))
        found["receipts"] = tuple(ReceiptName(**one) for one in found.get("receipts", ()))
        for name in ("subtypes", "records", "requests"):
            found[name] = tuple(found.get(name, ()))
        return cls(**found)
