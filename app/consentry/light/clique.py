"""Clique headers (EIP-225): one sealer's signature each, sealers who take turns, and votes on who they are.

As geth v1.13.15 checks them (consensus/clique). A block alone proves one signature only: so many must follow before it is final.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import rlp

from consentry.domain.canonical import keccak
from consentry.errors import ChainUnproven
from consentry.light import leaves
from consentry.light.headers import EXTRA_AT, Header, ethereum_fields, ethereum_header
from consentry.light.receipts import ETHEREUM, Form
from consentry.light.trust import ADDRESS_BYTES, SEAL_BYTES, Account, Trust, Vote, accounts, signer

VANITY_BYTES = 32
_COINBASE_AT, _NONCE_AT, _MIX_AT = 2, 14, 13
_ADMITS, _DROPS = b"\xff" * 8, bytes(8)
_IN_TURN, _NOT_IN_TURN = 2, 1


@dataclass(frozen=True)
class Clique:
    """`epoch`: after so many blocks the header names all sealers, and votes begin anew."""

    epoch: int = 30_000
    method: ClassVar[str] = "eth_getBlockByNumber"
    receipts: ClassVar[Form] = ETHEREUM

    def header(self, raw: Any) -> Header:
        fields = ethereum_fields(raw)
        return ethereum_header(fields, keccak(rlp.encode(fields)))

    def first(self, header: Header) -> Trust:
        """Of a first block or a block that ends an epoch: others name nobody."""
        if header.number % self.epoch != 0:
            raise ChainUnproven(
                f"block {header.number} does not say who seals: take a multiple of {self.epoch}"
            )
        return Trust(header, _named(header))

    def next(self, trust: Trust, header: Header) -> Trust:
        sealer = self._sealer(trust, header)
        ends_epoch = header.number % self.epoch == 0
        if ends_epoch and _named(header) != tuple(sorted(trust.validators)):
            raise ChainUnproven(f"block {header.number} names other sealers than were voted for")
        waits = (*trust.recent, (header.number, sealer))
        # the votes of an epoch end with it; its last block casts none (geth refuses one)
        grown = replace(trust, header=header, recent=waits, votes=() if ends_epoch else trust.votes)
        voted = grown if ends_epoch else _voted(grown, sealer, header)
        since = header.number - _limit(voted) + 1
        return replace(voted, recent=tuple(one for one in voted.recent if one[0] > since))

    def least_depth(self, validators: int) -> int:
        """A majority has built on it then."""
        return validators // 2 + 1

    def account(self, leaf: bytes) -> Account:
        return leaves.ethereum(leaf)

    def _sealer(self, trust: Trust, header: Header) -> bytes:
        """Who sealed it, and was allowed to."""
        _require_shape(header, self.epoch)
        unsealed = list(header.fields)
        unsealed[EXTRA_AT] = header.extra[:-SEAL_BYTES]
        sealer = signer(keccak(rlp.encode(unsealed)), header.extra[-SEAL_BYTES:])
        sealers = sorted(trust.validators)
        if sealer not in sealers:
            raise ChainUnproven(f"block {header.number} is sealed by somebody who is no sealer")
        if any(one == sealer for _, one in trust.recent):
            raise ChainUnproven(f"block {header.number} is sealed by somebody whose turn it is not yet")
        in_turn = header.number % len(sealers) == sealers.index(sealer)
        if header.difficulty != (_IN_TURN if in_turn else _NOT_IN_TURN):
            raise ChainUnproven(f"block {header.number} claims another turn than its sealer has")
        return sealer


def _limit(trust: Trust) -> int:
    """A sealer seals one of so many blocks at most."""
    return len(trust.validators) // 2 + 1


def _require_shape(header: Header, epoch: int) -> None:
    named = len(header.extra) - VANITY_BYTES - SEAL_BYTES
    if named < 0 or (named != 0 and header.number % epoch != 0):
        raise ChainUnproven(f"block {header.number} is not written as a sealer writes it")
    votes = header.fields[_NONCE_AT] in ((_DROPS,) if header.number % epoch == 0 else (_ADMITS, _DROPS))
    if not votes or any(header.fields[_MIX_AT]):
        raise ChainUnproven(f"block {header.number} is not written as a sealer writes it")


def _named(header: Header) -> tuple[bytes, ...]:
    inside = header.extra[VANITY_BYTES:-SEAL_BYTES]
    if len(header.extra) < VANITY_BYTES + SEAL_BYTES or len(inside) % ADDRESS_BYTES:
        raise ChainUnproven(f"block {header.number} does not say who seals")
    named = [inside[at : at + ADDRESS_BYTES] for at in range(0, len(inside), ADDRESS_BYTES)]
    return accounts(named, f"block {header.number}")


def _voted(trust: Trust, sealer: bytes, header: Header) -> Trust:
    """The header's vote counted: more than half of the sealers decide. A vote that would change nothing isn't one, but takes
    back what the same sealer said of the same account before."""
    account, admits = header.fields[_COINBASE_AT], header.fields[_NONCE_AT] == _ADMITS
    votes = [one for one in trust.votes if (one.sealer, one.account) != (sealer, account)]
    if (account not in trust.validators) is admits:
        votes.append(Vote(sealer, account, admits))
    wanted = [one for one in votes if one.account == account]
    if len(wanted) <= len(trust.validators) // 2:
        return replace(trust, votes=tuple(votes))
    # they agree: votes about an account begin anew whenever it comes or goes
    if wanted[0].admits:
        rest = tuple(one for one in votes if one.account != account)
        return replace(trust, validators=tuple(sorted((*trust.validators, account))), votes=rest)
    left = tuple(one for one in trust.validators if one != account)
    if not left:
        raise ChainUnproven(f"block {header.number} leaves nobody who seals")
    rest = tuple(one for one in votes if account not in (one.account, one.sealer))
    return replace(trust, validators=left, votes=rest)
