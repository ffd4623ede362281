"""Representatives, guardians and recoveries at a gateway (I-3 to I-6, W-48 to W-51)."""

from __future__ import annotations

from typing import Any

import pytest

from consentry.domain import fields
from consentry.domain.addresses import Address
from consentry.ports.recoveries import KeptTie
from consentry.services.guarding import MOST_SECONDS
from consentry.services.own_identity import MOST_HELD
from tests.app.gateway.content import proposal
from tests.app.gateway.families import HOUR, Family, soon
from tests.app.gateway.test_gateway_consents import paid
from tests.app.gateway.world import World


@pytest.fixture
def family(world: World) -> Family:
    return Family(world)


def test_representative_acts_for_the_patient_until_ended(world: World, family: Family) -> None:
    """W-48, C-3: named by the controller's signature, found by the own account, ended at once."""
    carol = family.signed_in()
    account = str(carol.wallet.address)
    body = family.representative(account, name="Carol, 妹妹")
    assert carol.send("POST", "/api/identity/representatives", body).json["code"] == "signature-invalid"
    assert family.alice.send("POST", "/api/identity/representatives", body).status_code == 200
    (shown,) = family.state()["representatives"]
    assert (shown["account"], shown["name"]) == (account, "Carol, 妹妹")
    (held,) = carol.send("GET", "/api/identities").json["identities"]
    assert held == {"did": family.alice.did, "how": "representative", "from": None}
    carol.sign_in(patient=family.alice.did)
    proposed = world.city.send("POST", "/api/consents/proposals", proposal(family.alice.did)).json
    signature = fields.to_hex(carol.wallet.sign_typed(proposed["typedData"]))
    granted = carol.send("POST", f"/api/consents/{proposed['id']}/grant", {"signature": signature})
    assert granted.status_code == 200, granted.text
    ended = family.alice.send("POST", "/api/identity/representatives/ending", family.ending(account))
    assert ended.status_code == 200, ended.text
    assert family.state()["representatives"] == []
    refused = carol.send("GET", "/api/consents")
    assert (refused.status_code, refused.json["code"]) == (403, "role-unfit")
    carol.sign_in()
    assert carol.send("GET", "/api/identities").json["identities"] == []


@pytest.mark.parametrize("others", [MOST_HELD - 1, MOST_HELD])
def test_those_named_last_are_looked_at(world: World, family: Family, others: int) -> None:
    """W-134: anybody may name an account, and each costs questions to the chain; that there are more is told."""
    carol = family.signed_in()
    account = str(carol.wallet.address)
    body = family.representative(account)
    assert family.alice.send("POST", "/api/identity/representatives", body).status_code == 200
    book, later = world.city.gateway.identity.book, soon()
    for number in range(others):
        book.tie(KeptTie(Address(f"0x{number + 1:040x}"), Address(account), b"", later))
    told = carol.send("GET", "/api/identities").json
    found = [one["did"] for one in told["identities"]]
    full = others == MOST_HELD
    assert (found, told["more"]) == ([] if full else [family.alice.did], full)


@pytest.mark.parametrize("name", ["می\u200cنا", "\U0001f469\u200d\u2695\ufe0f mum", "妹妹", "O\u2019Neill"])
def test_names_are_kept_in_any_script(family: Family, name: str) -> None:
    """W-48: with the joiners that Persian and emoji are written with."""
    body = family.representative("0x" + "ca" * 20, name=name)
    answer = family.alice.send("POST", "/api/identity/representatives", body)
    assert answer.status_code == 200, answer.text
    assert [one["name"] for one in family.state()["representatives"]] == [name]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"name": "x" * 81}, "layout-invalid"),
        ({"name": "line\nbreak"}, "layout-invalid"),
        ({"name": "lo\u202erac"}, "layout-invalid"),
        ({"name": None}, "layout-invalid"),
        ({"validity": 0}, "layout-invalid"),
        ({"validity": 10**12}, "layout-invalid"),
        ({"account": "0x12"}, "layout-invalid"),
        ({"deadline": -1}, "layout-invalid"),
        ({"signature": "0x12"}, "signature-invalid"),
        ({"validity": HOUR + 1}, "signature-invalid"),
        ({"deadline": 1}, "transaction-reverted"),
    ],
)
def test_representative_is_refused_when_something_else_was_signed(
    world: World, family: Family, more: dict[str, Any], code: str
) -> None:
    """W-48: nothing is paid for, and nobody is remembered."""
    body = family.representative("0x" + "ca" * 20) | more
    before = paid(world)
    answer = family.alice.send("POST", "/api/identity/representatives", body)
    assert answer.json["code"] == code, answer.text
    assert paid(world) == before and family.state()["representatives"] == []


