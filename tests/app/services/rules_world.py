"""Keepers' desks on a real chain, in this process: every rule that contracts judge is judged by the contracts."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from consentry.chain.calls import code32
from consentry.crypto import hpke
from consentry.crypto.directory_keys import new_directory
from consentry.crypto.pseudonyms import feed_key
from consentry.crypto.sealing import check_share, open_released
from consentry.crypto.signatures import account_of, generate_account_key, sign_digest
from consentry.domain.addresses import Address
from consentry.domain.categories import Category
from consentry.domain.directory import SERVICE
from consentry.domain.receipts import Receipt
from consentry.domain.requests import ConsentGround, Ground, RecordItem, ReleaseRequest, SeedItem, SelfGround
from consentry.domain.sessions import PatientSession, Session, SessionKind
from consentry.keeper.database import KeeperDatabase
from consentry.keeper.ended_sessions import SqlEndedSessions
from consentry.keeper.revocations import SqlRevocations
from consentry.keeper.store import SqlReceiptBook
from consentry.services.directory import attribute_value
from consentry.services.keeper_desk import Desk, Limits
from consentry.services.pace import Pace
from consentry.services.release import ReleasedItem, release
from consentry.services.release_intake import ReleaseCommand, Signed
from consentry.storage.embedded import EmbeddedBlockStore
from tests.app.chain.world import DAY, build_world
from tests.app.keeper.scene import Scene
from tests.chains import DeployedChain

YEAR = 365 * DAY


@dataclass
class SetClock:
    """The machine's clock, so many seconds off."""

    off: int = 0

    def now(self) -> int:
        return int(time.time()) + self.off


