"""Consents as a gateway lists them: found by the beginning of their id, told in words."""

from __future__ import annotations

from typing import Any

from consentry.cli.answers import clean
from consentry.cli.client import GatewayClient
from consentry.cli.directories import opened_words, rotation_words
from consentry.cli.output import Output
from consentry.cli.problems import CommandInvalid, GatewayMisbehaved
from consentry.cli.refs import consent_id
from consentry.cli.sign_in import SignedIn
from consentry.domain.terms import Consent, in_words
from consentry.errors import ConsentryError, ConsentUnknown, LayoutInvalid, TermsInvalid, TransactionReverted
from consentry.wallets.checks import checked_consent

MIN_BEGINNING = 6
# IConsentRegistry.Status, the second value of ConsentAlreadyKnown
_GRANTED, _REVOKED = "1", "2"


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


def in_own_words(session: SignedIn, shown: dict[str, Any]) -> dict[str, Any]:
    """What was shown, its words made here from the checked consent: the gateway's are never read. Raises SigningRefused."""
    network = session.network
    consent = checked_consent(shown, session.patient, network.chain_id, network.consent_registry)
    return shown | {"words": _words(consent)}


def listed_in_own_words(session: SignedIn, told: dict[str, Any]) -> dict[str, Any]:
    """A list of consents with words made here; one that does not hold has none."""
    made = []
    for one in listed(told.get("consents")):
        if not isinstance(one, dict):
            continue
        try:
            made.append(in_own_words(session, one))
        except ConsentryError:
            made.append({key: value for key, value in one.items() if key != "words"})
    return told | {"consents": made}


def proposed_in_own_words(shown: dict[str, Any]) -> dict[str, Any]:
    """The same of what was just proposed; no words where no consent is shown."""
    try:
        return shown | {"words": _words(Consent.from_json(shown.get("consent")))}
    except (LayoutInvalid, TermsInvalid):
        return {key: value for key, value in shown.items() if key != "words"}


def _words(consent: Consent) -> dict[str, list[str]]:
    return {language: in_words(consent, language) for language in ("en", "zh")}


def read_out(output: Output, shown: dict[str, Any]) -> None:
    """On stderr, before anything is signed: every term, in words that were made here."""
    for line in listed(shown["words"]["en"]):
        output.note(line)


def relay(client: GatewayClient, step: str, identifier: str, signature: str) -> dict[str, Any]:
    """Hand a signature over; `step` is `grant` or `revocation`. What was done before is done: `status` says so then.

    Raises TransactionReverted, for a consent that was revoked before with words of its own, and what the client raises.
    """
    try:
        return client.post(f"/api/consents/{identifier}/{step}", {"signature": signature})
    except TransactionReverted as refused:
        name, _, values = refused.diagnostics.partition("(")
        status = values.rstrip(")").rpartition(",")[2].strip()
        if step == "revocation" and name == "ConsentAlreadyRevoked":
            return {"id": identifier, "status": "revoked", "transaction": None}
        if name == "ConsentAlreadyKnown" and status == _GRANTED:
            return {"id": identifier, "status": "active", "transaction": None}
        if name == "ConsentAlreadyKnown" and status == _REVOKED:
            refused.diagnostics = f"this consent is revoked already, and stays so: {refused.diagnostics}"
            refused.next_step = "Have it proposed anew; a new proposal has its own id."  # type: ignore[misc]
        raise


def tell_relayed(output: Output, words: str, relayed: dict[str, Any]) -> None:
    """The transaction and its cost. Raises GatewayMisbehaved when the gateway does not say."""
    if relayed.get("transaction") is None and "status" in relayed:
        done = {"revoked": "revoked", "active": "granted"}.get(str(relayed["status"]), "done")
        output.say(f"{words}: {done} already; nothing to do.")
        return
    try:
        output.say(
            f"{words}: transaction {relayed['transaction']}, block {relayed['block']}, gas {relayed['gasUsed']:,}"
        )
    except (KeyError, TypeError, ValueError):
        raise GatewayMisbehaved("it relayed, but does not say in which transaction") from None


def tell_revoked(output: Output, relayed: dict[str, Any]) -> None:
    tell_relayed(output, "The consent is revoked", relayed)
    if relayed["directory"] is not None:
        output.say(opened_words(relayed["directory"]))


def tell_list(output: Output, told: dict[str, Any]) -> None:
    rows = []
    for one in listed(told.get("consents")):
        consent = one.get("consent") or {}
        recipient = (consent.get("terms") or {}).get("recipientName", "")
        rows.append((one.get("id"), one.get("status"), recipient, consent.get("validUntil", "")))
    output.table(("consent", "status", "to", "until"), rows)
    if not rows:
        output.say("No consents at this gateway.")
    if told.get("rotation"):
        output.say(rotation_words(told["rotation"]))


def tell_consent(output: Output, shown: dict[str, Any]) -> None:
    """In words first, then what identifies it."""
    output.say(f"Consent {shown.get('id')} ({shown.get('status')})")
    words = shown.get("words")
    for line in listed(words.get("en") if isinstance(words, dict) else None):
        output.say(f"  {clean(line)}")
    if shown.get("transaction"):
        output.say(f"  Transaction {shown['transaction']}")
