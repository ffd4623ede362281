"""What a receipt is about: a record, or the seed of a category (specification K-6, L-18)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from consentry.domain import fields
from consentry.domain.cids import cid


@dataclass(frozen=True)
class ReceiptItem:
    """What was asked for: a record by its id (32 bytes), or a category seed by its document's CID."""

    record_id: bytes | None = None
    document_cid: str | None = None

    def __post_init__(self) -> None:
        if (self.record_id is None) == (self.document_cid is None):
            fields.refuse("receipt.item", "be one record or one seed")
        if self.record_id is not None:
            fields.raw_bytes(self.record_id, "receipt.item.recordId")
        if self.document_cid is not None:
            cid(self.document_cid, "receipt.item.documentCid")

    def to_json(self) -> dict[str, Any]:
        if self.record_id is not None:
            return {"recordId": fields.to_hex(self.record_id), "type": "record"}
        return {"documentCid": self.document_cid, "type": "seed"}

    @property
    def canonical(self) -> str:
        """The canonical form of `to_json`."""
        if self.record_id is not None:
            return f'{{"recordId":"{fields.to_hex(self.record_id)}","type":"record"}}'
        return f'{{"documentCid":"{self.document_cid}","type":"seed"}}'

    @classmethod
    def parse(cls, obj: Any) -> ReceiptItem:
        if isinstance(obj, dict) and obj.get("type") == "record":
            got = fields.exact(obj, ("recordId", "type"), "receipt.item")
            return cls(record_id=fields.hex_bytes(got["recordId"], "receipt.item.recordId"))
        got = fields.exact(obj, ("documentCid", "type"), "receipt.item")
        fields.member_of(got["type"], ("seed",), "receipt.item.type")
        return cls(document_cid=got["documentCid"])
