"""Two hospitals' gateways and five keepers on a real chain, store and databases, in this process.

Keepers answer over HTTP as they do in production; gateways are asked through Flask's test client, and in
test_gateway_server.py through the server.
"""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, make_server

from consentry.bootstrap.common import SystemClock
from consentry.bootstrap.gateway import gateway_on
from consentry.chain.calls import code32
from consentry.chain.sender import ChainSender
from consentry.config import ClientKey, GatewayConfig, StoreConfig
from consentry.crypto import hpke
from consentry.crypto.directory_keys import generate_directory_key
from consentry.crypto.pseudonyms import feed_key
from consentry.crypto.seeds import directory_public
from consentry.crypto.signatures import account_of, generate_account_key, sign_digest
from consentry.domain import fields
from consentry.domain.addresses import Address
from consentry.domain.ledger import Chamber
from consentry.gateway.app import create_app
from consentry.index.entries import SqlIndex
from consentry.index.progress import Progress
from consentry.keeper.app import Keeper
from consentry.keeper.app import create_app as create_keeper_app
from consentry.keeper.committer import Committer
from consentry.keeper.database import KeeperDatabase
from consentry.keeper.ended_sessions import SqlEndedSessions
from consentry.keeper.relay import RevocationRelay
from consentry.keeper.revocations import SqlRevocations
from consentry.keeper.store import SqlReceiptBook
from consentry.services.keeper_desk import Desk, Limits
from consentry.storage.embedded import EmbeddedBlockStore
from consentry.wallets.directory import DirectoryState, IdentityContract, sign_directory
from consentry.wallets.keyfile import Wallet
from tests.app.gateway.content import DAY
from tests.app.gateway.people import Hospital, Person
from tests.chains import DeployedChain

SEATS = ("Institutions", "Institutions", "EthicsBoard", "PatientsCouncil", "EthicsBoard")


