"""`consentry receipts --export`, `--import` and `consentry verify` on an account, on a real chain (A-4 … A-8)."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.app.cli.network import Desk, linked

Lines = list[Any]


@pytest.fixture
def account(desk: Desk) -> Path:
    """alice's own reading, once every keeper's receipts are on chain."""
    linked(desk, f"CLI-A-{secrets.token_hex(4)}")
    alice, file = desk.file("alice.keystore"), desk.file("account.jsonl")
    desk.done("read", "--self", "--wallet", alice)
    until = time.monotonic() + 60
    while True:
        assert desk.done("receipts", "--wallet", alice, "--export", file)["receipts"] > 0
        if desk("verify", file).code == 0:
            return file
        assert time.monotonic() < until, desk("verify", file).err
        time.sleep(0.2)


def edited(file: Path, change: Callable[[Lines], None]) -> None:
    """The account with its lines changed; the end counts what is left."""
    lines = [json.loads(one) for one in file.read_text("utf-8").splitlines()]
    change(lines)
    pages = lines[1:-1]
    lines[-1] |= {"pages": len(pages), "receipts": sum(len(one["receipts"]) for one in pages)}
    file.write_text("".join(json.dumps(one) + "\n" for one in lines), "utf-8")


def serving(lines: Lines) -> list[Any]:
    """The pages of keepers that released something: on a busy machine not each of the five was in time."""
    return [page for page in lines[1:-1] if page["receipts"]]


def swap_roots(lines: Lines) -> None:
    """The first receipt's proof for another keeper's."""
    first, second = (page["receipts"][0] for page in serving(lines)[:2])
    first["commit"], second["commit"] = second["commit"], first["commit"]


CHANGES: dict[str, tuple[Callable[[Lines], object], str]] = {
    "dropped": (lambda lines: serving(lines)[1]["receipts"].pop(0), "dropped"),
    "duplicated": (
        lambda lines: serving(lines)[1]["receipts"].insert(0, serving(lines)[1]["receipts"][0]),
        "duplicated",
    ),
    "reordered": (lambda lines: serving(lines)[1]["receipts"].reverse(), "reordered"),
    "altered": (lambda lines: serving(lines)[1]["receipts"][0].update(receipt="e30="), "signature"),
    "a swapped root": (swap_roots, "proof"),
}


def test_an_exported_account_verifies_and_says_what_it_proves(desk: Desk, account: Path) -> None:
    """A-5, A-6, A-7: alice reads her own record, which needs three of five keepers."""
    assert account.stat().st_mode & 0o777 == 0o600
    told = desk("verify", account)
    served = len(serving([json.loads(one) for one in account.read_text("utf-8").splitlines()]))
    assert (
        f"an access, {served} keepers released it, 3 are enough." in told.out
        and "by the patient: " in told.out
    )
    report = desk.done("verify", account)
    assert report["ok"] and report["complete"] and not report["missing"] and not report["possible"]
    assert {one["category"] for one in report["accesses"]} >= {"laboratory"}
    assert [one["seat"] for one in report["keepers"]] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_done_to_the_file_is_named(desk: Desk, account: Path, what: str) -> None:
    """A-6: exit code 4, the keeper and the link."""
    change, link = CHANGES[what]
    edited(account, change)
    told = desk("verify", account)
    assert told.code == 4 and "proof-invalid" in told.err and f"{link}: " in told.err
    assert "keeper in seat " in told.err
    as_json = desk("verify", account, "--json")
    assert as_json.code == 4 and as_json.json["error"]["expression"][0] == link


def test_a_keeper_left_out_is_missing(desk: Desk, account: Path) -> None:
    """A-8: exit code 5, who and what the others agree on; the rest is proven."""
    pages = [json.loads(one) for one in account.read_text("utf-8").splitlines()[1:-1]]
    served = {one["keeper"] for one in pages if one["receipts"]}  # on a busy machine not each of the five
    keeper = min(served)

    def leave_out(lines: Lines) -> None:
        lines[1:-1] = [one for one in lines[1:-1] if one["keeper"] != keeper]

    edited(account, leave_out)
    told = desk("verify", account)
    assert told.code == 5 and "account-incomplete" in told.err
    assert (
        "told nothing" in told.out
        and f"{len(served) - 1} others agree on" in told.out
        and "last spoke on chain at" in told.out
    )
    as_json = desk("verify", account, "--json")
    assert as_json.code == 5 and as_json.json["ok"] and not as_json.json["complete"]
    assert as_json.json["error"]["code"] == "account-incomplete" and len(as_json.json["missing"]) == 1


def test_a_file_that_was_cut_off_is_no_account(desk: Desk, account: Path) -> None:
    """A-5"""
    raw = account.read_bytes()
    for cut in (raw[: len(raw) // 2], b"".join(raw.splitlines(keepends=True)[:-1])):
        account.write_bytes(cut)
        assert desk("verify", account, "--json").error == "not-receipts"
        assert desk("receipts", "--import", account, "--json").error == "not-receipts"


def test_an_account_is_shown_from_its_file(desk: Desk, account: Path) -> None:
    """A-5, A-7: as the keepers' own answers are; without a chain it is said what is not proven, with one it is verified."""
    shown = desk("receipts", "--import", account)
    assert {"released", "proven"} <= set(shown.out.split()) and "the patient's side" in shown.out
    alone = desk.consentry("receipts", "--import", account)
    assert alone.code == 0 and "committed" in alone.out.split() and "consentry verify" in alone.err
    assert desk.done("receipts", "--import", account)["verified"]

    edited(account, CHANGES["dropped"][0])
    assert desk("receipts", "--import", account).code == 4
    assert "dropped" in desk.consentry("receipts", "--import", account).err


def test_an_account_is_held_against_an_earlier_one(desk: Desk, account: Path) -> None:
    """A-12"""
    assert desk("verify", account, "--earlier", account).code == 0
    other = desk.file("other.json")
    other.write_text("[]\n")
    assert desk("verify", account, "--earlier", other, "--json").error == "not-receipts"
    assert desk("verify", other, "--earlier", account, "--json").error == "not-receipts"

    older = desk.file("older.jsonl")
    older.write_text(re.sub(r'"writtenAt":"20\d\d', '"writtenAt":"2020', account.read_text(), count=1))
    assert desk("verify", account, "--earlier", older).code == 0
    swapped = desk("verify", older, "--earlier", account)
    assert swapped.code == 2 and "swap the two files" in swapped.err

    mallory = desk.file("mallory.keystore")
    desk.done("wallet", "new", mallory)
    desk.done("receipts", "--wallet", mallory, "--export", desk.file("mallory.jsonl"))
    told = desk("verify", account, "--earlier", desk.file("mallory.jsonl"))
    assert told.code == 2 and "another patient's account" in told.err


def test_importing_and_asking_are_two_things(desk: Desk, tmp_path: Path) -> None:
    """A-5: a typed error with the next step, not a silent choice."""
    wallet, file = desk.file("alice.keystore"), tmp_path / "none.jsonl"
    assert desk("receipts", "--import", file, "--wallet", wallet, "--json").error == "command-invalid"
    assert desk("receipts", "--import", file, "--out", file, "--json").error == "command-invalid"
    assert desk("receipts", "--import", file, "--json").error == "file-unreadable"
    assert desk("receipts", "--json").error == "setting-missing"
    file.write_text("{}\n")
    assert desk("receipts", "--import", file, "--json").error == "not-receipts"
