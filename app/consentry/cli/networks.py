"""`consentry network`: chains that Consentry can start, or write the files of."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consentry.cli.command import Command, Group
from consentry.cli.local import up
from consentry.cli.settings import Settings, pass_settings

if TYPE_CHECKING:
    from consentry.chain.profiles import ChainProfile

_MOST_VALIDATORS = 30


@click.group(cls=Group)
def network() -> None:
    """A network of this machine, and the chains to choose from."""


_up = copy(up)
_up.epilog = (_up.epilog or "").replace("consentry up", "consentry network up")
network.add_command(_up)


@network.command(cls=Command, example="consentry network chains\nconsentry network chains --json")
@pass_settings
def chains(settings: Settings) -> None:
    """The chains to choose from: who validates, when a block is final, what it costs."""
    from consentry.chain.profiles import PROFILES  # the chain libraries take their time to import

    settings.output.result(
        {"chains": [_value(one) for one in PROFILES.values()]},
        lambda: settings.output.table(
            ("chain", "what", "validators", "a block each", "final", "fees", "by"),
            [
                (
                    one.name,
                    one.what,
                    one.validators,
                    "transaction" if one.block_seconds is None else f"{one.block_seconds} s",
                    one.finality if isinstance(one.finality, str) else f"{one.finality} blocks later",
                    one.fees,
                    _by(one),
                )
                for one in PROFILES.values()
            ],
        ),
    )


def _value(one: ChainProfile) -> dict[str, Any]:
    return {
        "name": one.name,
        "what": one.what,
        "chainId": one.chain_id,
        "validators": one.validators,
        "blockSeconds": one.block_seconds,
        "finality": one.finality if isinstance(one.finality, str) else {"depth": one.finality},
        "fees": one.fees,
        "by": _by(one),
    }


def _by(one: ChainProfile) -> str:
    return "consentry network up" if one.started else f"consentry network {one.name}; not run by us"


@network.command(
    cls=Command, example="consentry network besu --out besu\nconsentry network besu --out besu --validators 7"
)
@click.option("--out", required=True, metavar="DIR", help="Folder to write; what is there is completed.")
@click.option(
    "--validators",
    type=click.IntRange(4, _MOST_VALIDATORS),
    default=4,
    show_default=True,
    help="How many; with 4 one may fail, with 7 two.",
)
@pass_settings
def besu(settings: Settings, out: str, validators: int) -> None:
    """Write all that Besu validators (QBFT) need: keys, first block, settings, Compose file, runbook.

    Not run by us: Besu is in no registry that this project builds from.
    """
    from consentry.chain.profiles import PROFILES
    from consentry.network.besu import write

    folder = Path(out)
    nodes = write(folder, replace(PROFILES["besu"], validators=validators))
    settings.output.result(
        {"folder": str(folder), "validators": [one.account for one in nodes], "ran": False},
        lambda: settings.output.say(
            f"{len(nodes)} validators are described in {folder}. Nothing of it was run: read {folder / 'RUNBOOK.md'}."
        ),
    )
