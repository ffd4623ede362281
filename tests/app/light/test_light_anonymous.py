"""Who has not signed in takes none of the turns that a gateway has at its endpoint (H-95)."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import pytest

from consentry.chain.ledger import ChainLedger
from consentry.chain.rpc import Request
from consentry.crypto.signatures import generate_account_key, sign_digest
from consentry.domain import fields
from consentry.domain.addresses import Address
from consentry.domain.cids import raw_cid
from consentry.domain.erasure import ErasureOrder, OrderedEntry
from consentry.errors import RoleUnfit, SignatureInvalid
from consentry.light.connection import ProvenConnection
from consentry.ports import Ledger
from consentry.ports.erasures import SignedOrder
from consentry.services import sign_in as service
from consentry.services.obeying import ObeyPorts, obey
from consentry.services.pace import relay_pace
from consentry.services.sign_in import Role, SignIn, SignInPorts, Site, Tokens
from consentry.wallets.keyfile import Wallet
from tests.app.light.conftest import Clinic


@dataclass
class Now:
    def now(self) -> int:
        return int(time.time())


@pytest.fixture
def ledger(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """A gateway's, on an endpoint that it has followed; whoever takes one of its own turns fails."""
    rpc = clinic.rpc()
    rpc.call("eth_blockNumber")
    connection = ProvenConnection(rpc, clinic.deployment)
    monkeypatch.setattr(connection, "_run", lambda: None)  # what it follows is no stranger's question

    def own(wanted: Iterable[Request]) -> list[Any]:
        pytest.fail("the gateway's own turn")

    monkeypatch.setattr(rpc, "batch", own)
    return cast(Ledger, ChainLedger(connection))


def test_signing_in_takes_no_turn_of_the_gateways(clinic: Clinic, ledger: Ledger) -> None:
    """H-95: for oneself, and for a patient whom one does not act for."""
    member, mallory = Address(clinic.world.mercy_hospital.address), Wallet(generate_account_key())
    site = Site("https://mercy.example", member, "Mercy Hospital", ledger.chain_id)
    ports = SignInPorts(site, ledger, Now(), Tokens(Now()))

    def asked(patient: Address | None) -> SignIn:
        text = service.challenge(mallory.address, ports)
        return SignIn(text, fields.to_hex(mallory.sign_text(text)), patient)

    _, person = service.sign_in(asked(None), ports)
    assert (person.role, person.patient) == (Role.PATIENT, mallory.address)
    with pytest.raises(RoleUnfit):
        service.sign_in(asked(member), ports)


def test_a_strangers_order_to_erase_takes_no_turn_of_the_gateways(clinic: Clinic, ledger: Ledger) -> None:
    """H-95: it is refused before anything else is asked."""
    author = Address(clinic.world.mercy_hospital.address)
    entries = (OrderedEntry(raw_cid(b"\3" * 32), b"\4" * 32),)
    order = ErasureOrder(author, ledger.chain_id, entries, b"\1" * 32, b"\2" * 32, int(time.time()))
    untouched = cast(Any, None)
    strangers = ledger.for_strangers()
    ports = ObeyPorts(
        ledger, strangers, untouched, untouched, relay_pace(), untouched, Now(), author, untouched
    )
    with pytest.raises(SignatureInvalid, match="another account"):
        obey(SignedOrder(order.raw, sign_digest(generate_account_key(), order.digest())), ports)
