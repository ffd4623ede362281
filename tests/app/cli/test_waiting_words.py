"""What the command line says of records that wait for a directory (D-9, D-10)."""

from __future__ import annotations

import json
import secrets

from tests.app.cli.network import Desk
from tests.app.gateway.content import bundle


def test_publish_and_status_say_what_waits(desk: Desk) -> None:
    """D-9, D-10: in words and in JSON, until the directory is open and the same is published again."""
    wallet, key, number = desk.file("alice.keystore"), desk.file("his.key"), f"CLI-{secrets.token_hex(4)}"
    ref = desk.done("patient", "link", "--mrn", number, "--wallet", wallet, "--client-key-file", key)["ref"]
    desk.file("visit.json").write_text(json.dumps(bundle(number)), "utf-8")
    publish = ("publish", desk.file("visit.json"), "--patient", ref, "--client-key-file", key)
    status = ("status", "--client-key-file", key)
    assert desk.done(*status)["publications"]["waiting"]["records"] == 0
    assert "No record waits for a directory." in desk(*status).out
    kept = desk.done(*publish)
    assert [one["waiting"] for one in kept["records"]] == [True] * 3 and kept["transaction"] is None
    words = desk(*publish).out
    assert "3 of them wait until the patient opens the directory" in words and "waits" in words.split()
    told = desk.done(*status)["publications"]
    assert (told["waiting"]["records"], told["waiting"]["patients"], told["problem"]) == (3, 1, None)
    assert "patient's directory: 3, of 1 people, since 20" in desk(*status).out
    assert "publications" not in desk.done("status")
    assert desk.done("wallet", "open-directory", "--wallet", wallet)["opened"]
    filed = desk.done(*publish)
    assert [one["record"] for one in filed["records"]] == [one["record"] for one in kept["records"]]
    assert filed["transaction"] and not any(one["waiting"] for one in filed["records"])
    assert desk.done(*status)["publications"]["waiting"]["records"] == 0
