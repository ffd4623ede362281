"""Clique sealers take turns and vote on one another. Synthetic chains, signed by the tests' keys."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import rlp
from eth_keys.datatypes import PrivateKey

from consentry.domain.canonical import keccak
from consentry.errors import ChainUnproven
from consentry.light.clique import Clique
from tests.app.light.sealers import KEYS, STRANGER, account, block, clique_block, hex_of, seal

A, B, C, D = KEYS
ADMITS = "0x" + "ff" * 8


class CliqueChain:
    """A chain that grows by what a test wants sealed."""

    def __init__(self, sealers: Sequence[PrivateKey], epoch: int = 30_000) -> None:
        self.engine = Clique(epoch)
        self.trust = self.engine.first(self.engine.header(clique_block(block(0, bytes(32)), sealers, A)))

    @property
    def sealers(self) -> list[PrivateKey]:
        return [key for key in (*KEYS, STRANGER) if account(key) in self.trust.validators]

    def seal(self, by: PrivateKey, *, about: PrivateKey | None = None, admits: bool = True) -> None:
        header = self.trust.header
        vote = (
            {}
            if about is None
            else {"miner": hex_of(account(about)), "nonce": ADMITS if admits else "0x" + "00" * 8}
        )
        raw = clique_block(block(header.number + 1, header.hash, **vote), self.sealers, by)
        self.trust = self.engine.next(self.trust, self.engine.header(raw))


def test_sealers_take_turns_and_nobody_seals_twice_in_a_majority() -> None:
    """H-57: of four, nobody may have sealed one of the last two."""
    chain = CliqueChain(KEYS)
    for by in (B, C, D, A, B, D):
        chain.seal(by)
    for by in (B, D, STRANGER):
        with pytest.raises(ChainUnproven):
            chain.seal(by)
    chain.seal(A)
    assert chain.trust.header.number == 7


def test_a_majority_of_votes_admits_and_drops_a_sealer() -> None:
    """H-57, EIP-225: more than half; who was dropped does not seal, and has no votes left."""
    chain = CliqueChain([A, B, C])
    chain.seal(B, about=STRANGER)
    assert account(STRANGER) not in chain.trust.validators and len(chain.trust.votes) == 1
    chain.seal(C, about=STRANGER)
    assert account(STRANGER) in chain.trust.validators and not chain.trust.votes
    chain.seal(STRANGER)
    chain.seal(A, about=STRANGER, admits=False)
    chain.seal(B, about=STRANGER, admits=False)
    assert account(STRANGER) in chain.trust.validators  # two of four are not more than half
    chain.seal(C, about=STRANGER, admits=False)
    assert account(STRANGER) not in chain.trust.validators
    with pytest.raises(ChainUnproven, match="no sealer"):
        chain.seal(STRANGER)


def test_a_vote_that_is_taken_back_or_of_no_use_does_not_count() -> None:
    """H-57, EIP-225."""
    chain = CliqueChain([A, B, C, D])
    chain.seal(B, about=STRANGER)
    chain.seal(C, about=A)  # is one already
    chain.seal(D, about=STRANGER)
    chain.seal(A)
    chain.seal(B, about=STRANGER, admits=False)
    assert [vote.sealer for vote in chain.trust.votes] == [account(D)]
    chain.seal(C, about=STRANGER)
    assert account(STRANGER) not in chain.trust.validators


def test_votes_of_a_sealer_who_was_dropped_do_not_count() -> None:
    """H-57, EIP-225: neither for others nor afterwards."""
    chain = CliqueChain(KEYS)
    chain.seal(B, about=STRANGER)
    chain.seal(C, about=B, admits=False)
    chain.seal(D, about=B, admits=False)
    chain.seal(A, about=B, admits=False)
    assert account(B) not in chain.trust.validators and not chain.trust.votes


def test_a_turn_that_the_sealer_does_not_have_is_refused() -> None:
    """H-57: which of two chains is the heavier one follows from it."""
    chain = CliqueChain(KEYS)
    for by, turn in ((B, "0x1"), (C, "0x2"), (B, "0x3")):
        raw = clique_block(block(1, chain.trust.header.hash), KEYS, by, turn)
        with pytest.raises(ChainUnproven, match="another turn"):
            chain.engine.next(chain.trust, chain.engine.header(raw))


def test_votes_begin_anew_with_an_epoch_whose_block_names_the_sealers() -> None:
    """H-57, EIP-225: and nobody else."""
    chain = CliqueChain([A, B, C], epoch=3)
    chain.seal(B, about=STRANGER)
    chain.seal(C)
    header = chain.trust.header
    for named, by in (([A, B, STRANGER], A), ([A, B, C], A)):
        inside = b"".join(sorted(account(key) for key in named))
        plain = block(3, header.hash, difficulty="0x2", extraData=hex_of(bytes(32) + inside))
        unsealed = chain.engine.header(plain).fields
        raw = plain | {"extraData": hex_of(bytes(32) + inside + seal(by, keccak(rlp.encode(unsealed))))}
        if STRANGER in named:
            with pytest.raises(ChainUnproven, match="names other sealers"):
                chain.engine.next(chain.trust, chain.engine.header(raw))
        else:
            assert not chain.engine.next(chain.trust, chain.engine.header(raw)).votes
