"""Vectors of sessions, requests and receipts (specification K-1, K-6, L-18, L-19)."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from consentry.crypto.signatures import sign_digest
from consentry.domain import eip712, fields, merkle, sessions
from consentry.domain.receipt_items import ReceiptItem
from consentry.domain.receipts import Receipt, receipt_value, signing_digest
from consentry.domain.requests import ReleaseRequest, signed_bytes
from tests.vectors import samples
from tests.vectors.mutations import GONE, Change, refused, text
from tests.vectors.receipt_samples import receipt
from tests.vectors.samples import CHAIN_ID, KEEPER, filler

HEX = fields.to_hex
KINDS = ("staff", "system", "patient")


def session_certificates() -> dict[str, Any]:
    staff = samples.certificate("staff").to_json()
    patient = samples.certificate("patient").to_json()
    return {
        "about": "`certificate` is canonical text; `digest` is what `signer` signed. Session keys are points of secp256r1.",
        "chainId": CHAIN_ID,
        "valid": [_session_case(kind) for kind in KINDS],
        "refused": refused(
            staff,
            [
                ("unknown kind", ("kind",), "admin"),
                ("kind of another struct", ("kind",), "patient"),
                ("person for any purpose", ("fields", "purpose"), "any"),
                ("unknown purpose", ("fields", "purpose"), "FUN"),
                ("compressed key", ("fields", "key"), "0x02" + "11" * 32),
                ("key of another form", ("fields", "key"), "0x06" + "11" * 64),
                ("expires in seconds", ("fields", "expires"), samples.NOW),
                ("signature of 64 bytes", ("signature",), staff["signature"][:-2]),
                ("member missing", ("fields", "member"), GONE),
            ],
        )
        + refused(patient, [("another statement", ("fields", "statement"), "I agree.")]),
    }


def _session_case(kind: str) -> dict[str, Any]:
    own = samples.certificate(kind)
    data = sessions.typed_data(own.fields, CHAIN_ID)
    signer = {"staff": samples.DR_BOSE, "system": samples.HIS, "patient": samples.ALICE}[kind]
    return {
        "certificate": text(own.to_json()),
        "typedData": data,
        "digest": HEX(eip712.digest(data)),
        "signer": signer,
    }


def requests() -> dict[str, Any]:
    return {
        "about": (
            "L-19, K-1. `text` is the canonical request, `digest` its digest, `signature` the session key's "
            "(raw r, s) over prefix and bytes; `sessionKey` is its private scalar."
        ),
        "sessionKey": HEX(filler("session key")),
        "publicKey": samples.session_key().public,
        "valid": [request_case(samples.request(kind)) for kind in KINDS]
        + [request_case(samples.request(kind, samples.episode())) for kind in ("staff", "system")],
        "refused": refused(samples.request().to_json(), _wrong_requests())
        + refused(
            samples.request("patient").to_json(),
            [
                ("another patient than the session's", ("ground", "patient"), samples.CITY),
                ("practitioner of a patient", ("practitioner",), samples.DR_BOSE),
                ("episode of a patient", ("episode",), samples.episode().to_json()),
            ],
        )
        + refused(
            samples.request(asserted=samples.episode()).to_json(),
            [
                ("episode by who reads", ("episode", "by"), samples.DR_BOSE),
                ("episode without a department", ("episode", "department"), ""),
                ("episode in a department of two words", ("episode", "department"), "intensive care"),
                ("episode of a day alone", ("episode", "validUntil"), "2026-03-01"),
                ("episode signed in 64 bytes", ("episode", "signature"), HEX(bytes(64))),
                ("episode that names the patient", ("episode", "patient"), samples.ALICE),
                ("episode as text", ("episode",), "current"),
                ("episode left out", ("episode",), GONE),
            ],
        )
        + refused(
            samples.request("system").to_json(),
            [
                ("system without practitioner", ("practitioner",), None),
                ("practitioner is the system account", ("practitioner",), samples.HIS),
            ],
        ),
    }


def _wrong_requests() -> list[Change]:
    seed = samples.seed_item().to_json()
    return [
        ("field missing", ("nonce",), GONE),
        ("field too many", ("urgent",), True),
        ("no items", ("items",), []),
        (
            "101 items",
            ("items",),
            [samples.seed_item(document=f"document {n}").to_json() for n in range(101)],
        ),
        ("the same item twice", ("items",), [seed, seed]),
        ("unknown kind of item", ("items", 0, "type"), "everything"),
        ("item of another patient", ("items", 0, "patient"), samples.CITY),
        ("nonce of 15 bytes", ("nonce",), HEX(bytes(15))),
        ("nonce of 33 bytes", ("nonce",), HEX(bytes(33))),
        ("actor not the session's", ("actor",), samples.CITY),
        ("purpose not the session's", ("purpose",), "HRESCH"),
        ("practitioner of a person", ("practitioner",), samples.DR_BOSE),
        ("SELF in a session of staff", ("ground",), {"patient": samples.ALICE, "type": "SELF"}),
        ("unknown ground", ("ground", "type"), "WHIM"),
        ("terms with an empty list", ("ground", "terms", "roles"), []),
        ("terms not those of the hash", ("ground", "terms", "maxUses"), 9),
        ("grant before 1970", ("ground", "grant", "validFrom"), "1960-01-01T00:00:00Z"),
        ("key to seal to too short", ("sealTo",), fields.to_base64(bytes(1215))),
        ("time without Z", ("issuedAt",), "2026-03-01T09:31:00"),
        ("index beyond the count", ("items", 1, "proof", "index"), 3),
        ("chain id as text", ("chainId",), "1337"),
    ]


def request_case(request: ReleaseRequest) -> dict[str, Any]:
    key = ec.derive_private_key(int.from_bytes(filler("session key"), "big"), ec.SECP256R1())
    der = key.sign(signed_bytes(request.to_bytes()), ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    r, s = decode_dss_signature(der)
    return {
        "text": request.to_bytes().decode(),
        "digest": HEX(request.digest()),
        "signature": HEX(r.to_bytes(32, "big") + s.to_bytes(32, "big")),
    }


def receipts() -> dict[str, Any]:
    seed = ReceiptItem(document_cid=samples.cid("document 2"))
    all_of_them = [
        receipt(0),
        receipt(1, item=seed),
        receipt(2, decision="refused", reason="ConsentExpired"),
        receipt(3, decision="refused", reason="RecordRetracted", practitioner=samples.DR_BOSE),
        receipt(4, episode=samples.HIS),
        receipt(5, ground="SELF", consent_id=None, member=None, purpose="PATRQT", actor=samples.ALICE),
        receipt(6, ground="EMERGENCY", consent_id=None, opening_id=filler("opening id"), purpose="ETREAT"),
        receipt(
            7, ground="SELF", consent_id=None, member=None, purpose="FAMRQT", mandate_id=filler("mandate id")
        ),
    ]
    values = [receipt_value(one.to_bytes()) for one in all_of_them]
    return {
        "about": "L-18, K-6. Receipts with their Merkle value and the keeper's signature; `root` over all of them.",
        "chainId": CHAIN_ID,
        "keeper": KEEPER,
        "root": HEX(merkle.root(values)),
        "valid": [
            _receipt_case(one) | {"proof": merkle.proof(values, i).to_json()}
            for i, one in enumerate(all_of_them)
        ],
        "refused": refused(all_of_them[0].to_json(), _WRONG_RECEIPTS)
        + refused(
            all_of_them[7].to_json(),
            [
                ("null for the mandate", ("mandateId",), None),
                ("mandate as a name", ("mandateId",), "mother"),
            ],
        )
        + refused(all_of_them[6].to_json(), _WRONG_OPENING_RECEIPTS),
    }


_WRONG_RECEIPTS: list[Change] = [
    ("salt missing", ("salt",), GONE),
    ("salt of 15 bytes", ("salt",), HEX(bytes(15))),
    ("released for a reason to refuse", ("reason",), "ConsentExpired"),
    ("refused though permitted", ("decision",), "refused"),
    ("unknown decision", ("decision",), "maybe"),
    ("unknown ground", ("ground",), "WHIM"),
    ("consent under SELF", ("ground",), "SELF"),
    ("no consent under CONSENT", ("consentId",), None),
    ("episode of a name", ("episode",), "City Clinic"),
    ("episode missing", ("episode",), GONE),
    ("item of both kinds", ("item", "documentCid"), samples.cid("document 2")),
    ("item as text", ("item",), "record"),
    ("sequence below zero", ("seq",), -1),
    ("another version", ("version",), 2),
    ("chain id as text", ("chainId",), "1337"),
]


_WRONG_OPENING_RECEIPTS: list[Change] = [
    ("no opening under EMERGENCY", ("openingId",), GONE),
    ("null for the opening under EMERGENCY", ("openingId",), None),
    ("mandate under EMERGENCY", ("mandateId",), HEX(filler("mandate id"))),
    ("opening under CONSENT", ("ground",), "CONSENT"),
    ("consent under EMERGENCY", ("consentId",), HEX(filler("consent id"))),
    ("episode under EMERGENCY", ("episode",), samples.HIS),
]


def _receipt_case(one: Receipt) -> dict[str, Any]:
    raw = one.to_bytes()
    digest = signing_digest(CHAIN_ID, raw)
    return {
        "text": raw.decode(),
        "value": HEX(receipt_value(raw)),
        "signingDigest": HEX(digest),
        "signature": HEX(sign_digest(filler("account keeper"), digest)),
    }
