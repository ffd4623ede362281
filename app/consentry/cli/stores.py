"""`consentry store`: whether the content store has what it should, bringing it back, taking it elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consentry.bootstrap.backup import read_config
from consentry.cli.command import Group
from consentry.cli.failures import after_result
from consentry.cli.problems import CommandInvalid, Degraded, SweepIncomplete
from consentry.cli.settings import Settings, pass_settings
from consentry.config import StoreConfig, read_store_config
from consentry.errors import StoreDamaged
from consentry.ports import Swept

if TYPE_CHECKING:
    from consentry.storage.upkeep import Checked, Kept

SHOWN = 20
_CONFIG = click.argument("config", metavar="CONFIG")


@click.group(cls=Group)
def store() -> None:
    """Where contents lie: check, repair, move.

    CONFIG is the file of settings of a gateway or keeper that uses the store, which may run on.
    """


@store.command(example="consentry store status gateway.json")
@_CONFIG
@pass_settings
def status(settings: Settings, config: str) -> None:
    """Whether the store answers, and how many nodes hold it. Exit code 5 when it is not well."""
    with _opened(config) as (_, here):
        health = here.health()
    value = {
        "ok": health.ok, "kind": health.kind, "detail": health.detail, "code": health.code or None,
        "nodes": health.nodes, "answering": health.answering, "copies": health.copies,
    }  # fmt: skip
    after_result(
        settings.output,
        value,
        lambda: settings.output.say(f"{health.kind}: {'ok' if health.ok else health.code}, {health.detail}"),
        None if health.ok else Degraded(health.detail),
    )


@store.command(
    example="consentry store check gateway.json\nconsentry store check gateway.json --repair --from /backup/store"
)
@_CONFIG
@click.option(
    "--repair", "mend", is_flag=True, help="Bring back what is missing or damaged from other nodes."
)
@click.option(
    "--from",
    "source",
    metavar="STORE",
    help="With --repair: then from this store (folder, multiaddr, or file of settings).",
)
@pass_settings
def check(settings: Settings, config: str, mend: bool, source: str | None) -> None:  # noqa: FBT001 - an option
    """Read and hash every block that the store keeps.

    Exit code 4 when something is missing or damaged and stays so. In a swarm, each member checks its own node.
    """
    if source is not None and not mend:
        raise CommandInvalid("--from goes with --repair")
    from consentry.storage import upkeep

    with _opened(config) as (_, here), settings.output.working("Checking") as show:
        found = upkeep.check(here, lambda done: show(f"Checking: {done:,} contents"))
        if mend and found.faults:
            with _other(source) as other:
                found = upkeep.repair(here, found, other, lambda done: show(f"Repairing: {done:,} blocks"))
    value = {
        "contents": found.contents,
        "blocks": found.blocks,
        "faults": [
            {"content": one.content, "block": one.block, "state": one.state, "mended": one.mended}
            for one in found.faults
        ],
    }
    if found.lost and not settings.output.as_json:
        _tell(settings, found)
    if found.lost:
        raise StoreDamaged(f"{len(found.lost)} of {found.blocks:,} blocks are missing or damaged")
    settings.output.result(value, lambda: _tell(settings, found))


@store.command(
    example="consentry store move gateway.json --to new-gateway.json\nconsentry store move gateway.json --to /srv/store"
)
@_CONFIG
@click.option(
    "--to",
    "target",
    metavar="STORE",
    required=True,
    help="File of settings that names it (of a gateway or keeper, or their part `store`), folder, or multiaddr of an IPFS node's "
    "RPC: a multiaddr alone gives one copy, on that node.",
)
@pass_settings
def move(settings: Settings, config: str, target: str) -> None:
    """Put everything into another store, under the same names.

    Between the embedded store and IPFS nodes, either way; every block is hashed on the way. Into a swarm, name the file with its
    new settings, so that there are as many copies as they say. Nothing is removed: once it says that all is there, stop the
    processes, run it again for what came meanwhile, name the new store in their settings, and start them.
    """
    from consentry.storage import upkeep

    with _opened(config) as (_, here), _other(target) as there, settings.output.working("Moving") as show:
        assert there is not None
        moved = upkeep.move(here, there, lambda done: show(f"Moving: {done:,} contents"))
    settings.output.result(
        {"contents": moved, "to": target}, lambda: settings.output.say(f"{moved:,} contents are in {target}.")
    )


@store.command(example="consentry store sweep gateway.json")
@_CONFIG
@pass_settings
def sweep(settings: Settings, config: str) -> None:
    """Have IPFS nodes let go of what nothing pins.

    Deleting only unpins at other nodes than the own; this takes the blocks away at each, which says what it removed.
    Exit code 5 when one could not.
    """
    with _opened(config) as (_, here), settings.output.working("Sweeping"):
        swept = here.sweep()
    value = [{"node": one.node, "removed": list(one.blocks), "problem": one.problem or None} for one in swept]
    rows = [(one.node, len(one.blocks), one.problem or "ok") for one in swept]
    after_result(
        settings.output,
        {"nodes": value},
        lambda: settings.output.table(("node", "blocks removed", "state"), rows),
        sweep_problem(swept),
    )


def sweep_problem(swept: Sequence[Swept]) -> SweepIncomplete | None:
    """What is left to do, if a node took nothing away."""
    said = [f"{one.node}: {one.problem}" for one in swept if one.problem]
    return SweepIncomplete("; ".join(said)) if said else None


def config_of(text: str) -> StoreConfig:
    """A store by its folder, by the multiaddr of a node's RPC, or by a file of settings: only that names a token, or a cluster
    that sees to copies. Raises ConfigInvalid."""
    if text.startswith(("/ip4/", "/ip6/", "/dns/", "/dns4/", "/dns6/")):
        return StoreConfig(kind="kubo", api=text)
    file = Path(text)
    if file.is_file() or (file.suffix == ".json" and not file.is_dir()):
        return read_store_config(file)
    return StoreConfig(kind="embedded", path=text)


@contextmanager
def _opened(config: str) -> Iterator[tuple[StoreConfig, Kept]]:
    from consentry.bootstrap.common import open_store

    settings = read_config(Path(config)).store
    with closing(open_store(settings)) as opened:
        yield settings, opened


@contextmanager
def _other(text: str | None) -> Iterator[Kept | None]:
    from consentry.bootstrap.common import open_store

    if text is None:
        yield None
        return
    with closing(open_store(config_of(text))) as opened:
        yield opened


def _tell(settings: Settings, found: Checked) -> None:
    rows: list[tuple[Any, ...]] = [
        (one.content, one.block, "mended" if one.mended else one.state) for one in found.faults[:SHOWN]
    ]
    if rows:
        settings.output.table(("content", "block", "state"), rows)
    if len(found.faults) > SHOWN:
        settings.output.say(f"and {len(found.faults) - SHOWN:,} more (--json names all)")
    mended = sum(one.mended for one in found.faults)
    settings.output.say(
        f"{found.contents:,} contents, {found.blocks:,} blocks: {len(found.lost)} lost or damaged, {mended} mended."
    )