@dataclass
class Rules(Scene):
    """alice's laboratory result and emergency summary at mercy, her directory, dr_bose of city with her consent, and five
    keepers' desks."""

    clock: SetClock = field(default_factory=SetClock)
    books: str = "desk"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.store = EmbeddedBlockStore(self.folder / "store")
        self.shares_of = {self.record.header.record_id: self.shares}
        self.summary = self.another_record(category="emergency")
        self.documents: dict[str, Any] = {}
        self.cid = self.publish_directory()

    # --- what there is ---

    def another_record(self, **changes: object) -> RecordItem:
        item, shares = self.anchored_record(**changes)
        self.shares_of[item.header.record_id] = shares
        return item

    def publish_directory(self, of: bytes | None = None, *, name: bool = True) -> str:
        """A directory document of alice (or of another key), stored, and named on chain unless said otherwise."""
        key = of or self.alice_key
        document = new_directory(account_of(key), self.ledger.chain_id, self.committee).document
        cid = self.store.put([document.to_bytes()]).cid
        self.documents[cid] = document
        if name:
            arguments = (account_of(key), code32(SERVICE), attribute_value(cid), YEAR)
            self.sender(key).transact("IdentityRegistry", "setAttribute", *arguments)
        return cid

    def sender(self, key: bytes) -> Any:
        return type(self.alice)(self.ledger.connection, key)

    def enrolled(self, role: str = "attending", department: str = "cardiology", licence: int = YEAR) -> bytes:
        """The key of somebody new at city."""
        key = generate_account_key()
        ends = self.ledger.head().timestamp + licence
        staff = (account_of(key), code32(role), code32(department), ends)
        self.world.city_hospital.transact("MemberRegistry", "enrol", *staff)
        return key

    def seed(self, category: str = "laboratory", cid: str = "") -> SeedItem:
        return SeedItem(Category(category), cid or self.cid, account_of(self.alice_key))

    # --- keepers ---

    def desk(self, seat: int = 0, limits: Limits | None = None) -> Desk:
        ledger, key = self.world.chain.ledger(), self.keeper_keys[seat]
        database = KeeperDatabase(
            self.folder / f"{self.books}{seat}.sqlite",
            keeper=account_of(key),
            chain_id=ledger.chain_id,
            audit_log=ledger.address_of("AuditLog"),
        )
        return Desk(
            account=account_of(key),
            sign=partial(sign_digest, key),
            sealing_seed=self.seeds[seat],
            ledger=ledger,
            store=self.store,
            book=SqlReceiptBook(database),
            sessions=SqlEndedSessions(database),
            revocations=SqlRevocations(database),
            clock=self.clock,
            limits=limits or Limits(YEAR, YEAR),
            pace=Pace(burst=10**6),
            feed_key=feed_key(key, ledger.chain_id),
        )

    # --- asking ---

    def asking(
        self,
        *items: RecordItem | SeedItem,
        by: bytes | None = None,
        ground: Ground | None = None,
        purpose: str = "TREAT",
    ) -> ReleaseRequest:
        """By dr_bose under alice's consent for her laboratory result, unless said otherwise."""
        key, now = by or self.dr_bose_key, self.clock.now()
        shown = ground or ConsentGround(self.consent.grant(), self.consent.terms)
        session: Session | PatientSession
        if isinstance(shown, SelfGround):
            kind = SessionKind.PATIENT
            session = PatientSession(shown.patient, self.world.city_name, self.session_key.public, now + 3600)
        else:
            kind = SessionKind.STAFF
            session = Session(
                account_of(key), self.world.city_name, purpose, self.session_key.public, now + 3600
            )
        self.opener = hpke.generate_seed()
        return ReleaseRequest(
            actor=account_of(key),
            chain_id=self.ledger.chain_id,
            consent_registry=Address(self.ledger.address_of("ConsentRegistry")),
            ground=shown,
            issued_at=now,
            items=items or (self.record,),
            nonce=secrets.token_bytes(16),
            practitioner=None,
            purpose=purpose,
            seal_to=hpke.public_key(self.opener),
            session=self._certificate(kind, session, key),
        )

    def answers(self, request: ReleaseRequest, desk: Desk, seat: int = 0) -> tuple[ReleasedItem, ...]:
        raw = request.to_bytes()
        shares = tuple(
            self.shares_of[item.header.record_id][seat] if isinstance(item, RecordItem) else None
            for item in request.items
        )
        return release(ReleaseCommand(Signed(raw, self.session_key.sign(raw)), shares), desk).items

    def receipts_of(self, request: ReleaseRequest, desk: Desk | None = None) -> tuple[Receipt, ...]:
        """The receipts of a request, once the answers are checked against them: a share exactly where one says so."""
        asked = desk or self.desk()
        found = []
        for item, answer in zip(request.items, self.answers(request, asked), strict=True):
            assert answer.seq is not None
            (stored,) = asked.book.about(request.ground.patient, first_seq=answer.seq, limit=1)
            receipt = Receipt.parse(stored.receipt.body)
            assert (receipt.decision == "released") == (answer.sealed is not None)
            if answer.sealed is not None:
                self._open_share(request, item, answer.sealed)
            found.append(receipt)
        return tuple(found)

    def reason(self, request: ReleaseRequest, desk: Desk | None = None) -> str:
        """Of a request for one item."""
        (receipt,) = self.receipts_of(request, desk)
        return receipt.reason

    def _open_share(self, request: ReleaseRequest, item: RecordItem | SeedItem, sealed: bytes) -> None:
        if isinstance(item, RecordItem):
            sealing, named = item.sealing, item.header.record_id
        else:
            document = self.documents[item.document_cid]
            sealing = document.sealing_of(item.category)
            named = document.categories[item.category].seed_commitment
        check_share(sealing, named, 0, open_released(self.opener, request.digest(), named, 0, sealed))


@contextmanager
def rules_on(chain: DeployedChain, folder: Path) -> Iterator[Rules]:
    """What is done in this world is taken back at its end."""
    with chain.undone():
        made = Rules(build_world(chain), folder)
        yield made
        made.close()
