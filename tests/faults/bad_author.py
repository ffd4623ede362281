"""A member that files and anchors whatever it likes, with the keys that its gateway has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from consentry.bootstrap.common import open_store
from consentry.chain.sender import ChainSender
from consentry.crypto.directory_keys import author_channel, seal_entry
from consentry.crypto.sealing import seal_record_key
from consentry.domain.addresses import Address
from consentry.domain.entries import Entry, Manifest, Row
from consentry.domain.tags import tag
from consentry.fhir.split import split
from consentry.fhir.validate import parse_bundle
from consentry.network import direct
from consentry.services import directory as directories
from consentry.services.publish import seal_record
from tests.faults.network import FaultyNetwork
from tests.journeys.bundles import bundle, laboratory, patient

LINEAGE = 3
"""Channels that no gateway of the network uses."""


class BadAuthor:
    """The member `slug` with its own hands."""

    def __init__(self, network: FaultyNetwork, slug: str) -> None:
        self.network = network
        self.author = direct.author(network, slug)
        self.store = open_store(network.store_config)
        self.sender: ChainSender = network.sender_of(slug)

    def sealed(self, about: Address, value: float) -> Entry:
        """An honest laboratory record."""
        draft = next(
            one
            for one in split(
                parse_bundle(bundle(patient(), laboratory(value))), received_at="2026-01-01T00:00:00Z"
            )
            if one.category == "laboratory"
        )
        committee = self.network.ledger.committee()
        assert committee is not None
        return seal_record(
            [draft.content], draft, about, committee, self.author, self.network.ledger, self.store
        )

    def with_shares_of(self, entry: Entry, key: bytes) -> Entry:
        """The same header over shares of another key: each keeper's share matches its hash, and together they are wrong."""
        committee = self.network.ledger.committee()
        assert committee is not None
        sealing, shares = seal_record_key(
            key, entry.header.record_id, entry.header.hash(), committee, self.network.ledger.chain_id
        )
        return replace(entry, sealing=sealing, shares=shares)

    def file(self, *entries: Entry) -> bytes:
        """Under this author's own tags, anchored. Gives the root."""
        return self.anchor(self.rows(*entries))

    def rows(self, *entries: Entry) -> list[Row]:
        """Stored under this author's own tags, and anchored nowhere."""
        rows = []
        for j, entry in enumerate(entries):
            about = entry.header.patient
            document = directories.current(self.network.ledger, self.store, about).document
            channel = author_channel(
                self.author.directory_key, self.author.address, document, entry.header.category
            )
            place = tag(channel, LINEAGE, j)
            keys = document.categories[entry.header.category]
            sealed = seal_entry(entry, place, keys.entry_key, self.network.ledger.chain_id)
            rows.append(Row(place, self.store.put([sealed]).cid, entry.record_digest()))
        return rows

    def anchor(self, rows: Sequence[Row]) -> bytes:
        manifest = Manifest(self.author.address, tuple(rows))
        raw = manifest.to_bytes()
        self.store.put([raw])
        self.anchor_root(manifest.root(), sha256(raw).digest(), len(rows))
        return manifest.root()

    def anchor_root(self, root: bytes, manifest_digest: bytes, count: int) -> None:
        self.sender.transact("RecordRegistry", "anchor", root, manifest_digest, count)
