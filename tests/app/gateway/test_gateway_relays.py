"""What a gateway pays for: only what the chain would take, at a pace; and what it tells of its node (G-9, G-10)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consentry.bootstrap.gateway import gateway_on
from consentry.domain import fields, revocation
from consentry.domain.cids import raw_cid
from consentry.domain.endpoint import EndpointSettings
from consentry.gateway.app import create_app
from consentry.services import directory
from consentry.services.directory import MOST_MISSES, SCHEME, Documents
from consentry.services.pace import RELAY_BURST
from tests.app.gateway.content import proposal
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_consents import paid
from tests.app.gateway.test_gateway_directory import post, relay, sign_next
from tests.app.gateway.world import World


@pytest.fixture
def alice(world: World) -> Person:
    person = world.person(world.city)
    person.sign_in()
    return person


def revoking(world: World, patient: Person, identifier: str) -> dict[str, str]:
    registry = world.city.gateway.consents.registry
    data = revocation.typed_data(
        patient.wallet.address, bytes.fromhex(identifier[2:]), world.ledger.chain_id, registry
    )
    return {"signature": fields.to_hex(patient.wallet.sign_typed(data))}


def test_revocations_of_unknown_ids_are_not_paid_for(world: World, alice: Person) -> None:
    """G-9, C-6: neither by the desk nor by anybody's fresh key; the chain takes the tombstone from its patient."""
    unknown = "0x" + "5e" * 32
    body, before = revoking(world, alice, unknown), paid(world)
    for who in (world.city, alice):
        answer = who.send("POST", f"/api/consents/{unknown}/revocation", body)
        assert (answer.status_code, answer.json["code"]) == (404, "consent-unknown")
    shown = world.city.send("POST", "/api/consents/proposals", proposal(alice.did)).json
    mallory = world.person(world.city)
    mallory.sign_in()
    answer = mallory.send(
        "POST", f"/api/consents/{shown['id']}/revocation", revoking(world, mallory, shown["id"])
    )
    assert answer.json["code"] == "consent-unknown" and paid(world) == before


def test_revocations_of_consents_granted_elsewhere_are_relayed(world: World, alice: Person) -> None:
    """G-9, G-6: this gateway never saw it, the chain knows it."""
    shown = world.mercy.send("POST", "/api/consents/proposals", proposal(alice.did)).json
    signature = fields.to_hex(alice.wallet.sign_typed(shown["typedData"]))
    granted = world.mercy.send("POST", f"/api/consents/{shown['id']}/grant", {"signature": signature})
    assert granted.status_code == 200
    path = f"/api/consents/{shown['id']}/revocation"
    assert alice.send("POST", path, revoking(world, alice, shown["id"])).status_code == 200


def test_relays_keep_a_pace(world: World, alice: Person) -> None:
    """G-9: of each account by itself; systems of the member's own are not slowed."""
    path, body = f"/api/consents/0x{'77' * 32}/revocation", {"signature": "0x" + "11" * 65}
    codes = [alice.send("POST", path, body).status_code for _ in range(RELAY_BURST)]
    assert set(codes) == {404}
    while (answer := alice.send("POST", path, body)).status_code != 429:  # a slow machine earns another one
        pass
    assert answer.json["code"] == "rate-limited" and int(answer.headers["Retry-After"]) >= 1
    bob = world.person(world.city)
    bob.sign_in()
    assert bob.send("POST", path, body).status_code == 404
    assert {world.city.send("POST", path, body).status_code for _ in range(RELAY_BURST + 5)} == {404}


def test_documents_that_the_chain_would_not_take_are_not_stored(world: World, alice: Person) -> None:
    """G-9: another key's signature, one that has ended, rubbish."""
    signed = sign_next(world, alice)
    before = paid(world)
    mallory = world.person(world.city)
    theirs = mallory.wallet.sign_typed({**_nothing(), "primaryType": "Note"})
    for bad in (
        replace(signed, signature=theirs),
        replace(signed, deadline=signed.deadline - 3600),
        replace(signed, signature=b"\x01" * 65),
    ):
        assert 400 <= post(alice, bad).status_code < 500
        assert not world.store.has(signed.cid) and paid(world) == before
    assert post(alice, signed).json["cid"] == signed.cid and world.store.has(signed.cid)


def _nothing() -> dict[str, Any]:
    types = {
        "EIP712Domain": [{"name": "name", "type": "string"}],
        "Note": [{"name": "text", "type": "string"}],
    }
    return {"types": types, "domain": {"name": "x"}, "message": {"text": "x"}}


def test_lost_documents_are_looked_for_a_few_times_only(world: World, alice: Person) -> None:
    """D-4: whoever names many that nobody has costs the gateway eight looks, once in five minutes."""
    for number in range(MOST_MISSES + 2):
        relay(world, alice, SCHEME + raw_cid(bytes([number]) * 32))
    memory, store = Documents(), Counting(world.store)
    who = alice.wallet.address
    for _ in range(3):
        last = directory.latest(world.ledger, store, who, memory)  # type: ignore[arg-type]
        assert (last.version, last.in_force) == (MOST_MISSES + 2, False)
    assert store.looked == MOST_MISSES


class Counting:
    def __init__(self, store: Any) -> None:
        self._store, self.looked = store, 0

    def has(self, cid: str) -> bool:
        return bool(self._store.has(cid))

    def get(self, cid: str, *, max_bytes: int) -> Any:
        self.looked += 1
        return self._store.get(cid, max_bytes=max_bytes)


RELAY = "/api/chain"


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("http://node.example:8545", "http://node.example:8545"),
        ("https://node.example/", "https://node.example"),
        ("https://user:secret@node.example", RELAY),
        ("https://secret@node.example", RELAY),
        ("https://node.example/v3/secret", RELAY),
        ("https://node.example?key=secret", RELAY),
        ("http://127.0.0.1:8545", RELAY),
        ("http://localhost:8545", RELAY),
        ("", RELAY),
    ],
)
def test_the_nodes_address_is_told_without_keys(world: World, own: str, told: str) -> None:
    """G-10, W-13: where it is not told, or reaches the gateway's own machine only, wallets are given the relay."""
    client = create_app(replace(world.city.gateway, rpc_url=own)).test_client()
    expected = world.city.gateway.site.origin + RELAY if told == RELAY else told
    assert client.get("/api/network").json["rpcUrl"] == expected


def test_a_node_on_this_machine_is_told_to_wallets_on_this_machine(world: World) -> None:
    """G-10, W-13"""
    gateway = world.city.gateway
    here = replace(gateway.site, origin="http://localhost:8080")
    client = create_app(replace(gateway, site=here, rpc_url="http://127.0.0.1:8545")).test_client()
    assert client.get("/api/network").json["rpcUrl"] == "http://127.0.0.1:8545"


def test_wallets_are_given_the_gateway_where_it_has_an_endpoint_alone(world: World, tmp_path: Path) -> None:
    """H-81: another member would hear each patient's accounts, from where the patient is."""
    city = world.city
    config = replace(
        city.config, rpc_url="https://chain.mercy.example", database=str(tmp_path / "gateway.sqlite")
    )
    for endpoint, told in ((None, config.rpc_url), (EndpointSettings("book", engine="clique"), None)):
        on = replace(config, endpoint=endpoint)
        gateway = gateway_on(on, city.keys, world.chain.ledger(), world.store)
        try:
            found = create_app(gateway).test_client().get("/api/network").json["rpcUrl"]
        finally:
            gateway.close()
        assert found == (told or gateway.site.origin + RELAY)
