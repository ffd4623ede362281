"""`consentry publish`: a FHIR Bundle into the network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from consentry.cli.answers import clean
from consentry.cli.client import LONG_SECONDS
from consentry.cli.command import Command, takes_client_key, takes_gateway, takes_staff
from consentry.cli.files import MAX_DEPTH, read_json
from consentry.cli.output import Output
from consentry.cli.problems import GatewayMisbehaved
from consentry.cli.records import record_id
from consentry.cli.refs import opaque
from consentry.cli.settings import Settings, pass_settings
from consentry.cli.sign_in import desk
from consentry.config import GatewayConfig
from consentry.errors import NotFhir, NotJson
from consentry.fhir import jsontext
from consentry.remote.exchange import Reply

MAX_BUNDLE_BYTES: int = GatewayConfig.max_bundle_bytes
PATIENT_HEADER = "X-Consentry-Patient-Ref"
ANSWER_HEADER = "X-Consentry-Answer"
REPLACES_HEADER = "X-Consentry-Replaces"
FHIR = "application/fhir+json"
_FORMER = (
    "Retracted, as nothing that its readers may see follows it: {}",
    "Stays beside, as it also holds what this Bundle does not (--replaces takes its place): {}",
)


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
@click.option(
    "--replaces",
    metavar="RECORD",
    multiple=True,
    help="Id of a record that this takes the place of, where the Bundle itself does not tell; may be repeated.",
)
@takes_gateway
@takes_client_key
@takes_staff()
@pass_settings
def publish(
    settings: Settings, file: str, patient: str, max_bytes: int, replaces: tuple[str, ...], staff: str | None
) -> None:
    """Seal and anchor a FHIR R4 Bundle.

    FILE holds the clinical resources of one patient.

    Publishing the same content again anchors nothing new: repeat it safely when it failed half-way. Records of a patient
    whose directory is not open yet wait at the gateway.

    Publishing a Bundle that has changed corrects it: records whose resources, or whose document, it holds anew are replaced.
    """
    raw, tree = read_json(Path(file), max_bytes)
    if not isinstance(tree, dict) or tree.get("resourceType") != "Bundle":
        raise NotFhir(f"{file} is not a FHIR Bundle", expression=("Bundle",))  # it may be anything: a key
    headers = {
        "Content-Type": FHIR,
        "Accept": FHIR,
        ANSWER_HEADER: "records",
        PATIENT_HEADER: opaque(patient, "--patient"),
    }
    if replaces:
        headers[REPLACES_HEADER] = ",".join(record_id(one) for one in replaces)
    with (
        desk(settings, staff) as (client, _network),
        settings.output.working(f"Publishing {len(raw):,} bytes"),
    ):
        answer = client.exchange("POST", "/fhir", raw, headers=headers, seconds=LONG_SECONDS)
    published = _published(answer)
    settings.output.result(published, lambda: _tell(settings.output, published))


def _published(answer: Reply) -> dict[str, Any]:
    """Records with their status, and the transaction that anchored new ones. Raises GatewayMisbehaved."""
    try:
        bundle = jsontext.read(answer.body, max_depth=MAX_DEPTH)
        if bundle["resourceType"] != "Bundle":
            raise ValueError
        records = [_record(one["response"]) for one in bundle.get("entry", [])]
    except (NotJson, ValueError, KeyError, TypeError, AttributeError):
        raise GatewayMisbehaved("it answers a publication with something other than its Bundle") from None
    gas = answer.header("X-Consentry-Gas-Used")
    return {
        "records": records,
        "root": _hex(answer.header("X-Consentry-Root")),
        "transaction": _hex(answer.header("X-Consentry-Transaction")),
        "gasUsed": int(gas) if gas is not None and gas.isdecimal() else None,
    }


def _record(response: dict[str, Any]) -> dict[str, Any]:
    labels = {
        one["url"]: clean(one.get("valueCode") or one["valueUri"], 120)
        for one in response.get("extension", [])
    }
    replaced = labels.get("urn:consentry:replaces")
    return {
        "record": _id(response.get("location", "")),
        "category": labels.get("urn:consentry:category"),
        "confidentiality": labels.get("urn:consentry:confidentiality"),
        "created": str(response["status"]).startswith("201"),
        "waiting": str(response["status"]).startswith("202"),
        "version": clean(response.get("etag", ""), 20).removeprefix('W/"').removesuffix('"') or None,
        "replaces": None if replaced is None else _id(replaced),
        "standing": labels.get("urn:consentry:standing"),
    }


def _id(text: object) -> str:
    return clean(text, 200).removeprefix("urn:consentry:record:")


def _hex(value: str | None) -> str | None:
    return value if value is not None and re.fullmatch(r"0x[0-9a-f]{64}", value) else None


def _tell(output: Output, published: dict[str, Any]) -> None:
    records = published["records"]
    taken = [one for one in records if one["category"] is None]
    own = [one for one in records if one["category"] is not None]
    rows = [(one["record"], one["category"], one["confidentiality"], _state(one)) for one in own]
    output.table(("record", "category", "confidentiality", ""), rows)
    new, waiting = (sum(one[state] for one in own) for state in ("created", "waiting"))
    known = len(own) - new
    output.say(
        f"{new} record{'s'[: new != 1]} published, {known} {'was' if known == 1 else 'were'} there already."
    )
    for one in taken:
        output.say(_FORMER[one["standing"] == "current"].format(one["record"]))
    if waiting:
        output.say(
            f"{waiting} of them wait until the patient opens the directory: the gateway keeps them encrypted, and files "
            "them by itself then. `consentry status --client-key-file FILE` counts what waits."
        )
    if published["transaction"]:
        output.say(f"Anchored by transaction {published['transaction']}, gas {published['gasUsed'] or 0:,}.")


def _state(record: dict[str, Any]) -> str:
    if record["waiting"]:
        return "waits"
    if not record["created"]:
        return "known" if record["standing"] in (None, "current") else f"{record['standing']} since"
    return "new" if record["replaces"] is None else f"version {record['version']}"
