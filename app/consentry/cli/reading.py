"""`consentry read`: a patient's records across hospitals, under a ground."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from consentry.cli.answers import clean, unsteered
from consentry.cli.client import BUNDLE_BYTES, LONG_SECONDS, GatewayClient
from consentry.cli.command import Command, takes_client_key, takes_gateway, takes_patient_did, takes_wallet
from consentry.cli.files import MAX_DEPTH, require_writable, write_private
from consentry.cli.history import tell_versions
from consentry.cli.output import Output
from consentry.cli.problems import CommandInvalid, GatewayMisbehaved
from consentry.cli.publishing import FHIR
from consentry.cli.refs import opaque, opening_id
from consentry.cli.settings import Settings, address_argument, pass_settings
from consentry.cli.sign_in import open_reading_session, signed_in, system
from consentry.domain.purposes import Purpose
from consentry.errors import NoGround, NotJson
from consentry.fhir import jsontext

PRACTITIONER = "X-Consentry-Practitioner"
PURPOSE = "X-Consentry-Purpose"
OPENING = "X-Consentry-Opening"
_PURPOSES = click.Choice([str(one) for one in Purpose])

ASK_OPENERS = "Only the two who opened it read under an opening, until it is closed or has run out: `consentry emergency list`."


@click.command(
    cls=Command,
    example="consentry read --patient p-7Q2M --as dr_bose.keystore --purpose TREAT --out alice.json\n"
    "consentry read --patient p-7Q2M --practitioner 0x… --purpose TREAT --client-key-file his.key\n"
    "consentry read --self --wallet alice.keystore\n"
    "consentry read --opening 0x5be1… --as dr_duarte.keystore",
)
@click.option("--patient", metavar="REF", help="The patient's reference at this gateway; not with --self.")
@click.option("--as", "staff", metavar="FILE", help="Key file of the clinician who reads.")
@click.option("--practitioner", metavar="ADDRESS", help="For whom the hospital system (client key) reads.")
@click.option("--self", "own", is_flag=True, help="The patient reads the own record, with --wallet.")
@takes_wallet(required=False, help_text="With --self: the patient's key file.")
@takes_patient_did
@click.option(
    "--opening", metavar="ID", help="Under this emergency opening, with --as: no --patient, no --purpose."
)
@click.option("--purpose", type=_PURPOSES, help="Why: TREAT, HRESCH, …")
@click.option(
    "--history", is_flag=True, help="All versions of each record, also replaced and retracted ones."
)
@click.option("--out", metavar="FILE", help="Write the Bundle to this file (mode 600); - is stdout.")
@takes_gateway
@takes_client_key
@pass_settings
def read(
    settings: Settings,
    patient: str | None,
    staff: str | None,
    practitioner: str | None,
    own: bool,  # noqa: FBT001 - click's form
    wallet: str | None,
    opening: str | None,
    purpose: str | None,
    history: bool,  # noqa: FBT001 - click's form
    out: str | None,
) -> None:
    """Fetch what a ground permits, as a FHIR searchset Bundle. What is withheld is simply not in it."""
    if [staff is not None, practitioner is not None, own].count(True) != 1:
        raise CommandInvalid("who reads? Give one of --as FILE, --practitioner ADDRESS, --self")
    if opening is not None:
        purpose = _purpose_of_opener(staff, patient, purpose)
    elif not own and purpose is None:
        raise CommandInvalid("--purpose is needed: each release says why")
    elif (patient is None) != own:
        raise CommandInvalid("--patient REF is needed, except with --self or --opening")
    if out not in (None, "-"):
        require_writable(Path(str(out)))
    headers = {} if opening is None else {OPENING: opening_id(opening)}
    name = opaque(patient, "--patient") if patient is not None else "self" if own else "emergency"
    path = f"/fhir/Patient/{name}/$everything"
    if history:
        path += "?_history=true"
    with settings.output.working("Reading"):
        if practitioner is not None:
            person = address_argument(practitioner, "--practitioner")
            with system(settings, "--as FILE instead of --practitioner") as client:
                raw = _fetch(client, path, {PRACTITIONER: person, PURPOSE: str(purpose)})
        else:
            key_file = wallet if own else staff
            if key_file is None:
                raise CommandInvalid("--self needs --wallet FILE")
            with signed_in(settings, key_file, as_staff=not own) as session:
                open_reading_session(settings, session, None if own else purpose)
                raw = _fetch(session.client, path, headers)
    _deliver(settings.output, raw, out)


def _purpose_of_opener(staff: str | None, patient: str | None, purpose: str | None) -> str:
    """Raises CommandInvalid."""
    if staff is None or patient is not None:
        raise CommandInvalid("--opening names the patient; one of the two who opened reads, with --as FILE")
    if purpose not in (None, Purpose.ETREAT):
        raise CommandInvalid("under an emergency opening the purpose is ETREAT; leave --purpose out")
    return Purpose.ETREAT


def _fetch(client: GatewayClient, path: str, headers: dict[str, str]) -> bytes:
    asked = headers | {"Accept": FHIR}
    try:
        return client.exchange("GET", path, None, headers=asked, seconds=LONG_SECONDS, most=BUNDLE_BYTES).body
    except NoGround as refused:
        if OPENING in headers:
            refused.next_step = ASK_OPENERS  # type: ignore[misc]
        raise


def _deliver(output: Output, raw: bytes, out: str | None) -> None:
    try:
        bundle = jsontext.read(raw, max_depth=2 * MAX_DEPTH)
    except NotJson as problem:
        raise GatewayMisbehaved(problem.diagnostics) from None
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise GatewayMisbehaved("it answers a read with something other than a Bundle")
    counts, missing, lying = _contents(bundle)
    for words in missing:
        output.note(f"Incomplete: {words}")
    for words in lying:
        output.note(f"Answered without: {words}")
    if out not in (None, "-"):
        write_private(Path(str(out)), raw)
        summary = {"file": out, "resources": dict(counts), "incomplete": missing, "lying": lying}
        output.result(summary, lambda: _table(output, counts, f"written to {out}"))
    elif out == "-" or output.as_json:
        # The gateway's own text: parsing and writing again could change decimals.
        click.echo(unsteered(raw.decode("utf-8")))
    elif bundle.get("type") == "history":
        tell_versions(output, bundle)
    else:
        _table(output, counts, "use --out FILE to keep them")


def _contents(bundle: dict[str, Any]) -> tuple[Counter[str], list[str], list[str]]:
    """Resources by type, what the gateway says is technically missing, and which keepers gave what does not hold."""
    counts: Counter[str] = Counter()
    missing: list[str] = []
    lying: list[str] = []
    entries = bundle.get("entry")
    for entry in entries if isinstance(entries, list) else []:
        resource = entry.get("resource") or _told(entry) if isinstance(entry, dict) else None
        if not isinstance(resource, dict):
            continue
        if resource.get("resourceType") == "OperationOutcome":
            issues = resource.get("issue")
            for issue in issues if isinstance(issues, list) else []:
                if isinstance(issue, dict):
                    told = lying if issue.get("code") == "processing" else missing
                    told.append(clean(issue.get("diagnostics") or issue.get("code")))
        else:
            counts[clean(resource.get("resourceType", "?"), 64)] += 1
    return counts, missing, lying


def _table(output: Output, counts: Counter[str], words: str) -> None:
    output.table(("resource", "count"), sorted(counts.items()))
    output.say(f"{counts.total()} resources; {words}.")


def _told(entry: dict[str, Any]) -> Any:
    """In a history what is missing is the outcome of an entry."""
    response = entry.get("response")
    return response.get("outcome") if isinstance(response, dict) else None
