"""Sealed values to open (specification L-7). Sealing is random, so the file is made once and kept."""

from __future__ import annotations

from typing import Any

from consentry.crypto import hpke
from consentry.domain import fields, infos
from tests.vectors.samples import CHAIN_ID, filler

HEX = fields.to_hex
B64 = fields.to_base64


def hpke_values() -> dict[str, Any]:
    seed = filler("x-wing seed")
    public = hpke.public_key(seed)
    plaintexts = {
        "share": (
            filler("share", 33),
            infos.record_share_info(CHAIN_ID, 1, filler("record"), filler("header hash")),
        ),
        "released": (filler("share", 33), infos.released_info(filler("request digest"), filler("record"), 2)),
        "copy": (filler("record key"), infos.copy_info(filler("record"))),
        "entry": (filler("entry", 4096), infos.entry_info(CHAIN_ID, filler("tag"))),
        "empty": (b"", b""),
    }
    opened = [
        {"info": HEX(info), "plaintext": B64(plain), "sealed": B64(hpke.seal(public, info, plain))}
        for plain, info in plaintexts.values()
    ]
    sealed = fields.base64_bytes(opened[0]["sealed"], "sealed", 1169)
    info = opened[0]["info"]

    def flipped(at: int) -> str:
        return B64(sealed[:at] + bytes((sealed[at] ^ 1,)) + sealed[at + 1 :])

    refused = [
        {"why": "another info", "info": opened[1]["info"], "sealed": opened[0]["sealed"]},
        {"why": "byte of ML-KEM's ciphertext flipped", "info": info, "sealed": flipped(0)},
        {"why": "byte of the X25519 key flipped", "info": info, "sealed": flipped(1100)},
        {"why": "byte of the ciphertext flipped", "info": info, "sealed": flipped(1125)},
        {"why": "byte of the tag flipped", "info": info, "sealed": flipped(1168)},
        {"why": "cut", "info": info, "sealed": B64(sealed[:-1])},
        {"why": "shorter than enc", "info": info, "sealed": B64(sealed[:1000])},
        {"why": "empty", "info": info, "sealed": ""},
    ]
    return {
        "about": "L-7. `seed` is an X-Wing private key; `sealed` (base64) opens to `plaintext` under `info` (hex).",
        "seed": HEX(seed),
        "publicKey": B64(public),
        "opened": opened,
        "refused": refused,
    }
