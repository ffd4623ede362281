"""Logs of our contracts, proven block by block while headers are followed, and answers from them (specification H-78 … H-80).

A block whose bloom has none of our contracts has no log of them. Of any other, all receipts and transactions are fetched.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import Any, Final

from consentry.chain.connection import octets, quantity
from consentry.chain.deployment import Deployment
from consentry.chain.rpc import Request, Rpc
from consentry.domain.canonical import keccak
from consentry.errors import ChainStale, ChainUnproven
from consentry.light import answers
from consentry.light.book import MARK_EVERY, Book, Noted
from consentry.light.checkpoint import Checkpoint
from consentry.light.following import LightChain
from consentry.light.headers import Header
from consentry.light.receipts import ProvenReceipt, may_hold, receipts_of
from consentry.light.state import said
from consentry.light.trust import Engine, header_of_known

STEP: Final = 64
MOST_BACK: Final = 2 * MARK_EVERY
BLOCKS_KEPT: Final = 32
HEADERS_KEPT: Final = 1_024


class ProvenLogs:
    """Of one deployment. Blocks that cannot change any more are in `book`; the newest ones are asked for when they are wanted."""

    def __init__(self, rpc: Rpc, engine: Engine, deployment: Deployment, book: Book) -> None:
        self._rpc = rpc
        self._engine = engine
        self._first = deployment.block
        self._addresses = _addresses(deployment)
        self._book = book
        self._blocks: OrderedDict[bytes, tuple[ProvenReceipt, ...]] = OrderedDict()
        self._headers: OrderedDict[int, Header] = OrderedDict()
        self._lock = Lock()

    def close(self) -> None:
        self._book.close()

    # --- filling the book ---

    def settle(self, headers: Sequence[Header], checkpoint: Checkpoint) -> None:
        """Keep the logs of blocks that are final, next to those that are kept. `checkpoint` is at the last of them.

        Raises ChainUnproven also for what is withheld of them: whoever has the block has its receipts.
        """
        self._book.extend(self._final(headers), _marks(headers), checkpoint)

    def look_back(self, steps: int = 1) -> int:
        """Check blocks before the checkpoint that was given, by the hash of their parent, back to the deployment; how many
        are left. Raises ChainUnproven, also for what is withheld of them; ChainUnreachable."""
        for _ in range(steps):
            span = self._book.span()
            if span.lowest <= self._first:
                return 0
            start = max(span.lowest - STEP, self._first)
            headers = self._linked(start, span.lowest - 1, span.before)
            self._book.extend_back(self._final(headers), _marks(headers), start, headers[0].parent)
        return max(self._book.span().lowest - self._first, 0)

    def _final(self, headers: Sequence[Header]) -> list[Noted]:
        try:
            return [one for header in headers for one in self._noted(header)]
        except ChainStale as withheld:
            raise ChainUnproven(f"of a final block something is withheld: {withheld.diagnostics}") from None

    def _noted(self, header: Header) -> Iterator[Noted]:
        if not may_hold(header, self._addresses):
            return
        for receipt in self._receipts(header):
            for log in receipt.logs:
                yield Noted(header.number, header.hash, receipt.transaction, log)

    def _receipts(self, header: Header) -> tuple[ProvenReceipt, ...]:
        """With the logs of our contracts alone."""
        with self._lock:
            if header.hash in self._blocks:
                return self._blocks[header.hash]
        found = tuple(
            ProvenReceipt(
                one.transaction,
                one.place,
                one.succeeded,
                one.gas_used,
                tuple(log for log in one.logs if log.address in self._addresses),
            )
            for one in receipts_of(self._rpc, self._engine.receipts, header)
        )
        with self._lock:
            self._blocks[header.hash] = found
            while len(self._blocks) > BLOCKS_KEPT:
                self._blocks.popitem(last=False)
        return found

    # --- answers ---

    def find(self, chain: LightChain, head: Header, wanted: Any) -> list[dict[str, Any]]:
        """What `eth_getLogs` answers for one of our contracts. Raises ChainStale while older blocks are still to be checked,
        ChainUnproven for other contracts."""
        named = wanted["address"]
        addresses = list(map(octets, named if isinstance(named, list) else [named]))
        if not set(addresses) <= set(self._addresses) or "blockHash" in wanted:
            raise ChainUnproven("logs of other contracts than the deployment's are not kept")
        first, last = quantity(wanted["fromBlock"]), min(quantity(wanted["toBlock"]), head.number)
        if first > last:
            return []
        span = self._book.span()
        if max(first, self._first) < min(span.lowest, last + 1):
            raise ChainStale(f"{span.lowest - self._first} older blocks are still to be checked: ask again")
        newest = [
            one
            for number in range(max(first, span.checkpoint.number + 1), last + 1)
            for one in self._noted(chain.header(number))
            if one.log.address in addresses
        ]
        kept = [
            one
            for address in addresses
            for one in self._book.logs(address, first, min(last, span.checkpoint.number))
        ]
        self._book.span()  # raises where what was kept has been forgotten since
        topics = [_options(one) for one in wanted.get("topics", ())]
        return [_log_json(one) for one in (*kept, *newest) if _matches(one, topics)]

    def receipt(self, chain: LightChain, head: Header, transaction: bytes) -> dict[str, Any] | None:
        """What `eth_getTransactionReceipt` answers. None while no block that is known here has it: the endpoint's word, which
        can only make whoever sent it wait, since the account's nonce is proven."""
        number = self._book.block_of(transaction)
        if number is None:
            hint = said(self._rpc, "eth_getTransactionReceipt", _hex(transaction))
            if not isinstance(hint, dict) or not hint.get("blockNumber"):
                return None
            number = answers.quantity(hint["blockNumber"])
            if number > head.number:
                return None  # of a block that is not checked here yet
            if self.header(chain, number).hash != answers.octets(hint.get("blockHash")):
                return None  # of another branch than the one that is followed
        header = self.header(chain, number)
        for one in self._receipts(header):
            if one.transaction == transaction:
                return _receipt_json(header, one)
        raise ChainUnproven(f"a transaction is said to be in block {number}, which is not")

    def header(self, chain: LightChain, number: int) -> Header:
        """A believed header, however old: by hashes back from the next block whose hash is kept. Raises ChainStale where that is
        too far, or later than all that was checked."""
        try:
            return chain.header(number)
        except ChainStale:
            pass
        with self._lock:
            if number in self._headers:
                return self._headers[number]
        span, oldest = self._book.span(), chain.oldest()
        if number > oldest.number:  # however large: the book cannot look that up
            raise ChainStale(f"block {number} is later than all that were checked here")
        places = [(span.lowest - 1, span.before), (oldest.number, oldest.hash)]
        mark = self._book.mark_from(number)
        known = min((one for one in (*places, mark) if one and one[0] >= number), default=None)
        if known is None or known[0] - number > MOST_BACK:
            raise ChainStale(f"block {number} is far from all that were checked here")
        headers = self._linked(number, *known)
        with self._lock:
            self._headers |= {one.number: one for one in headers}  # whoever reads on asks for the next ones
            while len(self._headers) > HEADERS_KEPT:
                self._headers.popitem(last=False)
        return headers[0]

    def _linked(self, first: int, last: int, block_hash: bytes) -> list[Header]:
        """Headers of these blocks, the last of which has this hash, and each the hash that the next one names."""
        found: list[Header] = []
        for end in range(last, first - 1, -STEP):
            numbers = range(max(first, end - STEP + 1), end + 1)
            asked = [Request(self._engine.method, (hex(number), False)) for number in numbers]
            told = zip(numbers, self._rpc.batch(asked), strict=True)
            headers = [header_of_known(self._engine, number, one) for number, one in told]
            for header in reversed(headers):
                if header.hash != block_hash:
                    raise ChainUnproven(f"block {header.number} is not the one that a later block names")
                block_hash = header.parent
            found = [*headers, *found]
        return found


