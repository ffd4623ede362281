"""`permits` and `permitsDirectory` against a plain Python model over random terms and requests (C-8 … C-10, C-12)."""

import brownie
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scripts.settings import CEILINGS
from tests.contracts.calls import view
from tests.contracts.consent import model
from tests.contracts.consent.reasons import Reason
from tests.contracts.consents import CITY, MERCY, RECORD, ZERO_ADDRESS, Draft, Person, asked, text32

DAY = 86400
OTHER_RECORD = "0x" + "cd" * 32
CARDIOLOGY = "cardiology"


def mostly(common, *others):
    """The value that lets a request through, three times out of four."""
    return st.one_of(st.just(common), st.just(common), st.just(common), st.sampled_from(others))


def words(*codes):
    return st.one_of(
        st.just([codes[0]]),
        st.just(["any"]),
        st.lists(st.sampled_from([*codes, "any", ""]), max_size=3),
    )


dates = st.sampled_from(
    ["2024-01-01T00:00:00Z", "2025-03-04T05:06:07Z", "2025-03-04T05:06:08Z", "any", "2025", ""]
)
provisions = st.fixed_dictionaries(
    {
        "purposes": words("TREAT", "HRESCH"),
        "categories": words("laboratory", "imaging"),
        "confidentiality": mostly("V", "N", "R", "any", "X", ""),
        "dataFrom": mostly(
            "2024-01-01T00:00:00Z", "2025-03-04T05:06:07Z", "2025-03-04T05:06:08Z", "any", "2025"
        ),
        "dataUntil": mostly("2026-01-01T00:00:00Z", "2025-03-04T05:06:07Z", "any", ""),
        "authors": mostly(["any"], [MERCY], [CITY], [MERCY, CITY], ["Nowhere"], [], ["any", MERCY]),
        "records": mostly(["any"], [RECORD], [OTHER_RECORD], []),
    }
)
records = st.fixed_dictionaries(
    {
        "recordId": st.just(RECORD),
        "author": mostly("mercy", "city", "mallory"),
        "category": mostly("laboratory", "imaging", "any", ""),
        "level": mostly(3, 1, 4, 255),
        "confidentiality": mostly("N", "R", "V", "X", ""),
        "department": mostly(CARDIOLOGY, "surgery", ""),
        "date": st.one_of(st.just("2025-03-04T05:06:07Z"), dates),
    }
)
askers = st.fixed_dictionaries(
    {
        "actor": mostly("dr_bose", "resident", "intern", "system", "nobody", "mercys_nurse", "leaving"),
        "signer": mostly("", "system", "mercys_nurse", "nobody", "dr_bose"),
        "purpose": mostly("TREAT", "HRESCH", "any", ""),
        "askedAt": mostly(0, 1, 12, 40),
    }
)
cases = st.fixed_dictionaries(
    {
        "roles": words("attending", "resident", "intern", "system"),
        "provisions": st.lists(provisions, min_size=0, max_size=3),
        "recipientName": mostly(CITY, MERCY, ""),
        "window": mostly((-1, 30), (1, 30), (-1, 10)),
        "state": mostly("granted", "revoked", "unknown"),
        "salt": st.binary(min_size=32, max_size=32),
        "asker": askers,
        "record": records,
    }
)


@pytest.fixture
def staffed(members, mercy_hospital, city_hospital, dr_bose, citys_system, now):
    """People in different standing, on chain and in the model."""
    city, mercy = str(city_hospital), str(mercy_hospital)
    far = now + 20 * DAY
    people = {
        "resident": (city, "resident", CARDIOLOGY, far),
        "intern": (city, "intern", "surgery", far),
        "mercys_nurse": (mercy, "nurse", CARDIOLOGY, far),
        "leaving": (city, "attending", CARDIOLOGY, now + 5 * DAY),
    }
    addresses = {
        "dr_bose": dr_bose.address,
        "system": citys_system.address,
        "nobody": Person.named("nobody").address,
    }
    known = {
        dr_bose.address: (city, "attending", CARDIOLOGY, 2**63),
        citys_system.address: (city, "system", "", 2**63),
    }
    for name, (member, role, department, end) in people.items():
        addresses[name] = Person.named(name).address
        known[addresses[name]] = (member, role, department, end)
        home = city_hospital if member == city else mercy_hospital
        members.enrol(addresses[name], text32(role), text32(department), end, {"from": home})
    addresses |= {"city": city, "mercy": mercy, "mallory": Person.named("mallory").address}
    world = model.World(now, {city: (CITY, True), mercy: (MERCY, True)}, known, CEILINGS)
    return addresses, world


def test_permits_equals_the_model_when_anything_is_asked(consents, alice, city_hospital, staffed):
    """C-8 … C-10, C-12"""
    addresses, world = staffed
    account = alice.account
    seen = set()

    @settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(case=cases)
    def check(case):
        draft = draft_of(case)
        consent_id = draft.consent_id(consents)
        if consent_id not in world.consents and case["state"] != "unknown":
            consents.grant(draft.grant(consents), {"from": account, "silent": True})
            if case["state"] == "revoked":
                consents.revoke(alice.address, consent_id, {"from": account})
            world.consents[consent_id] = case["state"]
        asker = dict(case["asker"])
        asker["actor"] = addresses[asker["actor"]]
        asker["signer"] = addresses[asker["signer"]] if asker["signer"] else asker["actor"]
        # the model's clock never lags the chain's
        asker["askedAt"] = world.now + asker["askedAt"] * DAY if asker["askedAt"] else 0
        record = case["record"] | {"author": addresses[case["record"]["author"]]}
        world.now = brownie.chain[-1].timestamp
        shown = asked(draft.grant(consents), draft.terms, (*asker.values(), ZERO_ADDRESS, ""))
        reason = Reason(view(consents, "permits", shown, tuple(record.values())))
        assert reason is model.permits(world, draft, consent_id, asker, record)
        directory = Reason(view(consents, "permitsDirectory", shown, record["category"]))
        assert directory is model.permits_directory(world, draft, consent_id, asker, record["category"])
        seen.update((reason, directory))

    def draft_of(case):
        terms = {key: case[key] for key in ("recipientName", "roles", "provisions")}
        terms |= {"recipient": str(city_hospital), "maxUses": 0, "salt": "0x" + case["salt"].hex()}
        ordered = {
            k: terms[k] for k in ("recipientName", "recipient", "roles", "provisions", "maxUses", "salt")
        }
        start, end = (world_start + days * DAY for days in case["window"])
        return Draft(alice.address, ordered, start, end, world_start + DAY)

    world_start = world.now
    check()
    assert {Reason.Permitted, Reason.ProvisionMissing, Reason.ConsentRevoked} <= seen
    assert len(seen) >= 12
