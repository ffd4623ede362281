"""A chain on which members decide: five of them in three chambers, and the Timelock that carries out what they voted."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from consentry.chain.assembly import ChainAssembly
from consentry.chain.sender import ChainSender
from consentry.domain.ledger import Chamber
from consentry.services.consortium import ConsortiumPorts
from tests.chains import DeployedChain

CONSORTIUM_ROLE = 1
SEATS = {
    "mercy": Chamber.Institutions,
    "city": Chamber.Institutions,
    "regulator": Chamber.EthicsBoard,
    "trustee": Chamber.EthicsBoard,
    "council": Chamber.PatientsCouncil,
}


@dataclass
class Governed:
    """Every member's key and sender. The chain's clock stands still unless somebody waits."""

    chain: DeployedChain
    keys: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ledger = self.chain.ledger()
        self.assembly = ChainAssembly(self.ledger)
        deployer = ChainSender(self.ledger.connection, self.chain.key(0))
        timelock = self.ledger.address_of("Timelock")
        deployer.transact("Authority", "grantRole", CONSORTIUM_ROLE, timelock, 0)
        for slug, chamber in SEATS.items():
            self.keys[slug], self.names[slug] = secrets.token_bytes(32), f"{slug} {secrets.token_hex(3)}"
            address = self.sender(slug).address
            deployer.transact("MemberRegistry", "admit", address, self.names[slug], "hospital")
            deployer.transact("MemberSeat", "give", address, int(chamber))
        self.pass_time()

    def sender(self, slug: str) -> ChainSender:
        return ChainSender(self.ledger.connection, self.keys[slug])

    def ports(self, slug: str, seconds: float = 5.0) -> ConsortiumPorts:
        """As this member; whoever waits lets two seconds pass on chain."""
        return ConsortiumPorts(self.assembly, self.sender(slug), seconds, lambda words: self.pass_time())

    def stranger(self) -> ConsortiumPorts:
        sender = ChainSender(self.ledger.connection, secrets.token_bytes(32))
        return ConsortiumPorts(self.assembly, sender, 1.0)

    def pass_time(self, seconds: int = 2) -> None:
        rpc = self.ledger.connection.rpc
        rpc.call("evm_increaseTime", seconds)
        rpc.call("evm_mine")
