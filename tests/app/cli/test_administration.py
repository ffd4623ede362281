"""`consentry member` and `staff` on a real chain (M-3)."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import pytest

from consentry.chain.sender import ChainSender
from consentry.crypto import keystore
from consentry.crypto.signatures import account_of, generate_account_key
from tests.app.cli.conftest import PASSPHRASE, Ran, Run
from tests.chains import DeployedChain


@pytest.fixture
def chain(consentry: Run, deployed_chain: DeployedChain, tmp_path: Path) -> Any:
    """Commands on this chain; mercy.keystore lies in `tmp_path`."""
    keystore.write(tmp_path / "mercy.keystore", {"account": generate_account_key()}, PASSPHRASE, cost=2**12)

    def ran(*arguments: str | Path) -> Ran:
        return consentry(
            *arguments, CONSENTRY_RPC=deployed_chain.url, CONSENTRY_DEPLOYMENT=str(deployed_chain.deployment)
        )

    return ran


def address_in(path: Path) -> str:
    return account_of(keystore.read(path, PASSPHRASE)["account"])


def test_staff_is_enrolled_and_dismissed_by_its_member(
    chain: Any, deployed_chain: DeployedChain, tmp_path: Path
) -> None:
    """M-3"""
    own, name = ("--wallet", tmp_path / "mercy.keystore"), f"Mercy {secrets.token_hex(3)}"
    mercy, bose = address_in(tmp_path / "mercy.keystore"), account_of(generate_account_key())
    enrolment = (
        "staff", "enrol", bose, "--role", "attending", "--department", "cardiology", "--licence-end", "2090-12-31"
    )  # fmt: skip
    early = chain(*enrolment, *own)
    assert early.code == 3 and "MemberNotActive" in early.err
    deployer = ChainSender(deployed_chain.ledger().connection, deployed_chain.key(0))
    deployer.transact("MemberRegistry", "admit", mercy, name, "hospital")
    assert chain(*enrolment, *own).code == 0
    shown = chain("staff", "show", bose, "--json").json
    assert shown == {
        "account": bose,
        "member": mercy,
        "memberName": name,
        "role": "attending",
        "department": "cardiology",
        "licenceEnd": "2090-12-31T00:00:00Z",
    }
    assert "cardiology" in chain("staff", "show", bose).out
    assert chain("staff", "dismiss", bose, *own).code == 0
    assert chain("staff", "show", bose, "--json").error == "not-found"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("member", "show", "Nobody's Hospital"), "not-found"),
        (("member", "show", "0x12"), "layout-invalid"),
        (("staff", "enrol", "0x" + "ab" * 20, "--role", "attending", "--department", "A&E", "--licence-end", "2090-01-01"),
         "layout-invalid"),
        (("staff", "enrol", "0x" + "ab" * 20, "--role", "attending", "--department", "any", "--licence-end", "2001-01-01"),
         "command-invalid"),
        (("staff", "enrol", "0x" + "ab" * 20, "--role", "attending", "--department", "any", "--licence-end", "soon"),
         "terms-invalid"),
    ],
)  # fmt: skip
def test_bad_arguments_are_refused_before_any_transaction(
    chain: Any, tmp_path: Path, arguments: tuple[str, ...], code: str
) -> None:
    needs_wallet = arguments[1] not in ("show", "list")
    wallet = ("--wallet", str(tmp_path / "mercy.keystore")) if needs_wallet else ()
    ran = chain(*arguments, *wallet, "--json")
    assert (ran.code, ran.error) == (2, code)


def test_chain_that_is_not_there_is_named(consentry: Run, deployed_chain: DeployedChain) -> None:
    ran = consentry(
        "member", "list", "--rpc", "http://127.0.0.1:9", "--deployment", deployed_chain.deployment, "--json"
    )
    assert (ran.code, ran.error) == (5, "chain-unreachable")
