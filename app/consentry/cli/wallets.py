"""`consentry wallet`: a key file for those without a browser at hand, and the patient's client for directory keys."""

from __future__ import annotations

from pathlib import Path

import click

from consentry.cli.command import Group, takes_chain, takes_gateway, takes_patient_did, takes_wallet
from consentry.cli.directories import KnownDirectory, directory_of, open_next, opened_words, rotation_words
from consentry.cli.settings import Settings, pass_settings, passphrase, wallet_of
from consentry.cli.sign_in import signed_in
from consentry.domain.addresses import checksum, did
from consentry.wallets.keyfile import create_wallet, list_wallets


@click.group(cls=Group)
def wallet() -> None:
    """Key files, and what they sign.

    Sealed with a passphrase, never overwritten, never sent.
    """


@wallet.command(example="consentry wallet new alice.keystore")
@click.argument("file", metavar="FILE")
@pass_settings
def new(settings: Settings, file: str) -> None:
    """Make a new key in a new file. Back both up, file and passphrase: nobody can restore them."""
    path = Path(file)
    made = create_wallet(path, passphrase(path.name, new=True))
    value = {"file": str(path), "address": made.address}
    settings.output.result(value, lambda: settings.output.say(f"{checksum(made.address)} in {path}"))


@wallet.command(example="consentry wallet show --wallet alice.keystore")
@takes_wallet()
@click.option("--chain-id", type=click.IntRange(1), default=None, help="Also print the DID on this chain.")
@pass_settings
def show(settings: Settings, wallet: str, chain_id: int | None) -> None:
    """The wallet's public address. The key is never shown."""
    address = wallet_of(wallet).address
    value = {"address": address} | ({"did": did(address, chain_id)} if chain_id else {})

    def tell() -> None:
        settings.output.say(checksum(address))
        if chain_id:
            settings.output.say(did(address, chain_id))

    settings.output.result(value, tell)


@wallet.command("list", example="consentry wallet list ~/.consentry/wallets")
@click.argument("folder", metavar="[DIR]", default=".")
@pass_settings
def list_(settings: Settings, folder: str) -> None:
    """Key files of a folder.

    *.keystore, with the addresses of those that the passphrase opens.
    """
    found = list_wallets(Path(folder), passphrase("these wallets"))
    value = {"wallets": [{"file": str(one.path), "address": one.address} for one in found]}
    rows = [(one.path.name, checksum(one.address) if one.address else "another passphrase") for one in found]
    settings.output.result(value, lambda: settings.output.table(("file", "address"), rows))


@wallet.command(
    "open-directory",
    example="consentry wallet open-directory --wallet alice.keystore\n"
    "consentry wallet open-directory --wallet alice.keystore --rotate --also https://gateway.city.example",
)
@takes_wallet()
@click.option("--rotate", is_flag=True, help="Replace a directory that is open: all categories at once.")
@click.option(
    "--also",
    metavar="URL",
    multiple=True,
    help="Another member's gateway that keeps the document too, before it counts. Repeat it.",
)
@takes_patient_did
@takes_gateway
@takes_chain
@pass_settings
def open_directory(
    settings: Settings,
    wallet: str,
    rotate: bool,  # noqa: FBT001 - click's form
    also: tuple[str, ...],
) -> None:
    """Let records about you be filed and found.

    Opens your directory, in which they are found under your consents. With --rotate the next one takes its place, so that
    nobody who could read before learns of new records by old keys; old records stay readable to whom you allow. Where it
    is open already, says so, and whether a new one is advised.

    The secrets are made here and sealed to the keepers. With --rpc and --deployment the keepers' keys are compared
    with the chain's; without, the gateway is taken at its word.
    """
    with signed_in(settings, wallet) as session:
        known = directory_of(session)
        if known.state.cid is not None and known.state.in_force and not rotate:
            value = {"cid": known.state.cid, "version": known.state.version, "opened": False}
            settings.output.result(value | {"rotation": known.rotation}, lambda: _tell_open(settings, known))
            return
        value = open_next(settings, session, known.state, also)
    settings.output.result(value, lambda: settings.output.say(opened_words(value)))


def _tell_open(settings: Settings, known: KnownDirectory) -> None:
    settings.output.say(f"Your directory is open: version {known.state.version}, {known.state.cid}")
    if known.rotation is not None:
        settings.output.say(rotation_words(known.rotation))
