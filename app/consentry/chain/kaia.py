"""A chain of several validators on one machine: Kaia with Istanbul BFT (EIP-650), as child processes.

A block is final as soon as it is there: ⌈2n/3⌉ of the validators signed it. Four are the least that go on when one is lost;
without two the chain stops, and goes on where it was. What kaia v1.0.3 wants is in engines/kaia; fees are zero from the
first block on, gas is some 30 % dearer than Ethereum's.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eth_account import Account
from eth_keys.datatypes import PrivateKey

from consentry.chain import kaia_files
from consentry.chain.clique_files import key
from consentry.chain.profiles import PROFILES
from consentry.chain.validators import Validator
from consentry.children import START_SECONDS
from consentry.errors import ChainUnreachable

CHAIN_ID: Final = PROFILES["kaia"].chain_id


@dataclass(frozen=True)
class KaiaSettings:
    """`at`: the folder of the nodes' keys and data, kept between runs. `binary`: kaia. `ports`: two for each validator."""

    at: Path
    binary: Path
    ports: Sequence[int]
    chain_id: int = CHAIN_ID

    @property
    def validators(self) -> int:
        return len(self.ports) // 2


class KaiaValidator(Validator):
    """One node of the chain, which others reach at `kni`. Its key signs blocks and names it among the others."""

    def __init__(self, at: Path, ports: tuple[int, int]) -> None:
        self.key_file = at / "node.key"
        private_key = key(self.key_file)
        super().__init__(at, Account.from_key(private_key).address, ports, "kaia.log")
        public = PrivateKey(private_key).public_key.to_bytes().hex()
        self.kni = f"kni://{public}@127.0.0.1:{self.listen_port}?discport=0&ntype=cn"


class KaiaChain:
    """The validators, and how each is started again after it was stopped or killed."""

    def __init__(self, settings: KaiaSettings) -> None:
        self.settings = settings
        self.validators = tuple(_validator(settings, place) for place in range(settings.validators))

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(one.url for one in self.validators)

    def prepare(self) -> None:
        """First block and neighbours of every node; one that has a chain keeps it. Raises ChainUnreachable."""
        genesis = self.settings.at / "genesis.json"
        accounts = [one.account for one in self.validators]
        genesis.write_text(json.dumps(kaia_files.genesis(accounts, self.settings.chain_id)) + "\n", "utf-8")
        for one in self.validators:
            folder = one.at / "data" / "klay"
            if not (folder / "chaindata").exists():
                _initialise(self.settings.binary, one.at, genesis)
            others = [other.kni for other in self.validators if other is not one]
            (folder / "static-nodes.json").write_text(json.dumps(others) + "\n", "utf-8")

    def start(self, *which: int) -> None:
        """Start these validators, or all, and wait until they answer. Raises ChainUnreachable, naming the log."""
        chosen = [self.validators[place] for place in which] or list(self.validators)
        for one in chosen:
            one.start()
        for one in chosen:
            one.await_answer(self.settings.chain_id)

    def stop(self) -> None:
        for one in self.validators:
            one.stop()


@contextmanager
def running_kaia(settings: KaiaSettings) -> Iterator[KaiaChain]:
    """The chain for the length of a `with` block, making blocks. Raises ChainUnreachable."""
    if not settings.binary.exists():
        raise ChainUnreachable(
            "kaia is not built: engines/build.sh kaia does it, with Go (`make engines`); or use --chain anvil"
        )
    chain = KaiaChain(settings)
    try:
        chain.prepare()
        chain.start()
        chain.validators[0].await_block(1)
        yield chain
    finally:
        chain.stop()


def _validator(settings: KaiaSettings, place: int) -> KaiaValidator:
    """The node's key, made once."""
    at = settings.at / f"validator-{place + 1}"
    at.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = KaiaValidator(at, (settings.ports[2 * place], settings.ports[2 * place + 1]))
    made.command = _command(settings, made)
    return made


def _initialise(binary: Path, at: Path, first_block: Path) -> None:
    command = [str(binary), "init", "--datadir", str(at / "data"), str(first_block)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=START_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise ChainUnreachable(f"a validator cannot be made: {type(problem).__name__}") from None
    (at / "init.log").write_bytes(done.stdout + done.stderr)
    if done.returncode != 0:
        raise ChainUnreachable(f"a validator cannot be made; see {at / 'init.log'}")


def _command(settings: KaiaSettings, one: KaiaValidator) -> list[str]:
    return [
        str(settings.binary),
        *("--datadir", str(one.at / "data"), "--nodekey", str(one.key_file)),
        *("--networkid", str(settings.chain_id), "--rewardbase", one.account),
        *("--listenhost", "127.0.0.1", "--port", str(one.listen_port)),
        *("--nodiscover", "--nat", "none", "--ntp.disable", "--gcmode", "archive"),
        *("--rpc", "--rpcaddr", "127.0.0.1", "--rpcport", str(one.rpc_port), "--srvtype", "http"),
        *("--rpcapi", "eth,net,web3,istanbul,kaia", "--rpcvhosts", "localhost,127.0.0.1"),
    ]
