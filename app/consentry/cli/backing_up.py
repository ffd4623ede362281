"""`consentry backup` and `consentry restore`: what a member must not lose, sealed for its offline key."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click
from sqlalchemy import URL

from consentry.bootstrap.backup import Config, Told, back_up, read_config, recipient_of
from consentry.bootstrap.restoring import restore
from consentry.cli.command import Command
from consentry.cli.files import read_text, require_readable, require_writable
from consentry.cli.problems import CommandInvalid, SettingMissing
from consentry.cli.settings import Settings, opened, pass_settings, passphrase
from consentry.crypto import hpke, keystore
from consentry.crypto.backup import Origin, Signing
from consentry.crypto.signatures import account_of, sign_digest
from consentry.databases.place import place_of
from consentry.domain import fields, times
from consentry.domain.addresses import Address, address
from consentry.errors import KeystoreInvalid, LayoutInvalid
from consentry.wallets.problems import FileExists, FileUnwritable

_KEY_FILE_BYTES = 8_192
_SECRETS = ("backup", "copy")
_COMPARE = (
    "compare the account, or give it as --signed-by. A member's first key signs for ever, also after another one took over: "
    "if it was stolen, give the account that acts now."
)
_HARMLESS = frozenset((
    "application_name", "channel_binding", "connect_timeout", "gssencmode", "host", "hostaddr", "keepalives",
    "keepalives_count", "keepalives_idle", "keepalives_interval", "krbsrvname", "options", "passfile", "port",
    "require_auth", "requirepeer", "ssl_max_protocol_version", "ssl_min_protocol_version", "sslcert", "sslcertmode",
    "sslcrl", "sslcrldir", "sslkey", "sslmode", "sslrootcert", "sslsni", "target_session_attrs", "tcp_user_timeout",
    "user",
))  # fmt: skip
"""What libpq takes in a URL's query that is no secret ("Parameter Key Words" of its documentation)."""
_UNSIGNED = "Nobody signed this archive: whoever had the public key may have made it."


@click.command(
    "backup",
    cls=Command,
    example="consentry backup gateway.json /backups/mercy-$(date +%F).archive\n"
    "consentry backup keeper.json /backups/keeper.archive --for backup-key.txt",
)
@click.argument("config", metavar="CONFIG")
@click.argument("archive", metavar="ARCHIVE")
@click.option("--for", "for_key", metavar="FILE", help="File with the public key (hex) to seal it for.")
@click.option(
    "--unsigned",
    is_flag=True,
    help="Do not sign it: for a machine that does not know the keystore's passphrase.",
)
@pass_settings
def backup(settings: Settings, config: str, archive: str, for_key: str | None, unsigned: bool) -> None:  # noqa: FBT001 - an option
    """Back up a running gateway or keeper.

    CONFIG is its file of settings. The archive holds the settings, the keystore, the database as it is at this moment and the
    blocks of an embedded store (an IPFS node's blocks are the node's own to replicate). A database of PostgreSQL is dumped by
    pg_dump of the server's version or a newer one. The archive is sealed for a key whose private
    half is not on this machine: a gateway's for its copy key, unless --for names another one (`consentry backup-key`). And it is
    signed by the member's or keeper's account, with which `restore` tells it from one that somebody else made. Passphrase of the
    keystore: CONSENTRY_PASSPHRASE_FILE, CONSENTRY_PASSPHRASE, or asked for.
    """
    source, target = Path(config), Path(archive)
    require_readable(source)
    require_writable(target)
    if target.exists():
        raise FileExists(f"{target} is there already")
    recipient = _public_key(Path(for_key)) if for_key else recipient_of(read_config(source))
    if recipient is None:
        raise SettingMissing("--for: a keeper has no copy key; make a key with `consentry backup-key`")
    signing = None if unsigned else _signing(settings, read_config(source))
    with settings.output.working("Backing up") as show:
        try:
            told = back_up(
                source, target, recipient, lambda blocks: show(f"Backing up: {blocks:,} blocks"), signing
            )
        except OSError as problem:
            raise FileUnwritable(f"{target}: {problem.strerror}") from None
    _tell(settings, told, f"{target}: {told.size:,} bytes, the {told.kind}'s {_held(told)}.")


