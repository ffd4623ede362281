"""A committee of real keeper processes on a real chain, with a record, a consent and a reader."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import urllib3

from consentry.chain.sender import ChainSender
from consentry.config import StoreConfig
from consentry.crypto import envelope, hpke, keystore
from consentry.crypto.sealing import check_share, open_released, seal_record_key
from consentry.crypto.signatures import SessionKey, account_of, generate_account_key, sign_typed
from consentry.domain import merkle, sessions
from consentry.domain.addresses import Address
from consentry.domain.headers import SUITE, Header, record_digest
from consentry.domain.queries import ReceiptsQuery
from consentry.domain.requests import ConsentGround, RecordItem, ReleaseRequest
from consentry.domain.sessions import PatientSession, Session, SessionCertificate, SessionKind
from consentry.keeper.settings import KeeperConfig
from consentry.network.processes import free_port
from consentry.ports.keeper_values import Asked, SignedAsk
from consentry.remote.keepers import HttpKeepers
from consentry.services.receipts import ReceiptsPage, open_receipts
from tests.app.chain.world import DAY, World, grant_tuple
from tests.app.keeper.committee import publish_committee
from tests.waiting import until

PASSPHRASE = "correct horse battery staple"
CID = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"


@dataclass
class Scene:
    """`world` has the members; this adds keepers (a process each, started by `start`) and what is read."""

    world: World
    folder: Path
    processes: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ledger = self.world.ledger
        self.alice_key, self.dr_bose_key = generate_account_key(), generate_account_key()
        self.alice = ChainSender(self.ledger.connection, self.alice_key)
        self.keeper_keys = [generate_account_key() for _ in range(5)]
        self.seeds = [hpke.generate_seed() for _ in range(5)]
        self.urls = [f"http://127.0.0.1:{free_port()}" for _ in range(5)]
        self.session_key = SessionKey.generate()
        self.client = HttpKeepers(timeout_seconds=60)
        bose = account_of(self.dr_bose_key)
        staff = (bose, b"attending".ljust(32, b"\0"), b"cardiology".ljust(32, b"\0"), int(time.time()) + DAY)
        self.world.city_hospital.transact("MemberRegistry", "enrol", *staff)
        self.committee = publish_committee(self.world, self.keeper_keys, self.seeds, self.urls)
        self.record, self.shares = self.anchored_record()
        self.consent = self.world.consent(self.alice)
        self.alice.transact("ConsentRegistry", "grant", grant_tuple(self.consent.grant()))

    # --- processes ---

    def start(self, *seats: int) -> None:
        """Start keepers and wait until each answers /health."""
        for seat in seats:
            with (self.folder / f"keeper{seat}.log").open("ab") as log:
                command = [sys.executable, "-m", "consentry.keeper", "--config", str(self.config(seat))]
                self.processes[seat] = subprocess.Popen(
                    command, env=self.environment(), stdout=log, stderr=log, start_new_session=True
                )
        for seat in seats:
            until(partial(self._is_up, seat), "a keeper that answers")

    def kill(self, *seats: int) -> None:
        """All of a keeper: the process that serves, and the one above it."""
        for seat in seats:
            process = self.processes.pop(seat)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            until(partial(self._is_gone, seat), "the end of a keeper")

    def _is_up(self, seat: int) -> bool:
        assert self.processes[seat].poll() is None, self.log(seat)
        return self.health(seat) is not None

    def _is_gone(self, seat: int) -> bool:
        return self.health(seat) is None

    def config(self, seat: int) -> Path:
        path = self.folder / f"keeper{seat}.json"
        KeeperConfig(
            host="127.0.0.1", port=int(self.urls[seat].rsplit(":", 1)[1]), rpc_url=self.world.chain.url,
            deployment=str(self.world.chain.deployment), database=str(self.folder / f"keeper{seat}.sqlite"),
            keystore=str(self.folder / f"keeper{seat}.keystore"), commit_every_seconds=0.2,
            store=StoreConfig("embedded", path=str(self.folder / "store")), max_head_age_seconds=DAY,
        ).write(path)  # fmt: skip
        secrets_held = {"account": self.keeper_keys[seat], "sealing": self.seeds[seat]}
        keystore.write(self.folder / f"keeper{seat}.keystore", secrets_held, PASSPHRASE, cost=2**12)
        return path

    def environment(self, passphrase: str = PASSPHRASE) -> dict[str, str]:
        app = Path(__file__).resolve().parents[3] / "app"
        return os.environ | {"PYTHONPATH": str(app), keystore.PASSPHRASE: passphrase}

    def health(self, seat: int) -> dict[str, object] | None:
        try:
            return dict(json.loads(urllib3.request("GET", f"{self.urls[seat]}/health", retries=False).data))
        except urllib3.exceptions.HTTPError:
            return None

    def log(self, seat: int) -> str:
        return (self.folder / f"keeper{seat}.log").read_text("utf-8")

    def close(self) -> None:
        self.client.close()
        self.kill(*list(self.processes))

    # --- asking ---

    def request(self) -> ReleaseRequest:
        self.opener = hpke.generate_seed()
        actor = account_of(self.dr_bose_key)
        session = Session(
            actor, self.world.city_name, "TREAT", self.session_key.public, int(time.time()) + 3600
        )
        return ReleaseRequest(
            actor=actor, chain_id=self.ledger.chain_id, items=(self.record,), nonce=secrets.token_bytes(16),
            consent_registry=Address(self.ledger.address_of("ConsentRegistry")), issued_at=int(time.time()),
            ground=ConsentGround(self.consent.grant(), self.consent.terms), practitioner=None, purpose="TREAT",
            seal_to=hpke.public_key(self.opener), session=self._certificate(SessionKind.STAFF, session, self.dr_bose_key),
        )  # fmt: skip

    def signed(self, request: ReleaseRequest) -> SignedAsk:
        raw = request.to_bytes()
        return SignedAsk(raw, self.session_key.sign(raw), 1, {s: (one,) for s, one in enumerate(self.shares)})

    def ask(self, request: ReleaseRequest) -> Asked:
        opened = partial(self._open, request.digest())
        return self.client.ask(self.signed(request), self.committee, opened)

    def receipts(self, seat: int) -> ReceiptsPage:
        alice = account_of(self.alice_key)
        session = PatientSession(
            alice, self.world.city_name, self.session_key.public, int(time.time()) + 3600
        )
        certificate = self._certificate(SessionKind.PATIENT, session, self.alice_key)
        keeper, opener = self.committee.keepers[seat], hpke.generate_seed()
        raw = ReceiptsQuery(
            actor=alice, after=0, chain_id=self.ledger.chain_id, issued_at=int(time.time()),
            keeper=Address(keeper.account), nonce=secrets.token_bytes(16), patient=alice,
            seal_to=hpke.public_key(opener), session=certificate,
        ).to_bytes()  # fmt: skip
        return open_receipts(opener, raw, self.client.receipts(keeper, raw, self.session_key.sign(raw)))

    def _open(self, digest: bytes, item: int, seat: int, sealed: bytes) -> bytes:
        record_id = self.record.header.record_id
        share = open_released(self.opener, digest, record_id, seat, sealed)
        check_share(self.record.sealing, record_id, seat, share)
        return share

    def _certificate(
        self, kind: SessionKind, session: Session | PatientSession, key: bytes
    ) -> SessionCertificate:
        signature = sign_typed(key, sessions.typed_data(session, self.ledger.chain_id))
        return SessionCertificate(kind, session, signature)

    # --- how it came about ---

    def anchored_record(self, **changes: object) -> tuple[RecordItem, tuple[bytes, ...]]:
        """alice's, by mercy, with its sealed shares; `record_key` is the newest one's."""
        self.record_key, record_id = secrets.token_bytes(32), secrets.token_bytes(32)
        header = Header(
            record_id=record_id, patient=account_of(self.alice_key), author=Address(self.world.mercy_hospital.address),
            category="laboratory", level=3, confidentiality="N", department="cardiology", version=1, replaces=None,
            date="2026-05-04T08:00:00Z", suite=SUITE, cid=CID, ciphertext_digest=secrets.token_bytes(32),
            key_commitment=envelope.derive(self.record_key, record_id, SUITE).commitment,
        )  # fmt: skip
        header = replace(header, **changes)  # type: ignore[arg-type]
        sealing, shares = seal_record_key(
            self.record_key, record_id, header.hash(), self.committee, self.ledger.chain_id
        )
        values = [secrets.token_bytes(32), record_digest(record_id, header.hash(), sealing.hash())]
        root = merkle.root(values)
        self.world.mercy_hospital.transact("RecordRegistry", "anchor", root, secrets.token_bytes(32), 2)
        return RecordItem(header, sealing, root, merkle.proof(values, 1)), shares
