"""Deterministic sample receipts: City Clinic's dr_bose reads alice's record."""

from __future__ import annotations

from dataclasses import replace

from consentry.domain.categories import Category
from consentry.domain.grounds import GroundType
from consentry.domain.receipt_items import ReceiptItem
from consentry.domain.receipts import Receipt
from tests.vectors.samples import ALICE, CHAIN_ID, CITY, DR_BOSE, KEEPER, NOW, filler


def receipt(seq: int = 0, **changes: object) -> Receipt:
    first = Receipt(
        actor=DR_BOSE,
        chain_id=CHAIN_ID,
        category=Category.LABORATORY,
        committee_version=1,
        consent_id=filler("consent id"),
        decision="released",
        ground=GroundType.CONSENT,
        item=ReceiptItem(record_id=filler("record")),
        keeper=KEEPER,
        member=CITY,
        patient=ALICE,
        practitioner=None,
        purpose="TREAT",
        reason="Permitted",
        request_digest=filler("request digest"),
        salt=filler(f"receipt salt {seq}", 16),
        seq=seq,
        time=NOW + seq,
    )
    return replace(first, **changes)  # type: ignore[arg-type]
