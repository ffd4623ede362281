"""alice's record at mercy_hospital, dr_bose of city_hospital, five keepers: what tests of keepers start from."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from consentry.crypto import envelope, hpke
from consentry.crypto.directory_keys import new_directory
from consentry.crypto.sealing import open_released, seal_record_key
from consentry.crypto.signatures import SessionKey, account_of, generate_account_key, sign_digest, sign_typed
from consentry.domain import merkle, sessions, times
from consentry.domain.categories import Category
from consentry.domain.directory import SERVICE
from consentry.domain.headers import SUITE, Header, record_digest
from consentry.domain.ledger import (
    Anchor,
    AttributeChange,
    ChainHead,
    Chamber,
    CommitteeInfo,
    KeeperInfo,
    MemberInfo,
    MemberStatus,
    StaffInfo,
)
from consentry.domain.receipts import Receipt
from consentry.domain.requests import ConsentGround, RecordItem, ReleaseRequest, SeedItem, SelfGround
from consentry.domain.sessions import PatientSession, Session, SessionCertificate, SessionKind
from consentry.domain.terms import Consent, Provision, Terms
from consentry.keeper.store import SqliteReceiptBook
from consentry.services.directory import attribute_value
from consentry.services.keeper_desk import Desk
from consentry.services.pace import Pace
from consentry.services.receipts import ReceiptsQuery
from consentry.services.release import ReleasedItem, release
from consentry.services.release_intake import ReleaseCommand, Signed
from consentry.storage.embedded import EmbeddedBlockStore
from tests.app.memory_ledger import MemoryLedger

NOW = times.seconds("2026-11-20T10:00:00Z")
CHAIN_ID = 1337
REGISTRY, AUDIT = "0x" + "c1" * 20, "0x" + "a1" * 20
CID = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"


class StoppedClock:
    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> int:
        return self.time


class World:
    """Everything is public and may be changed by a test before it asks."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, StoppedClock()
        self.keys = {
            name: generate_account_key()
            for name in ("alice", "dr_bose", "mercy", "city", "city_system", "mallory")
        }
        self.ledger = MemoryLedger(CHAIN_ID, {"ConsentRegistry": REGISTRY, "AuditLog": AUDIT})
        self.ledger.head_at = ChainHead(7, NOW - 1, bytes(32))
        self.keeper_keys = [generate_account_key() for _ in range(5)]
        self.seeds = [hpke.generate_seed() for _ in range(5)]
        self.committee = CommitteeInfo(1, 3, tuple(self._keeper(seat) for seat in range(5)))
        self.ledger.committees[1] = self.committee
        self.store = EmbeddedBlockStore(folder / "store")
        self._people()
        self.shares_of: dict[bytes, tuple[bytes, ...]] = {}
        self.record = self.anchored_record()
        self.shares = self.shares_of[self.record.header.record_id]
        self._directory()
        self.session_key = SessionKey.generate()
        self.opener = hpke.generate_seed()

    def account(self, name: str) -> str:
        return account_of(self.keys[name])

    def desk(self, seat: int = 0) -> Desk:
        account = account_of(self.keeper_keys[seat])
        book = SqliteReceiptBook(
            self.folder / f"keeper{seat}.sqlite", keeper=account, chain_id=CHAIN_ID, audit_log=AUDIT
        )
        sign = partial(sign_digest, self.keeper_keys[seat])
        pace = Pace(burst=10**6)
        return Desk(account, sign, self.seeds[seat], self.ledger, self.store, book, self.clock, pace=pace)

    # --- what is asked ---

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

    # --- how it came about ---

    def _keeper(self, seat: int) -> KeeperInfo:
        key = hpke.public_key(self.seeds[seat])
        account = account_of(self.keeper_keys[seat])
        return KeeperInfo(seat, account, account, Chamber.Institutions, f"http://127.0.0.1:{9 + seat}", key)

    def _people(self) -> None:
        city, bose = self.account("city"), self.account("dr_bose")
        self.ledger.by_name["City Hospital"] = MemberInfo(
            city, "City Hospital", "hospital", MemberStatus.Active, 1, ()
        )
        state = self.ledger.latest
        state.active |= {city, self.account("mercy")}
        state.staff[bose] = StaffInfo(bose, city, "attending", "cardiology", NOW + 10**6)
        system = self.account("city_system")
        state.staff[system] = StaffInfo(system, city, "system", "any", NOW + 10**6)
        state.keepers |= {keeper.account for keeper in self.committee.keepers}
        state.acts_for.add((self.account("alice"), self.account("alice")))
        anything = Provision(("TREAT",), ("any",), "R", "any", "any", ("any",), ("any",))
        terms = Terms("City Hospital", city, ("attending",), (anything,), 0, secrets.token_bytes(32))
        self.consent = Consent(self.account("alice"), terms, NOW - 3600, NOW + 86_400, NOW + 3600)

    def anchored_record(self) -> RecordItem:
        """A record of alice by mercy; `record_key` is the newest one's."""
        self.record_key, record_id = secrets.token_bytes(32), secrets.token_bytes(32)
        header = Header(
            record_id=record_id, patient=self.account("alice"), author=self.account("mercy"),
            category="laboratory", level=3, confidentiality="N", department="cardiology",
            date="2026-05-04T08:00:00Z", version=1, replaces=None, suite=SUITE, cid=CID,
            ciphertext_digest=secrets.token_bytes(32),
            key_commitment=envelope.derive(self.record_key, record_id, SUITE).commitment,
        )  # fmt: skip
        sealing, shares = seal_record_key(
            self.record_key, header.record_id, header.hash(), self.committee, CHAIN_ID
        )
        digest = record_digest(header.record_id, header.hash(), sealing.hash())
        values = [secrets.token_bytes(32), digest, secrets.token_bytes(32)]
        root = merkle.root(values)
        self.shares_of[record_id] = shares
        self.ledger.latest.anchors[self.account("mercy"), root] = Anchor(NOW - 60, 3)
        return RecordItem(header, sealing, root, merkle.proof(values, 1))

    def _directory(self) -> None:
        made = new_directory(self.account("alice"), CHAIN_ID, self.committee)
        self.document, self.category_seeds = made.document, made.seeds
        self.commitment = made.document.categories[Category.LABORATORY].seed_commitment
        cid = self.store.put([made.document.to_bytes()]).cid
        self.seed_item = SeedItem("laboratory", cid, self.account("alice"))
        change = AttributeChange(SERVICE, attribute_value(cid), NOW + 10**9, 3, 0)
        self.ledger.changes[self.account("alice")] = [change]
