"""`consentry publish` of what has changed, `read --history`, `records retract` (D-14 to D-17)."""

from __future__ import annotations

import json

from tests.app.cli.network import Desk, linked
from tests.app.gateway.content import bundle


def test_hospital_corrects_and_retracts_and_the_patient_sees_all_versions(desk: Desk) -> None:
    """D-14, D-17, D-20: replaced, current and retracted, with their numbers; asking twice changes nothing."""
    ref, key, alice = linked(desk, "HIS-1"), desk.file("his.key"), desk.file("alice.keystore")
    publish = ("publish", desk.file("visit.json"), "--patient", ref, "--client-key-file", key)
    first = {one["category"]: one for one in desk.done(*publish)["records"]}
    desk.file("visit.json").write_text(json.dumps(bundle("HIS-1", "corrected")), "utf-8")
    told = desk(*publish).out
    assert "version 2" in told and "2 records published, 1 was there already." in told
    second = {one["category"]: one for one in desk.done(*publish)["records"]}
    assert second["laboratory"]["version"] == "2" and not second["laboratory"]["created"]
    assert second["laboratory"]["replaces"] == first["laboratory"]["record"]
    desk.file("visit.json").write_text(json.dumps(bundle("HIS-1")), "utf-8")
    assert "replaced since" in desk(*publish).out

    own = ("read", "--self", "--wallet", alice)
    table = desk(*own, "--history").out
    assert "5 versions; use --out FILE to keep them." in table
    assert table.count("replaced") == 2 and table.count("current") == 3
    back = desk.done(*publish, "--replaces", second["laboratory"]["record"])
    restored = {one["category"]: one for one in back["records"]}
    assert restored["laboratory"]["version"] == "3" and restored["laboratory"]["created"]

    retract = ("records", "retract", restored["laboratory"]["record"], "--reason", "duplicate")
    retract += ("--client-key-file", key)
    gone = desk.done(*retract)["records"]
    assert gone == [one["laboratory"]["record"] for one in (restored, second, first)]
    assert desk.done(*retract)["records"] == gone
    shown = ("records", "retractions", "--client-key-file", key)
    assert [one["record"] for one in desk.done(*shown)["retractions"]] == gone[::-1]
    (one,) = desk.done(*shown, gone[0])["retractions"]
    assert (one["by"], one["reason"]) == ("client:his", "duplicate")
    assert "duplicate" in desk(*shown).out and gone[0] in desk(*shown).out
    assert "Observation" not in desk(*own).out
    out = desk.file("history.json")
    desk.done(*own, "--history", "--out", out)
    versions = json.loads(out.read_text("utf-8"))
    assert versions["type"] == "history"
    assert sum(one["request"]["method"] == "DELETE" for one in versions["entry"]) == 3
    assert desk(*own, "--history").out.count("retracted") == 3


def test_records_that_nobody_published_are_refused_in_words(desk: Desk) -> None:
    """D-13, D-17: with what to do next."""
    ref, key = linked(desk, "HIS-2"), desk.file("his.key")
    unknown, retract = "0x" + "7" * 64, ("records", "retract", "--reason", "duplicate")
    refused = desk(*retract, unknown, "--client-key-file", key)
    assert refused.code == 2 and "record-unknown" in refused.err
    visit = ("publish", desk.file("visit.json"), "--patient", ref, "--client-key-file", key)
    assert desk(*visit, "--replaces", unknown, "--json").error == "record-unknown"
    for command in ((*retract, "0x12", "--client-key-file", key), (*visit, "--replaces", "12")):
        wrong = desk(*command)
        assert wrong.code == 2 and "0x and 64 hex digits" in wrong.err
