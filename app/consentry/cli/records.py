"""`consentry records`: what becomes of records after they were published."""

from __future__ import annotations

from typing import Any

import click

from consentry.cli.answers import clean
from consentry.cli.command import Group, takes_client_key, takes_gateway, takes_staff
from consentry.cli.problems import CommandInvalid, GatewayMisbehaved
from consentry.cli.settings import Settings, pass_settings
from consentry.cli.sign_in import desk
from consentry.domain import fields
from consentry.domain.retraction import CHOSEN
from consentry.errors import LayoutInvalid

MOST_PAGES = 1_000
_SHOWN = ("at", "record", "reason", "by")


@click.group(cls=Group)
def records() -> None:
    """What becomes of records after they were published.

    To correct a record, publish the Bundle again with what changed.
    """


@records.command(
    example="consentry records retract 0x5f… --reason wrong-patient --client-key-file his.key\n"
    "consentry records retract 0x5f… --reason duplicate --only --as dr_bose.keystore"
)
@click.argument("record", metavar="RECORD")
@click.option(
    "--reason",
    type=click.Choice([str(one) for one in CHOSEN]),
    required=True,
    help="Why; kept at the hospital with the account that says so.",
)
@click.option("--only", is_flag=True, help="This version alone; those before it stay readable as history.")
@takes_staff()
@takes_gateway
@takes_client_key
@pass_settings
def retract(settings: Settings, record: str, reason: str, staff: str | None, only: bool) -> None:  # noqa: FBT001 - an option
    """Take a record of the own hospital back, for ever.

    RECORD is the id that `publish` printed. No keeper releases it any more, nor the versions before it; what somebody has
    read stays read. To put something right, publish the corrected Bundle instead. Staff do so by a role that writes records.
    """
    with desk(settings, staff) as (client, _network):
        told = client.post(
            "/api/records/retractions", {"record": record_id(record), "reason": reason, "only": only}
        )
    done = told.get("records")
    if not isinstance(done, list) or not all(isinstance(one, str) for one in done):
        raise GatewayMisbehaved("it does not say what it retracted")
    value = {"records": [record_id(one) for one in done]}
    settings.output.result(value, lambda: settings.output.say(f"Retracted: {', '.join(value['records'])}"))


@records.command(
    example="consentry records retractions --as dr_bose.keystore\n"
    "consentry records retractions 0x5f… --client-key-file his.key"
)
@click.argument("record", metavar="[RECORD]", required=False)
@takes_staff()
@takes_gateway
@takes_client_key
@pass_settings
def retractions(settings: Settings, record: str | None, staff: str | None) -> None:
    """Who took records of the own hospital back, when and why.

    The last first; of RECORD alone, if it is given. For the hospital's own staff and systems.
    """
    which = "" if record is None else f"record={record_id(record)}"
    rows: list[dict[str, str]] = []
    with desk(settings, staff) as (client, _network):
        for _ in range(MOST_PAGES):
            found, following = _told(client.get(f"/api/records/retractions?{which}"))
            rows += found
            if following is None:
                break
            which = f"before={following}"
    settings.output.result({"retractions": rows}, lambda: _tell(settings, rows))


def _told(answer: dict[str, Any]) -> tuple[list[dict[str, str]], int | None]:
    found, following = answer.get("retractions"), answer.get("next")
    if not isinstance(found, list) or not (following is None or isinstance(following, int)):
        raise GatewayMisbehaved("it does not say who retracted what")
    try:
        return [{name: clean(one[name], 140) for name in _SHOWN} for one in found], following
    except (KeyError, TypeError, AttributeError):
        raise GatewayMisbehaved("it does not say who retracted what") from None


def _tell(settings: Settings, rows: list[dict[str, str]]) -> None:
    if not rows:
        settings.output.say("No record was taken back.")
        return
    settings.output.table(("when", "record", "reason", "by"), [tuple(one[n] for n in _SHOWN) for one in rows])


def record_id(text: str) -> str:
    """Raises CommandInvalid."""
    try:
        fields.hex_bytes(text, "RECORD")
    except LayoutInvalid:
        raise CommandInvalid("a record is named by 0x and 64 hex digits, as `publish` prints it") from None
    return text
