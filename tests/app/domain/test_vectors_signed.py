"""The shared vectors of what people and keepers sign."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from consentry.crypto.signatures import recover, session_signer, sign_typed, verify_session
from consentry.domain import canonical, eip712, fields, merkle
from consentry.domain.receipts import Receipt, receipt_value, signing_digest
from consentry.domain.requests import ReleaseRequest, request_digest, signed_bytes
from consentry.domain.revocation import Acknowledgement
from consentry.domain.sessions import SessionCertificate
from consentry.domain.statements import Statement, statement_digest, values_digest
from consentry.domain.terms import Consent, consent_id, in_words, terms_hash, typed_data
from consentry.errors import LayoutInvalid, TermsInvalid
from tests.vectors.files import load, named

TERMS, TYPED, SESSIONS = load("terms"), load("typed"), load("sessions")
REQUESTS, GROUNDS, RECEIPTS = load("requests"), load("grounds"), load("receipts")
SEEN = load("acknowledgements")
READ = REQUESTS["valid"] + GROUNDS["valid"]
UNREAD = REQUESTS["refused"] + GROUNDS["refused"]
STATEMENTS, WORDING = load("statements"), load("wording")


def wallet_digest(data: dict[str, Any]) -> bytes:
    """The digest by eth-account, as an ordinary wallet computes it."""
    message = encode_typed_data(full_message=data)
    return canonical.keccak(b"\x19", message.version, message.header, message.body)


@pytest.mark.parametrize("case", TERMS["valid"], ids=lambda case: case["message"]["terms"]["recipientName"])
def test_consent_id_is_what_a_wallet_signs(case: dict[str, Any]) -> None:
    """C-1, C-2: our digest is eth-account's, and its signature is the patient's."""
    consent = Consent.from_json(case["message"])
    assert consent.to_json() == case["message"]
    assert fields.to_hex(terms_hash(consent.terms)) == case["termsHash"]
    data = typed_data(consent, TERMS["chainId"], TERMS["contract"])
    digest = consent_id(consent, TERMS["chainId"], TERMS["contract"])
    assert fields.to_hex(digest) == case["consentId"]
    assert wallet_digest(data) == digest
    key = fields.hex_bytes(TERMS["privateKey"], "key")
    assert fields.to_hex(sign_typed(key, data)) == case["signature"]
    assert recover(digest, bytes.fromhex(case["signature"][2:])) == Account.from_key(key).address.lower()
    for language, words in case["words"].items():
        assert in_words(consent, language) == words


def test_consents_in_words_are_those_that_pages_make() -> None:
    """W-12: every term of many consents; what has no words is no consent."""
    for case in WORDING["valid"]:
        consent = Consent.from_json(case["message"])
        assert {language: in_words(consent, language) for language in ("en", "zh")} == case["words"]
    for case in WORDING["refused"]:
        with pytest.raises(TermsInvalid):
            Consent.from_json(case["message"])


def test_typed_data_has_the_types_of_the_design() -> None:
    """C-1."""
    consent = Consent.from_json(TERMS["valid"][0]["message"])
    assert typed_data(consent, TERMS["chainId"], TERMS["contract"]) == TERMS["typedData"]
    assert eip712.encode_type("Consent", TERMS["typedData"]["types"]) == (
        "Consent(address patient,Terms terms,string validFrom,string validUntil,string relayBefore)"
        "Provision(string[] purposes,string[] categories,string confidentiality,string dataFrom,"
        "string dataUntil,string[] authors,string[] records)"
        "Terms(string recipientName,address recipient,string[] roles,Provision[] provisions,uint32 maxUses,"
        "bytes32 salt)"
    )


@pytest.mark.parametrize("case", TERMS["refused"], ids=named(TERMS["refused"]))
def test_consent_is_refused_before_anyone_signs(case: dict[str, Any]) -> None:
    """C-10, C-11: the error names the field."""
    with pytest.raises(TermsInvalid) as refused:
        Consent.from_json(case["message"])
    assert case["field"] in refused.value.expression


@pytest.mark.parametrize("case", TYPED["cases"], ids=lambda case: case["typedData"]["primaryType"])
def test_other_typed_data_is_what_a_wallet_signs(case: dict[str, Any]) -> None:
    """C-4, I-3."""
    digest = eip712.digest(case["typedData"])
    assert fields.to_hex(digest) == case["digest"]
    assert wallet_digest(case["typedData"]) == digest
    key = fields.hex_bytes(TYPED["privateKey"], "key")
    assert fields.to_hex(sign_typed(key, case["typedData"])) == case["signature"]


@pytest.mark.parametrize("case", SESSIONS["valid"], ids=["staff", "system", "patient"])
def test_session_names_its_signer(case: dict[str, Any]) -> None:
    """K-2."""
    obj = canonical.loads(case["certificate"].encode())
    certificate = SessionCertificate.from_json(obj)
    assert certificate.to_json() == obj
    assert session_signer(certificate, SESSIONS["chainId"]) == case["signer"]
    assert fields.to_hex(wallet_digest(case["typedData"])) == case["digest"]


@pytest.mark.parametrize("case", SESSIONS["refused"], ids=named(SESSIONS["refused"]))
def test_session_is_refused(case: dict[str, Any]) -> None:
    """K-2."""
    with pytest.raises(LayoutInvalid):
        SessionCertificate.from_json(canonical.loads(case["text"].encode()))


@pytest.mark.parametrize("case", READ, ids=range(len(READ)))
def test_request_is_read_and_its_signature_holds(case: dict[str, Any]) -> None:
    """K-1, K-15, L-19."""
    raw = case["text"].encode()
    request = ReleaseRequest.parse(raw)
    assert request.to_bytes() == raw
    assert fields.to_hex(request.digest()) == case["digest"]
    assert request_digest(raw) == request.digest()
    signature = bytes.fromhex(case["signature"][2:])
    assert verify_session(REQUESTS["publicKey"], signed_bytes(raw), signature)
    assert not verify_session(REQUESTS["publicKey"], raw, signature)


@pytest.mark.parametrize("case", UNREAD, ids=named(UNREAD))
def test_request_is_refused(case: dict[str, Any]) -> None:
    """K-1, K-2, K-15."""
    with pytest.raises(LayoutInvalid):
        ReleaseRequest.parse(case["text"].encode())


@pytest.mark.parametrize("case", RECEIPTS["valid"], ids=range(len(RECEIPTS["valid"])))
def test_receipt_is_signed_and_proven(case: dict[str, Any]) -> None:
    """K-6, L-18."""
    raw = case["text"].encode()
    assert Receipt.parse(raw).to_bytes() == raw
    digest = signing_digest(RECEIPTS["chainId"], raw)
    assert fields.to_hex(digest) == case["signingDigest"]
    assert recover(digest, bytes.fromhex(case["signature"][2:])) == RECEIPTS["keeper"]
    value = receipt_value(raw)
    assert fields.to_hex(value) == case["value"]
    proof = merkle.Proof.parse(case["proof"])
    assert merkle.verify(bytes.fromhex(RECEIPTS["root"][2:]), value, proof)


@pytest.mark.parametrize("case", SEEN["valid"], ids=range(len(SEEN["valid"])))
def test_acknowledgement_is_the_keepers_word(case: dict[str, Any]) -> None:
    """L-23."""
    raw = case["text"].encode()
    said = Acknowledgement.parse(raw)
    assert said.to_bytes() == raw
    assert fields.to_hex(said.signing_digest()) == case["signingDigest"]
    assert (
        recover(said.signing_digest(), bytes.fromhex(case["signature"][2:])) == said.keeper == SEEN["keeper"]
    )


@pytest.mark.parametrize("case", SEEN["refused"], ids=named(SEEN["refused"]))
def test_acknowledgement_is_refused(case: dict[str, Any]) -> None:
    """L-23."""
    with pytest.raises(LayoutInvalid):
        Acknowledgement.parse(case["text"].encode())


@pytest.mark.parametrize("case", RECEIPTS["refused"], ids=named(RECEIPTS["refused"]))
def test_receipt_is_refused(case: dict[str, Any]) -> None:
    """K-6."""
    with pytest.raises(LayoutInvalid):
        Receipt.parse(case["text"].encode())


@pytest.mark.parametrize("case", STATEMENTS["valid"], ids=range(len(STATEMENTS["valid"])))
def test_statement_is_signed_over_its_receipts(case: dict[str, Any]) -> None:
    """L-24, A-4."""
    raw = case["text"].encode()
    statement = Statement.parse(raw)
    assert statement.to_bytes() == raw
    assert values_digest(bytes.fromhex(one[2:]) for one in case["values"]) == statement.digest
    digest = statement_digest(STATEMENTS["chainId"], raw)
    assert fields.to_hex(digest) == case["signingDigest"]
    assert recover(digest, bytes.fromhex(case["signature"][2:])) == STATEMENTS["keeper"]


@pytest.mark.parametrize("case", STATEMENTS["refused"], ids=named(STATEMENTS["refused"]))
def test_statement_is_refused(case: dict[str, Any]) -> None:
    """L-24."""
    with pytest.raises(LayoutInvalid):
        Statement.parse(case["text"].encode())
