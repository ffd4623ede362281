"""What a keeper adds to the bare sealing mathematics: 1, 10, 100 records in one request, chain and disk included."""

from __future__ import annotations

import json
import secrets

from benchmarks.measuring import Samples, milliseconds, table
from benchmarks.scene import Scene
from consentry.bootstrap.common import SystemClock
from consentry.crypto import hpke
from consentry.crypto.sealing import open_record_share, seal_released
from consentry.domain import fields
from consentry.domain.addresses import Address
from consentry.domain.categories import Category
from consentry.domain.requests import RecordItem, ReleaseRequest
from consentry.network import direct
from consentry.remote.exchange import Exchange
from consentry.services.directory import history
from consentry.services.discover import Found, Seeds, discover, fetch_seeds

JSON = {"Content-Type": "application/json"}
COUNTS = (1, 10, 100)
REPEATS = 30
WARM = 3
SLUG, SEAT = "mercy", 0


def run(scene: Scene) -> None:
    """Publish 100 records under one root, ask for some of them again and again, print the table."""
    scene.publish(2_000, max(COUNTS))
    found = _found(scene)
    samples = Samples()
    sealing_seed = scene.network.place.read_keys(scene.network.place.keeper(SLUG) / "keeper.keystore")[
        "sealing"
    ]
    exchange = Exchange(kept=1)
    for count in COUNTS:
        for at in range(REPEATS + WARM):
            _once(scene, exchange, sealing_seed, found[:count], Samples() if at < WARM else samples)
    exchange.close()
    rows = []
    for count in COUNTS:
        whole, bare = samples.p50(f"keeper {count}") / count, samples.p50(f"bare {count}") / count
        rows.append([str(count), milliseconds(whole, 3), milliseconds(bare, 3), f"{whole / bare:.1f}"])
    title = (
        f"A keeper releases records, one request, {REPEATS} times (goal at 100: ≤ 3 × the bare mathematics)"
    )
    table(title, ["records", "ms a record", "bare: open, check, seal", "ratio"], rows)


def _once(
    scene: Scene,
    exchange: Exchange,
    sealing_seed: bytes,
    found: list[tuple[Found, RecordItem]],
    samples: Samples,
) -> None:
    count = len(found)
    request, body = _posted(scene, found)
    url = scene.network.keepers[SLUG] + "/release"
    with samples.time(f"keeper {count}"):
        reply = exchange.ask("POST", url, body, JSON, seconds=60, most=2**20)
    assert reply.body.count(b'"released"') == count, reply.body[:300]
    with samples.time(f"bare {count}"):
        opener = hpke.Opener(sealing_seed)
        for one, item in found:
            share = open_record_share(
                opener,
                one.entry.shares[SEAT],
                sealing=item.sealing,
                seat=SEAT,
                record_id=item.header.record_id,
                header_hash=item.header.hash(),
                chain_id=request.chain_id,
            )
            seal_released(request.seal_to, request.digest(), item.header.record_id, SEAT, share)


def _posted(scene: Scene, found: list[tuple[Found, RecordItem]]) -> tuple[ReleaseRequest, bytes]:
    """A new signed request for these records, and the body that a reader posts to this keeper."""
    asking = scene.asking
    ledger = scene.ports.ledger
    request = ReleaseRequest(
        actor=asking.actor,
        chain_id=ledger.chain_id,
        consent_registry=Address(ledger.address_of("ConsentRegistry")),
        ground=asking.ground,
        issued_at=SystemClock().now(),
        items=tuple(item for _, item in found),
        nonce=secrets.token_bytes(16),
        practitioner=None,
        purpose=asking.purpose,
        seal_to=hpke.public_key(hpke.generate_seed()),
        session=asking.certificate,
    )
    body = {
        "request": fields.to_base64(request.to_bytes()),
        "signature": fields.to_base64(asking.key.sign(request.to_bytes())),
        "shares": [fields.to_base64(one.entry.shares[SEAT]) for one, _ in found],
    }
    return request, json.dumps(body).encode()


def _found(scene: Scene) -> list[tuple[Found, RecordItem]]:
    """Every record of alice's that is anchored, with what asks for it."""
    with direct.read_ports(scene.network, scene.network.place.root / "releasing.sqlite") as ports:
        ports.scan()
        seeds = Seeds()
        readable = history(ports.ledger, ports.store, scene.alice.address, ports.documents).readable
        fetch_seeds(
            scene.asking, readable, (Category.LABORATORY,), seeds, ports.ledger, ports.keepers, ports.clock
        )
        found = discover(readable, seeds, ports.ledger, ports.index, ports.store).found
        return [
            (
                one,
                RecordItem(
                    one.entry.header,
                    one.entry.sealing,
                    one.row.root,
                    ports.index.proof_for(one.row.author, one.row.root, one.row.position),
                ),
            )
            for one in found
        ]
