"""An opening on the way from the first one's device to the second's (W-71)."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

import pytest

from consentry.domain import fields, openings
from consentry.domain.addresses import Address
from consentry.domain.openings import Opening, Subject
from consentry.services.pace import RELAY_BURST
from consentry.services.pending import MAX_OF_ONE
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_emergency import known, types
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.trail import of_request
from tests.app.gateway.ward import OPENINGS, Ward, ward_at
from tests.app.gateway.world import World

WAITING = f"{OPENINGS}/waiting"


@pytest.fixture
def ward(world: World) -> Ward:
    return ward_at(world)


def signed(who: Person, proposed: Any) -> dict[str, Any]:
    signature = fields.to_hex(who.wallet.sign_typed(proposed["typedData"]))
    return {"opening": proposed["opening"], "signature": signature}


def worded(ward: Ward, proposed: Any, **other: Any) -> dict[str, Any]:
    """A proposal with other terms, as somebody could word it without the gateway."""
    desk = ward.city.gateway.openings.emergency
    opening = replace(Opening.from_json(proposed["opening"]), **other)
    typed = openings.typed_data(opening, desk.ledger.chain_id, desk.registry)
    return {"opening": opening.to_json(), "typedData": typed}


def made_up(ward: Ward, proposed: Any) -> dict[str, Any]:
    """The same about somebody whom nobody knows."""
    subject = Subject(Address("0x" + secrets.token_hex(20)), secrets.token_bytes(32))
    return worded(ward, proposed, subject=subject)


def countersigned(who: Person, half: Any) -> Any:
    signature = fields.to_hex(who.wallet.sign_typed(half["typedData"]))
    return who.send("POST", f"{WAITING}/{half['id']}", {"signature": signature})


def test_the_second_signs_on_an_own_device(ward: Ward) -> None:
    """W-71: the second sees for whom and by whom; both read once the two signatures are on chain."""
    alice = known(ward, "CS-1")
    proposed = ward.propose(alice.did).json
    kept = ward.bose.send("POST", WAITING, signed(ward.bose, proposed))
    assert (kept.status_code, kept.json["id"]) == (201, proposed["id"])
    (half,) = ward.li.send("GET", WAITING).json["openings"]
    assert ward.bose.send("GET", WAITING).json["openings"] == [half]
    assert (half["patient"], half["opening"]["first"]) == (alice.did, ward.bose.wallet.address)
    assert half["typedData"] == proposed["typedData"]
    for one in (ward.bose, ward.li):
        assert one.send("GET", f"{WAITING}/{half['id']}").json == half
    opened = countersigned(ward.li, half)
    assert (opened.status_code, opened.json["id"]) == (201, half["id"]), opened.text
    assert ward.li.send("GET", WAITING).json == {"openings": []}
    assert code_of(ward.bose.send("GET", f"{WAITING}/{half['id']}")) == "challenge-unknown"
    assert types(ward.read(ward.bose, half["id"])) == {"Patient", "RelatedPerson"}


def test_nobody_but_the_second_sees_or_signs_it(ward: Ward) -> None:
    """W-71: what waits for somebody else is as unknown as what never was."""
    alice = known(ward, "CS-2")
    proposed = ward.propose(alice.did).json
    half = ward.bose.send("POST", WAITING, signed(ward.bose, proposed)).json
    assert ward.chen.send("GET", WAITING).json == {"openings": []}
    for one in (ward.chen, ward.bose):
        assert code_of(countersigned(one, half)) == "challenge-unknown"
    assert code_of(ward.chen.send("DELETE", f"{WAITING}/{half['id']}")) == "challenge-unknown"
    assert code_of(ward.chen.send("GET", f"{WAITING}/{half['id']}")) == "challenge-unknown"
    alice.sign_in()
    assert code_of(alice.send("GET", WAITING)) == "role-unfit"
    assert ward.li.send("DELETE", f"{WAITING}/{half['id']}").status_code == 204
    assert code_of(countersigned(ward.li, half)) == "challenge-unknown"
    again = ward.bose.send("POST", WAITING, signed(ward.bose, proposed)).json
    assert ward.bose.send("DELETE", f"{WAITING}/{again['id']}").status_code == 204
    assert ward.li.send("GET", WAITING).json == {"openings": []}


def test_what_is_sent_keeps_the_pace_of_relays(ward: Ward) -> None:
    """W-126, G-9: also what is refused; of each person by itself."""
    alice = known(ward, "CS-6")
    body = signed(ward.li, ward.propose(alice.did).json)
    answers = [ward.bose.send("POST", WAITING, body) for _ in range(RELAY_BURST)]
    assert {code_of(one) for one in answers} == {"signature-invalid"}
    while answers[-1].status_code != 429:  # a slow machine earns another one
        answers.append(ward.bose.send("POST", WAITING, body))
    assert answers[-1].json["code"] == "rate-limited"
    assert ward.li.send("GET", WAITING).json == {"openings": []}
    other = ward.li.send("POST", WAITING, body)
    assert other.status_code == 400 and "opening.first" in other.text


def test_each_of_the_two_learns_by_id_alone_that_it_waits(ward: Ward) -> None:
    """W-126: a page that looks every few seconds leaves nothing in the patient's trail; nobody else learns of it."""
    alice = known(ward, "CS-5")
    half = ward.bose.send("POST", WAITING, signed(ward.bose, ward.propose(alice.did).json)).json
    looked = ward.li.send("GET", f"{WAITING}/ids")
    assert looked.json == {"first": [], "second": [half["id"]]}
    assert ward.bose.send("GET", f"{WAITING}/ids").json == {"first": [half["id"]], "second": []}
    assert ward.chen.send("GET", f"{WAITING}/ids").json == {"first": [], "second": []}
    alice.sign_in()
    assert of_request(alice, looked) == []
    assert code_of(alice.send("GET", f"{WAITING}/ids")) == "role-unfit"
    assert countersigned(ward.li, half).status_code == 201
    assert ward.li.send("GET", f"{WAITING}/ids").json == {"first": [], "second": []}


