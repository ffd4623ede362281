"""alice's record at mercy_hospital, dr_bose of city_hospital and five keepers, on a ledger of dictionaries."""

from __future__ import annotations

import secrets
from pathlib import Path

from consentry.crypto import envelope, hpke
from consentry.crypto.directory_keys import new_directory
from consentry.crypto.sealing import seal_record_key
from consentry.crypto.signatures import SessionKey, account_of, generate_account_key
from consentry.domain import merkle, times
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
from consentry.domain.requests import RecordItem, SeedItem
from consentry.domain.terms import Consent, Provision, Terms
from consentry.services.directory import attribute_value
from consentry.storage.embedded import EmbeddedBlockStore
from tests.app.memory_ledger import MemoryLedger

NOW = times.seconds("2026-11-20T10:00:00Z")
CHAIN_ID = 1337
REGISTRY, AUDIT = "0x" + "c1" * 20, "0x" + "a1" * 20
EMERGENCY, COMMITTEES = "0x" + "e1" * 20, "0x" + "cc" * 20
CID = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"


class StoppedClock:
    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> int:
        return self.time


class Cast:
    """Who there is and what is on chain. Everything is public and may be changed by a test before it asks."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, StoppedClock()
        self.keys = {
            name: generate_account_key()
            for name in ("alice", "dr_bose", "mercy", "city", "city_system", "mallory")
        }
        self.ledger = MemoryLedger(
            CHAIN_ID,
            {
                "ConsentRegistry": REGISTRY,
                "AuditLog": AUDIT,
                "EmergencyAccess": EMERGENCY,
                "KeeperCommittee": COMMITTEES,
            },
        )
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
