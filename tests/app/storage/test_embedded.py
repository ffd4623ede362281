"""The embedded block store: the contract, and what only a directory shared by processes can suffer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from consentry.errors import BlobMissing
from consentry.storage.embedded import EmbeddedBlockStore
from tests.app.storage.blob_store_contract import BlobStoreContract, leaf, read
from tests.app.storage.contents import MIB, ramp
from tests.app.storage.many_contents_contract import ManyContentsContract

ROOT = Path(__file__).resolve().parents[3]

# Puts the same content as the parent, and says when it is half-way; then goes on when a line comes.
WRITER = """
import sys
from pathlib import Path
from consentry.storage.embedded import EmbeddedBlockStore
from tests.app.storage.contents import MIB, content
def slow():
    pieces = list(content("ramp", 4 * MIB))
    yield from pieces[:3]
    print("half-way", flush=True)
    sys.stdin.readline()
    yield from pieces[3:]
print(EmbeddedBlockStore(Path(sys.argv[1])).put(slow()).cid, flush=True)
"""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(directory: Path) -> Iterator[EmbeddedBlockStore]:
    store = EmbeddedBlockStore(directory)
    yield store
    store.close()


@pytest.fixture
def block_file(directory: Path) -> Callable[[str], Path]:
    return lambda cid: directory / "blocks" / cid[-2:] / cid


@pytest.fixture
def start_writer(directory: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts a process that has staged two of four blocks, holds a third, and waits."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(directory)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'app'}"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "half-way\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def files_in(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


class TestEmbeddedBlockStore(BlobStoreContract):
    """B-1, B-2, B-3"""


class TestEmbeddedBlockStoreMany(ManyContentsContract):
    """B-1, B-2, B-3"""


def test_put_shows_nothing_until_it_is_whole(
    store: EmbeddedBlockStore, directory: Path, start_writer: Callable[[], subprocess.Popen[str]]
) -> None:
    """B-3"""
    start_writer()
    assert files_in(directory / "blocks") == []
    assert not store.has(leaf(ramp(MIB)))


def test_put_succeeds_in_every_process_when_several_write_the_same(
    store: EmbeddedBlockStore, start_writer: Callable[[], subprocess.Popen[str]]
) -> None:
    """B-3"""
    writers = [start_writer(), start_writer()]
    expected = store.put([ramp(4 * MIB)]).cid
    answers = [writer.communicate("go on\n")[0] for writer in writers]
    assert answers == [expected + "\n"] * 2
    assert read(store, expected) == ramp(4 * MIB)


def test_opening_sweeps_what_a_killed_writer_left_but_not_a_living_ones(
    directory: Path, start_writer: Callable[[], subprocess.Popen[str]]
) -> None:
    """B-3"""
    alive, dead = start_writer(), start_writer()
    dead.send_signal(signal.SIGKILL)
    dead.wait()
    assert len(files_in(directory / "staging")) == 2 * 2
    store = EmbeddedBlockStore(directory)
    assert len(files_in(directory / "staging")) == 2
    cid = alive.communicate("go on\n")[0].strip()
    assert read(store, cid) == ramp(4 * MIB)
    store.close()
    EmbeddedBlockStore(directory).close()
    assert list((directory / "staging").iterdir()) == []


def test_put_repairs_damaged_blocks(store: EmbeddedBlockStore, block_file: Callable[[str], Path]) -> None:
    """B-2"""
    data = ramp(2 * MIB)
    cid = store.put([data]).cid
    block_file(leaf(data[:MIB])).write_bytes(b"damaged")
    assert store.put([data]).cid == cid
    assert read(store, cid) == data


def test_put_leaves_no_staged_file_behind(store: EmbeddedBlockStore, directory: Path) -> None:
    """B-3"""
    store.put([ramp(2 * MIB)])
    store.put([b"x"])
    assert files_in(directory / "staging") == []


def test_delete_seen_by_another_opening_of_the_same_directory(
    store: EmbeddedBlockStore, directory: Path
) -> None:
    """B-3"""
    data = ramp(2 * MIB)
    cid = store.put([data]).cid
    other = EmbeddedBlockStore(directory)
    pieces = store.get(cid, max_bytes=len(data))
    assert next(pieces) == data[:MIB]
    other.delete(cid)
    other.close()
    with pytest.raises(BlobMissing):
        next(pieces)
    assert files_in(directory / "blocks") == []


def test_a_forked_child_writes_beside_its_parent(store: EmbeddedBlockStore) -> None:
    """B-3"""
    store.put([b"parent"])
    child = os.fork()
    if child == 0:
        try:
            store.put([b"child"])
            store.close()
        except BaseException:
            os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert read(store, leaf(b"child")) == b"child"
    assert read(store, store.put([b"parent again"]).cid) == b"parent again"
