"""`consentry keeper`: the committee, how its keepers are, and keys for a new one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from consentry.cli.asked import asked
from consentry.cli.command import Group, takes_gateway
from consentry.cli.feeding import feed
from consentry.cli.handing_over import hand_over, renew, take_over
from consentry.cli.local import HEALTH_COLUMNS, health_row, keeper_health
from consentry.cli.network_values import network_of
from consentry.cli.problems import Degraded
from consentry.cli.settings import Settings, pass_settings, passphrase
from consentry.domain import fields
from consentry.errors import by_code
from consentry.wallets.keyfile import create_keeper_keys


@click.group(cls=Group)
def keeper() -> None:
    """Who holds shares of keys.

    Keepers hold one share of each key and release it on the chain's word.
    """


@keeper.command("list", example="consentry keeper list --gateway http://localhost:8080")
@takes_gateway
@pass_settings
def list_(settings: Settings) -> None:
    """The committee that records are sealed to now."""
    network = network_of(settings.client())
    committee = network.committee
    value = {
        "version": committee.version,
        "threshold": committee.threshold,
        "keepers": [
            {
                "seat": one.seat,
                "account": one.account,
                "member": {"address": one.member, "name": name},
                "chamber": one.chamber.name,
                "url": one.url,
                "sealingKey": fields.to_base64(one.sealing_key),
            }
            for one, name in zip(committee.keepers, network.seats, strict=True)
        ],
    }

    def tell() -> None:
        rows = [
            (one.seat, name, one.chamber.name, one.account, one.url)
            for one, name in zip(committee.keepers, network.seats, strict=True)
        ]
        settings.output.table(("seat", "member", "chamber", "keeper", "address"), rows)
        settings.output.say(
            f"Committee {committee.version}: any {committee.threshold} of {len(rows)} open a record."
        )

    settings.output.result(value, tell)


@keeper.command(example="consentry keeper status --gateway http://localhost:8080")
@takes_gateway
@pass_settings
def status(settings: Settings) -> None:
    """Which keepers answer. Exit code 5 when fewer than the threshold do."""
    network = network_of(settings.client())
    with settings.output.working("Asking the keepers"):
        found = keeper_health(network)
    answering, needed = sum(bool(one["ok"]) for one in found), network.committee.threshold

    def tell() -> None:
        settings.output.table(HEALTH_COLUMNS, [health_row(one) for one in found])
        for one in found:
            for code in one["reasons"]:
                known = by_code().get(code)
                if known is not None:
                    settings.output.say(f"Seat {one['seat']}, {code}: {known.next_step}")
        settings.output.say(f"{answering} of {len(found)} keepers answer, {needed} are needed.")

    if answering < needed:
        if not settings.output.as_json:
            tell()
        raise Degraded(f"{answering} of {len(found)} keepers answer, {needed} are needed")
    settings.output.result({"threshold": needed, "keepers": found}, tell)


@keeper.command(example="consentry keeper new trustee.keystore > trustee-public.json")
@click.argument("file", metavar="FILE")
@pass_settings
def new(settings: Settings, file: str) -> None:
    """Make a keeper's sealed keystore.

    Prints its public parts as JSON, for the committee's next version.
    """
    path = Path(file)
    keys = create_keeper_keys(path, passphrase(path.name, new=True))
    public: dict[str, Any] = {"account": keys.account, "sealingKey": fields.to_base64(keys.sealing_key)}
    settings.output.as_json = True  # the public parts go to a program, always
    settings.output.result(public, lambda: None)


for _command in (hand_over, take_over, renew, feed, asked):
    keeper.add_command(_command)
