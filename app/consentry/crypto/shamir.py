"""Shamir's secret sharing over GF(2⁸), as HashiCorp Vault and npm `shamir-secret-sharing` write it (L-10,
S-4).

Our own because the libraries at hand need 20 ms to combine; tests check it against two of them in both
directions, and the field arithmetic exhaustively. Look-ups depend on secret bytes, so a process that shares
its caches with an attacker's should not split or combine: keepers, authors and readers run this on machines
that they trust with the key anyway.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import cache

from consentry.domain import fields

POLYNOMIAL = 0x11B
SECRET_BYTES = 32
MAX_SHARES = 255
MIN_THRESHOLD = 2


def _tables() -> tuple[bytes, bytes]:
    exp, log, value = bytearray(510), bytearray(256), 1
    for power in range(255):
        exp[power] = exp[power + 255] = value
        log[value] = power
        double = value << 1
        value ^= double ^ (POLYNOMIAL if double & 0x100 else 0)  # times the generator 3
    return bytes(exp), bytes(log)


_EXP, _LOG = _tables()


def multiply(a: int, b: int) -> int:
    """Product in the field."""
    return _EXP[_LOG[a] + _LOG[b]] if a and b else 0


def divide(a: int, b: int) -> int:
    """Quotient in the field; ZeroDivisionError for b = 0."""
    if not b:
        raise ZeroDivisionError("division by zero in GF(256)")
    return _EXP[_LOG[a] - _LOG[b] + 255] if a else 0


def split(secret: bytes, n: int, t: int) -> list[bytes]:
    """`n` shares of 33 bytes, any `t` of which give the 32-byte secret.

    Raises LayoutInvalid for other sizes.
    """
    fields.raw_bytes(secret, "secret", SECRET_BYTES)
    fields.integer(n, "shares", MIN_THRESHOLD, MAX_SHARES)
    fields.integer(t, "threshold", MIN_THRESHOLD, n)
    places = secrets.SystemRandom().sample(range(1, 256), n)
    return shares_at(places, [secret, *(secrets.token_bytes(SECRET_BYTES) for _ in range(t - 1))])


def shares_at(places: Sequence[int], coefficients: Sequence[bytes]) -> list[bytes]:
    """The shares at given x; `coefficients` of the 32 polynomials by rising power, the secret first."""
    shares = []
    for x in places:
        y = bytes(SECRET_BYTES)
        for coefficient in reversed(coefficients):
            y = _xor(y.translate(_times(x)), coefficient)
        shares.append(y + bytes((x,)))
    return shares


def combine(shares: Sequence[bytes]) -> bytes:
    """The secret of at least `t` shares; fewer give 32 bytes that mean nothing.

    Raises LayoutInvalid for bad shares.
    """
    if not MIN_THRESHOLD <= len(shares) <= MAX_SHARES:
        fields.refuse("shares", f"be {MIN_THRESHOLD} to {MAX_SHARES}")
    places = [fields.raw_bytes(share, "share", SECRET_BYTES + 1)[-1] for share in shares]
    if 0 in places or len(set(places)) != len(places):
        fields.refuse("shares", "have different places other than 0")
    secret = bytes(SECRET_BYTES)
    for share, x in zip(shares, places, strict=True):
        weight = 1
        for other in places:
            if other != x:
                weight = multiply(weight, divide(other, other ^ x))
        secret = _xor(secret, share[:-1].translate(_times(weight)))
    return secret


@cache
def _times(factor: int) -> bytes:
    """The table of multiplication by one factor, for bytes.translate."""
    return bytes(multiply(factor, value) for value in range(256))


def _xor(a: bytes, b: bytes) -> bytes:
    return (int.from_bytes(a, "big") ^ int.from_bytes(b, "big")).to_bytes(len(a), "big")
