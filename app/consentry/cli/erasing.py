"""`consentry erase`: a record that nobody may have any more, with evidence from every store."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consentry.cli.client import GatewayClient
from consentry.cli.command import Command
from consentry.cli.failures import after_result
from consentry.cli.problems import GatewayMisbehaved
from consentry.cli.records import record_id as read_record_id
from consentry.cli.resealing import copy_seed, passphrase_of
from consentry.cli.settings import Settings, opened, pass_settings
from consentry.cli.stores import sweep_problem
from consentry.config import StoreConfig, read_gateway_config
from consentry.domain import fields
from consentry.domain.erasure import MAX_CERTIFICATE_BYTES, ErasureCertificate
from consentry.errors import ConsentryError, LayoutInvalid
from consentry.ports import Swept
from consentry.ports.erasures import SignedCertificate, SignedOrder

if TYPE_CHECKING:
    from consentry.services.erasure import Erased


@click.command(
    cls=Command,
    example="consentry erase 0x5f… --config gateway.json --copy-key copy.keystore --at https://records.city.example",
)
@click.argument("record", metavar="RECORD")
@click.option(
    "--config", metavar="FILE", required=True, help="The settings of the author's gateway, which may run on."
)
@click.option(
    "--copy-key",
    metavar="FILE",
    required=True,
    help="Keystore of the author's offline copy key (secret `copy`). Passphrases, here and of the gateway's keystore: "
    "CONSENTRY_PASSPHRASE_FILE, CONSENTRY_PASSPHRASE, or asked for.",
)
@click.option(
    "--at", "gateways", metavar="URL", multiple=True, help="Another member's gateway. As often as there are."
)
@pass_settings
def erase(settings: Settings, record: str, config: str, copy_key: str, gateways: tuple[str, ...]) -> None:
    """Erase a record of the own hospital, and the versions before it.

    RECORD is the id that `publish` printed. The record is retracted for ever; its entries are deleted here and at the gateways
    named by --at, its content and the author's copy of its key here. Each store answers with a signed certificate. What the law
    keeps is not erased: the table of retention and the `jurisdiction` of the gateway's settings say until when. It may be run
    again, also for further gateways.
    """
    wanted = fields.hex_bytes(read_record_id(record), "RECORD")
    seed = copy_seed(copy_key)

    from consentry.bootstrap.author import open_author
    from consentry.services import erasure

    gateway = read_gateway_config(Path(config))
    failed: list[tuple[str, ConsentryError]] = []
    with open_author(gateway, lambda: opened(gateway.keystore, passphrase_of)) as own:
        with settings.output.working("Retracting and erasing here"):
            erasure.erase(wanted, seed, own.author, own.erasing)
        for url in gateways:
            with settings.output.working(f"Erasing at {url}"):
                try:
                    for one in erasure.versions_of(wanted, own.erasing):
                        erasure.order_elsewhere(one.record_id, url, send_order, own.erasing)
                except ConsentryError as problem:
                    failed.append((url, problem))
        done = erasure.erase(wanted, seed, own.author, own.erasing)
    swept = _sweep(settings, gateway.store)
    value = {
        "records": [_json(one) for one in done],
        "stores": [
            {"node": one.node, "removed": list(one.blocks), "problem": one.problem or None} for one in swept
        ],
        "failed": [{"gateway": url, "code": problem.code} for url, problem in failed],
    }
    left = failed[0][1] if failed else sweep_problem(swept)
    after_result(settings.output, value, lambda: _tell(settings, done, failed, swept), left)


def send_order(url: str, order: SignedOrder) -> SignedCertificate:
    """To the gateway at this URL. Raises GatewayUnreachable, GatewayMisbehaved, or what it answered."""
    body = {"order": fields.to_base64(order.raw), "signature": fields.to_hex(order.signature)}
    answer = GatewayClient(url).post("/api/erasures", body)
    try:
        got = fields.exact(answer, ("certificate", "signature"), "answer")
        return SignedCertificate(
            fields.base64_bytes(got["certificate"], "certificate", 1, MAX_CERTIFICATE_BYTES),
            fields.hex_bytes(got["signature"], "signature", 65, 65),
        )
    except LayoutInvalid as problem:
        raise GatewayMisbehaved(f"{url}: {problem.diagnostics}") from None


def _json(one: Erased) -> dict[str, Any]:
    return {
        "record": fields.to_hex(one.record_id),
        "certificates": [_certificate(certificate) for certificate in one.certificates],
    }


def _certificate(one: ErasureCertificate) -> dict[str, Any]:
    return {
        "member": one.member,
        "deleted": list(one.deleted),
        "absent": list(one.absent),
        "kept": list(one.kept),
    }


def _sweep(settings: Settings, store: StoreConfig) -> tuple[Swept, ...]:
    """Nodes that only unpinned what was erased let go of it now, and each says what it took away (H-29). What fails is said like
    a node's own problem: the evidence of what was erased counts all the same."""
    from consentry.bootstrap.common import open_store

    try:
        with settings.output.working("Sweeping the stores"), closing(open_store(store)) as opened:
            return opened.sweep()
    except ConsentryError as problem:
        return (Swept(store.cluster or store.api or store.kind, (), problem.diagnostics),)


def _tell(
    settings: Settings,
    done: tuple[Erased, ...],
    failed: list[tuple[str, ConsentryError]],
    swept: tuple[Swept, ...],
) -> None:
    for one in done:
        settings.output.say(f"{fields.to_hex(one.record_id)} is erased. Evidence:")
        rows = [
            (cert.member, len(cert.deleted), len(cert.absent), len(cert.kept)) for cert in one.certificates
        ]
        settings.output.table(("store of", "entries deleted", "not there", "kept: not this record's"), rows)
    for node in swept:
        if node.blocks or node.problem:
            words = node.problem or f"{len(node.blocks)} blocks that nothing keeps any more were removed"
            settings.output.say(f"{node.node}: {words}.")
    for url, problem in failed:
        settings.output.note(f"{url}: {problem.code}. Run it again for this gateway.")
