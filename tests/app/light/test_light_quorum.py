"""BFT validators sign by a quorum. Synthetic blocks, signed by the tests' keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
import rlp
from eth_keys.datatypes import PrivateKey

from consentry.domain.canonical import keccak
from consentry.errors import ChainUnproven
from consentry.light.istanbul import Istanbul
from consentry.light.qbft import Qbft
from consentry.light.trust import Trust
from tests.app.light.sealers import KEYS, STRANGER, account, block, hex_of, qbft_block, seal

A, B, C, D = KEYS


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
    own = seal(STRANGER, keccak(bare.hash))
    proposed = engine.header(raw | {"extraData": extra([STRANGER], own, [])})
    seals = [seal(key, keccak(proposed.hash, b"\x02")) for key in KEYS]
    with pytest.raises(ChainUnproven, match="proposed by somebody"):
        engine.next(first, engine.header(raw | {"extraData": extra([STRANGER], own, seals)}))
    with pytest.raises(ChainUnproven, match="the checkpoint must"):
        engine.first(replace(proposed, number=1))
