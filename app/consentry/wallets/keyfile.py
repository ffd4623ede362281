"""Wallets in sealed key files, the keystores of processes: the secret `account` signs as an Ethereum wallet does."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from consentry.crypto import hpke, keystore
from consentry.crypto.signatures import account_of, generate_account_key, sign_digest, sign_typed
from consentry.domain.addresses import Address
from consentry.errors import ConsentryError, KeystoreInvalid
from consentry.services.hand_over import SEALING, seeds_of, with_seeds
from consentry.services.personal_message import personal_digest
from consentry.wallets.problems import FileExists, FileUnwritable, FolderMissing

ACCOUNT = "account"
SYSTEM = "system"
SUFFIX = ".keystore"


class Wallet:
    """One account's key, in memory only. Signatures are 65 bytes r ‖ s ‖ v with low s."""

    def __init__(self, private_key: bytes) -> None:
        self._key = private_key
        self.address: Address = account_of(private_key)

    @property
    def private_key(self) -> bytes:
        """32 bytes, for sending transactions."""
        return self._key

    def sign_typed(self, typed_data: Mapping[str, Any]) -> bytes:
        """As `eth_signTypedData_v4`. Raises LayoutInvalid when a value does not fit its type."""
        return sign_typed(self._key, typed_data)

    def sign_text(self, text: str) -> bytes:
        """As `personal_sign` (EIP-191, version 0x45)."""
        return sign_digest(self._key, personal_digest(text))


@dataclass(frozen=True)
class KeeperKeys:
    """What a keeper publishes: its account and its X-Wing sealing key (1,216 bytes)."""

    account: Address
    sealing_key: bytes


@dataclass(frozen=True)
class ListedWallet:
    """A key file; `address` is None when it doesn't open with the passphrase given."""

    path: Path
    address: Address | None


def create_wallet(path: Path, passphrase: str) -> Wallet:
    """A new key in a new file. Raises FileExists, FileUnwritable."""
    key = generate_account_key()
    _write_new(path, {ACCOUNT: key}, passphrase)
    return Wallet(key)


def create_keeper_keys(path: Path, passphrase: str) -> KeeperKeys:
    """A keeper's account and sealing key in a new file. Raises FileExists, FileUnwritable."""
    account, seed = generate_account_key(), hpke.generate_seed()
    _write_new(path, {ACCOUNT: account, SEALING: seed}, passphrase)
    return KeeperKeys(account_of(account), hpke.public_key(seed))


@dataclass(frozen=True)
class KeeperKeystore:
    """A keeper's keystore, open: it can be written again under the same passphrase."""

    path: Path
    account: Address
    secrets: Mapping[str, bytes] = field(repr=False)
    passphrase: str = field(repr=False)

    @property
    def seeds(self) -> tuple[bytes, ...]:
        return seeds_of(self.secrets)

    def add(self, seeds: Iterable[bytes]) -> None:
        """Keep these X-Wing seeds too; the file is replaced at once. Raises FileUnwritable."""
        try:
            keystore.write(self.path, with_seeds(self.secrets, seeds), self.passphrase)
        except OSError as problem:
            raise FileUnwritable(f"{self.path}: {problem.strerror}") from None


def open_keeper(path: Path, passphrase: str) -> KeeperKeystore:
    """Raises KeystoreLocked for a wrong passphrase, KeystoreInvalid for a file that is no keeper's."""
    held = keystore.read(path, passphrase)
    if not {ACCOUNT, SEALING} <= held.keys():
        raise KeystoreInvalid("a keeper's keystore holds the secrets `account` and `sealing`")
    return KeeperKeystore(path, account_of(held[ACCOUNT]), held, passphrase)


def open_wallet(path: Path, passphrase: str) -> Wallet:
    """Raises KeystoreLocked for a wrong passphrase, KeystoreInvalid for a file that holds no account."""
    held = keystore.read(path, passphrase)
    if ACCOUNT not in held:
        raise KeystoreInvalid("this keystore holds no account")
    return Wallet(held[ACCOUNT])


def open_system(path: Path, passphrase: str) -> Wallet:
    """A member's system account: of its gateway's keystore, or of a key file of its own. Raises as `open_wallet` does."""
    held = keystore.read(path, passphrase)
    found = held.get(SYSTEM, held.get(ACCOUNT))
    if found is None:
        raise KeystoreInvalid("this keystore holds no account")
    return Wallet(found)


def list_wallets(folder: Path, passphrase: str) -> tuple[ListedWallet, ...]:
    """Every `*.keystore` of the folder, by name. Raises FolderMissing."""
    if not folder.is_dir():
        raise FolderMissing(f"{folder} is no folder")
    return tuple(ListedWallet(path, _address(path, passphrase)) for path in sorted(folder.glob(f"*{SUFFIX}")))


def _address(path: Path, passphrase: str) -> Address | None:
    try:
        return open_wallet(path, passphrase).address
    except ConsentryError:  # another passphrase, or no wallet: the list goes on
        return None


def _write_new(path: Path, secrets: Mapping[str, bytes], passphrase: str) -> None:
    """Take the name first, so that two at once cannot overwrite each other's keys."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise FileExists(f"{path} is there already") from None
    except OSError as problem:
        raise FileUnwritable(f"{path}: {problem.strerror}") from None
    try:
        keystore.write(path, secrets, passphrase)
    except BaseException as problem:
        path.unlink(missing_ok=True)
        if isinstance(problem, OSError):
            raise FileUnwritable(f"{path}: {problem.strerror}") from None
        raise