def test_recovery_starts_with_the_guardian_who_makes_it_enough(world: World, family: Family) -> None:
    """W-50, I-5: each signs at an own device; the new key then acts for the same identity, and the old one does not."""
    first, second, _ = family.guardians
    family.named()
    assert family.state()["guardians"]["commitment"] is not None
    newcomer = family.signed_in()
    new_owner, deadline = str(newcomer.wallet.address), soon()
    one = first.send("POST", "/api/recoveries/agreements", family.agreement(first, new_owner, deadline)).json
    assert (one["started"], one["threshold"]) == (None, 2)
    assert one["waiting"][0]["agreed"] == [first.wallet.address]
    seen = second.send("POST", "/api/recoveries/open", family.letter()).json
    assert seen["waiting"] == [
        {"newOwner": new_owner, "deadline": deadline, "agreed": [first.wallet.address]}
    ]
    again = first.send(
        "POST", "/api/recoveries/agreements", family.agreement(first, new_owner, deadline)
    ).json
    assert again["started"] is None
    two = second.send(
        "POST", "/api/recoveries/agreements", family.agreement(second, new_owner, deadline)
    ).json
    assert two["started"]["gasUsed"] > 0 and two["waiting"] == []
    assert (two["recovery"]["newOwner"], two["recovery"]["attempt"]) == (new_owner, 1)
    (held,) = newcomer.send("GET", "/api/identities").json["identities"]
    assert (held["did"], held["how"]) == (family.alice.did, "recovery") and held["from"]
    early = newcomer.send("POST", "/api/recoveries/finishing", {"identity": family.alice.did})
    assert (early.status_code, early.json["code"]) == (409, "transaction-reverted")
    world.ledger.connection.rpc.call("evm_increaseTime", family.state()["recoveryDelay"] + 1)
    world.mine()
    done = newcomer.send("POST", "/api/recoveries/finishing", {"identity": family.alice.did})
    assert done.status_code == 200, done.text
    assert newcomer.send("GET", "/api/identities").json["identities"][0]["how"] == "controller"
    newcomer.sign_in(patient=family.alice.did)
    assert newcomer.send("GET", "/api/identity").json["controller"] == new_owner
    assert family.alice.send("GET", "/api/consents").json["code"] == "role-unfit"


def test_agreements_are_taken_of_guardians_alone(world: World, family: Family) -> None:
    """W-50, W-51: another set, a stranger, another recovery, an end too far away: nothing waits and nothing is sent."""
    family.named()
    first, mallory = family.guardians[0], family.signed_in()
    new_owner, deadline = str(mallory.wallet.address), soon()
    good = family.agreement(first, new_owner, deadline)
    stranger = family.agreement(mallory, new_owner, deadline)
    other = good["guardianSet"] | {"salt": "0x" + "11" * 32}
    before = paid(world)
    for body, code in (
        (good | {"guardianSet": other}, "guardians-unknown"),
        (good | {"guardianSet": good["guardianSet"] | {"threshold": 1}}, "guardians-unknown"),
        (good | {"identity": mallory.did}, "guardians-unknown"),
        (stranger, "signature-invalid"),
        (good | {"newOwner": str(first.wallet.address)}, "signature-invalid"),
        (good | {"deadline": deadline + 1}, "signature-invalid"),
        (family.agreement(first, new_owner, deadline, attempt=1), "signature-invalid"),
        (family.agreement(first, new_owner, 1), "layout-invalid"),
        (family.agreement(first, new_owner, deadline + MOST_SECONDS), "layout-invalid"),
        (good | {"identity": "did:ethr:0x1:0x12"}, "layout-invalid"),
    ):
        answer = mallory.send("POST", "/api/recoveries/agreements", body)
        assert answer.json["code"] == code, answer.text
    look = {"identity": family.alice.did, "guardianSet": other}
    assert mallory.send("POST", "/api/recoveries/open", look).json["code"] == "guardians-unknown"
    assert first.send("POST", "/api/recoveries/open", family.letter()).json["waiting"] == []
    assert paid(world) == before


def test_controller_stops_a_recovery_once(family: Family) -> None:
    """W-49, I-6: the patient sees what is pending, and that the next one cannot be stopped."""
    first, second, third = family.guardians
    family.named()
    thief = "0x" + "7e" * 20
    family.started(thief, (first, second))
    assert family.state()["recovery"]["newOwner"] == thief
    assert first.send("POST", "/api/identity/veto", family.veto(thief)).json["code"] == "signature-invalid"
    assert family.alice.send("POST", "/api/identity/veto", family.veto(thief)).status_code == 200
    stopped = family.state()["recovery"]
    assert (stopped["newOwner"], stopped["vetoSpent"]) == (None, True)
    family.started(thief, (first, third))
    late = family.alice.send("POST", "/api/identity/veto", family.veto(thief))
    assert (late.status_code, late.json["code"]) == (409, "transaction-reverted")
    assert "RecoveryVetoSpent" in late.json["detail"]


def test_guardians_are_changed_after_the_delay(world: World, family: Family) -> None:
    """W-49, I-4: the change is shown with the time from which it counts."""
    family.named()
    nobody = family.naming(bytes(32))
    assert family.alice.send("POST", "/api/identity/guardians", nobody).status_code == 200
    changing = family.state()["guardians"]
    assert changing["commitment"] and changing["effectiveAt"] and changing["nextCommitment"] is None
    world.ledger.connection.rpc.call("evm_increaseTime", family.state()["recoveryDelay"] + 1)
    world.mine()
    assert family.state()["guardians"]["commitment"] is None
