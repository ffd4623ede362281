"""Deterministic sample objects for vectors and tests: alice is the patient, Mercy Hospital the author, City Clinic reads."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256, shake_256

from consentry.crypto.seeds import CategorySecret, derive
from consentry.crypto.signatures import SessionKey, account_of, sign_typed
from consentry.domain import episodes, merkle, sessions, times
from consentry.domain.addresses import Address
from consentry.domain.categories import Category, Confidentiality
from consentry.domain.cids import raw_cid
from consentry.domain.directory import CategoryKeys, DirectoryDocument
from consentry.domain.entries import SEALED_KEY_BYTES, SEALED_SHARE_BYTES, Entry, Manifest, Row
from consentry.domain.episodes import Episode, EpisodeAssertion
from consentry.domain.headers import SUITE, Header, Sealing
from consentry.domain.mandates import Mandate, Scope
from consentry.domain.openings import Opening, Subject
from consentry.domain.requests import (
    ConsentGround,
    EmergencyGround,
    Ground,
    RecordItem,
    ReleaseRequest,
    SeedItem,
    SelfGround,
)
from consentry.domain.terms import Consent, Provision, Terms

CHAIN_ID = 1337
NOW = times.seconds("2026-03-01T09:30:00Z")
MEMBER_NAME = "City Clinic"
AUTHOR_NAME = "Mercy Hospital 仁爱医院"


def filler(label: str, size: int = 32) -> bytes:
    """Bytes that look random and are always the same for a label."""
    return shake_256(label.encode()).digest(size)


def account(name: str) -> Address:
    return account_of(filler(f"account {name}"))


ALICE, MERCY, CITY = account("alice"), account("mercy"), account("city")
DR_BOSE, DR_CHEN = account("dr_bose"), account("dr_chen")
HIS, KEEPER = account("his"), account("keeper")
CONSENTS = account("ConsentRegistry")


def cid(label: str) -> str:
    return raw_cid(sha256(label.encode()).digest())


def header(**changes: object) -> Header:
    first = Header(
        record_id=filler("record"),
        patient=ALICE,
        author=MERCY,
        category=Category.LABORATORY,
        level=3,
        confidentiality=Confidentiality.NORMAL,
        department="cardiology",
        date="2025-11-30T08:15:00Z",
        version=1,
        replaces=None,
        suite=SUITE,
        cid=cid("envelope"),
        ciphertext_digest=filler("ciphertext digest"),
        key_commitment=filler("commitment"),
    )
    return replace(first, **changes)  # type: ignore[arg-type]


def sealing(seats: int = 5, threshold: int = 3) -> Sealing:
    return Sealing(1, threshold, tuple(filler(f"share hash {seat}") for seat in range(seats)))


def entry(seats: int = 5) -> Entry:
    shares = tuple(filler(f"sealed share {seat}", SEALED_SHARE_BYTES) for seat in range(seats))
    return Entry(header(), sealing(seats, 2), shares, filler("sealed copy", SEALED_KEY_BYTES))


def manifest(count: int = 3) -> Manifest:
    rows = (Row(filler(f"tag {i}"), cid(f"entry {i}"), filler(f"digest {i}")) for i in range(count))
    return Manifest(MERCY, tuple(rows))


def secret(category: str) -> CategorySecret:
    return derive(filler(f"seed {category}"))


def directory(
    categories: tuple[Category, ...] = (Category.LABORATORY, Category.CONSENT),
) -> DirectoryDocument:
    def keys(name: str) -> CategoryKeys:
        own = secret(name)
        return CategoryKeys(
            channel_key=own.channel_public,
            entry_key=own.entry_public,
            seed_commitment=own.commitment,
            share_hashes=tuple(filler(f"{name} share hash {seat}") for seat in range(3)),
            shares=tuple(filler(f"{name} share {seat}", SEALED_SHARE_BYTES) for seat in range(3)),
        )

    return DirectoryDocument(
        chain_id=CHAIN_ID,
        patient=ALICE,
        version=2,
        previous=cid("document 1"),
        committee_version=1,
        threshold=2,
        categories={name: keys(name) for name in categories},
    )


def provision(**changes: object) -> Provision:
    first = Provision(
        purposes=("TREAT", "COC"),
        categories=("laboratory", "medication"),
        confidentiality="N",
        data_from="2025-01-01T00:00:00Z",
        data_until="2027-01-01T00:00:00Z",
        authors=(AUTHOR_NAME,),
        records=("any",),
    )
    return replace(first, **changes)  # type: ignore[arg-type]


def anything() -> Provision:
    one = ("any",)
    return Provision(one, one, "any", "any", "any", one, one)


def terms(*provisions: Provision, **changes: object) -> Terms:
    first = Terms(
        recipient_name=MEMBER_NAME,
        recipient=CITY,
        roles=("attending", "nurse"),
        provisions=provisions or (provision(),),
        max_uses=0,
        salt=filler("salt"),
    )
    return replace(first, **changes)  # type: ignore[arg-type]


def consent(own: Terms | None = None) -> Consent:
    day = 86_400
    return Consent(ALICE, own or terms(), NOW, NOW + 90 * day, NOW + 2 * day)


def session_key() -> SessionKey:
    return SessionKey.from_bytes(filler("session key"))


def certificate(kind: str = "staff") -> sessions.SessionCertificate:
    key, expires = session_key().public, NOW + 4 * 3600
    signer = {"staff": "dr_bose", "system": "his", "patient": "alice"}[kind]
    session: sessions.Session | sessions.PatientSession
    if kind == "patient":
        session = sessions.PatientSession(ALICE, MEMBER_NAME, key, expires)
    else:
        purpose = "TREAT" if kind == "staff" else "any"
        session = sessions.Session(account(signer), MEMBER_NAME, purpose, key, expires)
    signature = sign_typed(filler(f"account {signer}"), sessions.typed_data(session, CHAIN_ID))
    return sessions.SessionCertificate(sessions.SessionKind(kind), session, signature)


def record_item() -> RecordItem:
    digests = [filler("other digest"), filler("third digest")]
    item = RecordItem(header(), sealing(), bytes(32), merkle.Proof(0, 1, ()))
    digests.insert(1, item.record_digest())
    return replace(item, root=merkle.root(digests), proof=merkle.proof(digests, 1))


def seed_item(patient: Address = ALICE, document: str = "document 2") -> SeedItem:
    return SeedItem(Category.LABORATORY, cid(document), patient)


def episode(by: str = "his", practitioner: Address = DR_BOSE) -> EpisodeAssertion:
    """The hospital's system says that alice is in dr_bose's department's care."""
    asserted = Episode(ALICE, practitioner, "cardiology", NOW + 900)
    signature = sign_typed(filler(f"account {by}"), episodes.typed_data(asserted, CHAIN_ID))
    return EpisodeAssertion(account(by), asserted.department, asserted.valid_until, signature)


