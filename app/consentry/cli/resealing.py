"""`consentry reseal`: an author's records, sealed to the current committee."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consentry.cli.command import Command
from consentry.cli.problems import SettingMissing
from consentry.cli.settings import Settings, opened, pass_settings
from consentry.config import read_gateway_config
from consentry.crypto import keystore as keystores
from consentry.errors import KeystoreInvalid

if TYPE_CHECKING:
    from consentry.services.reseal import Resealed, Survey

COPY = "copy"


@click.command(
    cls=Command,
    example="consentry reseal --config gateway.json --dry-run\n"
    "consentry reseal --config gateway.json --copy-key copy.keystore",
)
@click.option(
    "--config", metavar="FILE", required=True, help="The settings of the author's gateway, which may run on."
)
@click.option(
    "--copy-key",
    metavar="FILE",
    help="Keystore of the author's offline copy key (secret `copy`). Passphrases, here and of the gateway's keystore: "
    "CONSENTRY_PASSPHRASE_FILE, CONSENTRY_PASSPHRASE, or asked for.",
)
@click.option("--dry-run", is_flag=True, help="Only say what there is to do; needs no copy key.")
@pass_settings
def reseal(settings: Settings, config: str, copy_key: str | None, dry_run: bool) -> None:  # noqa: FBT001 - click's form
    """Move your own records to the current committee of keepers.

    For an author, after a new committee was published: the record keys are sealed to today's keepers and anchored, in
    batches of 100. Record ids, consents, retractions and uses stay as they are, and so do the old sealings. It may be
    stopped at any time; run it again and it goes on. Keepers that were replaced keep their power over the old sealings.
    """
    if not dry_run and copy_key is None:
        raise SettingMissing("whose copies? Give --copy-key FILE, or --dry-run")
    seed = None if copy_key is None or dry_run else copy_seed(copy_key)

    from consentry.bootstrap.author import open_author
    from consentry.services import reseal as service

    gateway = read_gateway_config(Path(config))
    with open_author(gateway, lambda: opened(gateway.keystore, passphrase_of)) as own:
        before = service.survey(own.resealing)
        if seed is None:
            settings.output.result(_plan(before), lambda: _tell_plan(settings, before))
            return
        total = before.records.older
        with settings.output.working(f"Sealing {total:,} records to committee {before.version}") as progress:
            done = service.reseal(
                seed,
                own.author,
                own.resealing,
                lambda looked_at: progress(f"{looked_at:,} of {total:,} records looked at"),
            )
        after = service.survey(own.resealing)
    settings.output.result(_done(done, after), lambda: _tell_done(settings, done, after))


def copy_seed(path: str) -> bytes:
    held: Mapping[str, bytes] = opened(path, keystores.read)
    if COPY not in held:
        raise KeystoreInvalid("a copy key's keystore holds the secret `copy`")
    return held[COPY]


def passphrase_of(path: Path, passphrase: str) -> str:
    """The passphrase that opens it: the wiring reads the keystore itself."""
    keystores.read(path, passphrase)
    return passphrase


def _plan(plan: Survey) -> dict[str, Any]:
    return {
        "committeeVersion": plan.version,
        "toMove": plan.records.older,
        "current": plan.records.current,
        "withoutCopy": plan.records.without_copy,
    }


def _done(done: Resealed, after: Survey) -> dict[str, Any]:
    return {
        "committeeVersion": done.version,
        "moved": done.moved,
        "retracted": done.retracted,
        "withoutDirectory": done.unfiled,
        "unreadable": done.unreadable,
        "withoutCopy": after.records.without_copy,
        "older": after.records.older,
        "gasUsed": done.gas_used,
    }


def _tell_plan(settings: Settings, plan: Survey) -> None:
    settings.output.say(
        f"{plan.records.older:,} records are sealed to a committee before {plan.version}, {plan.records.current:,} to it."
    )
    _tell_without_copy(settings, plan)


def _tell_done(settings: Settings, done: Resealed, after: Survey) -> None:
    say = settings.output.say
    say(f"{done.moved:,} records sealed to committee {done.version}, gas {done.gas_used:,}.")
    if done.retracted:
        say(f"{done.retracted:,} are retracted and were passed over.")
    if done.unfiled:
        say(
            f"{done.unfiled:,} patients' records wait: their directory cannot be read now. Run this again later."
        )
    if done.unreadable:
        say(
            f"{done.unreadable:,} could not be opened with this copy key: what was kept of them is damaged or foreign."
        )
    _tell_without_copy(settings, after)


def _tell_without_copy(settings: Settings, found: Survey) -> None:
    if found.records.without_copy:
        settings.output.say(
            f"{found.records.without_copy:,} records have no copy here: published by an older release, or erased. They stay "
            "with their committee."
        )
