"""Authors that anchor what they are told to, good or bad, on a real chain and a real store."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256

from consentry.chain.ledger import ChainLedger
from consentry.chain.sender import ChainSender
from consentry.databases.place import Place
from consentry.domain.addresses import Address
from consentry.domain.cids import raw_cid
from consentry.domain.entries import Manifest, Row
from consentry.index.entries import SqlIndex
from consentry.index.progress import Progress
from consentry.ports import BlobStore, Index
from consentry.ports.index_values import EntryRow
from tests.chains import DeployedChain


@dataclass(frozen=True)
class Net:
    ledger: ChainLedger
    store: BlobStore
    mercy_hospital: ChainSender
    city_hospital: ChainSender

    def row(self, tag: bytes | None = None, *, missing: bool = False) -> Row:
        """A row whose entry is in the store, or nowhere."""
        content = secrets.token_bytes(6_000)
        if missing:
            other = sha256(content).digest()
            return Row(tag or secrets.token_bytes(32), raw_cid(other), secrets.token_bytes(32))
        cid = self.store.put([content]).cid
        return Row(tag or secrets.token_bytes(32), cid, secrets.token_bytes(32))

    def anchor(self, author: ChainSender, *rows: Row) -> Manifest:
        """What an honest author does."""
        manifest = Manifest(Address(author.address), rows)
        digest = self.store.put([manifest.to_bytes()]).sha256
        self.anchor_as(author, manifest.root(), digest, len(rows))
        return manifest

    def anchor_as(self, author: ChainSender, root: bytes, manifest_digest: bytes, count: int) -> None:
        author.transact("RecordRegistry", "anchor", root, manifest_digest, count)


def rows_of(index: Index, author: str, tag: bytes) -> tuple[EntryRow, ...]:
    return index.entries_by_tags(author, [tag]).get(tag, ())


def build_net(chain: DeployedChain, store: BlobStore) -> Net:
    ledger, consortium = chain.ledger(), chain.consortium()
    authors = [ChainSender(ledger.connection, secrets.token_bytes(32)) for _ in range(2)]
    for author in authors:
        name = f"Hospital {secrets.token_hex(6)}"
        consortium.transact("MemberRegistry", "admit", author.address, name, "hospital")
    return Net(ledger, store, *authors)


def index_from_here(net: Net, place: Place) -> SqlIndex:
    """An index that has read the chain up to here: earlier anchors belong to other tests, whose stores are gone."""
    index = SqlIndex(place)
    head = net.ledger.head()
    Progress(index.database).note_anchors([], head.number, head.hash, 0)
    return index
