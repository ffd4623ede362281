"""Named actors on a chain that other tests use as well: every world has members, staff and patients of its own."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from functools import cached_property

from consentry.chain.calls import code32
from consentry.chain.ledger import ChainLedger
from consentry.chain.sender import ChainSender
from consentry.domain.addresses import Address
from consentry.domain.ledger import Asker, Grant, RecordFacts
from consentry.domain.provisions import Provision
from consentry.domain.terms import Consent, Terms
from tests.chains import DeployedChain

DAY = 86_400


@dataclass(frozen=True)
class World:
    """Two hospitals, a doctor at one of them, and a patient whose consent the other's records need."""

    chain: DeployedChain
    ledger: ChainLedger
    consortium: ChainSender
    mercy_hospital: ChainSender
    city_hospital: ChainSender
    dr_bose: ChainSender
    alice: ChainSender
    city_name: str

    def actor(self) -> ChainSender:
        """Somebody new, with an empty account: nothing costs a fee here."""
        return ChainSender(self.ledger.connection, secrets.token_bytes(32))

    @cached_property
    def terms(self) -> Terms:
        laboratory = Provision(
            ("TREAT",),
            ("laboratory",),
            "R",
            "2020-01-01T00:00:00Z",
            "2040-01-01T00:00:00Z",
            ("any",),
            ("any",),
        )
        recipient = Address(self.city_hospital.address)
        return Terms(self.city_name, recipient, ("attending",), (laboratory,), 0, secrets.token_bytes(32))

    def consent(self, patient: ChainSender) -> Consent:
        now = int(time.time())
        return Consent(Address(patient.address), self.terms, now - DAY, now + DAY, now + DAY)

    def asker(self) -> Asker:
        return Asker(self.dr_bose.address, self.dr_bose.address, "TREAT", int(time.time()))

    def facts(self, category: str = "laboratory") -> RecordFacts:
        author = self.mercy_hospital.address
        return RecordFacts(secrets.token_bytes(32), author, category, 3, "N", "lab", "2026-01-01T00:00:00Z")


def grant_tuple(grant: Grant) -> tuple[str, bytes, int, int, int]:
    return (grant.patient, grant.terms_hash, grant.valid_from, grant.valid_until, grant.relay_before)


def build_world(chain: DeployedChain) -> World:
    ledger = chain.ledger()
    consortium = ChainSender(ledger.connection, chain.key(0))
    mercy, city, bose, alice = (ChainSender(ledger.connection, secrets.token_bytes(32)) for _ in range(4))
    mark = secrets.token_hex(4)
    consortium.transact("MemberRegistry", "admit", mercy.address, f"Mercy Hospital {mark}", "hospital")
    consortium.transact("MemberRegistry", "admit", city.address, f"City Hospital {mark}", "hospital")
    mercy.transact("MemberRegistry", "addDirectoryKey", secrets.token_bytes(32))
    licence = int(time.time()) + 365 * DAY
    role, department = code32("attending"), code32("cardiology")
    city.transact("MemberRegistry", "enrol", bose.address, role, department, licence)
    return World(chain, ledger, consortium, mercy, city, bose, alice, f"City Hospital {mark}")
