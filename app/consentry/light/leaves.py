"""Accounts as the state trie holds them."""

from __future__ import annotations

from typing import Any

import rlp

from consentry.domain.canonical import keccak
from consentry.errors import ChainUnproven
from consentry.light.headers import decoded
from consentry.light.trust import Account

EMPTY_ROOT = keccak(rlp.encode(b""))
EMPTY_CODE = keccak(b"")
NOBODY = Account(EMPTY_ROOT, EMPTY_CODE)
_KAIA_PERSON, _KAIA_CONTRACT = b"\x01", b"\x02"


def ethereum(leaf: bytes) -> Account:
    """[nonce, balance, storage root, code hash] (Yellow Paper 4.1). Raises ChainUnproven."""
    items = decoded(leaf, "an account")
    return _account(items, items[2:4], items[:2] if len(items) == 4 else [])


def kaia(leaf: bytes) -> Account:
    """A byte for the type, then of a contract [[nonce, balance, …], storage root, code hash, code's version].

    As kaia v1.0.3 writes it (blockchain/types/account). Raises ChainUnproven.
    """
    items = decoded(leaf[1:], "an account")
    if leaf[:1] == _KAIA_PERSON:
        return _account(items, [EMPTY_ROOT, EMPTY_CODE], items[:2])
    if leaf[:1] != _KAIA_CONTRACT:
        raise ChainUnproven("an account is of a type that is not known here")
    common = items[0] if items and isinstance(items[0], list) else []
    return _account(items, items[1:3], common[:2])


def _account(items: list[Any], roots: list[Any], owns: list[Any]) -> Account:
    """`owns`: nonce and balance."""
    shaped = len(roots) == 2 and all(isinstance(one, bytes) and len(one) == 32 for one in roots)
    if len(items) < 4 or not shaped or len(owns) != 2 or not all(isinstance(one, bytes) for one in owns):
        raise ChainUnproven("an account is not written as it should be")
    return Account(roots[0], roots[1], *(int.from_bytes(one, "big") for one in reversed(owns)))
