"""Consents as a gateway lists them: found by the beginning of their id, told in words."""

from __future__ import annotations

from typing import Any

from consentry.cli.answers import clean
from consentry.cli.output import Output
from consentry.cli.problems import CommandInvalid
from consentry.cli.refs import consent_id
from consentry.cli.sign_in import SignedIn
from consentry.errors import ConsentUnknown

MIN_BEGINNING = 6


def listed(value: Any) -> list[Any]:
    """A JSON array, or nothing."""
    return value if isinstance(value, list) else []


def find(session: SignedIn, beginning: str) -> dict[str, Any]:
    """The patient's consent whose id begins so. Raises ConsentUnknown, CommandInvalid for an ambiguous beginning."""
    wanted = beginning.lower()
    if not wanted.startswith("0x") or len(wanted) < MIN_BEGINNING:
        raise CommandInvalid("an ID begins with 0x and at least four hex digits; `consent show` lists them")
    told = listed(session.client.get("/api/consents").get("consents"))
    fitting = [one for one in told if isinstance(one, dict) and str(one.get("id", "")).startswith(wanted)]
    if not fitting:
        raise ConsentUnknown("no consent of this wallet begins with this id")
    if len(fitting) > 1:
        raise CommandInvalid(f"{len(fitting)} consents begin so: give more of the id")
    consent_id(str(fitting[0]["id"]))  # it becomes part of a path
    return fitting[0]


def tell_list(output: Output, items: list[Any]) -> None:
    rows = []
    for one in items:
        consent = one.get("consent") or {}
        recipient = (consent.get("terms") or {}).get("recipientName", "")
        rows.append((one.get("id"), one.get("status"), recipient, consent.get("validUntil", "")))
    output.table(("consent", "status", "to", "until"), rows)
    if not rows:
        output.say("No consents at this gateway.")


def tell_consent(output: Output, shown: dict[str, Any]) -> None:
    """In words first, then what identifies it."""
    output.say(f"Consent {shown.get('id')} ({shown.get('status')})")
    words = shown.get("words")
    for line in listed(words.get("en") if isinstance(words, dict) else None):
        output.say(f"  {clean(line)}")
    if shown.get("transaction"):
        output.say(f"  Transaction {shown['transaction']}")