@click.command(
    "restore",
    cls=Command,
    example="consentry restore /backups/mercy.archive /srv/mercy --keystore copy.keystore --signed-by 0x5f…",
)
@click.argument("archive", metavar="ARCHIVE")
@click.argument("folder", metavar="FOLDER")
@click.option(
    "--keystore",
    "key_file",
    metavar="FILE",
    required=True,
    help="Keystore with the private half of the archive's key. Passphrase: CONSENTRY_PASSPHRASE_FILE, "
    "CONSENTRY_PASSPHRASE, or asked for.",
)
@click.option(
    "--store",
    metavar="FOLDER",
    help="An embedded store that is in use: the blocks are added to it. Default: a store in the new folder.",
)
@click.option(
    "--database",
    metavar="URL",
    help="An empty database of PostgreSQL, for an archive with a dump of one. Its password is not for command lines: "
    "~/.pgpass, PGPASSFILE, or PGPASSWORD.",
)
@click.option(
    "--signed-by",
    metavar="ACCOUNT",
    help="The member's or keeper's account: an archive that another one signed, or nobody, is refused. Needed with --database, "
    "as PostgreSQL carries out what a dump says.",
)
@pass_settings
def restore_(
    settings: Settings,
    archive: str,
    folder: str,
    key_file: str,
    store: str | None,
    database: str | None,
    signed_by: str | None,
) -> None:
    """Unpack a back-up into a new folder.

    Every block is checked against its content id, and nothing is left behind if anything is wrong. A gateway that starts from
    there rebuilds its index and goes on in a lineage of its own. A keeper compares its receipts with the chain, and does not
    serve if the chain fixes receipts that the back-up has not. Which account signed the archive, and when, is told: without
    --signed-by that is to be compared. A dump is loaded in one transaction by pg_restore, once everything else was checked.
    Where that is interrupted, the same command goes on, with the same database.
    """
    if database is not None:
        _require_usable(database, signed_by)
    source, target, path = Path(archive), Path(folder), Path(key_file)
    require_readable(source)
    require_readable(path)
    account = None if signed_by is None else _account(signed_by)
    held = keystore.read(path, passphrase(path.name))
    seed = next((held[name] for name in _SECRETS if name in held), None)
    if seed is None:
        raise KeystoreInvalid("this keystore holds no key of back-ups (`copy` or `backup`)")
    with settings.output.working("Restoring"):
        try:
            told = restore(source, target, seed, None if store is None else Path(store), account, database)
        except OSError as problem:
            raise FileUnwritable(f"{target}: {problem.strerror}") from None
    module = f"python -m consentry.{told.kind} --config {target / 'config.json'}"
    _tell(settings, told, f"{target} holds the {told.kind}'s {_held(told)}. Start it: {module}")
    if account is None:
        settings.output.note(
            _UNSIGNED if told.origin is None else f"{_origin_words(told.origin)}: {_COMPARE}"
        )


@click.command("backup-key", cls=Command, example="consentry backup-key backup.keystore > backup-key.txt")
@click.argument("file", metavar="FILE")
@pass_settings
def backup_key(settings: Settings, file: str) -> None:
    """Make a key for back-ups.

    Writes the private half to a sealed keystore, which belongs offline, and prints the public one.
    """
    path = Path(file)
    if path.exists():
        raise FileExists(f"{path} is there already")
    require_writable(path)
    seed = hpke.generate_seed()
    keystore.write(path, {"backup": seed}, passphrase(path.name, new=True))
    public = hpke.public_key(seed).hex()
    settings.output.result({"publicKey": public}, lambda: click.echo(public))


def _signing(settings: Settings, config: Config) -> Signing:
    """Raises KeystoreLocked, KeystoreInvalid."""
    secrets = opened(config.keystore, keystore.read)
    if "account" not in secrets:
        raise KeystoreInvalid("the keystore holds no account that could sign (`--unsigned`)")
    key = secrets["account"]
    return Signing(account_of(key), settings.now(), partial(sign_digest, key))


def _require_usable(database: str, signed_by: str | None) -> None:
    """Raises ConfigInvalid, SettingMissing, CommandInvalid."""
    place = place_of(database, "--database")
    if isinstance(place, URL) and place.password is not None:
        raise CommandInvalid(
            "--database: leave the password out, everybody on this machine reads command lines"
        )
    if isinstance(place, URL) and not _HARMLESS.issuperset(place.query):
        raise CommandInvalid(f"--database: its query may name {', '.join(sorted(_HARMLESS))}, and no secret")
    if signed_by is None:
        raise SettingMissing("--signed-by: a dump is SQL, and loaded only from whom you name")


def _account(text: str) -> Address:
    try:
        return address(text)
    except LayoutInvalid:
        raise CommandInvalid("--signed-by: an account is 0x and 40 hex digits") from None


def _origin_words(origin: Origin) -> str:
    return f"Made at {times.iso(origin.made_at)} and signed by {origin.signer}"


def _public_key(path: Path) -> bytes:
    text = read_text(path, _KEY_FILE_BYTES).strip()
    try:
        return fields.raw_bytes(bytes.fromhex(text), "key", hpke.PUBLIC_KEY_BYTES)
    except (ValueError, LayoutInvalid):
        raise CommandInvalid(f"{path}: not a key that `consentry backup-key` prints") from None


def _held(told: Told) -> str:
    if told.blocks is None:
        return "settings, keystore and database (blocks are the IPFS node's)"
    return f"settings, keystore, database and {told.blocks:,} blocks"


def _tell(settings: Settings, told: Told, words: str) -> None:
    origin = told.origin
    value = {
        "kind": told.kind,
        "blocks": told.blocks,
        "bytes": told.size,
        "signedBy": None if origin is None else origin.signer,
        "madeAt": None if origin is None else times.iso(origin.made_at),
    }
    settings.output.result(value, lambda: settings.output.say(words))
