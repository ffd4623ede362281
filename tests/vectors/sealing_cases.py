"""Vectors of keys, envelopes and channels (specification L-3, L-6, L-8, L-9, L-11 to L-15, L-20, L-21)."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from consentry.crypto import directory_keys, envelope
from consentry.domain import fields, infos
from consentry.domain.headers import SUITE, share_hash
from consentry.domain.tags import tag
from tests.vectors import samples
from tests.vectors.samples import ALICE, CHAIN_ID, MERCY, filler

HEX = fields.to_hex
B64 = fields.to_base64


def sealing() -> dict[str, Any]:
    share = filler("share", 33)
    own = samples.secret("laboratory")
    record = {
        "chainId": CHAIN_ID,
        "committeeVersion": 7,
        "recordId": HEX(filler("record")),
        "headerHash": HEX(filler("header hash")),
    }
    seed = {
        "chainId": CHAIN_ID,
        "committeeVersion": 7,
        "patient": ALICE,
        "category": "laboratory",
        "version": 2,
        "channelKey": B64(own.channel_public),
        "entryKey": B64(own.entry_public),
        "seedCommitment": HEX(own.commitment),
    }
    return {
        "about": "L-3, L-8, L-9, L-15, L-20, L-21: share hashes, and the `info` of each kind of sealed value in hex.",
        "shareHashes": [
            {
                "salt": HEX(filler("record")),
                "seat": seat,
                "share": HEX(share),
                "hash": HEX(share_hash(filler("record"), seat, share)),
            }
            for seat in (0, 1, 15)
        ],
        "recordShare": record
        | {"info": HEX(infos.record_share_info(CHAIN_ID, 7, filler("record"), filler("header hash")))},
        "seedShare": seed
        | {
            "info": HEX(
                infos.seed_share_info(
                    CHAIN_ID, 7, ALICE, "laboratory", 2, own.channel_public, own.entry_public, own.commitment
                )
            )
        },
        "entry": {
            "chainId": CHAIN_ID,
            "tag": HEX(filler("tag")),
            "info": HEX(infos.entry_info(CHAIN_ID, filler("tag"))),
        },
        "copy": {"recordId": HEX(filler("record")), "info": HEX(infos.copy_info(filler("record")))},
        "released": {
            "requestDigest": HEX(filler("request digest")),
            "named": HEX(filler("record")),
            "seat": 4,
            "info": HEX(infos.released_info(filler("request digest"), filler("record"), 4)),
        },
        "receipts": {
            "queryDigest": HEX(filler("query digest")),
            "info": HEX(infos.receipts_info(filler("query digest"))),
        },
    }


def ramp(size: int) -> bytes:
    """Byte i is i mod 251, as in unixfs.json."""
    return (bytes(range(251)) * (size // 251 + 1))[:size]


TAMPERINGS: list[dict[str, Any]] = [
    {"why": "byte of the first chunk flipped", "chunks": [0, 1, 2, 3], "flip": [0, 100], "handedOut": 0},
    {"why": "tag of the third chunk flipped", "chunks": [0, 1, 2, 3], "flip": [2, 65551], "handedOut": 2},
    {"why": "first chunk dropped", "chunks": [1, 2, 3], "handedOut": 0},
    {"why": "middle chunk dropped", "chunks": [0, 2, 3], "handedOut": 1},
    {"why": "last chunk dropped", "chunks": [0, 1, 2], "handedOut": 2},
    {"why": "chunk repeated", "chunks": [0, 1, 1, 2, 3], "handedOut": 2},
    {"why": "chunks exchanged", "chunks": [0, 2, 1, 3], "handedOut": 1},
    {"why": "first chunk appended", "chunks": [0, 1, 2, 3, 0], "handedOut": 3},
    {"why": "a byte appended", "chunks": [0, 1, 2, 3], "append": "00", "handedOut": 3},
    {"why": "an empty chunk appended", "chunks": [0, 1, 2, 3], "append": "00" * 16, "handedOut": 3},
    {"why": "last byte cut", "chunks": [0, 1, 2, 3], "cut": 1, "handedOut": 3},
    {"why": "everything cut", "chunks": [], "handedOut": 0},
]
TAMPERED_SIZE = 3 * 65_536 + 1000


def envelopes() -> dict[str, Any]:
    keys = envelope.derive(filler("record key"), filler("record"))
    sealed = []
    for size in (0, 1, 65_535, 65_536, 65_537, 131_072, TAMPERED_SIZE):
        chunks = list(envelope.seal([ramp(size)], keys.aead_key))
        whole = b"".join(chunks)
        case = {
            "size": size,
            "chunks": [len(chunk) for chunk in chunks],
            "sha256": HEX(sha256(whole).digest()),
        }
        sealed.append(case | ({"ciphertext": B64(whole)} if size < 100 else {}))
    return {
        "about": (
            "L-6. `sealed`: plaintext byte i is i mod 251. `tampered`: the chunks of the envelope of `tamperedSize` bytes "
            "in this order, then `flip` [chunk, offset] inverts the lowest bit of a byte of the chunk at that place, "
            "`append` adds hex, `cut` drops bytes at the end; `handedOut` whole chunks come out before the refusal."
        ),
        "recordKey": HEX(filler("record key")),
        "recordId": HEX(filler("record")),
        "suite": SUITE,
        "aeadKey": HEX(keys.aead_key),
        "keyCommitment": HEX(keys.commitment),
        "sealed": sealed,
        "tamperedSize": TAMPERED_SIZE,
        "tampered": TAMPERINGS,
    }


def channels() -> dict[str, Any]:
    cases = []
    document = samples.directory()
    for category in document.categories:
        seed, own = filler(f"seed {category}"), samples.secret(category)
        author_private = filler(f"directory key {category}")
        channel = directory_keys.author_channel(author_private, MERCY, document, category)
        cases.append(
            {
                "seed": HEX(seed),
                "channelPrivate": HEX(own.channel_private),
                "channelKey": B64(own.channel_public),
                "entrySeed": HEX(own.entry_seed),
                "entryKey": B64(own.entry_public),
                "seedCommitment": HEX(own.commitment),
                "chainId": CHAIN_ID,
                "patient": ALICE,
                "category": str(category),
                "version": document.version,
                "author": MERCY,
                "authorPrivate": HEX(author_private),
                "authorKey": B64(directory_keys.directory_public(author_private)),
                "channel": HEX(channel),
                "tags": [
                    {"lineage": lineage, "j": j, "tag": HEX(tag(channel, lineage, j))}
                    for lineage, j in ((0, 0), (0, 1), (1, 0), (2**32 - 1, 2**53 - 1))
                ],
            }
        )
    order_8 = "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"
    return {
        "about": "L-11 to L-14: from a seed to its keys, a channel (from both sides) and its tags.",
        "cases": cases,
        "refusedPublicKeys": [B64(bytes(32)), B64(b"\1" + bytes(31)), B64(bytes.fromhex(order_8))],
    }
