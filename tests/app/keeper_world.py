"""alice's record at mercy_hospital, dr_bose of city_hospital, five keepers: what tests of keepers start from."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Protocol

from consentry.crypto import hpke
from consentry.crypto.pseudonyms import feed_key
from consentry.crypto.sealing import open_released
from consentry.crypto.signatures import account_of, sign_digest, sign_typed
from consentry.databases.place import Place as DatabasePlace
from consentry.domain import sessions
from consentry.domain.queries import ReceiptsQuery
from consentry.domain.receipts import Receipt
from consentry.domain.requests import ConsentGround, RecordItem, ReleaseRequest, SeedItem, SelfGround
from consentry.domain.sessions import PatientSession, Session, SessionCertificate, SessionKind
from consentry.keeper.database import KeeperDatabase
from consentry.keeper.ended_sessions import SqlEndedSessions
from consentry.keeper.revocations import SqlRevocations
from consentry.keeper.store import SqlReceiptBook
from consentry.services.keeper_desk import Desk
from consentry.services.pace import Pace
from consentry.services.release import ReleasedItem, release
from consentry.services.release_intake import ReleaseCommand, Signed
from consentry.storage.embedded import EmbeddedBlockStore
from tests.app.keeper_cast import AUDIT, CHAIN_ID, NOW, REGISTRY, Cast


class Place(Protocol):
    """Where a keeper stands."""

    folder: Path
    ledger: Any
    store: EmbeddedBlockStore
    clock: Any


def made_desk(
    place: Place, key: bytes, seed: bytes, file: str, database_at: DatabasePlace | None = None
) -> Desk:
    """A keeper with databases of its own, whose pace nobody exceeds."""
    account = account_of(key)
    path = database_at or place.folder / f"{file}.sqlite"
    database = KeeperDatabase(path, keeper=account, chain_id=CHAIN_ID, audit_log=AUDIT)
    return Desk(
        account,
        partial(sign_digest, key),
        seed,
        place.ledger,
        place.store,
        SqlReceiptBook(database),
        SqlEndedSessions(database),
        SqlRevocations(database),
        place.clock,
        pace=Pace(burst=10**6),
        feed_key=feed_key(key, CHAIN_ID),
    )


class World(Cast):
    """Keepers' desks, and what is asked of them. `places`: of databases that are no files in its folder."""

    @cached_property
    def places(self) -> dict[str, DatabasePlace]:
        return {}

    def desk(self, seat: int = 0) -> Desk:
        return self.desk_of(self.keeper_keys[seat], self.seeds[seat], f"keeper{seat}")

    def desk_of(self, key: bytes, seed: bytes, file: str) -> Desk:
        """The desk of whoever has this account key and this sealing seed."""
        return made_desk(self, key, seed, file, self.places.get(file))

    def session(
        self, *, signer: str = "dr_bose", kind: SessionKind = SessionKind.STAFF, **changes: Any
    ) -> Any:
        fields: Session | PatientSession = Session(
            self.account("dr_bose"), "City Hospital", "TREAT", self.session_key.public, NOW + 3600
        )
        if kind is SessionKind.PATIENT:
            fields = PatientSession(
                self.account("alice"), "City Hospital", self.session_key.public, NOW + 3600
            )
        fields = replace(fields, **changes)
        signature = sign_typed(self.keys[signer], sessions.typed_data(fields, CHAIN_ID))
        return SessionCertificate(kind, fields, signature)

    def request(self, *items: RecordItem | SeedItem, **changes: Any) -> ReleaseRequest:
        """By dr_bose under alice's consent, for her one record, unless said otherwise."""
        asked: dict[str, Any] = {
            "actor": self.account("dr_bose"),
            "chain_id": CHAIN_ID,
            "consent_registry": REGISTRY,
            "ground": ConsentGround(self.consent.grant(), self.consent.terms),
            "issued_at": NOW,
            "items": items or (self.record,),
            "nonce": secrets.token_bytes(16),
            "practitioner": None,
            "purpose": "TREAT",
            "seal_to": hpke.public_key(self.opener),
            "session": changes.get("session") or self.session(),
        }
        return ReleaseRequest(**{**asked, **changes})

    def own_request(self, *items: RecordItem | SeedItem, **changes: Any) -> ReleaseRequest:
        """By alice, for herself."""
        session = self.session(signer="alice", kind=SessionKind.PATIENT)
        own = {
            "actor": self.account("alice"),
            "ground": SelfGround(self.account("alice")),
            "session": session,
        }
        return self.request(*items, **{**own, **changes})

    def system_request(self, *items: RecordItem | SeedItem, **changes: Any) -> ReleaseRequest:
        """By the hospital's own system, for dr_bose."""
        system = self.account("city_system")
        session = self.session(signer="city_system", kind=SessionKind.SYSTEM, actor=system, purpose="any")
        own = {"actor": system, "practitioner": self.account("dr_bose"), "session": session}
        return self.request(*items, **{**own, **changes})

    def query(self, seat: int = 0, **changes: Any) -> ReceiptsQuery:
        """alice asks a keeper for the receipts about her."""
        alice = self.account("alice")
        asked: dict[str, Any] = {
            "actor": alice,
            "after": 0,
            "chain_id": CHAIN_ID,
            "issued_at": NOW,
            "keeper": self.committee.keepers[seat].account,
            "nonce": secrets.token_bytes(16),
            "patient": alice,
            "seal_to": hpke.public_key(self.opener),
            "session": changes.get("session") or self.session(signer="alice", kind=SessionKind.PATIENT),
        }
        return ReceiptsQuery(**{**asked, **changes})

    def signed_query(self, seat: int = 0, **changes: Any) -> Signed:
        raw = self.query(seat, **changes).to_bytes()
        return Signed(raw, self.session_key.sign(raw))

    def command(
        self, request: ReleaseRequest, shares: Sequence[bytes | None] | None = None, seat: int = 0
    ) -> Any:
        signed = Signed(request.to_bytes(), self.session_key.sign(request.to_bytes()))
        own = [self.share_for(item, seat) for item in request.items]
        return ReleaseCommand(signed, tuple(own if shares is None else shares))

    def share_for(self, item: RecordItem | SeedItem, seat: int) -> bytes | None:
        """The sealed share that a reader sends; a made-up record is sent with the first record's."""
        if isinstance(item, SeedItem):
            return None
        return self.shares_of.get(item.header.record_id, self.shares)[seat]

    def receipt(self, desk: Desk, answer: ReleasedItem) -> Receipt:
        """The receipt of an answer, from the book."""
        assert answer.seq is not None
        (found,) = desk.book.about(self.account("alice"), first_seq=answer.seq, limit=1)
        assert found.seq == answer.seq and found.receipt.value == answer.value
        return Receipt.parse(found.receipt.body)

    def refusal(
        self, desk: Desk, request: ReleaseRequest, shares: Sequence[bytes | None] | None = None
    ) -> str:
        """The reason in the receipt, after checking that nothing left."""
        (answer,) = release(self.command(request, shares), desk).items
        assert answer.sealed is None and answer.seat is None
        receipt = self.receipt(desk, answer)
        assert receipt.decision == "refused"
        return receipt.reason

    def given(self, desk: Desk, request: ReleaseRequest, seat: int = 0) -> bytes:
        """The released share, opened as the reader does."""
        (answer,) = release(self.command(request, seat=seat), desk).items
        assert answer.sealed is not None and answer.seat == seat
        item = request.items[0]
        named = item.header.record_id if isinstance(item, RecordItem) else self.commitment
        return open_released(self.opener, request.digest(), named, seat, answer.sealed)
