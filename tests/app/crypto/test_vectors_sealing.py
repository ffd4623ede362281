"""The shared vectors of keys, shares, envelopes, sealed values and channels."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest

from consentry.crypto import directory_keys, envelope, hpke, shamir
from consentry.crypto.seeds import derive
from consentry.domain import fields, infos
from consentry.domain.headers import share_hash
from consentry.domain.tags import tag
from consentry.errors import EnvelopeCorrupt, LayoutInvalid, SealInvalid
from tests.vectors.files import load, named
from tests.vectors.sealing_cases import ramp

SEALING, ENVELOPE, HPKE = load("sealing"), load("envelope"), load("hpke")
SHAMIR, CHANNEL = load("shamir"), load("channel")


def unhex(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def unbase64(text: str) -> bytes:
    return fields.base64_bytes(text, "vector", 0, 2**17)


def test_share_hashes_bind_salt_and_seat() -> None:
    """L-3."""
    for case in SEALING["shareHashes"]:
        assert (
            fields.to_hex(share_hash(unhex(case["salt"]), case["seat"], unhex(case["share"]))) == case["hash"]
        )
    assert len({case["hash"] for case in SEALING["shareHashes"]}) == len(SEALING["shareHashes"])


def test_infos_name_what_is_sealed() -> None:
    """L-8, L-9, L-15, L-20, L-21."""
    record, seed, released = SEALING["recordShare"], SEALING["seedShare"], SEALING["released"]
    given = {
        "recordShare": infos.record_share_info(
            record["chainId"],
            record["committeeVersion"],
            unhex(record["recordId"]),
            unhex(record["headerHash"]),
        ),
        "seedShare": infos.seed_share_info(
            seed["chainId"],
            seed["committeeVersion"],
            seed["patient"],
            seed["category"],
            seed["version"],
            unbase64(seed["channelKey"]),
            unbase64(seed["entryKey"]),
            unhex(seed["seedCommitment"]),
        ),
        "entry": infos.entry_info(SEALING["entry"]["chainId"], unhex(SEALING["entry"]["tag"])),
        "copy": infos.copy_info(unhex(SEALING["copy"]["recordId"])),
        "released": infos.released_info(
            unhex(released["requestDigest"]), unhex(released["named"]), released["seat"]
        ),
        "receipts": infos.receipts_info(unhex(SEALING["receipts"]["queryDigest"])),
    }
    assert {name: fields.to_hex(info) for name, info in given.items()} == {
        name: SEALING[name]["info"] for name in given
    }


def test_envelope_keys_are_derived_from_the_record_key() -> None:
    """L-6."""
    keys = envelope.derive(unhex(ENVELOPE["recordKey"]), unhex(ENVELOPE["recordId"]), ENVELOPE["suite"])
    assert fields.to_hex(keys.aead_key) == ENVELOPE["aeadKey"]
    assert fields.to_hex(keys.commitment) == ENVELOPE["keyCommitment"]


@pytest.mark.parametrize("case", ENVELOPE["sealed"], ids=lambda case: str(case["size"]))
def test_envelope_seals_and_opens(case: dict[str, Any]) -> None:
    """L-6."""
    key, plaintext = unhex(ENVELOPE["aeadKey"]), ramp(case["size"])
    chunks = list(envelope.seal([plaintext], key))
    assert [len(chunk) for chunk in chunks] == case["chunks"]
    whole = b"".join(chunks)
    assert fields.to_hex(sha256(whole).digest()) == case["sha256"]
    assert fields.to_base64(whole) == case.get("ciphertext", fields.to_base64(whole))
    assert b"".join(envelope.open_([whole], key)) == plaintext


@pytest.mark.parametrize("case", ENVELOPE["tampered"], ids=named(ENVELOPE["tampered"]))
def test_envelope_is_refused_when_tampered_with(case: dict[str, Any]) -> None:
    """S-3: no plaintext of a bad chunk is handed out."""
    key, plaintext = unhex(ENVELOPE["aeadKey"]), ramp(ENVELOPE["tamperedSize"])
    whole = list(envelope.seal([plaintext], key))
    chunks = [bytearray(whole[place]) for place in case["chunks"]]
    if "flip" in case:
        place, offset = case["flip"]
        chunks[place][offset] ^= 1
    tampered = b"".join(chunks) + bytes.fromhex(case.get("append", ""))
    tampered = tampered[: len(tampered) - case.get("cut", 0)]
    handed_out = []
    with pytest.raises(EnvelopeCorrupt, match=f"chunk {case['handedOut']}"):
        for chunk in envelope.open_([tampered], key):
            handed_out.append(chunk)
    assert len(handed_out) == case["handedOut"]
    assert plaintext.startswith(b"".join(handed_out))


def test_hpke_opens_what_was_sealed() -> None:
    """L-7."""
    seed = unhex(HPKE["seed"])
    assert fields.to_base64(hpke.public_key(seed)) == HPKE["publicKey"]
    for case in HPKE["opened"]:
        assert (
            fields.to_base64(hpke.open_(seed, unhex(case["info"]), unbase64(case["sealed"])))
            == case["plaintext"]
        )


@pytest.mark.parametrize("case", HPKE["refused"], ids=named(HPKE["refused"]))
def test_hpke_refuses(case: dict[str, Any]) -> None:
    """L-7, K-4."""
    with pytest.raises(SealInvalid):
        hpke.open_(unhex(HPKE["seed"]), unhex(case["info"]), unbase64(case["sealed"]))


@pytest.mark.parametrize("case", SHAMIR["cases"], ids=lambda case: str(case["threshold"]))
def test_shamir_shares_give_the_secret(case: dict[str, Any]) -> None:
    """L-10, S-1."""
    shares = [unhex(share) for share in case["shares"]]
    coefficients = [unhex(one) for one in case["coefficients"]]
    assert shamir.shares_at([share[-1] for share in shares], coefficients) == shares
    for subset in case["subsets"]:
        assert fields.to_hex(shamir.combine([shares[i] for i in subset])) == case["secret"]


@pytest.mark.parametrize("case", SHAMIR["refused"], ids=named(SHAMIR["refused"]))
def test_shamir_combine_refuses(case: dict[str, Any]) -> None:
    """L-10."""
    with pytest.raises(LayoutInvalid):
        shamir.combine([unhex(share) for share in case["shares"]])


@pytest.mark.parametrize("case", CHANNEL["cases"], ids=lambda case: case["category"])
def test_channel_is_the_same_from_both_sides(case: dict[str, Any]) -> None:
    """L-11, L-12, L-13, L-14."""
    secret = derive(unhex(case["seed"]))
    assert fields.to_hex(secret.channel_private) == case["channelPrivate"]
    assert fields.to_hex(secret.entry_seed) == case["entrySeed"]
    assert fields.to_hex(secret.commitment) == case["seedCommitment"]
    assert fields.to_base64(secret.channel_public) == case["channelKey"]
    assert fields.to_base64(secret.entry_public) == case["entryKey"]
    private, author_key = unhex(case["authorPrivate"]), unbase64(case["authorKey"])
    assert directory_keys.directory_public(private) == author_key
    info = infos.channel_info(
        case["chainId"],
        case["patient"],
        case["category"],
        case["version"],
        case["author"],
        author_key,
        secret.channel_public,
    )
    channel = directory_keys.channel(private, secret.channel_public, info)
    assert directory_keys.channel(secret.channel_private, author_key, info) == channel
    assert fields.to_hex(channel) == case["channel"]
    for one in case["tags"]:
        assert fields.to_hex(tag(channel, one["lineage"], one["j"])) == one["tag"]


@pytest.mark.parametrize("public", CHANNEL["refusedPublicKeys"])
def test_channel_refuses_a_degenerate_point(public: str) -> None:
    """L-13: the shared secret would be all zero."""
    with pytest.raises(LayoutInvalid):
        directory_keys.channel(bytes(range(32)), unbase64(public), b"info")
