"""Another member's endpoint, opened to be believed as far as it proves."""

from __future__ import annotations

import ssl
from pathlib import Path

from consentry.chain.deployment import Deployment
from consentry.chain.rpc import Rpc, RpcClient
from consentry.errors import ChainUnproven
from consentry.light.answers import Doubted
from consentry.light.book import Book
from consentry.light.checkpoint import Checkpoint
from consentry.light.following import KEPT, LightChain
from consentry.light.logs import ProvenLogs, kept_for
from consentry.light.proven_rpc import ProvenRpc
from consentry.light.receipts import MOST_ANSWER_BYTES
from consentry.ports import Clock


def connect_endpoint(
    url: str,
    deployment: Deployment,
    checkpoint: Checkpoint,
    clock: Clock,
    *,
    timeout: float = 10.0,
    book: Path | None = None,
    tls: ssl.SSLContext | None = None,
) -> ProvenRpc:
    """The endpoint at `url`, of which nothing is believed that it cannot prove; for a Connection. In `book` it keeps proven logs
    and how far it got, and goes on from there; without one there are no logs.

    Raises ChainUnreachable for what is no address, and what `proven_rpc` raises.
    """
    rpc = RpcClient(url, timeout=timeout, most_answer_bytes=MOST_ANSWER_BYTES, tls=tls)
    return proven_rpc(rpc, deployment, checkpoint, clock, book)


def proven_rpc(
    rpc: Rpc, deployment: Deployment, checkpoint: Checkpoint, clock: Clock, book: Path | None = None
) -> ProvenRpc:
    """Raises ChainUnproven where blocks are final by a tag, which validators do not sign, or later than is kept;
    ChainWrong, StoreUnreachable for the book."""
    finality = deployment.finality
    if finality == "finalized":
        raise ChainUnproven(
            "which block is final is a node's word on this chain: it takes a node of one's own"
        )
    depth = finality if isinstance(finality, int) else 0
    if depth >= KEPT:
        raise ChainUnproven(f"the deployment waits for {depth} blocks, of which {KEPT} are kept here")
    doubted = Doubted(rpc)
    if book is None:
        return ProvenRpc(doubted, LightChain(doubted, checkpoint, clock, depth=depth), deployment)
    kept = Book(book, deployment.genesis, kept_for(deployment), checkpoint)
    start = kept.span().checkpoint
    logs = ProvenLogs(doubted, start.rules, deployment, kept)
    chain = LightChain(doubted, start, clock, depth=depth, settle=logs.settle)
    return ProvenRpc(doubted, chain, deployment, logs)