def test_a_wrong_signature_opens_nothing_and_loses_nothing(ward: Ward) -> None:
    """W-71"""
    alice = known(ward, "CS-3")
    proposed = ward.propose(alice.did).json
    by_other = signed(ward.li, proposed)
    assert code_of(ward.bose.send("POST", WAITING, by_other)) == "signature-invalid"
    assert code_of(ward.li.send("POST", WAITING, by_other)) == "layout-invalid"
    foreign = {**signed(ward.bose, proposed), "opening": proposed["opening"] | {"member": "Elsewhere"}}
    assert code_of(ward.bose.send("POST", WAITING, foreign)) == "layout-invalid"
    half = ward.bose.send("POST", WAITING, signed(ward.bose, proposed)).json
    wrong = fields.to_hex(ward.chen.wallet.sign_typed(half["typedData"]))
    answer = ward.li.send("POST", f"{WAITING}/{half['id']}", {"signature": wrong})
    assert code_of(answer) == "signature-invalid"
    assert countersigned(ward.li, half).status_code == 201
    assert code_of(ward.li.send("POST", f"{WAITING}/nothing", {"signature": wrong})) == "opening-not-held"


def test_what_others_send_to_the_second_pushes_nothing_out(ward: Ward) -> None:
    """W-71: each first person has as much waiting as is kept of one, whoever it is for."""
    alice = known(ward, "CS-4")
    half = ward.bose.send("POST", WAITING, signed(ward.bose, ward.propose(alice.did).json)).json
    proposed = worded(ward, ward.propose(alice.did).json, first=ward.chen.wallet.address)
    for _ in range(MAX_OF_ONE):
        body = signed(ward.chen, made_up(ward, proposed))
        assert ward.chen.send("POST", WAITING, body).status_code == 201
    assert countersigned(ward.li, half).status_code == 201
