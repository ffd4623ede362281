"""Reading one record with 3 of 5 keepers, all processes on this machine: the whole, and its parts one by one."""

from __future__ import annotations

from benchmarks.measuring import Samples, milliseconds, table
from benchmarks.scene import Scene
from consentry.domain.requests import RecordItem
from consentry.network import direct
from consentry.services.asking import ask, record_key, wanted_record
from consentry.services.directory import history
from consentry.services.discover import Seeds, discover, fetch_seeds
from consentry.services.reading import ReadPorts, open_envelope, read

REPEATS = 100
WARM = 10
GOALS = {10_000: "p50 ≤ 25 ms, p95 ≤ 60 ms", 1_000_000: "p95 ≤ 120 ms"}


def run(scene: Scene, size: int) -> None:
    """Publish one record of `size` bytes, read it again and again, print the table."""
    scene.publish(size)
    samples = Samples()
    with direct.read_ports(scene.network, scene.network.place.root / f"read-{size}.sqlite") as ports:
        seeds, asking = Seeds(), scene.asking
        for _ in range(WARM):
            read(asking, scene.consent, ports, seeds)
        for _ in range(REPEATS):
            with samples.time("whole read"):
                reading = read(asking, scene.consent, ports, seeds)
            assert reading.records and not reading.incomplete
            _parts(scene, ports, seeds, samples)
        with_seeds = Samples()
        for _ in range(10):
            with with_seeds.time("first"):
                read(asking, scene.consent, ports)
    records = len(reading.records)
    whole = samples.p50("whole read")
    rows = [
        [
            part,
            milliseconds(samples.p50(part)),
            milliseconds(samples.p95(part)),
            f"{samples.p50(part) / whole:.0%}",
        ]
        for part in samples.seconds
    ]
    rows.append(
        [
            "whole read, first of a session",
            milliseconds(with_seeds.p50("first")),
            milliseconds(with_seeds.p95("first")),
            f"{with_seeds.p50('first') / whole:.0%}",
        ]
    )
    title = f"Read {records} record of {size:,} bytes, 3 of 5 keepers, {REPEATS} times (goal: {GOALS[size]})"
    table(title, ["part", "p50 ms", "p95 ms", "of the whole"], rows)


def _parts(scene: Scene, ports: ReadPorts, seeds: Seeds, samples: Samples) -> None:
    asking = scene.asking
    samples.call("index brought to the head", ports.scan)
    found = samples.call(
        "directory in force", lambda: history(ports.ledger, ports.store, scene.alice.address, ports.documents)
    ).readable
    fetch_seeds(asking, found, (), seeds, ports.ledger, ports.keepers, ports.clock)
    one = samples.call(
        "tags and entries", lambda: discover(found, seeds, ports.ledger, ports.index, ports.store)
    ).found[-1]
    item = RecordItem(
        one.entry.header,
        one.entry.sealing,
        one.row.root,
        ports.index.proof_for(one.row.author, one.row.root, one.row.position),
    )
    wanted = [wanted_record(item, one.entry)]
    answers = samples.call(
        "keepers: chain view, receipt, share",
        lambda: ask(asking, wanted, ports.ledger, ports.keepers, ports.clock),
    )
    shares = answers.shares[0]
    assert shares is not None
    key = samples.call("combine and check the key", lambda: record_key(item, shares))
    samples.call("fetch, verify, decrypt", lambda: b"".join(open_envelope(item.header, key, ports.store)))
