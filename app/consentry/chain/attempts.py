"""Signed transactions of one account: made, sent, looked for, and pushed until a block has one (specification H-7, H-8)."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from functools import partial
from typing import Any

from eth_account.signers.local import LocalAccount

from consentry.chain.connection import LATEST, Connection, head_of, quantity, value_of
from consentry.chain.fees import dearer, fees, most_of
from consentry.chain.rpc import Request, RpcError
from consentry.domain.canonical import keccak
from consentry.errors import ConsentryError
from consentry.ports.sendings import Attempt, Call, Sending, Sendings

PUSH_SECONDS = 3.0
STUCK_BLOCKS = 5
"""So many blocks without the transaction that was next: another offer is made, where the deployment allows a higher one."""

LONG_SECONDS = 60.0
"""After each of which the log is told of a transaction that is still under way."""

MOST_HOLES = 64
_LOG = logging.getLogger(__name__)
_TRANSFER_GAS = 21_000
_USED_WORDS = ("nonce too low", "nonce is too low", "the tx doesn't have the correct nonce", "replacement")
# "replacement" is another's that waits under the nonce; of those that a node knows, the look-up may have gone to another node.
_KNOWN_WORDS = ("already known", "alreadyknown", "known transaction", "already imported")


class Sent(Enum):
    """What came of sending: the node has it, the nonce was used by another transaction, or nobody knows."""

    TAKEN = auto()
    USED = auto()
    UNKNOWN = auto()


class Attempts:
    """Of one account, whose sendings are kept in `sendings`. Thread-safe."""

    def __init__(self, connection: Connection, account: LocalAccount, sendings: Sendings) -> None:
        self._connection = connection
        self._account = account
        self._sendings = sendings
        self._address = str(account.address).lower()
        self._pushed: dict[bytes, float] = {}
        self._seen: dict[bytes, float] = {}
        self._missed: set[tuple[bytes, int]] = set()

    def key_of(self, to: str, data: bytes) -> bytes:
        """The same for the same call of this account on this chain (32 bytes)."""
        place = self._connection.deployment.genesis + bytes.fromhex(self._address[2:])
        return keccak(b"consentry/v1/sending" + place + bytes.fromhex(to[2:]) + data)

    def sign(self, call: Call, nonce: int, block: Mapping[str, Any]) -> Attempt:
        """The first attempt. Raises ChainUnreachable when the chain asks for more than the deployment allows."""
        return self._signed(call, nonce, block, fees(self._connection.deployment.fees, block))

    def send(self, attempt: Attempt) -> Sent:
        """Raises what the node refuses it for, and TransactionReverted where it says so: then nobody has it."""
        try:
            self._connection.rpc.call("eth_sendRawTransaction", "0x" + attempt.raw.hex())
        except RpcError as error:
            return self._refused(attempt, error)
        except ConsentryError:  # one may have it that did not answer, whatever is wrong with the next
            return Sent.UNKNOWN
        return Sent.TAKEN

    def receipt(self, sending: Sending) -> dict[str, Any] | None:
        """Of whichever attempt is in a block. Raises ChainUnreachable."""
        asked = [Request("eth_getTransactionReceipt", ("0x" + one.hash.hex(),)) for one in sending.attempts]
        for found in self._connection.rpc.batch(asked):
            receipt = value_of(found)
            if isinstance(receipt, dict) and receipt.get("blockNumber"):
                return receipt
        return None

    def is_final(self, receipt: Mapping[str, Any]) -> bool:
        """Whether its block cannot go any more. Raises ChainUnreachable, ChainStale."""
        number = quantity(receipt["blockNumber"])
        if self._connection.is_final(number):
            return True
        return self._connection.block(self._connection.final_tag()).number >= number

    def is_due(self, sending: Sending) -> bool:
        """Whether it was long enough that it was pushed, or first seen here."""
        now = time.monotonic()
        first = self._seen.setdefault(sending.call.key, now)
        if now - first >= LONG_SECONDS:
            sent = {"transaction": "0x" + sending.attempts[-1].hash.hex()}
            _LOG.warning("transaction %(transaction)s is in no final block yet", sent)
            self._seen[sending.call.key] = now
        return now - self._pushed.setdefault(sending.call.key, now) >= PUSH_SECONDS

    def push(self, sending: Sending) -> Sending | None:
        """Do what brings it into a block: fill what is missing before it, offer more where it is stuck, send it again. As it is
        then; None if another transaction has its nonce for good, so that none of its attempts is ever mined: whoever asks has to
        begin it `again`, until when it stays in the book.

        Raises ChainUnreachable, ChainStale.
        """
        kept = self._sendings.find(self._address, sending.call.key)
        if kept is None:
            self._forget(sending)
            return sending  # it is final meanwhile
        if kept.nonce != sending.nonce:
            return kept
        self._pushed[kept.call.key] = time.monotonic()
        settled, latest, pending, block = self._counts()
        if settled > kept.nonce:
            if self.receipt(kept) is not None:
                return kept
            place = (kept.call.key, kept.nonce)
            if place not in self._missed:  # the block may have come between the two questions: look once more
                self._missed.add(place)
                return kept
            return None
        self._missed.discard((kept.call.key, kept.nonce))
        if latest > kept.nonce:
            return kept  # one is mined, of these or another's: its block will tell
        if pending < kept.nonce:
            self._fill(pending, kept.nonce)
        last = kept.attempts[-1]
        if latest == kept.nonce and head_of(block).number - last.block >= STUCK_BLOCKS:
            offer = dearer(self._connection.deployment.fees, block, last.max_fee, len(kept.attempts))
            if offer is not None:
                kept = self._sendings.add(kept, self._signed(kept.call, kept.nonce, block, offer))
        self._send_again(kept)
        return kept

    def known(self, key: bytes) -> Sending | None:
        """The call's sending that is under way."""
        return self._sendings.find(self._address, key)

    def begin(
        self, calls: Sequence[Call], count: int, block: Mapping[str, Any]
    ) -> tuple[tuple[Sending, bool], ...]:
        """The calls under way, kept now if they were not, and whether each is new. `count`: the nonce that the node calls
        next."""
        return self._sendings.begin_all(self._address, calls, count, partial(self.sign, block=block))

    def again(self, lost: Sending, count: int, block: Mapping[str, Any]) -> tuple[Sending, bool]:
        """The same for what `push` gave None for, under another nonce. Raises as `sign` does, and nothing changed then."""
        sign = partial(self.sign, lost.call, block=block)
        sending, is_new = self._sendings.again(lost, max(count, lost.nonce + 1), sign)
        self._forget(lost)
        return sending, is_new

    def end(self, sending: Sending) -> None:
        self._forget(sending)
        self._sendings.end(sending)

    def over(self, sending: Sending) -> None:
        """It is final: a power cut that takes this back has it looked at once more."""
        self._forget(sending)
        self._sendings.end(sending, at_once=False)

    # --- parts ---

    def _forget(self, sending: Sending) -> None:
        self._pushed.pop(sending.call.key, None)
        self._seen.pop(sending.call.key, None)
        self._missed.discard((sending.call.key, sending.nonce))

    def _counts(self) -> tuple[int, int, int, dict[str, Any]]:
        """How many transactions the account has in final blocks, in all blocks, and with those that wait; the newest block."""
        tags = (self._connection.final_tag(), "latest", "pending")
        asked = [Request("eth_getTransactionCount", (self._account.address, tag)) for tag in tags]
        *counts, block = [value_of(one) for one in self._connection.ask([*asked, LATEST])]
        settled, latest, pending = map(quantity, counts)
        return settled, latest, pending, block

    def _fill(self, pending: int, nonce: int) -> None:
        """Nodes take nothing after a nonce that is missing: what should be there is sent again, and where nothing should be, an
        empty transfer to the own account is."""
        own = {one.nonce: one for one in self._sendings.of(self._address)}
        (block,) = (value_of(one) for one in self._connection.ask([LATEST]))
        for hole in range(pending, min(nonce, pending + MOST_HOLES)):
            if hole in own:
                self._send_again(own[hole])
                continue
            key = keccak(self.key_of(self._address, b"") + hole.to_bytes(32, "big"))
            empty = Call(key, self._address, b"", _TRANSFER_GAS)
            sign = partial(self.sign, empty, block=block)
            filled, _ = self._sendings.begin(self._address, empty, hole, sign)
            self._send_again(filled)

    def _send_again(self, sending: Sending) -> None:
        """Whatever the node says to it: it may have it already."""
        raw = "0x" + sending.attempts[-1].raw.hex()
        self._connection.rpc.batch([Request("eth_sendRawTransaction", (raw,))])

    def _refused(self, attempt: Attempt, error: RpcError) -> Sent:
        try:
            if self._connection.rpc.call("eth_getTransactionByHash", "0x" + attempt.hash.hex()):
                return Sent.TAKEN  # its answer was lost, and the transport sent it again
        except ConsentryError:  # a refusal as well: it does not say whether the node has it
            return Sent.UNKNOWN
        if error.others_asked or any(words in error.message.lower() for words in _KNOWN_WORDS):
            return Sent.UNKNOWN
        if any(words in error.message.lower() for words in _USED_WORDS):
            return Sent.USED
        raise self._connection.reverts.reverted(error) or error from None

    def _signed(self, call: Call, nonce: int, block: Mapping[str, Any], offer: Mapping[str, Any]) -> Attempt:
        fields: dict[str, Any] = {
            "chainId": self._connection.deployment.chain_id,
            "nonce": nonce,
            "to": bytes.fromhex(call.to[2:]),
            "value": 0,
            "data": call.data,
            "gas": call.gas,
            **offer,
        }
        signed = self._account.sign_transaction(fields)
        return Attempt(
            bytes(signed.hash), bytes(signed.raw_transaction), most_of(offer), quantity(block["number"])
        )
