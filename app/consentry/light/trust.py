"""What is known to be true of a chain at one block, and how it grows by a header (the Engine)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from eth_keys.datatypes import Signature
from eth_keys.exceptions import BadSignature
from eth_utils.exceptions import ValidationError

from consentry.errors import ChainStale, ChainUnproven
from consentry.light.answers import value_of
from consentry.light.headers import Header
from consentry.light.receipts import Form

SEAL_BYTES = 65
ADDRESS_BYTES = 20


@dataclass(frozen=True)
class Vote:
    """A sealer's wish that an account seal too, or no longer (EIP-225)."""

    sealer: bytes
    account: bytes
    admits: bool


@dataclass(frozen=True)
class Trust:
    """A header that is believed, and who signs the next one: accounts (20 bytes) in order.

    `recent`: (block, sealer) of those who wait for their turn, and `votes` not counted yet, both of Clique alone.
    """

    header: Header
    validators: tuple[bytes, ...]
    recent: tuple[tuple[int, bytes], ...] = ()
    votes: tuple[Vote, ...] = ()


@dataclass(frozen=True)
class Account:
    """Of a contract or person: 32 bytes each, a balance in wei, and how many transactions it sent."""

    storage_root: bytes
    code_hash: bytes
    balance: int = 0
    nonce: int = 0


class Engine(Protocol):
    """How one kind of chain makes headers, signs them and writes accounts."""

    @property
    def method(self) -> str:
        """The JSON-RPC method that gives a header whole, asked with a block's number and False."""

    @property
    def receipts(self) -> Form:
        """How its blocks hold receipts and transactions."""

    def header(self, raw: Any) -> Header:
        """The header in a node's answer, with its hash. Raises ChainStale for none, ChainUnproven for what is no header."""

    def first(self, header: Header) -> Trust:
        """What a first block that is believed says of its validators. Raises ChainUnproven."""

    def next(self, trust: Trust, header: Header) -> Trust:
        """What is known after the header, whose parent is the trusted one. Raises ChainUnproven unless signed as it must be."""

    def least_depth(self, validators: int) -> int:
        """So many blocks must follow one of so many validators before it can count as final."""

    def account(self, leaf: bytes) -> Account:
        """The account in a leaf of the state trie. Raises ChainUnproven."""


def header_of_known(engine: Engine, number: int, result: Any) -> Header:
    """The header in an answer about a block that a later one proves to be there: whoever has not got it withholds it. Raises
    ChainUnproven."""
    try:
        return engine.header(value_of(result))
    except ChainStale:
        raise ChainUnproven(f"block {number} is withheld, which a later block names") from None


def signer(digest: bytes, seal: bytes) -> bytes:
    """The account (20 bytes) whose key signed. Raises ChainUnproven for what is no signature."""
    try:
        return Signature(seal).recover_public_key_from_msg_hash(digest).to_canonical_address()
    except (BadSignature, ValidationError):
        raise ChainUnproven("a seal is no signature") from None


def committed(validators: tuple[bytes, ...], digest: bytes, seals: list[bytes], needed: int) -> None:
    """Raise ChainUnproven unless so many different validators signed, and nobody else did."""
    signers = [signer(digest, seal) for seal in seals]
    if len(set(signers)) != len(signers):
        raise ChainUnproven("a validator's seal is counted twice")
    if not set(signers) <= set(validators):
        raise ChainUnproven("a seal is not a validator's")
    if len(signers) < needed:
        raise ChainUnproven(f"{len(signers)} of {len(validators)} validators signed, {needed} are needed")


def accounts(value: Any, what: str) -> tuple[bytes, ...]:
    """Validators in extra data: each once. Raises ChainUnproven."""
    if not isinstance(value, list) or not value:
        raise ChainUnproven(f"{what} names no validators")
    if any(not isinstance(one, bytes) or len(one) != ADDRESS_BYTES for one in value):
        raise ChainUnproven(f"{what} names validators that are no accounts")
    if len(set(value)) != len(value):
        raise ChainUnproven(f"{what} names a validator twice")
    return tuple(value)


def seals_in(value: Any) -> list[bytes]:
    """Committed seals. Raises ChainUnproven unless a list of bytes."""
    if not isinstance(value, list) or any(not isinstance(one, bytes) for one in value):
        raise ChainUnproven("committed seals are no list of signatures")
    return value
