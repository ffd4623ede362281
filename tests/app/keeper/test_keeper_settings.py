"""A keeper's settings: read, checked, refused with the setting's name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from consentry.config import StoreConfig
from consentry.errors import ConfigInvalid
from consentry.keeper.settings import KeeperConfig, read_keeper_config

CONFIG = KeeperConfig(
    host="127.0.0.1", port=0, rpc_url="http://127.0.0.1:1", deployment="d.json", database="b.sqlite",
    keystore="k.json", store=StoreConfig("embedded", path="blocks"),
)  # fmt: skip


def test_read_keeper_config_reads_what_was_written(tmp_path: Path) -> None:
    """Defaults: a head of at most 60 s, a clock within 120 s (K-11)."""
    CONFIG.write(tmp_path / "keeper.json")
    read = read_keeper_config(tmp_path / "keeper.json")
    assert read == CONFIG
    assert (read.max_head_age_seconds, read.max_clock_skew_seconds) == (60, 120)


def test_read_keeper_config_takes_several_nodes(tmp_path: Path) -> None:
    """H-4: as a list, or between commas."""
    CONFIG.write(tmp_path / "keeper.json")
    raw = json.loads((tmp_path / "keeper.json").read_text())
    (tmp_path / "keeper.json").write_text(json.dumps({**raw, "rpc_url": ["http://a:1", "http://b:2"]}))
    assert read_keeper_config(tmp_path / "keeper.json").rpc_url == "http://a:1,http://b:2"


@pytest.mark.parametrize(
    "change",
    [{"port": 70_000}, {"port": "80"}, {"threads": 0}, {"commit_every_seconds": 0}, {"rpc_url": ""}, {"unknown": 1},
     {"rpc_url": [1]}, {"store": {"kind": "ftp"}}, {"store": None}, {"max_head_age_seconds": 0}, {"database": 3},
     {"database": "mysql://localhost/keeper"}, {"serving": []}, {"serving": {"tls": {"certificate": "c"}}}],
)  # fmt: skip
def test_read_keeper_config_refuses_a_bad_setting(tmp_path: Path, change: dict[str, Any]) -> None:
    """Typed, and it names the file."""
    path = tmp_path / "keeper.json"
    CONFIG.write(path)
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(ConfigInvalid, match="keeper.json"):
        read_keeper_config(path)


@pytest.mark.parametrize("name", ["proxies", "requests_per_second", "request_burst", "unknown"])
def test_serving_of_a_keeper_is_tls_alone(tmp_path: Path, name: str) -> None:
    """H-44, H-46: what would be ignored is refused."""
    path = tmp_path / "keeper.json"
    CONFIG.write(path)
    raw = json.loads(path.read_text())
    assert raw["serving"].keys() == {"tls"}
    path.write_text(json.dumps({**raw, "serving": {**raw["serving"], name: 1}}))
    with pytest.raises(ConfigInvalid, match=rf"keeper.json: serving\.{name} is no setting of a keeper"):
        read_keeper_config(path)


@pytest.mark.parametrize("text", ["", "[]", "{", "null"])
def test_read_keeper_config_refuses_what_is_no_settings_file(tmp_path: Path, text: str) -> None:
    """Typed errors only."""
    (tmp_path / "keeper.json").write_text(text)
    with pytest.raises(ConfigInvalid):
        read_keeper_config(tmp_path / "keeper.json")
    with pytest.raises(ConfigInvalid):
        read_keeper_config(tmp_path / "missing.json")
