"""An erasure that a store does not finish: nothing is certified too early, and no certificate is lost (X-2, X-5, H-29)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from consentry.cli.main import run
from consentry.crypto import keystore
from consentry.domain import fields
from consentry.errors import ContentStillKept, StoreUnreachable
from consentry.ports import Swept
from consentry.storage.embedded import EmbeddedBlockStore
from tests.app.gateway.test_gateway_erasure import Case, case, cids

__all__ = ["case"]  # a fixture


def test_nothing_is_certified_while_a_node_still_keeps_it(
    case: Case,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """X-2, H-29: not even when the own node let go of its blocks meanwhile; the one that keeps them is asked again each time."""
    store, (gone, *_) = case.world.store, case.ids
    delete, asked = store.delete, list[str]()

    def keeps(cid: str) -> None:
        asked.append(cid)
        delete(cid)
        raise ContentStillKept(f"node-3: {cid} is still pinned there")

    with monkeypatch.context() as keeping:
        keeping.setattr(store, "delete", keeps)
        for _ in range(2):
            with pytest.raises(ContentStillKept, match="node-3"):
                case.erase(gone)
    (entry,) = cids(case, gone)
    assert asked == [entry, entry]
    assert case.ports.own.certificates(gone) == ()
    (done,) = case.erase(gone)
    assert [one.absent for one in done.certificates] == [(entry,)]


@pytest.fixture
def command(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """`consentry erase` as Mercy, of the case's first record; gives its exit code."""
    mercy = case.world.mercy
    secrets = {name: key for name, key in mercy.keys.items() if name != "copy"}
    keystore.write(tmp_path / "gateway.keystore", secrets, "word")
    keystore.write(tmp_path / "copy.keystore", {"copy": mercy.keys["copy"]}, "word")
    rows = {"jurisdictions": {"ZZ": [{"category": "any", "years": 0, "source": "nothing is kept here"}]}}
    (tmp_path / "retention.json").write_text(json.dumps(rows), "utf-8")
    config = replace(
        mercy.config,
        keystore=str(tmp_path / "gateway.keystore"),
        retention=str(tmp_path / "retention.json"),
        jurisdiction="ZZ",
    )
    config.write(tmp_path / "gateway.json")
    monkeypatch.setenv("CONSENTRY_PASSPHRASE", "word")
    files = ("--config", str(tmp_path / "gateway.json"), "--copy-key", str(tmp_path / "copy.keystore"))
    return lambda *more: run(["erase", fields.to_hex(case.ids[0]), *files, *more])


def unreachable(store: EmbeddedBlockStore) -> tuple[Swept, ...]:
    raise StoreUnreachable("node-3 does not answer")


def told_by_one(store: EmbeddedBlockStore) -> tuple[Swept, ...]:
    return Swept("node-1", ("bafk",)), Swept("node-3", (), "node-3 does not answer")


@pytest.mark.parametrize("sweep", [unreachable, told_by_one])
def test_certificates_are_shown_although_a_node_was_not_swept(
    command: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    sweep: Callable[[EmbeddedBlockStore], tuple[Swept, ...]],
) -> None:
    """X-5, H-29: exit code 5 and what to do; with --json one value that has both."""
    monkeypatch.setattr(EmbeddedBlockStore, "sweep", sweep)
    assert command("--json") == 5
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert len(told["records"][0]["certificates"]) == 1
    assert [one["problem"] for one in told["stores"]][-1] == "node-3 does not answer"
    assert told["error"]["code"] == "sweep-incomplete" and "node-3" in told["error"]["detail"]
    assert command() == 5
    said = capsys.readouterr()
    assert "is erased. Evidence:" in said.out and "consentry store sweep" in said.err
