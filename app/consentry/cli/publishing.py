"""`consentry publish`: a FHIR Bundle into the network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from consentry.cli.answers import clean
from consentry.cli.client import LONG_SECONDS
from consentry.cli.command import Command, takes_client_key, takes_gateway, takes_staff
from consentry.cli.files import read_json
from consentry.cli.problems import GatewayMisbehaved
from consentry.cli.refs import opaque
from consentry.cli.settings import Settings, pass_settings
from consentry.cli.sign_in import desk
from consentry.config import GatewayConfig

MAX_BUNDLE_BYTES: int = GatewayConfig.max_bundle_bytes
PATIENT_HEADER = "X-Consentry-Patient-Ref"
FHIR = "application/fhir+json"


@click.command(
    cls=Command,
    example="consentry publish visit.json --patient p-7Q2M --client-key-file his.key\n"
    "consentry publish visit.json --patient p-7Q2M --as dr_bose.keystore",
)
@click.argument("file", metavar="FILE")
@click.option("--patient", metavar="REF", required=True, help="The gateway's reference, from `patient link`.")
@click.option(
    "--max-bytes",
    type=click.IntRange(1),
    default=MAX_BUNDLE_BYTES,
    show_default=True,
    help="Larger is refused.",
)
@takes_gateway
@takes_client_key
@takes_staff()
@pass_settings
def publish(settings: Settings, file: str, patient: str, max_bytes: int, staff: str | None) -> None:
    """Seal and anchor the clinical resources of FILE, a FHIR R4 Bundle of one patient.

    Publishing the same content again anchors nothing new: repeat it safely when it failed half-way.
    """
    raw, _ = read_json(Path(file), max_bytes)
    headers = {"Content-Type": FHIR, "Accept": FHIR, PATIENT_HEADER: opaque(patient, "--patient")}
    with (
        desk(settings, staff) as (client, _network),
        settings.output.working(f"Publishing {len(raw):,} bytes"),
    ):
        answer = client.exchange("POST", "/fhir", raw, headers=headers, seconds=LONG_SECONDS)
    bundle = _bundle(answer)

    def tell() -> None:
        entries = bundle.get("entry") or []
        rows = [_row(one) for one in entries if isinstance(one, dict)]
        settings.output.table(("status", "where", "note"), rows)
        settings.output.say(f"{len(rows)} entries taken.")

    settings.output.result(bundle, tell)


def _bundle(raw: bytes) -> dict[str, Any]:
    try:
        bundle = json.loads(raw)
    except (ValueError, RecursionError):
        bundle = None
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        raise GatewayMisbehaved("it answers a publication with something other than a Bundle")
    return bundle


def _row(entry: dict[str, Any]) -> tuple[object, ...]:
    response = entry.get("response")
    got = response if isinstance(response, dict) else {}
    outcome = got.get("outcome")
    issues = outcome.get("issue") if isinstance(outcome, dict) else None
    first = issues[0] if isinstance(issues, list) and issues and isinstance(issues[0], dict) else {}
    return (clean(got.get("status", "")), clean(got.get("location", "")), clean(first.get("diagnostics", "")))
