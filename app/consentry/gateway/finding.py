"""What a page that reads by itself looks up here: sealed entries by tag, and ciphertext (specification W-15, W-16, W-78)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from consentry.domain import fields
from consentry.domain.cids import cid as checked_cid
from consentry.gateway import auth, body
from consentry.gateway.parts import gateway
from consentry.services import looking_up
from consentry.services.looking_up import MAX_HELD, MAX_TAGS, MOST_CONTENTS, Hit, Lookup

routes = Blueprint("finding", __name__)


@routes.post("/api/index/entries")
def post_entries() -> dict[str, Any]:
    parts, who = gateway(), auth.patient_side()
    asked = body.json_object("lookups", optional=("held",))
    lookups, held = _lookups(asked["lookups"]), _held(asked["held"])
    parts.page.finding.pace.take(who.address)
    with parts.page.finding.room.place():
        found = looking_up.look_up(lookups, held, parts.everything.reading)
    return {
        "hits": [_hit(hit) for hit in found.hits],
        "left": [_lookup(one) for one in found.left],
        "incomplete": {
            "behind": not found.caught_up or found.gaps.lag > 0,
            "missingOf": sorted(found.gaps.missing_of),
            "abandonedOf": sorted(found.gaps.abandoned_of),
            "crowded": sorted(found.crowded),
        },
    }


@routes.post("/api/blobs")
def post_blobs() -> dict[str, Any]:
    parts, who = gateway(), auth.patient_side_signed_in()
    cids = fields.array(body.json_object("cids")["cids"], "cids", 1, MOST_CONTENTS)
    parts.page.finding.pace.take(who.address, len(cids))
    with parts.page.finding.room.place():
        found = list(looking_up.small_contents(cids, parts.everything.reading))
    return {"blobs": [{"cid": cid, "content": fields.to_base64(content)} for cid, content in found]}


@routes.get("/api/blobs/<cid>")
def get_blob(cid: str) -> Response:
    parts, who = gateway(), auth.patient_side_signed_in()
    parts.page.finding.pace.take(who.address)
    leave = looking_up.room_for(cid, parts.page.finding, parts.everything.reading).enter()
    try:
        pieces = looking_up.ciphertext(cid, parts.everything.reading)
    except BaseException:
        leave()  # whatever went wrong: a place that is not left is gone for good
        raise
    response = Response(pieces, content_type="application/octet-stream")
    response.call_on_close(leave)
    return response


def _lookups(value: Any) -> tuple[Lookup, ...]:
    """Raises LayoutInvalid."""
    found = tuple(_one(one) for one in fields.array(value, "lookups", 1, MAX_TAGS))
    if sum(len(one.tags) for one in found) > MAX_TAGS:
        fields.refuse("lookups", f"name {MAX_TAGS} tags at most")
    return found


def _held(value: Any) -> frozenset[str]:
    """Raises LayoutInvalid."""
    if value is None:
        return frozenset()
    return frozenset(checked_cid(one, "held") for one in fields.array(value, "held", 0, MAX_HELD))


def _one(value: Any) -> Lookup:
    asked = fields.exact(value, ("author", "tags"), "lookups")
    tags = fields.array(asked["tags"], "lookups.tags", 1, MAX_TAGS)
    return Lookup(
        fields.address(asked["author"], "lookups.author"),
        tuple(fields.hex_bytes(tag, "lookups.tags") for tag in tags),
    )


def _lookup(one: Lookup) -> dict[str, Any]:
    return {"author": one.author, "tags": [fields.to_hex(tag) for tag in one.tags]}


def _hit(hit: Hit) -> dict[str, Any]:
    row, state = hit.row, "stored" if hit.sealed is not None else "held" if hit.held else "missing"
    return {
        "author": row.author,
        "tag": fields.to_hex(row.tag),
        "state": "erased" if row.erased else state,
        "cid": row.entry_cid,
        "digest": fields.to_hex(row.digest),
        "root": fields.to_hex(row.root),
        "position": row.position,
        "block": row.block,
        "entry": None if hit.sealed is None else fields.to_base64(hit.sealed),
        "proof": None if hit.proof is None else hit.proof.to_json(),
    }
