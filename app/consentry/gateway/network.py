"""What a wallet and a page need to know of the network, and the patient's directory."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, request

from consentry.domain import fields, times
from consentry.domain.categories import Category
from consentry.domain.directory import MAX_DOCUMENT_BYTES
from consentry.domain.origins import is_loopback, origin_of
from consentry.gateway import auth, body, chain, shapes
from consentry.gateway.consortium import consortium
from consentry.gateway.parts import gateway
from consentry.services import directory
from consentry.services.opening_directory import OpenDirectory, open_directory, store_document
from consentry.services.personal_message import signature_bytes
from consentry.services.rotation import advice

routes = Blueprint("network", __name__)
MAX_BODY_BYTES = 2 * MAX_DOCUMENT_BYTES
MAX_SIGNATURE_BYTES = 4_096


@routes.get("/api/network")
def get_network() -> dict[str, Any]:
    parts, known = gateway(), consortium()
    return {
        "chainId": parts.site.chain_id,
        "chainName": f"Consentry {parts.site.chain_id}",
        "rpcUrl": _public(parts.rpc_url, parts.site.origin) or parts.site.origin + chain.PATH,
        "chainUrl": chain.PATH,
        "contracts": {name: parts.ledger.address_of(name) for name in shapes.CONTRACTS},
        "member": {"address": parts.site.member, "name": parts.site.member_name},
        "categories": [str(category) for category in Category],
        **shapes.keepers(known.committee, known.members),
    }


@routes.get("/api/members")
def get_members() -> dict[str, Any]:
    """Everybody who was ever admitted: records of former members stay readable."""
    parts = gateway()
    known = {**parts.page.places.gateways, parts.site.member: parts.site.origin}
    return {"members": [shapes.member(one, known) for one in consortium().members]}


@routes.get("/api/deployment")
def get_deployment() -> dict[str, Any]:
    """Which contracts there are, as an exported account names them. Public like the chain, and this gateway's word."""
    return dict(gateway().deployment)


@routes.get("/api/directory")
def get_directory() -> dict[str, Any]:
    patient, parts = auth.patient_side().patient, gateway()
    assert patient is not None
    last = directory.latest(parts.ledger, parts.store, patient, parts.everything.reading.documents)
    return {
        "cid": last.cid,
        "version": last.version or None,
        "inForce": last.in_force,
        "identityNonce": parts.ledger.identity_nonce(patient),
        "rotation": shapes.rotation(advice(patient, parts.rotation)),
    }


@routes.post("/api/directory")
def post_directory() -> dict[str, Any]:
    command, parts = _directory_command(), gateway()
    opened = open_directory(command, parts.directories)
    parts.publishing.waiting.wake(command.patient, parts.clock.now())
    return {"cid": opened.cid, **shapes.mined(opened.receipt)}


@routes.post("/api/directory/documents")
def post_directory_document() -> dict[str, Any]:
    """Keep what another gateway will name."""
    kept = store_document(_directory_command(), gateway().directories)
    return {"cid": kept.cid, "keptUntil": times.iso(kept.kept_until)}


def _directory_command() -> OpenDirectory:
    """What the patient's side signed, within its pace. Raises LayoutInvalid, RateLimited."""
    who = auth.patient_side()
    assert who.patient is not None
    request.max_content_length = MAX_BODY_BYTES
    asked = body.json_object("document", "deadline", "signature")
    document = fields.base64_bytes(asked["document"], "document", 1, MAX_DOCUMENT_BYTES)
    signature = signature_bytes(asked["signature"], MAX_SIGNATURE_BYTES)
    gateway().consents.relays.take(who.address)
    return OpenDirectory(who.patient, document, fields.integer(asked["deadline"], "deadline"), signature)


def _public(rpc_url: str, origin: str) -> str:
    """The node's address if it can hold no key, which is scheme, host and port alone, and whoever reaches the gateway may reach
    it too; else nothing is told, nor where there is no node to believe."""
    if not rpc_url:
        return ""
    if is_loopback(origin_of(rpc_url) or "") and not is_loopback(origin):
        return ""
    place = urlsplit(rpc_url)
    bare = not (place.username or place.password or place.path.strip("/") or place.query or place.fragment)
    return f"{place.scheme}://{place.netloc}" if bare else ""
