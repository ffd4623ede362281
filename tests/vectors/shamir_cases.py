"""Vectors of Shamir's shares (specification L-10)."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from consentry.crypto import shamir
from consentry.domain import fields
from tests.vectors.samples import filler

HEX = fields.to_hex

# Written once by npm shamir-secret-sharing 0.0.4 (three of five).
FROM_NPM = {
    "secret": "0x6988fc59b0b0e66bfdb93f4161e5ff2f3012f575f9cc8755ae57fc6bac94fc87",
    "threshold": 3,
    "shares": [
        "0x24afe823d8a07a4c957dcaacf729c212647b531495d0536dbc64c24e6111059317",
        "0xb9fd6c0fb5b9a2c3c3898191f0d0a3f1c888fe1801cb72f34f19b23d45bca31782",
        "0x3406026139ec2242b94ce9b4be084643cd2f77dc6d89db955001c84e5aa3467973",
        "0xc757066482f209f9940cd80934c90a6ee4d5b9ffd1b44235ff899d9394e63d7d6e",
        "0xcc6695867c155c4cbd4c34877afdcb13a19776deb4bf341daf1abddf48b243ee1c",
    ],
}


def shamir_shares() -> dict[str, Any]:
    cases = []
    for places, threshold in (([1, 2], 2), ([7, 255, 3, 128, 90], 3), (list(range(240, 256)), 16)):
        secret = filler(f"shamir {threshold}")
        coefficients = [secret, *(filler(f"coefficient {threshold} {i}") for i in range(threshold - 1))]
        shares = shamir.shares_at(places, coefficients)
        subsets = list(combinations(range(len(places)), threshold))[:10]
        cases.append(
            {
                "secret": HEX(secret),
                "threshold": threshold,
                "coefficients": [HEX(one) for one in coefficients],
                "shares": [HEX(share) for share in shares],
                "subsets": [list(subset) for subset in subsets],
            }
        )
    share = filler("share", 32)
    return {
        "about": "L-10. Shares (y, then x) of the secret; every subset of `threshold` shares gives it back.",
        "cases": cases,
        "fromNpm": FROM_NPM,
        "refused": [
            {"why": "one share", "shares": [HEX(share + b"\1")]},
            {"why": "the same place twice", "shares": [HEX(share + b"\1"), HEX(filler("other") + b"\1")]},
            {"why": "place 0", "shares": [HEX(share + b"\1"), HEX(share + b"\0")]},
            {"why": "32 bytes", "shares": [HEX(share + b"\1"), HEX(share)]},
        ],
    }
