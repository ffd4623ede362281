"""Telling patients by e-mail, and what is still to be told to whom (specification W-21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from consentry.domain.addresses import Address


@dataclass(frozen=True)
class KeptMail:
    """Where a patient wants to be told; `sealed` under the gateway's content key. In seconds."""

    patient: Address
    sealed: bytes
    confirmed_at: int


@dataclass(frozen=True)
class Outgoing:
    """One message that is due: by which channel, about what kind of news, which one, for whom, and under which references the
    member's systems know the person here."""

    channel: str
    kind: str
    subject: str
    patient: Address
    attempts: int = 0
    refs: tuple[str, ...] = ()


class Mailer(Protocol):
    """The member's mail server."""

    def send(self, to: str, subject: str, text: str) -> bool:
        """Bounded in time. Whether it was taken; never raises."""


class MailBook(Protocol):
    """Durable; every method is one transaction. Raises StoreUnreachable."""

    def keep(self, kept: KeptMail) -> None:
        """In place of the former one."""

    def of_patient(self, patient: Address) -> KeptMail | None: ...

    def forget(self, patient: Address) -> None: ...


class Outbox(Protocol):
    """Durable; every method is one transaction or can be repeated. Raises StoreUnreachable."""

    def requests(self, channel: str, since: int, now: int) -> Sequence[Outgoing]:
        """Consents that were asked for since then, wait still, and are not in this channel's box."""

    def openings(self, channel: str) -> Sequence[Outgoing]:
        """Emergency openings since the patient's address is known that are not in this channel's box."""

    def readers(self, channel: str, member: str, now: int) -> Sequence[Outgoing]:
        """For every patient whose consent, as far as is known here, lets this member read."""

    def told_of(self, channel: str, kind: str) -> frozenset[str]:
        """Subjects of this kind for which messages were put in."""

    def put(self, messages: Sequence[Outgoing], now: int) -> None:
        """Due at once; those that are in it stay as they are."""

    def forget(self, channel: str, kind: str, subject: str) -> None:
        """What comes again under this name is to be told again."""

    def due(self, channel: str, now: int, limit: int) -> Sequence[Outgoing]: ...

    def later(self, message: Outgoing, next_at: int) -> None:
        """Count an attempt, and try again then."""

    def settle(self, message: Outgoing, now: int) -> None:
        """There is nothing left to tell."""