def kept_for(deployment: Deployment) -> bytes:
    """A digest of the contracts whose logs are kept. Not of the deployment's block: an earlier one is looked back to."""
    return keccak(b"".join(sorted(_addresses(deployment))))


def _addresses(deployment: Deployment) -> list[bytes]:
    return [bytes.fromhex(deployment.addresses[name][2:]) for name in deployment.abis]


def _marks(headers: Sequence[Header]) -> list[tuple[int, bytes]]:
    return [(one.number, one.hash) for one in headers if one.number % MARK_EVERY == 0]


def _options(topic: Any) -> frozenset[bytes] | None:
    if topic is None:
        return None
    return frozenset(map(octets, topic if isinstance(topic, list) else [topic]))


def _matches(noted: Noted, topics: Sequence[frozenset[bytes] | None]) -> bool:
    has = noted.log.topics
    return all(wanted is None or (at < len(has) and has[at] in wanted) for at, wanted in enumerate(topics))


def _log_json(noted: Noted) -> dict[str, Any]:
    return {
        "address": _hex(noted.log.address),
        "topics": [_hex(one) for one in noted.log.topics],
        "data": _hex(noted.log.data),
        "blockNumber": hex(noted.block),
        "blockHash": _hex(noted.block_hash),
        "transactionHash": _hex(noted.transaction),
        "logIndex": hex(noted.log.place),
        "removed": False,
    }


def _receipt_json(header: Header, receipt: ProvenReceipt) -> dict[str, Any]:
    logs = [Noted(header.number, header.hash, receipt.transaction, one) for one in receipt.logs]
    return {
        "transactionHash": _hex(receipt.transaction),
        "transactionIndex": hex(receipt.place),
        "blockNumber": hex(header.number),
        "blockHash": _hex(header.hash),
        "status": hex(receipt.succeeded),
        "gasUsed": hex(receipt.gas_used),
        "logs": [_log_json(one) for one in logs],
    }


def _hex(raw: bytes) -> str:
    return "0x" + raw.hex()
