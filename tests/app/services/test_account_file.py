"""An account as one file: what was written is read, line by line; anything else is refused, naming the line (A-5)."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from consentry.errors import KeeperUnreachable, LayoutInvalid
from consentry.services import account_file
from consentry.services.account_file import MAX_LINE_BYTES, read_account
from consentry.services.receipt_pages import ReceiptsPage
from tests.app.keeper_world import World
from tests.app.services.account_scene import Answering, Asking, Exported, released


@pytest.fixture
def exported(tmp_path: Path) -> Exported:
    world = World(tmp_path)
    released(world, 0, 1, 2)
    return Exported(world, Asking(world, Answering(world)).account())


def read(raw: bytes) -> int:
    """How many receipts a file of these bytes holds."""
    _, pages = read_account(io.BytesIO(raw))
    return sum(len(page.evidence) for page in pages)


def test_an_account_is_read_as_it_was_written(exported: Exported) -> None:
    """A-5"""
    header, pages = read_account(io.BytesIO(exported.raw()))
    assert header.patient == exported.world.account("alice") and header.keepers_told_by == "chain"
    assert list(pages) == [ReceiptsPage.parse(one) for one in exported.trees[1:-1]]


def test_an_account_is_read_one_line_at_a_time(exported: Exported) -> None:
    """A-5: what comes after is not read before it is asked for."""

    class Watched(io.BytesIO):
        lines = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            self.lines += 1
            return super().readline(size)

    stream = Watched(exported.raw())
    _, pages = read_account(stream)
    assert stream.lines == 1
    next(pages)
    assert stream.lines == 2


def test_a_failed_keeper_is_noted_at_the_end(tmp_path: Path) -> None:
    """A-5"""
    world = World(tmp_path)
    released(world, 0, 1)
    asking = Asking(world, Answering(world, failing={3: [KeeperUnreachable()]}))
    end = Exported(world, asking.account()).trees[-1]
    assert (end["pages"], end["receipts"]) == (4, 2)
    assert [(one["seat"], one["code"]) for one in end["incomplete"]] == [(3, "keeper-unreachable")]


Change = Callable[[bytes], bytes]
BAD: dict[str, tuple[Change, str]] = {
    "empty": (lambda raw: b"", "header"),
    "no JSON": (lambda raw: b"hello\n" + raw, "line 1"),
    "cut within a line": (lambda raw: raw[:-40], "line 7"),
    "cut between lines": (lambda raw: b"".join(raw.splitlines(keepends=True)[:-1]), "cut off"),
    "no header": (lambda raw: b"".join(raw.splitlines(keepends=True)[1:]), "header"),
    "another format": (lambda raw: raw.replace(b"consentry-account", b"consentry-receipt", 1), "header.format"),
    "another version": (lambda raw: raw.replace(b'"version": 2', b'"version": 3', 1), "header.version"),
    "more after the end": (lambda raw: raw + b"{}\n", "line 8"),
    "a page that is none": (lambda raw: raw.replace(b'"signature"', b'"sign"', 1), "line 2"),
    "nested deep": (lambda raw: b"[" * 100_000 + b"\n", "line 1"),
    "one fewer page": (lambda raw: raw.replace(b'"pages": 5', b'"pages": 4'), "line 7"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_another_file_is_refused_naming_the_line(exported: Exported, what: str) -> None:
    """A-5"""
    change, where = BAD[what]
    with pytest.raises(LayoutInvalid, match=where):
        read(change(exported.raw()))


def test_an_endless_line_is_not_read_to_its_end() -> None:
    """A-5: bounded memory, whatever the file is."""

    class Endless(io.RawIOBase):
        asked: list[int] = []

        def readline(self, size: int | None = -1, /) -> bytes:
            self.asked.append(size or 0)
            return b"[" * (size or 0)

    with pytest.raises(LayoutInvalid, match="line 1"):
        read_account(Endless())  # type: ignore[arg-type]
    assert Endless.asked == [MAX_LINE_BYTES + 1]


def test_more_receipts_than_are_read_are_refused(exported: Exported, monkeypatch: pytest.MonkeyPatch) -> None:
    """A-5: a stated limit."""
    monkeypatch.setattr(account_file, "MOST_RECEIPTS", 2)
    with pytest.raises(LayoutInvalid, match="line 4: more than 2"):
        read(exported.raw())
    assert json.loads(exported.raw().splitlines()[-1])["receipts"] == 3
