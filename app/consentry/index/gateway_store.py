"""What a gateway's desk keeps: links, proposals, and consents it holds (G-4).

This cannot be rebuilt from the chain: back it up. Patient numbers come in as keyed hashes only (32 bytes), terms as the
JSON that was signed; nothing here releases a key.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from consentry.databases.columns import insert_new
from consentry.databases.place import Place
from consentry.databases.prepared import Query
from consentry.index.database import Database
from consentry.index.desk_tables import consents, links, proposals
from consentry.index.schemas import DESK


class ProposalState(StrEnum):
    """open ── granted. Its end is a time, not a state."""

    OPEN = "open"
    GRANTED = "granted"


class HeldState(StrEnum):
    """granted ── revoked. What is in force is asked of the chain, never of this."""

    GRANTED = "granted"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Link:
    """A patient number (keyed hash) and a DID's address are one person; `evidence`: the challenge and signature, JSON.

    `ref` is the random name that stands for the person in URLs.
    """

    number_key: bytes
    patient: str
    linked_at: int
    linked_by: str
    evidence: str
    ref: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass(frozen=True)
class Proposal:
    """Terms that wait for a patient's signature. `proposal_id`: 16 random bytes; `consent`: the JSON to be signed."""

    proposal_id: bytes
    patient: str
    consent: str
    proposed_at: int
    proposed_by: str
    ends_at: int
    state: ProposalState = ProposalState.OPEN
    consent_id: bytes | None = None


@dataclass(frozen=True)
class HeldConsent:
    """A consent whose terms this gateway holds; `consent`: the signed JSON; `valid_until` exclusive."""

    consent_id: bytes
    patient: str
    consent: str
    signature: bytes
    valid_from: int
    valid_until: int
    received_at: int
    state: HeldState = HeldState.GRANTED
    transaction: bytes | None = None


