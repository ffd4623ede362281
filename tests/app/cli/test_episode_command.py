"""`consentry patient episode`: the hospital's system says who is in whose care (G-11)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from consentry.domain import times
from tests.app.cli.conftest import Run
from tests.app.cli.network import served
from tests.app.gateway.world import World
from tests.chains import DeployedChain


@pytest.fixture(scope="module")
def world(deployed_chain: DeployedChain, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(deployed_chain, tmp_path_factory.mktemp("network"))
    yield made
    made.close()


@pytest.fixture
def episode(consentry: Run, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    (tmp_path / "his.key").write_text(world.city.key)
    with served(world.city, monkeypatch) as place:
        yield lambda ref, *more: consentry(
            "patient", "episode", ref, "--department", "endocrinology", *more, "--client-key-file",
            tmp_path / "his.key", CONSENTRY_GATEWAY=place.url,
        )  # fmt: skip


def test_episode_is_noted_and_ended(world: World, episode: Any) -> None:
    alice = world.person(world.city)
    ref, until = world.city.link("CLI-1", alice), times.iso(int(time.time()) + 3600)
    noted = episode(ref, "--until", until, "--json")
    assert (noted.code, noted.json) == (0, {"ref": ref, "department": "endocrinology", "until": until})
    book, now = world.city.gateway.episodes.book, int(time.time())
    assert book.current(alice.wallet.address, now) == {"endocrinology": times.seconds(until)}
    ended = episode(ref, "--ended")
    assert ended.code == 0 and ended.out.strip() == f"The episode of {ref} in endocrinology has ended."
    assert book.current(alice.wallet.address, now) == {}
    again = episode(ref, "--ended", "--json")
    assert (again.code, again.error) == (2, "episode-not-noted")


def test_episode_lasts_until_a_day(world: World, episode: Any) -> None:
    ref = world.city.link("CLI-2", world.person(world.city))
    day = times.iso(int(time.time()) + 7 * 86_400)[:10]
    assert episode(ref, "--until", day, "--json").json["until"] == f"{day}T00:00:00Z"


@pytest.mark.parametrize(
    ("until", "code"),
    [("2019-01-01", "command-invalid"), ("2999-01-01", "command-invalid"), ("tomorrow", "terms-invalid")],
)
def test_episode_must_end_within_31_days(episode: Any, until: str, code: str) -> None:
    ran = episode("p-1", "--until", until, "--json")
    assert (ran.code, ran.error) == (2, code)


@pytest.mark.parametrize("more", [(), ("--ended", "--until", "2027-01-01T00:00:00Z")])
def test_episode_needs_an_end_or_its_time(episode: Any, more: tuple[str, ...]) -> None:
    ran = episode("p-1", *more, "--json")
    assert (ran.code, ran.error) == (2, "command-invalid")
