"""`consentry petitions`: what patients ask the own hospital about records that it wrote."""

from __future__ import annotations

from typing import Any

import click

from consentry.cli.answers import clean
from consentry.cli.command import Group, takes_client_key, takes_gateway, takes_staff
from consentry.cli.problems import CommandInvalid, GatewayMisbehaved
from consentry.cli.settings import Settings, pass_settings
from consentry.cli.sign_in import desk
from consentry.domain import fields
from consentry.domain.petitions import ANSWERS, MOST_WORDS
from consentry.errors import LayoutInvalid

_SHOWN = {"askedAt": 40, "id": 40, "asks": 16, "record": 70, "patient": 120, "words": MOST_WORDS}
_HEAD = ("when", "petition", "asks to", "record", "patient", "in the patient's words")


@click.group(cls=Group)
def petitions() -> None:
    """What patients ask this hospital: to correct a record that it wrote, or to erase it.

    Asking changes nothing by itself. To correct, publish the corrected Bundle; to erase, `consentry erase`; then answer.
    """


@petitions.command(
    example="consentry petitions waiting --as dr_bose.keystore\nconsentry petitions waiting --client-key-file his.key"
)
@takes_staff()
@takes_gateway
@takes_client_key
@pass_settings
def waiting(settings: Settings, staff: str | None) -> None:
    """What waits for an answer, the oldest first; 200 at most.

    Staff see it by a role that writes records. What is shown is about somebody's health.
    """
    with desk(settings, staff) as (client, _network):
        rows = _told(client.get("/api/petitions/open"))
    settings.output.result({"petitions": rows}, lambda: _tell(settings, rows))


@petitions.command(
    example="consentry petitions answer 0x1f… done 'A corrected version is published.' --as dr_bose.keystore\n"
    "consentry petitions answer 0x1f… declined 'The laboratory has checked it.' --client-key-file his.key"
)
@click.argument("petition", metavar="PETITION")
@click.argument("state", type=click.Choice([str(one) for one in ANSWERS]), metavar="done|declined")
@click.argument("words", metavar="WORDS")
@takes_staff()
@takes_gateway
@takes_client_key
@pass_settings
def answer(settings: Settings, petition: str, state: str, words: str, staff: str | None) -> None:
    """Tell the patient what became of it, once.

    `done` is taken only when it is: a correction once the record was replaced or taken back, an erasure once a store certified
    it.
    PETITION is the id that `petitions waiting` shows; the patient reads WORDS on the own page.
    """
    if not 0 < len(words) <= MOST_WORDS:
        raise CommandInvalid(f"the answer is text of at most {MOST_WORDS} characters")
    with desk(settings, staff) as (client, _network):
        client.post(f"/api/petitions/{_petition_id(petition)}/answer", {"state": state, "words": words})
    settings.output.result(
        {"petition": petition, "state": state}, lambda: settings.output.say(f"Answered: {state}.")
    )


def _petition_id(text: str) -> str:
    try:
        fields.hex_bytes(text, "PETITION", 16, 16)
    except LayoutInvalid:
        raise CommandInvalid(
            "a petition is named by 0x and 32 hex digits, as `petitions waiting` shows it"
        ) from None
    return text


def _told(told: dict[str, Any]) -> list[dict[str, str]]:
    found = told.get("petitions")
    try:
        if isinstance(found, list):
            return [{name: clean(one[name], most) for name, most in _SHOWN.items()} for one in found]
    except (KeyError, TypeError, AttributeError):
        raise GatewayMisbehaved("it does not say what waits") from None
    raise GatewayMisbehaved("it does not say what waits")


def _tell(settings: Settings, rows: list[dict[str, str]]) -> None:
    if not rows:
        settings.output.say("Nothing waits for an answer.")
        return
    settings.output.table(_HEAD, [tuple(one[name] for name in _SHOWN) for one in rows])