class GatewayStore:
    """One database; every method is one transaction. Raises DatabaseUnreachable."""

    def __init__(self, place: Place) -> None:
        self._database = Database(place, DESK, durable=True)

    @property
    def database(self) -> Database:
        """For what the desk keeps in tables of its own beside these."""
        return self._database

    # --- links ---

    def link(self, new: Link) -> Link:
        """Link the number if it is free. Gives the live link: the caller compares its patient."""
        with self._database.write() as connection:
            known = connection.execute(_LIVE_LINK, {"number": new.number_key}).first()
            if known is not None:
                return Link(*known)
            connection.execute(insert(links).values(**vars(new)))
        return new

    def unlink(self, ref: str, now: int) -> bool:
        """End this very link, not a later one of its number; its row stays as evidence. Whether it was live."""
        live = (links.c.ref == ref) & links.c.unlinked_at.is_(None)
        with self._database.write() as connection:
            return connection.change(update(links).where(live).values(unlinked_at=now)) > 0

    def link_of(self, number_key: bytes) -> Link | None:
        with self._database.read() as connection:
            row = connection.execute(_LIVE_LINK, {"number": number_key}).first()
        return None if row is None else Link(*row)

    def link_by_ref(self, ref: str) -> Link | None:
        with self._database.read() as connection:
            row = connection.execute(_LINK_BY_REF, {"ref": ref}).first()
        return None if row is None else Link(*row)

    def link_of_patient(self, patient: str) -> Link | None:
        """The person's oldest live link: several numbers may be one person's."""
        with self._database.read() as connection:
            row = connection.execute(
                _LINK.where(links.c.patient == patient, links.c.unlinked_at.is_(None))
            ).first()
        return None if row is None else Link(*row)

    def was_linked(self, patient: str) -> bool:
        """Whether any link names this person, live or ended."""
        named = select(links.c.id).where(links.c.patient == patient).limit(1)
        with self._database.read() as connection:
            return connection.execute(named).first() is not None

    # --- proposals ---

    def propose(self, new: Proposal) -> None:
        """An open one of the same id is this one's from now on; one that was granted stays as it is."""
        taken = {"proposed_at": new.proposed_at, "proposed_by": new.proposed_by}
        opened = proposals.c.state == ProposalState.OPEN
        with self._database.write() as connection:
            made = insert_new(connection, proposals).values(**vars(new))
            key = [proposals.c.proposal_id]
            connection.execute(made.on_conflict_do_update(index_elements=key, set_=taken, where=opened))

    def keep_proposal(self, new: Proposal) -> None:
        """One that is there already stays as it is."""
        with self._database.write() as connection:
            connection.execute(insert_new(connection, proposals).on_conflict_do_nothing().values(**vars(new)))

    def proposal(self, proposal_id: bytes) -> Proposal | None:
        found = self._proposals(_PROPOSAL_BY_ID, proposal_id)
        return found[0] if found else None

    def proposals_of(self, patient: str) -> tuple[Proposal, ...]:
        """Whatever became of them, oldest first."""
        return self._proposals(_PROPOSALS_OF, patient)

    def proposals_by(self, by: str, most: int) -> tuple[Proposal, ...]:
        """The newest ones of a client or staff account, newest first."""
        newest = (proposals.c.proposed_at.desc(), proposals.c.proposal_id)
        query = _PROPOSAL.where(proposals.c.proposed_by == by).order_by(*newest)
        with self._database.read() as connection:
            rows = connection.execute(query.limit(most)).all()
        return tuple(_proposal(row) for row in rows)

    def settle_proposal(
        self, proposal_id: bytes, state: ProposalState, consent_id: bytes | None = None
    ) -> bool:
        """Move an open proposal on. Whether it was open."""
        opened = (proposals.c.proposal_id == proposal_id) & (proposals.c.state == ProposalState.OPEN)
        with self._database.write() as connection:
            changed = update(proposals).where(opened).values(state=state, consent_id=consent_id)
            return connection.change(changed) > 0

    def drop_proposal(self, proposal_id: bytes, by: str) -> None:
        """Forget a proposal of this client or account that is open still."""
        opened = (proposals.c.proposal_id == proposal_id) & (proposals.c.state == ProposalState.OPEN)
        with self._database.write() as connection:
            connection.execute(delete(proposals).where(opened, proposals.c.proposed_by == by))

    def _proposals(self, query: Query, of: str | bytes) -> tuple[Proposal, ...]:
        with self._database.read() as connection:
            rows = connection.execute(query, {"of": of}).all()
        return tuple(_proposal(row) for row in rows)

    # --- consents ---

    def hold(self, new: HeldConsent) -> None:
        """Keep a signed consent; one already held stays as it is."""
        with self._database.write() as connection:
            known = select(consents.c.state).where(consents.c.consent_id == new.consent_id)
            if connection.execute(known).first() is None:
                connection.execute(insert(consents).values(**vars(new)))

    def mark_consent(self, consent_id: bytes, state: HeldState, transaction: bytes | None = None) -> bool:
        """Note what the chain said. Never back from revoked. Whether anything changed."""
        place = (consents.c.consent_id == consent_id) & (consents.c.state != HeldState.REVOKED)
        values: dict[str, Any] = {"state": state}
        if transaction is not None:
            values["transaction"] = transaction
        with self._database.write() as connection:
            return connection.change(update(consents).where(place).values(**values)) > 0

    def consent(self, consent_id: bytes) -> HeldConsent | None:
        found = self._consents(_CONSENT_BY_ID, consent_id)
        return found[0] if found else None

    def consents_of(self, patient: str) -> tuple[HeldConsent, ...]:
        """Newest first."""
        return self._consents(_CONSENTS_OF, patient)

    def _consents(self, query: Query, of: str | bytes) -> tuple[HeldConsent, ...]:
        with self._database.read() as connection:
            rows = connection.execute(query, {"of": of}).all()
        return tuple(HeldConsent(**{**row._mapping, "state": HeldState(row.state)}) for row in rows)


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(**{**row._mapping, "state": ProposalState(row.state)})


_LINK = select(
    links.c.number_key,
    links.c.patient,
    links.c.linked_at,
    links.c.linked_by,
    links.c.evidence,
    links.c.ref,
).order_by(links.c.linked_at)
_PROPOSAL = select(
    proposals.c.proposal_id,
    proposals.c.patient,
    proposals.c.consent,
    proposals.c.proposed_at,
    proposals.c.proposed_by,
    proposals.c.ends_at,
    proposals.c.state,
    proposals.c.consent_id,
)
_CONSENT = select(
    consents.c.consent_id,
    consents.c.patient,
    consents.c.consent,
    consents.c.signature,
    consents.c.valid_from,
    consents.c.valid_until,
    consents.c.received_at,
    consents.c.state,
    consents.c.transaction,
).order_by(consents.c.received_at.desc())
# Made once: putting a statement together takes longer than running it.
_LINK_BY_REF = Query(_LINK.where(links.c.ref == bindparam("ref"), links.c.unlinked_at.is_(None)))
_LIVE_LINK = Query(_LINK.where(links.c.number_key == bindparam("number"), links.c.unlinked_at.is_(None)))
_PROPOSAL_BY_ID = Query(_PROPOSAL.where(proposals.c.proposal_id == bindparam("of")))
_PROPOSALS_OF = Query(
    _PROPOSAL.where(proposals.c.patient == bindparam("of")).order_by(proposals.c.proposed_at)
)
_CONSENT_BY_ID = Query(_CONSENT.where(consents.c.consent_id == bindparam("of")))
_CONSENTS_OF = Query(_CONSENT.where(consents.c.patient == bindparam("of")))
