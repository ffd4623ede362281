"""Making a record: content encrypted into the store, its key split and sealed to the keepers (design D3)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from consentry.crypto import envelope
from consentry.crypto.sealing import seal_copy, seal_record_key
from consentry.domain.addresses import Address
from consentry.domain.entries import Entry
from consentry.domain.headers import SUITE, Header
from consentry.domain.ledger import CommitteeInfo
from consentry.fhir.split import RecordDraft
from consentry.ports import BlobStore, Ledger, StoredBlob
from consentry.ports.versions import Version
from consentry.services.publish_ports import Author

RECORD_ID_BYTES = 32


@dataclass(frozen=True)
class NewRecord:
    """What is to be sealed: under which id, under which content id it is published, and which version is before it."""

    record_id: bytes
    content_id: bytes
    draft: RecordDraft = field(repr=False)
    follows: Version | None = None


def new_record_id() -> bytes:
    return secrets.token_bytes(RECORD_ID_BYTES)


def seal_records(
    new: Sequence[NewRecord],
    patient: Address,
    committee: CommitteeInfo,
    author: Author,
    ledger: Ledger,
    store: BlobStore,
) -> list[Entry]:
    """Encrypt these records, each under a key of its own, their envelopes stored at once. In their order."""
    secret = [_Secret(one.record_id) for one in new]
    blobs = store.put_many(
        envelope.seal([one.draft.content], keys.aead_key) for one, keys in zip(new, secret, strict=True)
    )
    return [
        _entry(keys, one.draft, one.follows, blob, patient, committee, author, ledger.chain_id)
        for one, keys, blob in zip(new, secret, blobs, strict=True)
    ]


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
    keys = _Secret(new_record_id())
    blob = store.put(envelope.seal(chunks, keys.aead_key))
    return _entry(keys, draft, follows, blob, patient, committee, author, ledger.chain_id)


class _Secret:
    """A new random key of a record, and what it is used through."""

    def __init__(self, record_id: bytes) -> None:
        self.record_id, self.key = record_id, secrets.token_bytes(32)
        self.aead_key, self.commitment = envelope.derive(self.key, record_id, SUITE)


def _entry(
    keys: _Secret,
    draft: RecordDraft,
    follows: Version | None,
    blob: StoredBlob,
    patient: Address,
    committee: CommitteeInfo,
    author: Author,
    chain_id: int,
) -> Entry:
    header = Header(
        record_id=keys.record_id,
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
        key_commitment=keys.commitment,
    )
    sealing, shares = seal_record_key(keys.key, keys.record_id, header.hash(), committee, chain_id)
    return Entry(header, sealing, shares, seal_copy(author.copy_key, keys.record_id, keys.key))
