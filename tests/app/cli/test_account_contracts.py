"""An exported account names its contracts, so that a chain node is all that verifying asks for (A-14)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.app.cli.conftest import Ran
from tests.app.cli.network import Desk
from tests.app.cli.test_account_command import account as account  # a fixture

Header = dict[str, Any]


def with_node_alone(desk: Desk, *arguments: str | Path) -> Ran:
    return desk.consentry(*arguments, CONSENTRY_RPC=desk.world.chain.url)


def rewritten(file: Path, change: Callable[[Header], object]) -> Path:
    first, *rest = file.read_text("utf-8").splitlines(keepends=True)
    header = json.loads(first)
    change(header)
    file.write_text(json.dumps(header) + "\n" + "".join(rest), "utf-8")
    return file


def test_a_chain_node_is_enough_and_whose_word_the_contracts_are_is_said(desk: Desk, account: Path) -> None:
    """A-14, A-6: as good as with the deployment file, but for who says that these are the contracts."""
    alone = with_node_alone(desk, "verify", account)
    log = desk.world.ledger.address_of("AuditLog")
    assert alone.code == 0 and "the file's own word" in alone.err and log in alone.err
    told = with_node_alone(desk, "verify", account, "--json").json
    assert told["complete"] and told["deployment"]["toldBy"] == "file"
    assert told["deployment"]["contracts"]["AuditLog"] == log
    both = desk("verify", account)
    assert both.code == 0 and "own word" not in both.err
    assert desk.done("verify", account)["deployment"]["toldBy"] == "deployment"
    shown = with_node_alone(desk, "receipts", "--import", account)
    assert shown.code == 0 and "proven" in shown.out.split() and "the file's own word" in shown.err


def test_an_account_that_was_exported_without_the_file_names_them_too(desk: Desk, account: Path) -> None:
    """A-14: by the gateway's word."""
    exported = desk.consentry(
        *("receipts", "--wallet", desk.file("alice.keystore"), "--export", account),
        CONSENTRY_GATEWAY=desk.url,
    )
    assert exported.code == 0, exported.err
    assert with_node_alone(desk, "verify", account).code == 0
    assert desk("verify", account).code == 0


WRONG: dict[str, tuple[Callable[[Header], object], str]] = {
    "other contract": (
        lambda header: header["deployment"]["contracts"]["AuditLog"].update(address="0x" + "5c" * 20),
        "chain-wrong",
    ),
    "other code": (
        lambda header: header["deployment"]["contracts"]["AuditLog"].update(codeDigest="0x" + "5c" * 32),
        "chain-wrong",
    ),
    "other first block": (
        lambda header: header["deployment"].update(genesis="0x" + "5c" * 32),
        "chain-wrong",
    ),
    "other chain": (lambda header: header["deployment"].update(chainId=5), "not-receipts"),
    "no contracts": (lambda header: header["deployment"].pop("contracts"), "deployment-missing"),
    "none": (lambda header: header.update(deployment=None), "setting-missing"),
    "not an object": (lambda header: header.update(deployment=[7]), "not-receipts"),
    "left out": (lambda header: header.pop("deployment"), "not-receipts"),
}


@pytest.mark.parametrize("what", WRONG)
def test_contracts_that_the_node_does_not_serve_prove_nothing(desk: Desk, account: Path, what: str) -> None:
    """A-14: and what names none asks for the deployment file."""
    change, code = WRONG[what]
    rewritten(account, change)
    assert with_node_alone(desk, "verify", account, "--json").error == code


def test_the_deployment_file_and_the_account_name_the_same(desk: Desk, account: Path) -> None:
    """A-14: an account that was proven by contracts of somebody's own does not pass for one of this network."""
    swapped = secrets.token_bytes(20).hex()

    def swap(header: Header) -> None:
        header["deployment"]["contracts"]["AuditLog"]["address"] = f"0x{swapped}"

    told = desk("verify", rewritten(account, swap), "--json")
    assert told.error == "not-receipts" and "other contracts" in told.json["error"]["detail"]


def test_an_account_of_an_earlier_release_is_verified_as_before(desk: Desk, account: Path) -> None:
    """A-14, A-5: it names no contracts; with the deployment file nothing is missing."""

    def former(header: Header) -> None:
        del header["deployment"]
        header["version"] = 1

    rewritten(account, former)
    assert desk("verify", account).code == 0
    assert with_node_alone(desk, "verify", account, "--json").error == "setting-missing"
