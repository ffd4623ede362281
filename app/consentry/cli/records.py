"""`consentry records`: what becomes of records after they were published."""

from __future__ import annotations

import click

from consentry.cli.command import Group, takes_client_key, takes_gateway, takes_staff
from consentry.cli.problems import CommandInvalid, GatewayMisbehaved
from consentry.cli.settings import Settings, pass_settings
from consentry.cli.sign_in import desk
from consentry.domain import fields
from consentry.errors import LayoutInvalid


@click.group(cls=Group)
def records() -> None:
    """What becomes of records after they were published.

    To correct a record, publish the Bundle again with what changed.
    """


@records.command(
    example="consentry records retract 0x5f… --client-key-file his.key\n"
    "consentry records retract 0x5f… --only --as dr_bose.keystore"
)
@click.argument("record", metavar="RECORD")
@click.option("--only", is_flag=True, help="This version alone; those before it stay readable as history.")
@takes_staff()
@takes_gateway
@takes_client_key
@pass_settings
def retract(settings: Settings, record: str, staff: str | None, only: bool) -> None:  # noqa: FBT001 - an option
    """Take a record of the own hospital back, for ever.

    RECORD is the id that `publish` printed. No keeper releases it any more, nor the versions before it; what somebody has
    read stays read. To put something right, publish the corrected Bundle instead.
    """
    with desk(settings, staff) as (client, _network):
        told = client.post("/api/records/retractions", {"record": record_id(record), "only": only})
    done = told.get("records")
    if not isinstance(done, list) or not all(isinstance(one, str) for one in done):
        raise GatewayMisbehaved("it does not say what it retracted")
    value = {"records": [record_id(one) for one in done]}
    settings.output.result(value, lambda: settings.output.say(f"Retracted: {', '.join(value['records'])}"))


def record_id(text: str) -> str:
    """Raises CommandInvalid."""
    try:
        fields.hex_bytes(text, "RECORD")
    except LayoutInvalid:
        raise CommandInvalid("a record is named by 0x and 64 hex digits, as `publish` prints it") from None
    return text
