"""Whose number is it: other hospitals give the same ones to other people; ending one link and no other (G-4)."""

from __future__ import annotations

import json
import logging
import time
from pathlib import Path

import pytest

from consentry.config import read_gateway_config
from consentry.errors import BundleNamesTwoPatients, ConfigInvalid, PatientNotLinked
from consentry.services.link import patient_of_identifiers
from tests.app.gateway.content import bundle
from tests.app.gateway.test_gateway_links import begun, completed
from tests.app.gateway.world import World


def test_another_hospitals_number_is_nobody_here(world: World) -> None:
    """G-4: Bob's bundle, with the number that City gave him, is not filed as Alice's who has it at Mercy."""
    alice, bob = world.patient(world.mercy), world.patient(world.mercy)
    world.mercy.link("4711", alice)
    bobs = world.mercy.link("urn:city|4711", bob)
    foreign = bundle("4711")
    foreign["entry"][0]["resource"]["identifier"][0]["system"] = "urn:elsewhere"
    assert world.mercy.publish(foreign).status_code == 404
    links = world.mercy.gateway.links
    for system in ("", "urn:mrn"):
        assert patient_of_identifiers([(system, "4711")], links) == alice.wallet.address
    assert patient_of_identifiers([("urn:city", "4711")], links) == bob.wallet.address
    foreign["entry"][0]["resource"]["identifier"][0]["system"] = "urn:city"
    assert world.mercy.publish(foreign, **{"X-Consentry-Patient-Ref": bobs}).status_code == 200
    with pytest.raises(BundleNamesTwoPatients):
        patient_of_identifiers([("urn:city", "4711"), ("urn:mrn", "4711")], links)


@pytest.mark.parametrize(("system", "value"), [("", "urn:b|7"), ("urn:mrn", "urn:b|7"), ("urn:b|7", "8")])
def test_a_separator_makes_no_other_number(world: World, system: str, value: str) -> None:
    """G-4: a system inside a value, or a value inside a system, is neither."""
    person = world.person(world.mercy)
    for number in ("urn:b|7", "urn:b|7|8"):
        found = world.mercy.send("POST", "/api/patients/find", {"mrn": number})
        if found.status_code == 404:
            world.mercy.link(number, person)
    with pytest.raises(PatientNotLinked):
        patient_of_identifiers([(system, value)], world.mercy.gateway.links)


def test_only_a_system_ends_a_link_and_leaves_a_trace(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """G-4: the trace names the reference and nobody."""
    alice, dr_bose = world.person(world.mercy), world.staff(world.mercy)
    ref = world.mercy.link("N-1", alice)
    path = f"/api/patients/links/{ref}"
    answer = dr_bose.send("DELETE", path)
    assert (answer.status_code, answer.json["code"]) == (403, "role-unfit")
    alice.sign_in()
    assert alice.send("DELETE", path).json["code"] == "role-unfit"
    assert world.mercy.client.delete(path).json["code"] == "not-signed-in"
    with caplog.at_level(logging.INFO, logger="consentry"):
        assert world.mercy.send("DELETE", path).status_code == 204
    assert [one.getMessage() for one in caplog.records if ref in one.getMessage()] == [
        f"link {ref} was ended"
    ]
    assert "N-1" not in caplog.text and alice.wallet.address not in caplog.text.lower()


def test_an_ended_reference_ends_no_later_link(world: World) -> None:
    """G-4: two desks end one link while the number is given to somebody else."""
    alice, bob = world.person(world.mercy), world.person(world.mercy)
    links = world.mercy.gateway.links.links
    first = links.by_ref(world.mercy.link("N-2", alice))
    assert first is not None and links.end(first, int(time.time()))
    made = begun(world, "N-2")
    assert completed(world, made, bob, bob).status_code == 200
    assert not links.end(first, int(time.time()))
    later = links.by_ref(made["ref"])
    assert later is not None and later.patient == bob.wallet.address


@pytest.mark.parametrize("systems", ["urn:mrn", [1], [""], {"urn:mrn": 1}])
def test_settings_name_systems_in_a_list(tmp_path: Path, systems: object) -> None:
    """G-4: one text would be read as its letters."""
    path = tmp_path / "gateway.json"
    path.write_text(json.dumps({"store": {"kind": "kubo"}, "mrn_systems": systems}), "utf-8")
    with pytest.raises(ConfigInvalid, match="mrn_systems"):
        read_gateway_config(path)
