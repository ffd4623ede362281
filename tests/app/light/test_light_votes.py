"""Sealers take turns and vote on one another; BFT validators sign by a quorum. Synthetic chains, signed by the tests' keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
import rlp
from eth_keys.datatypes import PrivateKey

from consentry.domain.canonical import keccak
from consentry.errors import ChainUnproven
from consentry.light.clique import Clique
from consentry.light.istanbul import Istanbul
from consentry.light.qbft import Qbft
from consentry.light.trust import Trust
from tests.app.light.sealers import KEYS, STRANGER, account, block, clique_block, hex_of, qbft_block, seal

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


def qbft_chain(validators: Sequence[PrivateKey]) -> Trust:
    engine = Qbft()
    return engine.first(engine.header(qbft_block(block(0, bytes(32)), validators, [])))


@pytest.mark.parametrize(
    ("by", "believed"),
    [
        ([A, B, C], True),
        (KEYS, True),
        ([A, B], False),
        ([A, B, STRANGER], False),
        ([A, B, B], False),
        ([], False),
    ],
)
def test_a_quorum_of_different_validators_signs_a_qbft_block(by: list[PrivateKey], *, believed: bool) -> None:
    """H-58: three of four; the round is signed, and is not part of the block's hash."""
    trust, engine = qbft_chain(KEYS), Qbft()
    header = engine.header(qbft_block(block(1, trust.header.hash), KEYS, by, b"\x02"))
    assert header.hash == engine.header(qbft_block(block(1, trust.header.hash), KEYS, by)).hash
    if believed:
        assert engine.next(trust, header).validators == trust.validators
    else:
        with pytest.raises(ChainUnproven):
            engine.next(trust, header)


@pytest.mark.parametrize(
    ("named", "by", "believed"),
    [
        ([A, B, C, D, STRANGER], [A, B, C, D], True),
        ([A, B, C], [A, B, C], True),
        ([A, B, C, D, STRANGER], [A, B, STRANGER], False),
        ([A, B, STRANGER], [A, B, STRANGER], False),
        ([STRANGER], [STRANGER], False),
        ([A, B, C, STRANGER], [A, B, C, STRANGER], False),
    ],
)
def test_qbft_validators_change_one_at_a_time(
    named: list[PrivateKey], by: list[PrivateKey], *, believed: bool
) -> None:
    """H-58: by a quorum of those that are named."""
    trust, engine = qbft_chain(KEYS), Qbft()
    header = engine.header(qbft_block(block(1, trust.header.hash), named, by))
    if believed:
        assert set(engine.next(trust, header).validators) == {account(key) for key in named}
    else:
        with pytest.raises(ChainUnproven):
            engine.next(trust, header)


def test_whom_a_kaia_block_names_does_not_change_who_validates() -> None:
    """H-58: a proposer writes that list alone. A first block's list is the deployment's; a later one's is nobody's."""
    engine = Istanbul()
    zeros = {
        "reward": "0x" + "00" * 20,
        "governanceData": "0x",
        "voteData": "0x",
        "timestampFoS": "0x0",
        "blockScore": "0x1",
    }

    def extra(named: Sequence[PrivateKey], own: bytes, seals: list[bytes]) -> str:
        return hex_of(bytes(32) + rlp.encode([[account(key) for key in named], own, seals]))

    first = engine.first(
        engine.header(block(0, bytes(32)) | zeros | {"extraData": extra(KEYS, bytes(65), [])})
    )
    raw = block(1, first.header.hash) | zeros
    del raw["mixHash"]
    bare = engine.header(raw | {"extraData": extra([STRANGER], b"", [])})
    own = seal(A, keccak(bare.hash))
    proposed = engine.header(raw | {"extraData": extra([STRANGER], own, [])})
    for by, believed in (([A, B, D], True), ([A, B], False), ([A, B, STRANGER], False)):
        seals = [seal(key, keccak(proposed.hash, b"\x02")) for key in by]
        header = engine.header(raw | {"extraData": extra([STRANGER], own, seals)})
        assert header.hash == proposed.hash
        if believed:
            assert engine.next(first, header).validators == first.validators
        else:
            with pytest.raises(ChainUnproven):
                engine.next(first, header)
    with pytest.raises(ChainUnproven, match="the checkpoint must"):
        engine.first(replace(proposed, number=1))
