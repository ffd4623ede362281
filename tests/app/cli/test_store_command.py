"""`consentry store` on an embedded store; what it does with nodes is in tests/engines."""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from consentry.cli.main import run
from consentry.config import StoreConfig
from consentry.keeper.settings import KeeperConfig
from consentry.ports import Swept
from consentry.storage.embedded import EmbeddedBlockStore

DONE, INPUT, DAMAGED, UNAVAILABLE = 0, 2, 4, 5


@pytest.fixture
def config(tmp_path: Path) -> str:
    """Of a keeper that uses a store with two contents."""
    with closing(EmbeddedBlockStore(tmp_path / "store")) as store:
        store.put_many([[b"one"], [b"two"]])
    return written(tmp_path, StoreConfig("embedded", str(tmp_path / "store")))


def written(folder: Path, store: StoreConfig) -> str:
    file = folder / "keeper.json"
    KeeperConfig(
        host="127.0.0.1", port=0, rpc_url="http://127.0.0.1:1", deployment="d.json", database="r.sqlite",
        keystore="k.json", store=store,
    ).write(file)  # fmt: skip
    return str(file)


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code = run(["store", *arguments, "--json"])
    told = capsys.readouterr()
    return code, json.loads(told.out or told.err)


def damage(folder: Path) -> str:
    """Of one of the blocks; gives its name."""
    file = sorted((folder / "store" / "blocks").rglob("bafk*"))[0]
    file.write_bytes(b"damaged")
    return file.name


def test_check_and_repair_from_another_store(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """H-30, H-31: the exit code says whether something stays damaged."""
    backup = str(tmp_path / "backup")
    assert asked(capsys, "check", config) == (DONE, {"contents": 2, "blocks": 2, "faults": []})
    assert asked(capsys, "move", config, "--to", backup) == (DONE, {"contents": 2, "to": backup})
    name = damage(tmp_path)
    code, problem = asked(capsys, "check", config)
    assert (code, problem["error"]["code"]) == (DAMAGED, "store-damaged")
    assert asked(capsys, "check", config, "--repair")[0] == DAMAGED
    assert run(["store", "check", config]) == DAMAGED
    assert name in capsys.readouterr().out
    code, told = asked(capsys, "check", config, "--repair", "--from", backup)
    assert (code, told["faults"]) == (
        DONE,
        [{"content": name, "block": name, "state": "damaged", "mended": True}],
    )
    assert asked(capsys, "check", config)[0] == DONE


def test_another_store_is_named_by_a_file_of_settings_too(
    config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """H-31, H-32: of a gateway or keeper, or the part of them that says where the store is. A wrong name makes no store."""
    (tmp_path / "new").mkdir()
    new = written(tmp_path / "new", StoreConfig("embedded", str(tmp_path / "new" / "store")))
    assert asked(capsys, "move", config, "--to", new) == (DONE, {"contents": 2, "to": new})
    assert asked(capsys, "check", new) == (DONE, {"contents": 2, "blocks": 2, "faults": []})
    part = tmp_path / "part.json"
    part.write_text(json.dumps({"kind": "embedded", "path": str(tmp_path / "new" / "store")}), "utf-8")
    damage(tmp_path)
    assert asked(capsys, "check", config, "--repair", "--from", str(part))[0] == DONE
    for wrong in ("{", "[]", '{"store": {"kind": "cloud"}}'):
        part.write_text(wrong, "utf-8")
        code, told = asked(capsys, "move", config, "--to", str(part))
        assert (code, told["error"]["code"]) == (INPUT, "config-invalid")
        assert "part.json" in told["error"]["detail"]
    absent = tmp_path / "absent.json"
    assert asked(capsys, "move", config, "--to", str(absent))[0] == INPUT
    assert not absent.exists()


def test_status_and_sweep_say_how_the_store_is(config: str, capsys: pytest.CaptureFixture[str]) -> None:
    """H-29"""
    code, told = asked(capsys, "status", config)
    assert (code, told["ok"], told["kind"], told["nodes"], told["copies"]) == (DONE, True, "embedded", 1, 1)
    assert asked(capsys, "sweep", config)[1] == {
        "nodes": [{"node": "embedded", "removed": [], "problem": None}]
    }
    assert run(["store", "status", config]) == DONE
    assert run(["store", "sweep", config]) == DONE
    assert "embedded" in capsys.readouterr().out


def test_sweep_says_which_node_took_nothing_away(
    config: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """H-29: and its exit code is 5."""
    swept = (Swept("node-1", ("bafk",)), Swept("node-2", (), "is silent"))
    monkeypatch.setattr(EmbeddedBlockStore, "sweep", lambda store: swept)
    code, told = asked(capsys, "sweep", config)
    assert (code, told["error"]["code"], told["error"]["detail"]) == (
        UNAVAILABLE,
        "sweep-incomplete",
        "node-2: is silent",
    )
    assert told["nodes"][0]["removed"] == ["bafk"]
    assert run(["store", "sweep", config]) == UNAVAILABLE
    assert "node-1" in capsys.readouterr().out


def test_what_cannot_be_done_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """H-26, H-29: a node that does not answer, an option that goes with another one, a file of settings that is none."""
    away = written(tmp_path, StoreConfig("kubo", api="/ip4/127.0.0.1/tcp/1"))
    assert asked(capsys, "check", away)[0] == UNAVAILABLE
    code, told = asked(capsys, "status", away)
    assert (code, told["ok"], told["code"], told["error"]["code"]) == (
        UNAVAILABLE,
        False,
        "store-unreachable",
        "degraded",
    )
    assert run(["store", "status", away]) == UNAVAILABLE
    said = capsys.readouterr()
    assert "kubo: store-unreachable" in said.out and "Error (degraded)" in said.err
    assert asked(capsys, "check", away, "--from", "x")[0] == INPUT
    assert asked(capsys, "check", str(tmp_path / "absent.json"))[0] == INPUT
    assert not os.path.exists("x")


@pytest.mark.parametrize(
    "store",
    [
        {"kind": "s3"},
        {"kind": "kubo", "api": 5},
        {"kind": "kubo", "copies": 0},
        {"kind": "embedded", "path": "x", "cluster": "http://127.0.0.1:9094"},
        {"kind": "kubo", "api": "/ip4/127.0.0.1/tcp/5001", "cluster": "http://cluster.example:9094"},
        {"kind": "kubo", "colour": "blue"},
        {"kind": "embedded", "path": "x", "token_file": "token"},
        {"kind": "embedded", "path": "x", "cluster_login_file": "login"},
        {"kind": "embedded", "path": "x", "copies": 3},
        {"kind": "kubo", "api": "/ip4/127.0.0.1/tcp/5001", "copies": 3},
        {"kind": "kubo", "api": "/ip4/127.0.0.1/tcp/5001", "cluster_login_file": "login"},
    ],
)
def test_settings_of_a_store_are_checked(
    config: str, store: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    """H-27, H-28: also that a cluster is asked by TLS, or on this machine, and that nothing is said in vain."""
    raw = json.loads(Path(config).read_text("utf-8"))
    Path(config).write_text(json.dumps({**raw, "store": store}), "utf-8")
    code, problem = asked(capsys, "status", config)
    assert (code, problem["error"]["code"]) == (INPUT, "config-invalid")
