"""The whole network of one machine: chain, store, contracts, members, keepers, gateways.

Each step is a method, so that the demo can tell it; `Network.start` does them all. Leaving the `with` block ends everything.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from consentry.chain.assembly import ChainAssembly
from consentry.chain.connection import Connection
from consentry.chain.deployment import load_deployment
from consentry.chain.endpoints import connect
from consentry.chain.ledger import ChainLedger
from consentry.chain.sender import ChainSender
from consentry.config import StoreConfig
from consentry.crypto.signatures import generate_account_key
from consentry.domain.addresses import Address
from consentry.domain.ledger import TxReceipt
from consentry.network import configs, engines, stores
from consentry.network.configs import HOST
from consentry.network.place import MemberKeys, Place, new_keeper_keys, new_member_keys
from consentry.network.plan import LICENCE_YEARS, MEMBERS, PATIENTS, REGULATOR, STAFF, STRANGER, THRESHOLD
from consentry.network.processes import Managed, Processes, free_port, healthy, python_module
from consentry.network.summary import write_summary

REPOSITORY = engines.REPOSITORY


@dataclass
class Network:
    """A network in `place`. `chain`: one of `engines.CHAINS` or a JSON-RPC URL; `store`: one of `stores.StoreKind`.
    `keeper_spare`: how many keepers beyond the threshold its gateways ask at once. Keepers commit what they have every
    `commit_every_seconds`: for people who watch, more often than in production. `databases`: URL of a PostgreSQL that holds one
    for each keeper and gateway; without it they are files. `log_format`: of both (telemetry.logs)."""

    place: Place
    chain: str = "anvil"
    store: stores.StoreKind = "embedded"
    keeper_spare: int = 0
    commit_every_seconds: float = 1.0
    databases: str = ""
    log_format: str = "text"
    rpc_url: str = ""
    store_configs: tuple[StoreConfig, ...] = (StoreConfig(kind="embedded"),)
    members: dict[str, MemberKeys] = field(default_factory=dict)
    people: dict[str, Address] = field(default_factory=dict)
    gateways: dict[str, str] = field(default_factory=dict)
    keepers: dict[str, str] = field(default_factory=dict)
    processes: Processes = field(default_factory=Processes)
    _deployer_key: bytes = field(default=b"", repr=False)
    _connection: Connection | None = None
    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.processes.stop()
        self._stack.close()

    # --- engines and contracts -----------------------------------------------------------------------------------------

    def start_engines(self) -> None:
        self._stack.enter_context(self.place.held())
        self.place.fresh()
        self.rpc_url = self._stack.enter_context(engines.running_chain(self.chain, self.place))
        self.store_configs = self._stack.enter_context(stores.running_stores(self.store, self.place))

    @property
    def store_config(self) -> StoreConfig:
        """The first store: where there are several, all see what any of them holds."""
        return self.store_configs[0]

    def store_of(self, slug: str) -> StoreConfig:
        """The store beside a member: members are spread over all there are."""
        place = [plan.slug for plan in MEMBERS].index(slug)
        return self.store_configs[place % len(self.store_configs)]

    def deploy(self) -> None:
        """Contracts by Brownie; until the hand-over the deployer's key holds every power."""
        self._deployer_key = generate_account_key()
        engines.deploy(self.chain, self.rpc_url, self.place, self._deployer_key)
        self._connection = connect(self.rpc_url, load_deployment(self.place.deployment))
        self._stack.callback(self._connection.close)

    @property
    def connection(self) -> Connection:
        assert self._connection is not None, "deploy first"
        return self._connection

    @property
    def ledger(self) -> ChainLedger:
        return ChainLedger(self.connection)

    @property
    def deployer(self) -> ChainSender:
        """Who founds the consortium, and may do nothing after the hand-over."""
        return ChainSender(self.connection, self._deployer_key)

    @property
    def assembly(self) -> ChainAssembly:
        return ChainAssembly(self.ledger)

    def sender_of(self, slug: str) -> ChainSender:
        """The sender of a member's account."""
        keys = self.place.read_keys(self.place.member(slug) / "gateway.keystore")
        return ChainSender(self.connection, keys["account"])

    # --- members, staff, committee -------------------------------------------------------------------------------------

    def admit_members(self) -> list[TxReceipt]:
        receipts = []
        deployer = self.deployer
        for plan in MEMBERS:
            keys = new_member_keys(self.place, plan.slug)
            self.members[plan.slug] = keys
            receipts.append(deployer.transact("MemberRegistry", "admit", keys.account, plan.name, plan.kind))
            receipts.append(deployer.transact("MemberSeat", "give", keys.account, int(plan.chamber)))
            if plan.gateway:
                receipts.append(
                    self.sender_of(plan.slug).transact(
                        "MemberRegistry", "addDirectoryKey", keys.directory_key
                    )
                )
        receipts.append(deployer.transact("FastSuspension", "setRegulator", self.members[REGULATOR].account))
        return receipts

    def enrol_staff(self) -> list[TxReceipt]:
        """People with wallets, each gateway's system account, and the regulator's, which reads feeds."""
        ends = int(time.time()) + LICENCE_YEARS * 365 * 24 * 3600
        receipts = []
        for person in STAFF:
            self.people[person.slug] = self.place.new_wallet(person.slug)
            receipts.append(
                self._enrol(person.member, self.people[person.slug], person.role, person.department, ends)
            )
        for plan in MEMBERS:
            if plan.gateway or plan.slug == REGULATOR:
                receipts.append(self._enrol(plan.slug, self.members[plan.slug].system, "system", "any", ends))
        return receipts

    def make_wallets(self) -> None:
        """Patients and a stranger: a key each, and nothing on any chain."""
        for slug in (*PATIENTS, STRANGER):
            self.people[slug] = self.place.new_wallet(slug)

    def publish_committee(self) -> TxReceipt:
        seats = []
        for plan in MEMBERS:
            account, sealing_key = new_keeper_keys(self.place, plan.slug)
            url = f"http://{HOST}:{free_port()}"
            self.keepers[plan.slug] = url
            seats.append((account, self.members[plan.slug].account, int(plan.chamber), url, sealing_key))
        return self.deployer.transact("KeeperCommittee", "publish", seats, THRESHOLD)

    def hand_over(self) -> None:
        """From here on the consortium decides by vote, and the deployer's key opens nothing."""
        engines.hand_over(self.chain, self.rpc_url, self.place, self._deployer_key)

    def _enrol(self, member: str, account: Address, role: str, department: str, ends: int) -> TxReceipt:
        return self.sender_of(member).transact(
            "MemberRegistry", "enrol", account, _text32(role), _text32(department), ends
        )

    # --- processes -----------------------------------------------------------------------------------------------------

    def start_keepers(self) -> None:
        for slug, url in self.keepers.items():
            config = configs.write_keeper(
                self.place,
                slug,
                url,
                self.rpc_url,
                self.store_of(slug),
                self.commit_every_seconds,
                self.databases,
            )
            self.start_process(f"keeper-{slug}", "consentry.keeper", config, url)

    def start_gateways(self) -> None:
        names = {plan.slug: plan.name for plan in MEMBERS if plan.gateway}
        self.gateways |= {slug: f"http://localhost:{free_port()}" for slug in names}
        for slug, name in names.items():
            self._start_gateway(slug, name)

    def await_ready(self) -> None:
        self.processes.await_ready()
        write_summary(self)

    def _start_gateway(self, slug: str, name: str) -> None:
        url = self.gateways[slug]
        config = configs.write_gateway(
            self.place,
            slug,
            name,
            self.members[slug],
            url,
            self.rpc_url,
            self.store_of(slug),
            keeper_spare=self.keeper_spare,
            others={self.members[one].account: other for one, other in self.gateways.items() if one != slug},
            staff_names={self.people[one.slug]: one.name for one in STAFF if one.member == slug},
            databases=self.databases,
        )
        self.start_process(f"gateway-{slug}", "consentry.gateway", config, url)

    def start_process(self, name: str, module: str, config: Path, url: str) -> None:
        self.processes.add(
            Managed(
                name=name,
                command=python_module(module, "--config", str(config), "--log-format", self.log_format),
                log=self.place.log(name),
                ready=partial(healthy, f"{url}/health"),
                environment=self.place.environment(),
            )
        )

    # --- all of it -----------------------------------------------------------------------------------------------------

    def start(self, tell: Callable[[str], None]) -> None:
        """Every step, telling each."""
        steps: tuple[tuple[str, Callable[[], object]], ...] = (
            (f"chain ({self.chain}) and store ({self.store})", self.start_engines),
            ("contracts, deployed by Brownie", self.deploy),
            ("members admitted", self.admit_members),
            ("committee of keepers published", self.publish_committee),
            ("staff enrolled", self.enrol_staff),
            ("everything handed over to the consortium", self.hand_over),
            ("wallets made", self.make_wallets),
            ("keepers", self.start_keepers),
            ("gateways", self.start_gateways),
            ("everything answers", self.await_ready),
        )
        for words, step in steps:
            started = time.monotonic()
            step()
            tell(f"{words}  ({time.monotonic() - started:.1f} s)")


def _text32(word: str) -> bytes:
    return word.encode("ascii").ljust(32, b"\0")
