"""What commands share: options that many of them take, and how the things behind these are opened."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from consentry.cli.client import GatewayClient
from consentry.cli.files import read_text, require_readable
from consentry.cli.output import Output
from consentry.cli.problems import ConnectionOpen, NotReceipts, SettingMissing
from consentry.crypto import keystore
from consentry.domain.addresses import Address, address
from consentry.errors import KeystoreLocked, LayoutInvalid
from consentry.wallets.keyfile import Wallet, open_wallet

if TYPE_CHECKING:
    from consentry.chain.connection import Connection

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")
MAX_KEY_BYTES = 8192


@dataclass
class Settings:
    """One run of the command line; filled by its options and the environment.

    `patient` is the DID that a representative acts for, None for the wallet's own.
    """

    output: Output = field(default_factory=Output)
    gateway: str | None = None
    client_key_file: str | None = None
    patient: str | None = None
    rpc: str | None = None
    deployment: str | None = None
    insecure_http: bool = False

    def now(self) -> int:
        """Seconds since the epoch."""
        return int(time.time())

    def client(self) -> GatewayClient:
        """The gateway, asked by nobody yet. Raises SettingMissing."""
        if not self.gateway:
            raise SettingMissing("which gateway? Give --gateway URL or CONSENTRY_GATEWAY")
        return GatewayClient(self.gateway)

    def client_key(self, instead: str) -> str:
        """The hospital system's key; `instead` is the option that does without. Raises SettingMissing, FileUnreadable,
        ConnectionOpen where everybody on the way could read it."""
        if not self.client_key_file:
            raise SettingMissing(f"who asks? Give --client-key-file FILE or {instead}")
        if not self.insecure_http and self.client().is_open:
            raise ConnectionOpen("a client key is not sent over plain http to another machine")
        return read_text(Path(self.client_key_file), MAX_KEY_BYTES).strip()

    @property
    def has_chain(self) -> bool:
        return bool(self.rpc and self.deployment)

    def connection(self, told: Mapping[str, Any] | None = None, teller: str = "") -> Connection:
        """The chain, as the deployment file names it, or without one as a `teller` does.

        Raises SettingMissing, DeploymentMissing, NotReceipts when both are there and name other contracts.
        """
        # the chain libraries take a second to import: only the commands that need the chain pay for it.
        from consentry.chain.deployment import load_deployment, told_deployment
        from consentry.chain.endpoints import connect

        if self.rpc and told is not None:
            said = told_deployment(told, teller)
            if not self.deployment:
                return connect(self.rpc, said)
            if not said.names_the_same(load_deployment(Path(self.deployment))):
                raise NotReceipts(f"{teller} is of other contracts than {self.deployment} names")
        if not self.rpc or not self.deployment:
            raise SettingMissing(
                "which chain? Give --rpc URL and --deployment FILE, or CONSENTRY_RPC and CONSENTRY_DEPLOYMENT"
            )
        return connect(self.rpc, load_deployment(Path(self.deployment)))


pass_settings = click.make_pass_decorator(Settings, ensure=True)


def wallet_of(path: str) -> Wallet:
    """The wallet in a key file. Raises FileUnreadable, KeystoreLocked, KeystoreInvalid."""
    return opened(path, open_wallet)


def opened(path: str, open_: Callable[[Path, str], T]) -> T:
    """What `open_` makes of a key file and its passphrase. Raises FileUnreadable, KeystoreLocked, KeystoreInvalid.

    Where the environment gives no passphrase, or one that doesn't fit, whoever sits at the terminal is asked once.
    """
    require_readable(Path(path))
    try:
        return open_(Path(path), _passphrase_given())
    except KeystoreLocked:
        if not _somebody_there():
            raise
    return open_(Path(path), _prompt(Path(path).name, new=False))


def passphrase(name: str, *, new: bool = False) -> str:
    """From CONSENTRY_PASSPHRASE_FILE or CONSENTRY_PASSPHRASE, or asked for at a terminal.

    Raises FileUnreadable, KeystoreLocked.
    """
    try:
        return _passphrase_given()
    except KeystoreLocked:
        if not _somebody_there():
            raise
    return _prompt(name, new=new)


_ADDRESS_STEP = "Correct what was typed: 0x and 40 hex digits, in lower case or with the checksum's capitals."


def address_argument(text: str, what: str) -> Address:
    """An address as a person types it, in any case. Raises LayoutInvalid."""
    try:
        return address(text)
    except LayoutInvalid as problem:
        told = LayoutInvalid(f"{what}: {problem.diagnostics}")
        told.next_step = _ADDRESS_STEP  # type: ignore[misc]
        raise told from None


def _passphrase_given() -> str:
    """Raises KeystoreLocked when the environment gives none, FileUnreadable when it names a file that is not there."""
    named = os.environ.get(keystore.PASSPHRASE_FILE)
    if named:
        require_readable(Path(named), f"{keystore.PASSPHRASE_FILE} ")
    return keystore.passphrase_from_env()


def _somebody_there() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _prompt(name: str, *, new: bool) -> str:
    asked = f"New passphrase for {name}" if new else f"Passphrase for {name}"
    return str(click.prompt(asked, hide_input=True, confirmation_prompt=new, err=True))
