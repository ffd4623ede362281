"""What a restore that was killed leaves beside the new folder, and who takes it away (U-10)."""

from __future__ import annotations

import fcntl
import os
import tempfile
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest

from consentry.bootstrap.partial_folders import partial_of
from tests.app.backup.conftest import Kept
from tests.app.backup.test_backup_interrupted import die, killed, made, require_whole

__all__ = ["made"]


def test_the_next_restore_removes_what_a_killed_one_left(kept: Kept, made: Path, tmp_path: Path) -> None:
    """U-10: keys and blocks are in it."""
    new, url = tmp_path / "new", kept.server.database()
    killed(kept, made, new, url, die)
    (left,) = tmp_path.glob(".new-*")
    assert (left / "keystore").exists()
    kept.restore(made, new, url)
    require_whole(kept, new, url)
    assert not list(tmp_path.glob(".new*"))


def test_what_belongs_to_somebody_is_left_alone(kept: Kept, made: Path, tmp_path: Path) -> None:
    """U-10: a living restore's, another place's, a link, and whatever merely begins alike."""
    others = [
        tmp_path / name
        for name in (
            ".new-keystore",
            ".new-restoring-tooshor",
            ".new-restoring-abcd-efg",
            ".newer-restoring-abcdefgh",
        )
    ]
    for one in others:
        one.mkdir()
    (others[0] / "key").touch()
    (tmp_path / ".new-restoring-file0000").touch()
    link = tmp_path / ".new-restoring-linked00"
    link.symlink_to(others[0])
    with partial_of(tmp_path / "new") as living:
        kept.restore(made, tmp_path / "new", kept.server.database())
        assert living.exists() and (others[0] / "key").exists() and link.is_symlink()
        assert all(one.exists() for one in others) and (tmp_path / ".new-restoring-file0000").exists()
    assert not living.exists()


def test_one_that_is_just_being_made_is_not_taken_for_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """U-10: between making it and holding it another restore begins, through a link to the place."""
    (tmp_path / "place").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "place")
    make, others = tempfile.mkdtemp, list[Future[Path]]()

    def other() -> Path:
        with partial_of(tmp_path / "link" / "new") as partial:
            return partial

    def made_slowly(**wanted: Any) -> str:
        made = make(**wanted)
        if not others:
            others.append(pool.submit(other))
            assert not wait(others, timeout=0.2).done  # it waits until this one is held
        return made

    monkeypatch.setattr(tempfile, "mkdtemp", made_slowly)
    with ThreadPoolExecutor(1) as pool, partial_of(tmp_path / "place" / "new") as partial:
        assert others[0].result(30) != partial
        assert partial.is_dir()


def test_the_lock_is_no_childs_and_ends_with_the_restore(tmp_path: Path) -> None:
    """U-10: pg_restore, which may outlive its restore, holds nothing of it."""
    with partial_of(tmp_path / "new") as partial:
        handle = os.open(partial, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        (held,) = [
            int(one.name)
            for one in Path("/proc/self/fd").iterdir()
            if leads(one, partial) and int(one.name) != handle
        ]
        assert not os.get_inheritable(held)
        partial.rename(tmp_path / "new")
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(handle)
    assert (tmp_path / "new").is_dir()


def leads(link: Path, folder: Path) -> bool:
    try:
        return link.readlink() == folder
    except FileNotFoundError:
        return False  # the one by which they are listed
