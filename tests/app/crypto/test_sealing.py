"""From a record key to keepers' shares and back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consentry.crypto import envelope, hpke, sealing
from consentry.errors import (
    KeepersInsufficient,
    KeyCommitmentMismatch,
    LayoutInvalid,
    SealInvalid,
    ShareInvalid,
)
from tests.app.crypto.committee import committee, keys
from tests.vectors import samples
from tests.vectors.samples import CHAIN_ID, filler

RECORD, HASH, KEY = filler("record"), filler("header hash"), filler("record key")
COMMITMENT = envelope.derive(KEY, RECORD).commitment
SEALED = sealing.seal_record_key(KEY, RECORD, HASH, committee(), CHAIN_ID)


def opened(
    seat: int, record_id: bytes = RECORD, header_hash: bytes = HASH, chain_id: int = CHAIN_ID
) -> bytes:
    return sealing.open_record_share(
        keys()[seat].seed,
        SEALED.shares[seat],
        sealing=SEALED.sealing,
        seat=seat,
        record_id=record_id,
        header_hash=header_hash,
        chain_id=chain_id,
    )


SHARES = {seat: opened(seat) for seat in range(5)}


def combined(shares: dict[int, bytes]) -> bytes:
    return sealing.combine_record_key(SEALED.sealing, RECORD, shares, COMMITMENT)


def test_any_three_keepers_open_the_key() -> None:
    """S-1, L-8."""
    assert len(SEALED.shares) == len(SEALED.sealing.share_hashes) == 5
    assert (SEALED.sealing.committee_version, SEALED.sealing.threshold) == (4, 3)
    assert {len(share) for share in SEALED.shares} == {1169}
    for seats in ((0, 1, 2), (4, 2, 0), (1, 3, 4), (0, 1, 2, 3, 4)):
        assert combined({seat: SHARES[seat] for seat in seats}) == KEY


def test_two_keepers_do_not() -> None:
    """S-1."""
    with pytest.raises(KeepersInsufficient, match="2 shares of 3"):
        combined({0: SHARES[0], 4: SHARES[4]})


def test_a_lying_share_is_named_and_left_out_while_enough_are_honest() -> None:
    """S-1."""
    lie = bytes(33)
    assert combined({**SHARES, 1: lie, 2: SHARES[3]}) == KEY
    with pytest.raises(ShareInvalid, match="seats 1, 2") as refused:
        combined({0: SHARES[0], 1: lie, 2: SHARES[3], 3: SHARES[3]})
    assert refused.value.expression == ("seat 1", "seat 2")
    good, lying = sealing.sort_shares(SEALED.sealing, RECORD, {0: SHARES[0], 1: lie, 9: lie})
    assert (good, lying) == ({0: SHARES[0]}, (1, 9))


def test_a_lying_author_is_found_before_anything_is_decrypted() -> None:
    """S-2."""
    with pytest.raises(KeyCommitmentMismatch):
        sealing.combine_record_key(SEALED.sealing, RECORD, SHARES, filler("another commitment"))


def test_a_sealed_share_opens_only_in_its_own_context() -> None:
    """K-4, L-8."""
    with pytest.raises(SealInvalid):
        opened(0, record_id=filler("another record"))
    with pytest.raises(SealInvalid):
        opened(0, header_hash=filler("another header"))
    with pytest.raises(SealInvalid):
        opened(0, chain_id=1)


def test_a_sealed_share_that_does_not_match_its_hash_is_not_opened() -> None:
    """K-4: the author sealed something else to this keeper."""
    hashes = (filler("x"), *SEALED.sealing.share_hashes[1:])
    with pytest.raises(ShareInvalid, match="seat 0"):
        sealing.open_record_share(
            keys()[0].seed,
            SEALED.shares[0],
            sealing=replace(SEALED.sealing, share_hashes=hashes),
            seat=0,
            record_id=RECORD,
            header_hash=HASH,
            chain_id=CHAIN_ID,
        )


def test_shares_go_to_their_seats_in_whatever_order_the_committee_is_listed() -> None:
    """L-3, L-8."""
    listed = committee()
    turned = replace(listed, keepers=listed.keepers[::-1])
    sealed = sealing.seal_record_key(KEY, RECORD, HASH, turned, CHAIN_ID)
    for seat in range(5):
        sealing.open_record_share(
            keys()[seat].seed,
            sealed.shares[seat],
            sealing=sealed.sealing,
            seat=seat,
            record_id=RECORD,
            header_hash=HASH,
            chain_id=CHAIN_ID,
        )


def test_a_released_share_opens_for_its_request_only() -> None:
    """L-20."""
    reader = hpke.KeyPair.generate()
    digest, other = filler("request"), filler("another request")
    sealed = sealing.seal_released(reader.public, digest, RECORD, 2, SHARES[2])
    assert sealing.open_released(reader.seed, digest, RECORD, 2, sealed) == SHARES[2]
    for wrong in ((other, RECORD, 2), (digest, other, 2), (digest, RECORD, 3)):
        with pytest.raises(SealInvalid):
            sealing.open_released(reader.seed, *wrong, sealed)


def test_the_authors_copy_opens_with_the_copy_key() -> None:
    """L-15."""
    own = hpke.KeyPair.generate()
    sealed = sealing.seal_copy(own.public, RECORD, KEY)
    assert len(sealed) == 1168
    assert sealing.open_copy(own.seed, RECORD, sealed) == KEY
    with pytest.raises(SealInvalid):
        sealing.open_copy(own.seed, filler("another record"), sealed)


@pytest.mark.parametrize("public", [b"", bytes(1215), bytes(1216), b"\xff" * 1216])
def test_seal_refuses_what_is_no_key(public: bytes) -> None:
    """L-7."""
    with pytest.raises(LayoutInvalid):
        hpke.check_public_key(public)
    with pytest.raises(LayoutInvalid):
        hpke.seal(public, b"", b"")


@pytest.mark.parametrize("point", [bytes(32), b"\x01" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f"])
def test_seal_refuses_a_degenerate_point_beside_a_good_key(point: bytes) -> None:
    """L-7: who asks hears it before any work, as whoever seals would."""
    own = hpke.KeyPair.generate()
    hpke.check_public_key(own.public)
    for act in (hpke.check_public_key, lambda public: hpke.seal(public, b"", b"")):
        with pytest.raises(LayoutInvalid, match="degenerate"):
            act(own.public[:-32] + point)


def test_an_opener_knows_its_public_key() -> None:
    """L-7."""
    own = hpke.KeyPair.generate()
    assert hpke.Opener(own.seed).public == own.public


def test_keys_are_not_shown() -> None:
    """P-1."""
    pair = hpke.KeyPair.generate()
    secret = samples.secret("laboratory")
    for shown in (repr(pair), repr(secret)):
        assert pair.seed.hex() not in shown and repr(secret.entry_seed) not in shown
