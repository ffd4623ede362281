"""One setting says where a database is (H-16)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from consentry.config import GatewayConfig, StoreConfig, read_gateway_config
from consentry.databases.place import beside, called, place_of
from consentry.errors import ConfigInvalid, StoreUnreachable
from consentry.index.gateway_store import GatewayStore


def test_place_of_tells_files_from_servers() -> None:
    """H-16: a path stays one; a URL gets the one driver that is used; the index is beside, or in the same server."""
    assert (
        place_of("/srv/gateway.sqlite")
        == place_of("sqlite:////srv/gateway.sqlite")
        == Path("/srv/gateway.sqlite")
    )
    assert beside(Path("/srv/gateway.sqlite")) == Path("/srv/gateway-index.sqlite")
    server = place_of("postgresql://consentry@localhost/mercy")
    assert str(server) == "postgresql+psycopg://consentry@localhost/mercy" and beside(server) == server
    assert called(server) == "mercy" and called(Path("/srv/gateway.sqlite")) == "gateway.sqlite"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///mercy",
        "postgresql://127.0.0.1:5433/mercy",
        "postgresql://[::1]:5433/mercy",
        "postgresql:///mercy?host=/run/postgresql",
        "postgresql:///mercy?host=localhost:5432&host=/run/postgresql",
        "postgresql://consentry@db.mercy.example/mercy?sslmode=verify-full",
        "postgresql:///mercy?host=a.example:5432,b.example:5432&sslmode=verify-ca&target_session_attrs=read-write",
    ],
)
def test_place_of_takes_this_machine_and_verified_tls(url: str) -> None:
    """H-16."""
    assert called(place_of(url)) == "mercy"


@pytest.mark.parametrize(
    ("setting", "what"),
    [
        ("", "is a path"),
        ("mysql://localhost/mercy", "postgresql://"),
        ("postgresql+asyncpg://localhost/mercy", "postgresql://"),
        ("postgresql://localhost", "names no database"),
        ("postgresql://[::1/mercy", "can be read"),
        ("sqlite://", "is a path"),
        ("postgresql://consentry:secret@db.mercy.example/mercy", "TLS"),
        ("postgresql://consentry:secret@db.mercy.example/mercy?sslmode=require", "TLS"),
        ("postgresql://localhost/mercy?host=db.mercy.example", "TLS"),
        ("postgresql://localhost/mercy?hostaddr=10.0.0.7", "TLS"),
        ("postgresql:///mercy?host=127.0.0.1,10.0.0.7", "TLS"),
        ("postgresql:///mercy?service=far", "service"),
    ],
)
def test_place_of_refuses_what_would_be_read_on_the_way(setting: str, what: str) -> None:
    """H-16: and what is no place at all, without showing a password."""
    with pytest.raises(ConfigInvalid, match=what) as caught:
        place_of(setting)
    assert "secret" not in str(caught.value) and "10.0.0.7" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"), [("PGHOST", "db.mercy.example"), ("PGHOSTADDR", "10.0.0.7"), ("PGSERVICE", "far")]
)
def test_place_of_looks_at_the_environment_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    """H-16: libpq takes from there what the URL leaves out."""
    (tmp_path / "services").write_text("[far]\nhost=db.mercy.example\n", "ascii")
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    place_of("postgresql:///mercy")
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigInvalid, match="TLS"):
        place_of("postgresql:///mercy")
    assert called(place_of("postgresql:///mercy?sslmode=verify-full")) == "mercy"


def test_a_server_that_does_not_answer_is_named_by_its_database_alone(tmp_path: Path) -> None:
    """H-16, P-1: no host, no folder, no password."""
    url = place_of(f"postgresql://consentry:secret@/mercy?host={tmp_path}")
    with pytest.raises(StoreUnreachable) as caught:
        GatewayStore(url)
    assert str(caught.value) == "the database mercy failed: OperationalError"


@pytest.mark.parametrize("setting", ["database", "index_database"])
@pytest.mark.parametrize("value", [5, "mysql://localhost/mercy"])
def test_a_gateways_settings_are_refused_by_file_and_setting(
    tmp_path: Path, setting: str, value: object
) -> None:
    """H-16"""
    path = tmp_path / "gateway.json"
    config = GatewayConfig(
        member="0x00", member_name="Mercy", host="127.0.0.1", port=0, public_url="http://localhost", rpc_url="http://127.0.0.1:1",
        deployment="d.json", database="g.sqlite", keystore="k.json", copy_key="", store=StoreConfig("embedded", "x"),
    )  # fmt: skip
    config.write(path)
    assert read_gateway_config(path).database == "g.sqlite"
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), setting: value}), "utf-8")
    with pytest.raises(ConfigInvalid, match=rf"gateway\.json: {setting} is "):
        read_gateway_config(path)
