"""An author that files whatever it likes: real sealing, store and anchors, past the publish service."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from consentry.crypto import envelope
from consentry.crypto.directory_keys import author_channel, seal_entry
from consentry.crypto.sealing import seal_copy, seal_record_key
from consentry.domain.addresses import Address
from consentry.domain.categories import Category, Confidentiality
from consentry.domain.entries import Entry, Manifest, Row
from consentry.domain.headers import SUITE, Header
from consentry.domain.tags import tag
from consentry.services import directory as directories
from consentry.services.everything import read_everything
from consentry.services.reading import Reading
from tests.app.gateway.people import Hospital, Person
from tests.app.gateway.world import World


def entry(
    world: World, author: Hospital, patient: Person, content: bytes = b"{}", **changes: object
) -> Entry:
    """A laboratory record about the patient; `changes` are its header's."""
    record_id = changes.get("record_id") or secrets.token_bytes(32)
    assert isinstance(record_id, bytes)
    key = secrets.token_bytes(32)
    keys = envelope.derive(key, record_id, SUITE)
    sealed = b"".join(envelope.seal([content], keys.aead_key))
    header = Header(
        record_id=record_id,
        patient=patient.wallet.address,
        author=author.gateway.author.address,
        category=Category.LABORATORY,
        level=3,
        confidentiality=Confidentiality("N"),
        department="any",
        date="2026-05-04T08:00:00Z",
        version=1,
        replaces=None,
        suite=SUITE,
        cid=world.store.put([sealed]).cid,
        ciphertext_digest=sha256(sealed).digest(),
        key_commitment=keys.commitment,
    )
    header = replace(header, **changes)  # type: ignore[arg-type]
    committee = world.ledger.committee()
    assert committee is not None
    sealing, shares = seal_record_key(key, record_id, header.hash(), committee, world.ledger.chain_id)
    return Entry(header, sealing, shares, seal_copy(author.gateway.author.copy_key, record_id, key))


def row(world: World, author: Hospital, patient: Person, filed: Entry, j: int, lineage: int = 0) -> Row:
    """The entry under the author's j-th tag, its block stored."""
    document = directories.current(world.ledger, world.store, patient.wallet.address).document
    own = author.gateway.author
    place = tag(author_channel(own.directory_key, own.address, document, filed.header.category), lineage, j)
    keys = document.categories[filed.header.category]
    sealed = seal_entry(filed, place, keys.entry_key, world.ledger.chain_id)
    return Row(place, world.store.put([sealed]).cid, filed.record_digest())


def anchor(world: World, author: Hospital, rows: Sequence[Row], *, keep: bool = True) -> bytes:
    """Anchor these rows; `keep`: the manifest is in the store. Gives the manifest's bytes."""
    manifest = Manifest(author.gateway.author.address, tuple(rows))
    raw = manifest.to_bytes()
    if keep:
        world.store.put([raw])
    digest = sha256(raw).digest()
    author.account.transact("RecordRegistry", "anchor", manifest.root(), digest, len(rows))
    return raw


def file(
    world: World, author: Hospital, patient: Person, *filed: Entry, j: int = 0, lineage: int = 0
) -> None:
    """Entries at consecutive positions, anchored."""
    rows = [row(world, author, patient, one, j + place, lineage) for place, one in enumerate(filed)]
    anchor(world, author, rows)


def reads(hospital: Hospital, patient: Person, identity: Address | None = None) -> Reading:
    """What the patient's side gets on the ground SELF at this hospital's gateway; `identity` if it is not the wallet's own."""
    parts = hospital.gateway
    who = parts.signing_in.tokens.who(patient.token)
    return read_everything(
        parts.sessions.readers.of(who), identity or patient.wallet.address, parts.everything
    )
