"""Where a database is: a SQLite file, or PostgreSQL by a SQLAlchemy URL. One setting says either (specification H-16)."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from consentry.errors import ConfigInvalid

Place = Path | URL
POSTGRESQL = "postgresql+psycopg"
_LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))
_VERIFIED = frozenset(("verify-ca", "verify-full"))


def place_of(setting: str, name: str = "database") -> Place:
    """Of a path, `sqlite:///path` or `postgresql://user@host/database`. Raises ConfigInvalid, which never shows a password."""
    if "://" not in setting:
        if not setting:
            raise ConfigInvalid(f"{name} is a path or postgresql://…")
        return Path(setting)
    try:
        url = make_url(setting)
    except (ArgumentError, ValueError):
        raise ConfigInvalid(f"{name} is no database URL that can be read") from None
    if url.drivername == "sqlite" and url.database and not url.query:
        return Path(url.database)
    if url.drivername not in ("postgresql", POSTGRESQL):
        raise ConfigInvalid(f"{name} is a path, sqlite:///path or postgresql://user@host/database")
    if "service" in url.query:
        raise ConfigInvalid(f"{name}: name the server in the URL: a service file may point anywhere")
    if not url.database:
        raise ConfigInvalid(f"{name} names no database of PostgreSQL")
    if not all(map(_is_here, _hosts(url))) and url.query.get("sslmode") not in _VERIFIED:
        raise ConfigInvalid(
            f"{name}: PostgreSQL on another machine is spoken to by TLS only: add ?sslmode=verify-full"
        )
    return url.set(drivername=POSTGRESQL)


def beside(place: Place) -> Place:
    """Where the index of a gateway is that keeps its books at `place`: PostgreSQL holds both."""
    return place.with_name(f"{place.stem}-index{place.suffix}") if isinstance(place, Path) else place


def called(place: Place) -> str:
    """Its name in messages: no folder, no host, no password."""
    return place.name if isinstance(place, Path) else str(place.database)


def _hosts(url: URL) -> list[str]:
    """An empty one is a socket of this machine. What the URL leaves out, libpq takes from the environment (PGHOST, PGHOSTADDR,
    PGSERVICE): so do we, before anything is sent there."""
    from psycopg.pq import Conninfo  # only who has PostgreSQL needs it

    around = {one.keyword: (one.val or b"").decode("utf-8", "replace") for one in Conninfo.get_defaults()}
    named = [url.host] if url.host else []
    for key in ("host", "hostaddr"):
        more = url.query.get(key, ())
        named += [more] if isinstance(more, str) else list(more)
    if not url.host and "host" not in url.query:
        named.append(around.get(b"host", ""))
    if "hostaddr" not in url.query:
        named.append(around.get(b"hostaddr", ""))
    return [one for text in named for one in text.split(",")]


def _is_here(host: str) -> bool:
    bare = host.split("]")[0].removeprefix("[") if "[" in host else host
    bare = bare.split(":")[0] if bare.count(":") == 1 else bare  # a port; more of them are an address
    return not bare or bare.startswith(("/", "@")) or bare in _LOOPBACK