@dataclass
class World:
    chain: DeployedChain
    folder: Path
    keepers: list[BaseWSGIServer] = field(default_factory=list)
    committers: list[Committer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger = self.chain.ledger()
        self.began = self.ledger.head()
        self.before = self.ledger.connection.rpc.call("evm_snapshot")
        self.consortium = ChainSender(self.ledger.connection, self.chain.key(0))
        self.store = EmbeddedBlockStore(self.folder / "store")
        self.mercy = self._hospital("Mercy Hospital")
        self.city = self._hospital("City Hospital")
        self._publish_committee()

    def close(self) -> None:
        """Ends what runs, and takes this world's committee off the chain: patients ask keepers of former ones too."""
        for committer in self.committers:
            committer.close()
        for server in self.keepers:
            server.shutdown()
        for hospital in (self.mercy, self.city):
            hospital.gateway.close()
        rpc = self.ledger.connection.rpc
        rpc.call("evm_revert", self.before)
        # with its blocks the chain's clock went back
        rpc.call("evm_increaseTime", int(time.time()) - self.ledger.head().timestamp)
        self.mine()

    def mine(self) -> None:
        """A block, so that the chain's time goes on without transactions."""
        self.ledger.connection.rpc.call("evm_mine")

    # --- people ---

    def person(self, hospital: Hospital) -> Person:
        return Person(Wallet(generate_account_key()), hospital.client, self.ledger.chain_id)

    def patient(self, hospital: Hospital) -> Person:
        """Somebody signed in at this hospital, with an open directory."""
        patient = self.person(hospital)
        patient.sign_in()
        state = patient.send("GET", "/api/directory").json
        committee = self.ledger.committee()
        assert committee is not None
        registry = IdentityContract(self.ledger.chain_id, Address(self.ledger.address_of("IdentityRegistry")))
        known = DirectoryState(state["cid"], state["version"], state["identityNonce"])
        signed = sign_directory(
            patient.wallet, patient.wallet.address, committee, registry, known, int(time.time())
        )
        body = {
            "document": fields.to_base64(signed.document),
            "deadline": signed.deadline,
            "signature": fields.to_hex(signed.signature),
        }
        answer = patient.send("POST", "/api/directory", body)
        assert answer.status_code == 200 and answer.json["cid"] == signed.cid, answer.text
        return patient

    def staff(self, hospital: Hospital, role: str = "attending", department: str = "any") -> Person:
        person = self.person(hospital)
        ends = int(time.time()) + 365 * DAY
        hospital.account.transact(
            "MemberRegistry", "enrol", person.wallet.address, code32(role), code32(department), ends
        )
        person.sign_in()
        return person

    # --- institutions ---

    def begin_index(self, path: Path) -> None:
        """An index of this world: earlier anchors belong to other tests, whose stores are gone."""
        Progress(SqlIndex(path).database).note_anchors([], self.began.number, self.began.hash, 0)

    def _hospital(self, name: str) -> Hospital:
        name = f"{name} {secrets.token_hex(3)}"
        keys = {"account": generate_account_key(), "system": generate_account_key()}
        keys |= {"directory": generate_directory_key(), "content": secrets.token_bytes(32)}
        keys |= {"copy": hpke.generate_seed()}  # a real author keeps it elsewhere
        account = ChainSender(self.ledger.connection, keys["account"])
        system, client_key = account_of(keys["system"]), secrets.token_urlsafe(32)
        self.consortium.transact("MemberRegistry", "admit", account.address, name, "hospital")
        account.transact("MemberRegistry", "addDirectoryKey", directory_public(keys["directory"]))
        ends = int(time.time()) + 365 * DAY
        account.transact("MemberRegistry", "enrol", system, code32("system"), code32("any"), ends)
        folder = self.folder / name.split()[0]
        config = GatewayConfig(
            member=account.address,
            member_name=name,
            host="127.0.0.1",
            port=0,
            public_url=f"http://{name.split()[0].lower()}.test:8000",
            rpc_url=self.chain.url,
            deployment=str(self.chain.deployment),
            database=str(folder / "gateway.sqlite"),
            keystore="",
            copy_key=hpke.public_key(keys["copy"]).hex(),
            store=StoreConfig("embedded", str(self.folder / "store")),
            clients=(ClientKey("his", sha256(client_key.encode()).hexdigest()),),
            mrn_systems=("urn:mrn",),
            max_bundle_bytes=300_000,
            # a machine may be busy: these tests ask what is said, not how fast
            keeper_timeout_seconds=60,
            catch_up_seconds=60,
            keeper_spare=2,  # all five, so that it is known who has receipts
        )
        gateway = gateway_on(config, keys, self.chain.ledger(), self.store)
        self.begin_index(folder / "gateway-index.sqlite")
        client = create_app(gateway).test_client()
        return Hospital(name, account, system, gateway, client, client_key, config, keys)

    def _publish_committee(self) -> None:
        seats, own = [], [self.city.account.address, self.mercy.account.address]
        for seat, chamber in enumerate(SEATS):
            account, seed = generate_account_key(), hpke.generate_seed()
            server = self.keeper(account, seed)
            url = f"http://127.0.0.1:{server.server_port}"
            member = own[seat] if seat < len(own) else self._keepers_member()
            self.consortium.transact("MemberSeat", "give", member, int(Chamber[chamber]))
            seats.append((account_of(account), member, int(Chamber[chamber]), url, hpke.public_key(seed)))
        self.consortium.transact("KeeperCommittee", "publish", seats, 3)
        for committer in self.committers:
            committer.start()

    def _keepers_member(self) -> Address:
        """A member that runs a keeper and nothing else: one has one seat."""
        address, name = account_of(generate_account_key()), f"Institution {secrets.token_hex(3)}"
        self.consortium.transact("MemberRegistry", "admit", address, name, "hospital")
        return address

    def keeper(self, account: bytes, seed: bytes, *taken_over: bytes) -> BaseWSGIServer:
        """A keeper that answers; its committer is not started."""
        ledger = self.chain.ledger()
        database = KeeperDatabase(
            self.folder / f"keeper-{account_of(account)}.sqlite",
            keeper=account_of(account),
            chain_id=ledger.chain_id,
            audit_log=ledger.address_of("AuditLog"),
        )
        book = SqlReceiptBook(database)
        desk = Desk(
            account=account_of(account),
            sign=partial(sign_digest, account),
            sealing_seed=seed,
            ledger=ledger,
            store=self.store,
            book=book,
            sessions=SqlEndedSessions(database),
            revocations=SqlRevocations(database),
            clock=SystemClock(),
            limits=Limits(max_head_age_seconds=3600, max_clock_skew_seconds=3600),
            feed_key=feed_key(account, ledger.chain_id),
            other_seeds=taken_over,
        )
        sender = ChainSender(ledger.connection, account)
        committer = Committer(book, ledger, sender, every_seconds=0.3, at_receipts=100)
        server = make_server(
            "127.0.0.1",
            0,
            create_keeper_app(Keeper(desk, committer, RevocationRelay(desk, sender))),
            threaded=True,
        )
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        self.keepers.append(server)
        self.committers.append(committer)
        return server
