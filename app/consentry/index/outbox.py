"""Mail addresses, and news that is to be told (the MailBook and Outbox ports), on the desk's database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, insert, select, update

from consentry.domain import fields
from consentry.domain.addresses import Address
from consentry.index.desk_tables import consents, links, mail_addresses, openings, outgoing, proposals
from consentry.index.gateway_store import GatewayStore, HeldState, ProposalState
from consentry.ports.mail import KeptMail, Outgoing
from consentry.ports.news import Kind

NOBODY = ""


class DeskMail:
    """Raises StoreUnreachable."""

    def __init__(self, store: GatewayStore) -> None:
        self._database = store.database

    def keep(self, kept: KeptMail) -> None:
        with self._database.write() as connection:
            connection.execute(delete(mail_addresses).where(mail_addresses.c.patient == kept.patient))
            connection.execute(insert(mail_addresses).values(**vars(kept)))

    def of_patient(self, patient: Address) -> KeptMail | None:
        columns = (mail_addresses.c.patient, mail_addresses.c.sealed, mail_addresses.c.confirmed_at)
        with self._database.read() as connection:
            row = connection.execute(select(*columns).where(mail_addresses.c.patient == patient)).first()
        return None if row is None else KeptMail(Address(row.patient), row.sealed, row.confirmed_at)

    def forget(self, patient: Address) -> None:
        with self._database.write() as connection:
            connection.execute(delete(mail_addresses).where(mail_addresses.c.patient == patient))


class DeskOutbox:
    """Raises StoreUnreachable."""

    def __init__(self, store: GatewayStore) -> None:
        self._database = store.database

    def requests(self, channel: str, since: int, now: int) -> Sequence[Outgoing]:
        waits = (proposals.c.state == ProposalState.OPEN, proposals.c.ends_at > now)
        query = select(proposals.c.consent_id, proposals.c.patient).where(
            *waits, proposals.c.proposed_at >= since
        )
        return self._new(channel, Kind.CONSENT_REQUEST, query)

    def openings(self, channel: str) -> Sequence[Outgoing]:
        query = select(openings.c.opening_id, openings.c.patient).join(
            mail_addresses,
            (mail_addresses.c.patient == openings.c.patient)
            & (mail_addresses.c.confirmed_at <= openings.c.kept_at),
        )
        return self._new(channel, Kind.EMERGENCY_OPENING, query)

    def readers(self, channel: str, member: str, now: int) -> Sequence[Outgoing]:
        held = (consents.c.state == HeldState.GRANTED, consents.c.valid_until > now)
        named = consents.c.consent.contains(member)
        with self._database.read() as connection:
            rows = connection.execute(
                select(consents.c.patient, consents.c.consent).where(*held, named)
            ).all()
        patients = {row.patient for row in rows if json.loads(row.consent)["terms"]["recipient"] == member}
        return [Outgoing(channel, Kind.MEMBER_SUSPENDED, member, Address(one)) for one in sorted(patients)]

    def told_of(self, channel: str, kind: str) -> frozenset[str]:
        query = select(outgoing.c.subject).where(outgoing.c.channel == channel, outgoing.c.kind == kind)
        with self._database.read() as connection:
            return frozenset(connection.execute(query).scalars())

    def put(self, messages: Sequence[Outgoing], now: int) -> None:
        with self._database.write() as connection:
            for one in messages:
                if connection.execute(select(outgoing.c.attempts).where(_place(one))).first() is None:
                    settled = now if one.patient == NOBODY else None
                    connection.execute(insert(outgoing).values(**_row(one), next_at=now, settled_at=settled))

    def forget(self, channel: str, kind: str, subject: str) -> None:
        place = (outgoing.c.channel == channel, outgoing.c.kind == kind, outgoing.c.subject == subject)
        with self._database.write() as connection:
            connection.execute(delete(outgoing).where(*place))

    def due(self, channel: str, now: int, limit: int) -> Sequence[Outgoing]:
        columns = (
            outgoing.c.channel,
            outgoing.c.kind,
            outgoing.c.subject,
            outgoing.c.patient,
            outgoing.c.attempts,
        )
        waits = (outgoing.c.channel == channel, outgoing.c.settled_at.is_(None), outgoing.c.next_at <= now)
        query = select(*columns).where(*waits).order_by(outgoing.c.next_at).limit(limit)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            return [
                Outgoing(**row._mapping, refs=tuple(connection.execute(_refs(row.patient)).scalars()))
                for row in rows
            ]

    def later(self, message: Outgoing, next_at: int) -> None:
        self._change(message, attempts=outgoing.c.attempts + 1, next_at=next_at)

    def settle(self, message: Outgoing, now: int) -> None:
        self._change(message, settled_at=now)

    def _change(self, message: Outgoing, **values: Any) -> None:
        with self._database.write() as connection:
            connection.execute(update(outgoing).where(_place(message)).values(**values))

    def _new(self, channel: str, kind: Kind, query: Select[Any]) -> Sequence[Outgoing]:
        known = self.told_of(channel, kind)
        with self._database.read() as connection:
            rows = connection.execute(query).tuples().all()
        found = ((fields.to_hex(subject), patient) for subject, patient in rows if subject)
        return [
            Outgoing(channel, kind, subject, Address(whom)) for subject, whom in found if subject not in known
        ]


def _place(one: Outgoing) -> ColumnElement[bool]:
    return (
        (outgoing.c.channel == one.channel)
        & (outgoing.c.kind == one.kind)
        & (outgoing.c.subject == one.subject)
        & (outgoing.c.patient == one.patient)
    )


def _row(one: Outgoing) -> dict[str, Any]:
    return {
        "channel": one.channel,
        "kind": one.kind,
        "subject": one.subject,
        "patient": one.patient,
        "attempts": one.attempts,
    }


def _refs(patient: str) -> Select[Any]:
    live = (links.c.patient == patient) & links.c.unlinked_at.is_(None)
    return select(links.c.ref).where(live).order_by(links.c.linked_at)
