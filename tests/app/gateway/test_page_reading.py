"""What a page that reads by itself finds at its gateway (W-15, W-16, W-78)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from consentry.domain import fields, merkle
from consentry.domain.cids import raw_cid
from consentry.domain.entries import MANIFEST_START, Manifest
from consentry.gateway.app import create_app
from consentry.services import looking_up
from consentry.services.looking_up import MAX_TAGS, FindPorts
from consentry.services.pace import Pace, Room
from consentry.services.reading import ReadPorts
from tests.app.gateway.filing import anchor, entry, row
from tests.app.gateway.people import Person
from tests.app.gateway.test_gateway_reading import code_of
from tests.app.gateway.world import World

NOWHERE = fields.to_hex(bytes(32))


@pytest.fixture
def alice(world: World) -> Person:
    return world.patient(world.mercy)


def find(who: Person, *lookups: tuple[str, list[str]]) -> Any:
    asked = [{"author": author, "tags": tags} for author, tags in lookups]
    return who.send("POST", "/api/index/entries", {"lookups": asked})


def blob(who: Person, cid: str) -> Any:
    """Read to its end, as a browser does."""
    headers = {"Authorization": f"Bearer {who.token}"}
    return who.client.get(f"/api/blobs/{cid}", headers=headers, buffered=True)


def test_entries_come_by_tag_with_their_proof(world: World, alice: Person) -> None:
    """W-15: proof and root are enough to check a row by the chain alone."""
    filed = [entry(world, world.city, alice, f"{number}".encode()) for number in range(3)]
    rows = [row(world, world.city, alice, one, place) for place, one in enumerate(filed)]
    anchor(world, world.city, rows)
    author = world.city.gateway.author.address
    answer = find(alice, (author, [fields.to_hex(one.tag) for one in rows]), (author, [NOWHERE])).json
    assert answer["left"] == [] and not answer["incomplete"]["behind"]
    assert [hit["tag"] for hit in answer["hits"]] == [fields.to_hex(one.tag) for one in rows]
    for hit, one in zip(answer["hits"], rows, strict=True):
        assert (hit["author"], hit["state"], hit["cid"]) == (author, "stored", one.entry_cid)
        root, proof = fields.hex_bytes(hit["root"], "root"), merkle.Proof.parse(hit["proof"])
        assert merkle.verify(root, one.digest, proof) and proof.index == hit["position"]
        assert world.ledger.anchor_of(author, root) is not None
        sealed = base64.b64decode(hit["entry"])
        assert sealed == b"".join(world.store.get(one.entry_cid, max_bytes=10**6))
    header = filed[0].header
    got = blob(alice, header.cid)
    assert got.status_code == 200 and got.mimetype == "application/octet-stream"
    assert got.data == b"".join(world.store.get(header.cid, max_bytes=10**6))


def test_rows_without_entry_keep_their_place(world: World, alice: Person) -> None:
    """W-15: a page looks past what is missing and what was erased, and says so."""
    rows = [row(world, world.city, alice, entry(world, world.city, alice), place) for place in range(2)]
    anchor(world, world.city, rows)
    author, tags = world.city.gateway.author.address, [fields.to_hex(one.tag) for one in rows]
    find(alice, (author, tags))
    world.store.delete(rows[0].entry_cid)
    world.mercy.gateway.index.erase([rows[1].entry_cid])  # type: ignore[attr-defined]
    hits = find(alice, (author, tags)).json["hits"]
    assert [(hit["state"], hit["entry"], hit["proof"]) for hit in hits] == [
        ("missing", None, None),
        ("erased", None, None),
    ]


def test_answer_that_is_full_names_what_is_left(
    world: World, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """W-15"""
    rows = [row(world, world.city, alice, entry(world, world.city, alice), place) for place in range(3)]
    anchor(world, world.city, rows)
    author, tags = world.city.gateway.author.address, [fields.to_hex(one.tag) for one in rows]
    monkeypatch.setattr(looking_up, "MAX_SEALED_BYTES", 1)
    found, waiting = [], [(author, tags[:2]), (author, tags[2:])]
    while waiting:
        answer = find(alice, *waiting).json
        found += [hit["tag"] for hit in answer["hits"]]
        waiting = [(one["author"], one["tags"]) for one in answer["left"]]
    assert found == tags


def test_manifest_that_nobody_has_is_said(world: World, alice: Person) -> None:
    """W-15"""
    anchor(world, world.city, [row(world, world.city, alice, entry(world, world.city, alice), 0)], keep=False)
    author = world.city.gateway.author.address
    assert author in find(alice, (author, [NOWHERE])).json["incomplete"]["missingOf"]


@pytest.mark.parametrize(
    "lookups",
    [
        [],
        {},
        [{"author": "0x12", "tags": [NOWHERE]}],
        [{"author": "0x" + "ab" * 20, "tags": []}],
        [{"author": "0x" + "ab" * 20, "tags": ["0x12"]}],
        [{"author": "0x" + "ab" * 20, "tags": [NOWHERE], "more": 1}],
        [{"author": "0x" + "ab" * 20, "tags": [NOWHERE] * (MAX_TAGS // 2 + 1)}] * 2,
    ],
)
def test_lookups_are_read_strictly(world: World, alice: Person, lookups: Any) -> None:
    """W-15"""
    assert code_of(alice.send("POST", "/api/index/entries", {"lookups": lookups})) == "layout-invalid"


def test_only_the_patients_side_looks_up(world: World, alice: Person) -> None:
    """W-15, W-16"""
    dr_bose = world.staff(world.mercy)
    body = {"lookups": [{"author": alice.wallet.address, "tags": [NOWHERE]}]}
    for method, path, sent in (
        ("POST", "/api/index/entries", body),
        ("GET", f"/api/blobs/{raw_cid(bytes(32))}", None),
        ("POST", "/api/blobs", {"cids": [raw_cid(bytes(32))]}),
    ):
        assert code_of(world.mercy.client.open(path, method=method, json=sent)) == "not-signed-in"
        assert code_of(dr_bose.send(method, path, sent)) == "role-unfit"
        assert code_of(world.mercy.send(method, path, sent)) == "role-unfit"


def test_blobs_are_neither_entries_nor_manifests(world: World, alice: Person) -> None:
    """W-16: who follows the chain collects no sealed entries by it; directory documents the chain names anyway."""
    filed = row(world, world.mercy, alice, entry(world, world.mercy, alice), 0)
    manifest = anchor(world, world.mercy, [filed])
    manifest_cid = world.store.put([manifest]).cid
    assert code_of(blob(alice, manifest_cid)) == "blob-missing"  # whether the index has got that far or not
    find(alice, (world.mercy.gateway.author.address, [NOWHERE]))
    for cid in (filed.entry_cid, manifest_cid, raw_cid(bytes(32))):
        answer = blob(alice, cid)
        assert (answer.status_code, code_of(answer)) == (503, "blob-missing")
    for cid in ("x", "bafkreiabc", manifest_cid.upper()):
        assert code_of(blob(alice, cid)) == "layout-invalid"
    unknown = Manifest(world.city.gateway.author.address, (filed,)).to_bytes()
    assert manifest.startswith(MANIFEST_START)
    assert (
        code_of(blob(alice, world.store.put([unknown]).cid)) == "blob-missing"
    )  # the index knows no such manifest
    own = alice.send("GET", "/api/directory").json["cid"]
    assert json.loads(blob(alice, own).data)["patient"] == alice.wallet.address


def test_small_contents_come_together(world: World, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """W-78: what is here, as W-16 gives it; the rest is left out, and asked for by itself."""
    filed = entry(world, world.mercy, alice)
    first = row(world, world.mercy, alice, filed, 0)
    manifest = world.store.put([anchor(world, world.mercy, [first])]).cid
    large = world.store.put([bytes(looking_up.MAX_CONTENT_BYTES + 1)]).cid
    own = alice.send("GET", "/api/directory").json["cid"]
    nowhere = raw_cid(bytes(32))
    find(alice, (world.mercy.gateway.author.address, [NOWHERE]))

    def together(*cids: Any) -> Any:
        return alice.send("POST", "/api/blobs", {"cids": list(cids)})

    given = together(filed.header.cid, nowhere, manifest, first.entry_cid, large, own, own).json["blobs"]
    assert [one["cid"] for one in given] == [filed.header.cid, own]
    for one in given:
        assert base64.b64decode(one["content"]) == blob(alice, one["cid"]).data
    monkeypatch.setattr(looking_up, "MAX_CONTENTS_BYTES", len(blob(alice, own).data))
    opened: list[str] = []

    def noting(cid: str, ports: ReadPorts) -> Iterator[bytes]:
        opened.append(cid)
        return ciphertext(cid, ports)

    ciphertext = looking_up.ciphertext
    monkeypatch.setattr(looking_up, "ciphertext", noting)
    assert [one["cid"] for one in together(own, filed.header.cid).json["blobs"]] == [own]
    assert opened == [own]  # a full answer opens nothing more
    for cids in ([], [own] * (looking_up.MOST_CONTENTS + 1), ["x"], [manifest.upper()], [1], [[own]]):
        assert code_of(together(*cids)) == "layout-invalid"


def test_looking_up_is_bounded(world: World, alice: Person) -> None:
    """W-15, W-16, W-78: by account, and by how many are under way; a streamed answer leaves its place when it is read."""
    filed = entry(world, world.city, alice)

    def asking(ports: FindPorts) -> Person:
        page = replace(world.mercy.gateway.page, finding=ports)
        return replace(alice, client=create_app(replace(world.mercy.gateway, page=page)).test_client())

    paced = asking(FindPorts(pace=Pace(0.001, 2)))
    assert [blob(paced, filed.header.cid).status_code for _ in range(3)] == [200, 200, 429]
    paced = asking(FindPorts(pace=Pace(0.001, 2)))
    two = {"cids": [filed.header.cid] * 2}
    assert [paced.send("POST", "/api/blobs", two).status_code for _ in range(2)] == [200, 429]
    room = Room(1, seconds=0.01)
    single = asking(FindPorts(room=room))
    for _ in range(3):
        assert blob(single, filed.header.cid).data
        assert code_of(blob(single, raw_cid(bytes(32)))) == "blob-missing"
    leave = room.enter()
    assert code_of(blob(single, filed.header.cid)) == "rate-limited"
    leave()
