"""`consentry keeper asked`: which receipts a request left here."""

from __future__ import annotations

from pathlib import Path

import click

from consentry.cli.command import Command
from consentry.cli.problems import CommandInvalid
from consentry.cli.settings import Settings, pass_settings
from consentry.domain import fields, times


@click.command(
    "asked",
    cls=Command,
    example="consentry keeper asked 4bf92f3577b34da6a3ce929d0e0e4736 --config keeper.json",
)
@click.argument("request_id", metavar="REQUEST")
@click.option("--config", metavar="FILE", required=True, help="The keeper's settings, a JSON file.")
@pass_settings
def asked(settings: Settings, request_id: str, config: str) -> None:
    """Which receipts a request left at this keeper.

    By the request id that the gateway's and the keeper's logs name: number, time, decision, reason and digest of each. Looks
    into the keeper's own database and changes nothing; the keeper may run meanwhile.
    """
    from consentry.bootstrap.asked import (  # the database's library takes its time to import
        asked_as,
        digest_of,
    )
    from consentry.bootstrap.backup import read_config
    from consentry.keeper.settings import KeeperConfig

    found_config = read_config(Path(config))
    if not isinstance(found_config, KeeperConfig):
        raise CommandInvalid("--config names a gateway's settings: give a keeper's")
    value = [
        {
            "seq": one.seq,
            "time": times.iso(one.time),
            "decision": one.decision,
            "reason": one.reason,
            "digest": fields.to_hex(digest_of(one)),
        }
        for one in asked_as(found_config, request_id)
    ]

    def tell() -> None:
        columns = ("number", "time", "decision", "reason", "digest")
        settings.output.table(columns, [tuple(one.values()) for one in value])
        settings.output.say(f"{len(value)} receipts were filed under this request id.")

    settings.output.result(value, tell)
