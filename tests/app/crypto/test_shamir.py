"""Our Shamir against its definition and against two libraries."""

from __future__ import annotations

from itertools import combinations

import pyshamir
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consentry.crypto import shamir
from consentry.errors import LayoutInvalid
from tests.vectors.files import load


def product(a: int, b: int) -> int:
    """Multiplication in GF(2⁸) from its definition: shift, add, reduce."""
    result = 0
    while b:
        if b & 1:
            result ^= a
        a, b = a << 1, b >> 1
        if a & 0x100:
            a ^= shamir.POLYNOMIAL
    return result


def test_multiply_and_divide_equal_the_definition_for_every_pair() -> None:
    """S-4: exhaustive."""
    for a in range(256):
        for b in range(256):
            assert shamir.multiply(a, b) == product(a, b)
            if b:
                assert product(shamir.divide(a, b), b) == a


def test_divide_raises_when_the_divisor_is_zero() -> None:
    """S-4."""
    with pytest.raises(ZeroDivisionError):
        shamir.divide(1, 0)


@pytest.mark.parametrize(("n", "t"), [(2, 2), (3, 2), (5, 3), (6, 6)])
def test_split_gives_the_secret_from_every_threshold_of_shares(n: int, t: int) -> None:
    """S-1, L-10: and from more than the threshold, in any order."""
    secret = bytes(range(32))
    shares = shamir.split(secret, n, t)
    assert len({share[-1] for share in shares}) == n
    assert all(len(share) == 33 and share[-1] for share in shares)
    for chosen in combinations(shares, t):
        assert shamir.combine(chosen[::-1]) == secret
    assert shamir.combine(shares) == secret
    if t > 2:
        assert shamir.combine(shares[: t - 1]) != secret


def test_one_share_of_two_says_nothing_about_the_secret() -> None:
    """S-1: for every secret byte exactly one polynomial goes through the share that is seen, so all are equally likely."""
    seen, place = 0x5A, 7
    for secret in range(256):
        through = [
            slope
            for slope in range(256)
            if shamir.shares_at([place], [bytes((secret,)) * 32, bytes((slope,)) * 32])[0][0] == seen
        ]
        assert len(through) == 1


@given(secret=st.binary(min_size=32, max_size=32), n=st.integers(2, 9), data=st.data())
@settings(max_examples=40, deadline=None)
def test_pyshamir_combines_what_we_split(secret: bytes, n: int, data: st.DataObject) -> None:
    """S-4."""
    t = data.draw(st.integers(2, n))
    shares = shamir.split(secret, n, t)
    assert pyshamir.combine([bytearray(share) for share in shares[-t:]]) == secret


@given(secret=st.binary(min_size=32, max_size=32), n=st.integers(2, 9), data=st.data())
@settings(max_examples=40, deadline=None)
def test_combine_reads_what_pyshamir_splits(secret: bytes, n: int, data: st.DataObject) -> None:
    """S-4."""
    t = data.draw(st.integers(2, n))
    shares = [bytes(share) for share in pyshamir.split(secret, n, t)]
    assert shamir.combine(shares[:t]) == secret


def test_combine_reads_what_npm_splits() -> None:
    """S-4: shares written by npm `shamir-secret-sharing`; TypeScript tests run the other direction."""
    case = load("shamir")["fromNpm"]
    shares = [bytes.fromhex(share[2:]) for share in case["shares"]]
    for chosen in combinations(shares, case["threshold"]):
        assert shamir.combine(chosen).hex() == case["secret"][2:]


@pytest.mark.parametrize(("size", "n", "t"), [(31, 3, 2), (32, 1, 1), (32, 3, 1), (32, 3, 4), (32, 256, 2)])
def test_split_refuses_sizes_outside_the_layout(size: int, n: int, t: int) -> None:
    """L-10."""
    with pytest.raises(LayoutInvalid):
        shamir.split(bytes(size), n, t)
