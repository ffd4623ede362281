"""The whole way by commands alone: real gateways, keepers and chain (G-1, G-3, G-4, G-5, G-6, K-9, A-2)."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from consentry.domain.addresses import address
from tests.app.cli.network import Desk, linked


def test_patient_grants_and_revokes_what_a_clinician_reads(desk: Desk) -> None:
    """G-3, G-6, C-1: proposed, signed apart, handed over, read, revoked, gone."""
    ref = linked(desk, "CLI-1")
    alice, bose, key = desk.file("alice.keystore"), desk.file("dr_bose.keystore"), desk.file("his.key")
    reading = ("read", "--patient", ref, "--as", bose, "--purpose", "TREAT")
    refused = desk(*reading)
    assert refused.code == 3 and "no-ground" in refused.err

    proposed = desk.done(
        "consent", "propose", "--patient", ref, "--purpose", "TREAT", "--category", "laboratory",
        "--role", "attending", "--until", "2099-01-01", "--as", bose,
    )  # fmt: skip
    short = proposed["id"][:10]
    words = desk("consent", "show", short, "--wallet", alice).out
    assert all(one in words for one in ("laboratory results", "(proposed)", "may read"))
    assert proposed["id"] in desk("consent", "show", "--wallet", alice).out

    signed = desk("consent", "sign", short, "--wallet", alice)
    assert signed.code == 0 and signed.out.startswith("0x") and len(signed.out) == 133
    assert "laboratory results" in signed.err
    spoilt = (signature := signed.out.strip())[:20] + "00000000" + signature[28:]
    assert desk("consent", "grant", proposed["id"], "--signature", spoilt, "--client-key-file", key).code != 0
    granted = desk("consent", "grant", proposed["id"], "--signature", signature, "--client-key-file", key)
    assert granted.code == 0 and "The consent holds: transaction 0x" in granted.out
    out = desk.file("read.json")
    summary = desk.done(*reading, "--out", out)
    assert summary["resources"] == {"Observation": 1, "Patient": 1} and not summary["incomplete"]
    assert os.stat(out).st_mode & 0o777 == 0o600 and "空腹血糖偏高" in out.read_text("utf-8")
    assert "psychiatr" not in out.read_text("utf-8")
    system = ("read", "--patient", ref, "--practitioner", wallet_address(desk, bose), "--purpose", "TREAT")
    assert desk.done(*system, "--client-key-file", key)["total"] == 2
    assert "2 resources" in desk(*reading).out
    assert json.loads(desk(*reading, "--out", "-").out)["total"] == 2

    assert "granted already; nothing to do" in desk("consent", "grant", short, "--wallet", alice).out
    assert desk.done("consent", "revoke", short, "--wallet", alice)["transaction"]
    twice = desk("consent", "revoke", short, "--wallet", alice)
    assert twice.code == 0 and "revoked already; nothing to do" in twice.out
    late = desk("consent", "grant", short, "--wallet", alice)
    assert late.code == 3 and "revoked already" in late.err
    assert desk(*reading, "--json").error == "no-ground"
    assert "(revoked)" in desk("consent", "show", short, "--wallet", alice).out


def test_patient_reads_the_own_record_and_proves_every_access(desk: Desk) -> None:
    """K-9, K-10, A-2: the account proves on chain; a flipped byte is named, exit code 4."""
    ref = linked(desk, "CLI-2")
    alice = desk.file("alice.keystore")
    assert desk.done("read", "--self", "--wallet", alice)["total"] == 3
    account = desk.file("account.json")
    until = time.monotonic() + 90
    while True:  # keepers commit every third of a second
        assert desk.done("receipts", "--wallet", alice, "--out", account)["receipts"] > 0
        told = json.loads(account.read_text("utf-8"))
        if all(one["evidence"]["commit"] for one in told["receipts"]):
            break
        assert time.monotonic() < until
        time.sleep(0.2)
    assert not told["incomplete"] and {one["receipt"]["ground"] for one in told["receipts"]} == {"SELF"}
    verified = desk("verify", account)
    count = len(told["receipts"])
    assert verified.code == 0 and f"{count} of {count} receipts are proven." in verified.out
    assert {"released", "proven"} <= set(desk("receipts", "--wallet", alice).out.split())

    signature = told["receipts"][0]["evidence"]["signature"]
    told["receipts"][0]["evidence"]["signature"] = ("0x1" if signature[2] != "1" else "0x2") + signature[3:]
    account.write_text(json.dumps(told))
    flipped = desk("verify", account)
    assert flipped.code == 4 and f"receipt 1 of {count}: signature" in flipped.err

    desk.done("patient", "unlink", ref, "--client-key-file", desk.file("his.key"))
    published = desk(
        "publish", desk.file("visit.json"), "--patient", ref, "--client-key-file", desk.file("his.key")
    )
    assert published.code == 2 and "patient-not-linked" in published.err


def test_directory_is_rotated_only_on_request_and_for_oneself(desk: Desk) -> None:
    """D-4: the next version names the one before."""
    alice = desk.file("alice.keystore")
    first = desk.done("wallet", "open-directory", "--wallet", alice)
    second = desk.done("wallet", "open-directory", "--wallet", alice, "--rotate")
    assert (second["version"], second["cid"] != first["cid"]) == (2, True)
    bose = wallet_address(desk, desk.file("dr_bose.keystore"))
    other = desk("wallet", "open-directory", "--wallet", alice, "--for", f"did:ethr:0x539:{bose}", "--json")
    assert (other.code, other.error) == (3, "role-unfit")


def test_sign_in_is_refused_at_an_address_that_is_not_the_gateways(desk: Desk) -> None:
    """G-5: the text names the public address; a wallet signs no sign-in for somewhere else."""
    ran = desk("consent", "show", "--wallet", desk.file("alice.keystore"), "--gateway", desk.aside, "--json")
    assert (ran.code, ran.error) == (3, "signing-refused")


def test_status_and_keepers_are_told(desk: Desk) -> None:
    committee = desk.done("keeper", "list")
    assert {one["chamber"] for one in committee["keepers"]} == {
        "Institutions",
        "EthicsBoard",
        "PatientsCouncil",
    }
    assert desk.world.city.name in desk("keeper", "list", "--json").out
    assert [one["seat"] for one in committee["keepers"]] == [0, 1, 2, 3, 4] and committee["threshold"] == 3
    status = desk("keeper", "status").out
    assert "5 of 5 keepers answer, 3 are needed." in status and "EthicsBoard" in status
    assert desk.done("status")["gateway"]["ok"]


def wallet_address(desk: Desk, path: Path) -> str:
    return str(address(desk("wallet", "show", "--wallet", path).out.strip()))
