"""Where a network of one machine keeps its files, and how its keys are made.

<root>/passphrase            opens every keystore of this network (mode 600)
<root>/deployment.json       written by `brownie run deploy`
<root>/network.json          addresses and URLs, for people and scripts
<root>/chain/  store/  logs/
<root>/members/<slug>/       keystore, gateway.json, index
<root>/keepers/<slug>/       keystore, keeper.json, receipts
<root>/wallets/<slug>.keystore
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from consentry.crypto import hpke, keystore
from consentry.crypto.directory_keys import generate_directory_key
from consentry.crypto.seeds import directory_public
from consentry.crypto.signatures import account_of, generate_account_key
from consentry.domain.addresses import Address
from consentry.errors import PlaceTaken

# Keystores of a throw-away network: a lower work factor, so that thirty of them open quickly.
COST = 2**12
MARKER = ".consentry-network"


@dataclass(frozen=True)
class Place:
    """The folder of one network."""

    root: Path

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep others out while a network runs here. Raises PlaceTaken."""
        self.root.parent.mkdir(parents=True, exist_ok=True)
        with (self.root.parent / f".{self.root.name}.lock").open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise PlaceTaken(f"a network runs in {self.root}") from None
            yield

    def fresh(self) -> None:
        """Make the folder anew, private to this user, with a new passphrase. Raises PlaceTaken for a folder that holds
        anything but an earlier network."""
        if self.root.exists():
            if any(self.root.iterdir()) and not (self.root / MARKER).exists():
                raise PlaceTaken(f"{self.root} holds files that are no network's")
            shutil.rmtree(self.root)
        self.root.mkdir(parents=True, mode=0o700)
        (self.root / MARKER).touch()
        for name in ("chain", "store", "logs", "members", "keepers", "wallets"):
            (self.root / name).mkdir(mode=0o700)
        _write_private(self.root / "passphrase", secrets.token_urlsafe(24))

    @property
    def passphrase(self) -> str:
        return (self.root / "passphrase").read_text("ascii").strip()

    @property
    def deployment(self) -> Path:
        return self.root / "deployment.json"

    def environment(self) -> dict[str, str]:
        """What child processes need to open their keystores."""
        return {keystore.PASSPHRASE_FILE: str(self.root / "passphrase")}

    def log(self, name: str) -> Path:
        return self.root / "logs" / f"{name}.log"

    def member(self, slug: str) -> Path:
        return self.root / "members" / slug

    def keeper(self, slug: str) -> Path:
        return self.root / "keepers" / slug

    def wallet(self, slug: str) -> Path:
        return self.root / "wallets" / f"{slug}.keystore"

    def write_keys(self, path: Path, keys: Mapping[str, bytes]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        keystore.write(path, keys, self.passphrase, cost=COST)

    def read_keys(self, path: Path) -> dict[str, bytes]:
        return keystore.read(path, self.passphrase)

    def new_wallet(self, slug: str) -> Address:
        """An account key of a person; gives its address."""
        key = generate_account_key()
        self.write_keys(self.wallet(slug), {"account": key})
        return account_of(key)

    def wallet_key(self, slug: str) -> bytes:
        return self.read_keys(self.wallet(slug))["account"]


@dataclass(frozen=True)
class MemberKeys:
    """Public sides of what a member's gateway keystore holds, and the client key that its hospital system uses."""

    account: Address
    system: Address
    directory_key: bytes
    copy_key: bytes
    client_key: str


def new_member_keys(place: Place, slug: str) -> MemberKeys:
    """Keys of a member: `account` signs transactions, `system` signs requests, `directory` derives channels, `content`
    recognises contents. The private half of the copy key goes to `copy.keystore`, which a real member keeps offline."""
    account, system, directory = generate_account_key(), generate_account_key(), generate_directory_key()
    copy_seed, client_key = hpke.generate_seed(), secrets.token_urlsafe(32)
    folder = place.member(slug)
    place.write_keys(
        folder / "gateway.keystore",
        {
            "account": account,
            "system": system,
            "directory": directory,
            "content": secrets.token_bytes(32),
        },
    )
    place.write_keys(folder / "copy.keystore", {"copy": copy_seed})
    _write_private(folder / "client.key", client_key)
    return MemberKeys(
        account_of(account),
        account_of(system),
        directory_public(directory),
        hpke.public_key(copy_seed),
        client_key,
    )


def new_keeper_keys(place: Place, slug: str) -> tuple[Address, bytes]:
    """Keys of a keeper; gives its account and its public sealing key (1,216 bytes)."""
    account, sealing = generate_account_key(), hpke.generate_seed()
    place.write_keys(place.keeper(slug) / "keeper.keystore", {"account": account, "sealing": sealing})
    return account_of(account), hpke.public_key(sealing)


def _write_private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(text + "\n")
