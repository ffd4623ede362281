"""Making a record: content encrypted into the store, its key split and sealed to the keepers (design D3)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from consentry.crypto import envelope
from consentry.crypto.sealing import seal_copy, seal_record_key
from consentry.domain.addresses import Address
from consentry.domain.entries import Entry
from consentry.domain.headers import SUITE, Header
from consentry.domain.ledger import CommitteeInfo
from consentry.fhir.split import RecordDraft
from consentry.ports import BlobStore, Ledger
from consentry.ports.versions import Version
from consentry.services.publish_ports import Author


def seal_record(
    chunks: Iterable[bytes],
    draft: RecordDraft,
    patient: Address,
    committee: CommitteeInfo,
    author: Author,
    ledger: Ledger,
    store: BlobStore,
    *,
    follows: Version | None = None,
) -> Entry:
    """Encrypt a content stream into the store and seal its key: a record under a new random id, key and shares. `follows`:
    the version before it."""
    record_id, key = secrets.token_bytes(32), secrets.token_bytes(32)
    aead_key, commitment = envelope.derive(key, record_id, SUITE)
    blob = store.put(envelope.seal(chunks, aead_key))
    header = Header(
        record_id=record_id,
        patient=patient,
        author=author.address,
        category=draft.category,
        level=draft.level,
        confidentiality=draft.confidentiality,
        department=draft.department,
        date=draft.date,
        version=1 if follows is None else follows.version + 1,
        replaces=None if follows is None else follows.record_id,
        suite=SUITE,
        cid=blob.cid,
        ciphertext_digest=blob.sha256,
        key_commitment=commitment,
    )
    sealing, shares = seal_record_key(key, record_id, header.hash(), committee, ledger.chain_id)
    return Entry(header, sealing, shares, seal_copy(author.copy_key, record_id, key))
