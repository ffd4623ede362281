"""Key files: made once, opened with their passphrase, signing as other wallets do (S-5)."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct, encode_typed_data

from consentry.crypto import hpke, keystore
from consentry.crypto.signatures import account_of, generate_account_key
from consentry.domain.addresses import address
from consentry.errors import KeystoreInvalid, KeystoreLocked
from consentry.wallets.keyfile import Wallet, create_wallet, list_wallets, open_wallet
from consentry.wallets.problems import FileExists, FileUnwritable
from tests.app.cli.conftest import PASSPHRASE, Run

TEXTS = ["", "hello", "我同意\n第二行", "x" * 5000]


@pytest.mark.parametrize("text", TEXTS)
def test_sign_text_equals_eth_account(text: str) -> None:
    """personal_sign (EIP-191), in bytes, not characters."""
    key = generate_account_key()
    theirs = Account.from_key(key).sign_message(encode_defunct(text=text))
    assert Wallet(key).sign_text(text) == bytes(theirs.signature)


def test_sign_typed_equals_eth_account() -> None:
    key = generate_account_key()
    typed = {
        "domain": {"name": "Consentry", "version": "1", "chainId": 1337},
        "primaryType": "Note",
        "types": {
            "EIP712Domain": [
                {"name": "name", "type": "string"},
                {"name": "version", "type": "string"},
                {"name": "chainId", "type": "uint256"},
            ],
            "Note": [{"name": "words", "type": "string[]"}],
        },
        "message": {"words": ["a", "只读"]},
    }
    theirs = Account.from_key(key).sign_message(encode_typed_data(full_message=typed))
    assert Wallet(key).sign_typed(typed) == bytes(theirs.signature)


def test_create_wallet_opens_again_and_is_private(tmp_path: Path) -> None:
    made = create_wallet(tmp_path / "alice.keystore", PASSPHRASE)
    assert open_wallet(tmp_path / "alice.keystore", PASSPHRASE).address == made.address
    assert stat.S_IMODE((tmp_path / "alice.keystore").stat().st_mode) == 0o600
    assert made.private_key not in (tmp_path / "alice.keystore").read_bytes()


def test_create_wallet_never_overwrites(tmp_path: Path) -> None:
    first = create_wallet(tmp_path / "alice.keystore", PASSPHRASE)
    with pytest.raises(FileExists):
        create_wallet(tmp_path / "alice.keystore", PASSPHRASE)
    assert open_wallet(tmp_path / "alice.keystore", PASSPHRASE).address == first.address


@pytest.mark.parametrize("name", ["missing/alice.keystore", "a" * 300])
def test_create_wallet_leaves_nothing_where_it_cannot_write(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileUnwritable):
        create_wallet(tmp_path / name, PASSPHRASE)
    assert not list(tmp_path.iterdir())


def test_open_wallet_refuses_a_wrong_passphrase_damage_and_other_keystores(tmp_path: Path) -> None:
    """S-5."""
    path = tmp_path / "alice.keystore"
    create_wallet(path, PASSPHRASE)
    with pytest.raises(KeystoreLocked):
        open_wallet(path, "another")
    path.write_bytes(path.read_bytes().replace(b'"n":', b'"m":'))
    with pytest.raises(KeystoreInvalid):
        open_wallet(path, PASSPHRASE)
    keystore.write(path, {"copy": bytes(32)}, PASSPHRASE)
    with pytest.raises(KeystoreInvalid, match="no account"):
        open_wallet(path, PASSPHRASE)


def test_list_wallets_shows_those_that_open(tmp_path: Path) -> None:
    alice = create_wallet(tmp_path / "alice.keystore", PASSPHRASE)
    create_wallet(tmp_path / "bob.keystore", "another")
    (tmp_path / "note.txt").write_text("no wallet")
    listed = list_wallets(tmp_path, PASSPHRASE)
    assert [(one.path.name, one.address) for one in listed] == [
        ("alice.keystore", alice.address),
        ("bob.keystore", None),
    ]


def test_wallet_commands_tell_address_and_did(consentry: Run, tmp_path: Path) -> None:
    path = tmp_path / "alice.keystore"
    made = consentry("wallet", "new", path, "--json")
    shown = consentry("wallet", "show", "--wallet", path, "--chain-id", "1337", "--json")
    assert made.json["address"] == shown.json["address"]
    assert shown.json["did"] == f"did:ethr:0x539:{made.json['address']}"
    for_people = consentry("wallet", "show", CONSENTRY_WALLET=str(path))
    assert address(for_people.out.strip()) == made.json["address"]
    assert consentry("wallet", "new", path, "--json").error == "file-exists"
    listed = consentry("wallet", "list", tmp_path, "--json").json["wallets"]
    assert [one["address"] for one in listed] == [made.json["address"]]
    assert "alice.keystore" in consentry("wallet", "list", tmp_path).out


def test_wallet_commands_refuse_without_the_right_passphrase(consentry: Run, tmp_path: Path) -> None:
    """S-5: exit code 3, and what to do."""
    consentry("wallet", "new", tmp_path / "a.keystore")
    wrong = consentry("wallet", "show", "--wallet", tmp_path / "a.keystore", CONSENTRY_PASSPHRASE="wrong")
    assert wrong.code == 3 and "keystore-locked" in wrong.err and "CONSENTRY_PASSPHRASE_FILE" in wrong.err
    none = consentry("wallet", "show", "--wallet", tmp_path / "a.keystore", "--json", CONSENTRY_PASSPHRASE="")
    assert (none.code, none.error) == (3, "keystore-locked")
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    from_file = consentry(
        "wallet", "show", "--wallet", tmp_path / "a.keystore",
        CONSENTRY_PASSPHRASE="wrong", CONSENTRY_PASSPHRASE_FILE=str(tmp_path / "passphrase"),
    )  # fmt: skip
    assert from_file.code == 0
    assert consentry("wallet", "list", tmp_path / "nowhere", "--json").error == "folder-missing"


def test_keeper_new_seals_both_keys_and_prints_their_public_parts(consentry: Run, tmp_path: Path) -> None:
    path = tmp_path / "trustee.keystore"
    ran = consentry("keeper", "new", path)
    held = keystore.read(path, PASSPHRASE)
    assert set(held) == {"account", "sealing"}
    assert json.loads(ran.out) == {
        "account": account_of(held["account"]),
        "sealingKey": base64.b64encode(hpke.public_key(held["sealing"])).decode(),
    }
