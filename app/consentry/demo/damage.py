"""Damage on disk: one byte of a stored block is flipped, and put right again."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from consentry.demo.telling import StepDiffers
from consentry.domain.terms import Consent
from consentry.network import direct
from consentry.network.run import Network
from consentry.network.stores import blocks_folders
from consentry.services.asking import Asking
from consentry.services.reading import read
from consentry.storage.cid import parse_cid

_KUBO_SHARD = slice(-3, -1)


def a_ciphertext(network: Network, asking: Asking, consent: Consent) -> str:
    """The content id of one envelope that the ground permits: found as a reader finds it."""
    with direct.read_ports(network, network.place.root / "auditor.sqlite") as ports:
        records = read(asking, consent, ports).records
    if not records:
        raise StepDiffers("nothing can be read that could be damaged")
    return records[0].header.cid


def block_files(network: Network, cid: str) -> list[Path]:
    """Where the stores keep a block: in a swarm, on each node that holds it."""
    name = _multihash_name(cid)
    files = [
        blocks / cid[-2:] / cid
        if network.store == "embedded"
        else blocks / name[_KUBO_SHARD] / f"{name}.data"
        for blocks in blocks_folders(network.store, network.place)
    ]
    return [file for file in files if file.exists()]


@contextmanager
def flipped_byte(network: Network, cid: str) -> Iterator[str]:
    """While inside, one bit of the block is wrong, wherever it lies; yields the block's content id."""
    with ExitStack() as stack:
        for path in block_files(network, cid):
            stack.enter_context(_flipped(path))
        yield cid


@contextmanager
def _flipped(path: Path) -> Iterator[None]:
    whole = path.read_bytes()
    mode = path.stat().st_mode
    path.chmod(0o600)
    path.write_bytes(whole[:-1] + bytes((whole[-1] ^ 1,)))
    try:
        yield
    finally:
        path.write_bytes(whole)
        path.chmod(mode)


def _multihash_name(cid: str) -> str:
    """Kubo's flatfs names a block by its multihash in upper-case base32 without padding."""
    return b32encode(b"\x12\x20" + parse_cid(cid).digest).decode("ascii").rstrip("=")