def opening() -> Opening:
    """dr_bose and dr_chen need alice's emergency summary."""
    return Opening(
        Subject(ALICE, filler("subject salt")), MEMBER_NAME, DR_BOSE, DR_CHEN, NOW + 3600, NOW + 900
    )


def request(kind: str = "staff", asserted: EpisodeAssertion | None = None) -> ReleaseRequest:
    given = consent()
    ground: Ground = SelfGround(ALICE) if kind == "patient" else ConsentGround(given.grant(), given.terms)
    return ReleaseRequest(
        actor={"staff": DR_BOSE, "system": HIS, "patient": ALICE}[kind],
        chain_id=CHAIN_ID,
        consent_registry=CONSENTS,
        ground=ground,
        issued_at=NOW + 60,
        items=(seed_item(), record_item()),
        nonce=filler("nonce", 16),
        practitioner=DR_BOSE if kind == "system" else None,
        purpose="PATRQT" if kind == "patient" else "TREAT",
        seal_to=secret("sealTo").entry_public,
        session=certificate(kind),
        episode=asserted,
    )


def mandate() -> Mandate:
    """dr_bose may act for alice in her laboratory's and medication's matters."""
    scope = Scope((provision(purposes=("FAMRQT",)), anything()), filler("scope salt"))
    return Mandate(ALICE, DR_BOSE, scope, NOW - 86_400, NOW + 86_400, NOW)


def mandate_request(ground: str = "SELF") -> ReleaseRequest:
    """dr_bose asks for alice, or under a consent that was granted for her."""
    if ground == "CONSENT":
        given = consent()
        shown: Ground = ConsentGround(given.grant(), given.terms, mandate())
        return replace(request(), ground=shown, items=(seed_item(),))
    session = replace(certificate("patient"), signature=bytes(65))
    own = {"actor": DR_BOSE, "ground": SelfGround(ALICE, mandate()), "session": session}
    return replace(request("patient"), items=(seed_item(),), purpose="FAMRQT", **own)  # type: ignore[arg-type]


def emergency_request() -> ReleaseRequest:
    """dr_bose asks alone under the opening."""
    return replace(request(), ground=EmergencyGround(opening()), items=(seed_item(),))
