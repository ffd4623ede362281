"""A patient's directory documents as one request sees them (specification K-5): looked up, fetched and parsed once."""

from __future__ import annotations

from consentry.domain.addresses import Address
from consentry.domain.directory import MAX_DOCUMENT_BYTES, SERVICE, DirectoryDocument
from consentry.domain.grounds import KeeperReason, Refused
from consentry.errors import HistoryTooLong, LayoutInvalid
from consentry.services.directory import attribute_value
from consentry.services.keeper_desk import Desk, Past

MOST_VALUE_BYTES = 128


class Documents:
    """`changed`: the block of the patient's newest identity change on the latest and on the final block.

    What is final cannot change and is remembered beyond the request. Not thread-safe.
    """

    def __init__(self, patient: Address, changed: tuple[int, int], desk: Desk) -> None:
        self._patient = patient
        self._changed = changed[0]
        self._final = changed[0] == changed[1]
        self._desk = desk
        self._past: Past | None = None
        self._read: dict[str, DirectoryDocument | Refused] = {}

    def of(self, cid: str) -> DirectoryDocument | Refused:
        """The document, if its CID stands in the patient's own history.

        Raises HistoryTooLong, BlobMissing, BlobCorrupt, StoreUnreachable, ChainUnreachable, ChainWrong.
        """
        known = self._desk.memory.documents.get((self._patient, cid))
        if known is not None:
            return known
        if cid not in self._read:
            named = attribute_value(cid) in self._history()
            self._read[cid] = self._fetch(cid) if named else Refused(KeeperReason.DirectoryNotPublished)
        return self._read[cid]

    def _fetch(self, cid: str) -> DirectoryDocument | Refused:
        raw = b"".join(self._desk.store.get(cid, max_bytes=MAX_DOCUMENT_BYTES))
        try:
            document = DirectoryDocument.parse(raw)
        except LayoutInvalid:
            return Refused(KeeperReason.DirectoryMissing)
        if document.patient != self._patient or document.chain_id != self._desk.ledger.chain_id:
            return Refused(KeeperReason.DirectoryMissing)
        if self._final:
            self._desk.memory.documents.keep((self._patient, cid), document)
        return document

    def _history(self) -> frozenset[bytes]:
        """Every value the patient ever gave the service attribute."""
        if self._past is None:
            key, kept = (self._patient, self._changed), self._desk.memory.pasts
            self._past = (kept.get(key) if self._final else None) or self._walk()
            if self._final:
                kept.keep(key, self._past)
        if not self._past.followed:
            raise HistoryTooLong()
        return self._past.values

    def _walk(self) -> Past:
        """One question for each block with a change; that there are too many is worth remembering as well."""
        if not self._changed:
            return Past(frozenset())
        try:
            changes = self._desk.ledger.attributes(self._patient, SERVICE, self._changed)
        except HistoryTooLong:
            return Past(frozenset(), followed=False)
        return Past(frozenset(one.value for one in changes if len(one.value) <= MOST_VALUE_BYTES))
