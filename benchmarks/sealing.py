"""Sealing and storing 100 MB, against AES-256-GCM alone plus the store alone; memory over idle."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.measuring import Samples, table
from benchmarks.scene import Scene
from consentry.domain.categories import Category, Confidentiality
from consentry.domain.entries import Entry
from consentry.fhir.split import RecordDraft
from consentry.network import direct
from consentry.services.publish import seal_record

SIZE = 100 * 2**20
PIECE = 2**20
REPEATS = 8


def run(scene: Scene) -> None:
    piece = secrets.token_bytes(PIECE)
    samples = Samples()
    draft = RecordDraft(Category.IMAGING, 3, Confidentiality.NORMAL, "any", "2026-01-01T00:00:00Z", b"", ())
    author, committee = direct.author(scene.network, "mercy"), scene.network.ledger.committee()
    assert committee is not None
    store = scene.ports.store

    def seal(chunks: Iterator[bytes]) -> Entry:
        patient = scene.alice.address
        return seal_record(chunks, draft, patient, committee, author, scene.network.ledger, store)

    _reset_peak()
    idle = _memory("VmRSS")
    for round_number in range(REPEATS):
        with samples.time("AES-256-GCM alone"):
            _encrypt(piece)
        # Turn about, and each round's blocks removed: what the disk still owes must not fall on one side.
        steps = [
            ("store alone", lambda salt: store.put(_pieces(piece, salt)).cid),
            ("sealing and storing", lambda salt: seal(_pieces(piece, salt)).header.cid),
        ]
        for part, step in steps if round_number % 2 else reversed(steps):
            with samples.time(part):
                cid = step(round_number)
            store.delete(cid)
            os.sync()
    grown = _memory("VmHWM") - idle
    alone = samples.p50("AES-256-GCM alone") + samples.p50("store alone")
    rows = [
        [
            part,
            f"{samples.p50(part):.3f}",
            f"{SIZE / samples.p50(part) / 1e6:,.0f}",
            f"{alone / samples.p50(part):.2f}",
        ]
        for part in samples.seconds
    ]
    title = f"100 MB sealed and stored (goal: ≥ 0.50 of both alone, memory ≤ 64 MB over idle; it grew {grown:.0f} MB)"
    table(title, ["part", "p50 s", "MB/s", "speed against both alone"], rows)


def _encrypt(piece: bytes) -> None:
    cipher = AESGCM(secrets.token_bytes(32))
    for index in range(SIZE // 65_536):
        cipher.encrypt(index.to_bytes(12, "big"), piece[:65_536], None)


def _pieces(piece: bytes, salt: int) -> Iterator[bytes]:
    """100 MB in pieces; the first one differs in each round, so that no block is there already."""
    yield (salt.to_bytes(8, "big") + time.time_ns().to_bytes(8, "big")) * (PIECE // 16)
    for index in range(SIZE // PIECE - 1):
        yield index.to_bytes(8, "big") + salt.to_bytes(8, "big") + piece[16:]


def _reset_peak() -> None:
    """Let the kernel forget this process's peak (proc(5), clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def _memory(name: str) -> float:
    """`VmRSS` (now) or `VmHWM` (peak since the last reset) of this process, in MB."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024
    raise LookupError(name)
