"""`consentry endpoint`: whether another member's endpoint tells of the chain what the validators signed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consentry.cli.command import Command, takes_chain
from consentry.cli.files import read_json, require_writable, write_private
from consentry.cli.problems import SettingMissing
from consentry.cli.settings import Settings, pass_settings

if TYPE_CHECKING:
    from consentry.chain.deployment import Deployment
    from consentry.light.checkpoint import Checkpoint
    from consentry.light.proven_rpc import ProvenRpc

MAX_CHECKPOINT_BYTES = 256 * 1024
_ENGINES = ("clique", "istanbul", "qbft")


@click.command(
    cls=Command,
    example="consentry endpoint --rpc https://chain.mercy.example --deployment deployment.json --engine istanbul "
    "--checkpoint checkpoint.json",
)
@click.option(
    "--checkpoint",
    metavar="FILE",
    required=True,
    help="Where checking begins, and is saved to go on from next time.",
)
@click.option(
    "--engine",
    type=click.Choice(_ENGINES),
    help="How the chain's validators sign, where there is no checkpoint yet: then all begins with the first block.",
)
@takes_chain
@pass_settings
def endpoint(settings: Settings, checkpoint: str, engine: str | None) -> None:
    """Check another member's endpoint: whether it tells of the chain what the validators signed.

    For members without a node. Every header since the checkpoint is checked by its signatures, the code of each contract
    and the list of members by proofs that lead to the newest one. Nothing that the endpoint says is believed without.
    docs/without-a-node.md says what cannot be checked so.

    The first checkpoint comes from the consortium, or is the first block that the deployment file names. After a long time
    away it takes a while; what was checked is saved on the way.
    """
    from consentry.chain.connection import Connection  # the chain libraries take their time to import
    from consentry.chain.ledger import ChainLedger
    from consentry.light.endpoint import connect_endpoint

    url, deployment = _asked(settings)
    path = Path(checkpoint)
    start = _start(path, engine, deployment)
    rpc = connect_endpoint(url, deployment, start, settings)
    with settings.output.working("Checking headers") as tell:
        _follow(rpc, path, tell)
        connection = Connection(rpc, deployment)
        head = connection.head()  # with chain, first block and code
        members = ChainLedger(connection).members()
    final = rpc.chain.checkpoint()
    value: dict[str, Any] = {
        "engine": final.engine,
        "validators": len(final.validators),
        "block": head.number,
        "ageSeconds": max(settings.now() - head.timestamp, 0),
        "finalBlock": final.number,
        "contracts": len(deployment.abis),
        "members": len(members),
    }
    settings.output.result(
        value,
        lambda: settings.output.say(
            f"Block {head.number} is signed by validators of this chain, of which there are {value['validators']}; "
            f"block {final.number} is final, and saved in {path}.\n"
            f"Proven at that state: the code of {value['contracts']} contracts, and {value['members']} members."
        ),
    )


def _asked(settings: Settings) -> tuple[str, Deployment]:
    """Raises SettingMissing, DeploymentMissing."""
    from consentry.chain.deployment import load_deployment
    from consentry.chain.endpoints import addresses_of

    if not settings.rpc or not settings.deployment:
        raise SettingMissing("which endpoint, of which chain? Give --rpc URL and --deployment FILE")
    urls = addresses_of(settings.rpc)
    if len(urls) != 1:
        raise SettingMissing("which endpoint? Give one address in --rpc: each is checked for itself")
    return urls[0], load_deployment(Path(settings.deployment))


def _start(path: Path, engine: str | None, deployment: Deployment) -> Checkpoint:
    """Raises SettingMissing, NotJson, DeploymentMissing, FileUnreadable, FileUnwritable."""
    from consentry.light.checkpoint import Checkpoint

    require_writable(path)
    if path.exists():
        return Checkpoint.from_json(read_json(path, MAX_CHECKPOINT_BYTES)[1])
    if engine is None:
        raise SettingMissing(f"{path} is not there: give --engine to begin with the chain's first block")
    return Checkpoint(engine, 0, deployment.genesis)


def _follow(rpc: ProvenRpc, path: Path, tell: Callable[[str], None]) -> None:
    """To the endpoint's newest block, in steps that each make progress."""
    while True:
        left = rpc.chain.follow()
        write_private(path, json.dumps(rpc.chain.checkpoint().to_json(), indent=1).encode() + b"\n")
        if not left:
            return
        tell(f"Checking headers: {left} are left")
