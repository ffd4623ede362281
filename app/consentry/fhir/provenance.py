"""Who wrote a record, and which keepers wrote receipts before it could be opened (R4 provenance.html).

One Provenance for each version of a record: its targets are the resources that the reader sees of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from consentry.fhir.identity import scoped_id
from consentry.fhir.jsontext import Json
from consentry.fhir.merge import RECORD_TAG, OpenedRecord, Receipt, labels
from consentry.fhir.people import ACCOUNT_SYSTEM

RECEIPT_SYSTEM = "urn:consentry:receipt"
_PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"


def provenance(record: OpenedRecord, targets: Sequence[str]) -> dict[str, Json]:
    """`targets` are `Type/id`, at least one. `recorded` is when it came on chain, else the record's own date."""
    entities = [
        _entity("source", {"identifier": {"system": RECORD_TAG, "value": record.record_id}}),
        *(_entity("source", _receipt(one)) for one in record.receipts),
    ]
    if record.replaces:
        former = {"identifier": {"system": RECORD_TAG, "value": record.replaces}}
        entities.append(_entity("revision", former))
    return {
        "resourceType": "Provenance",
        "id": scoped_id(f"{record.author}/{record.record_id}", "provenance"),
        "meta": labels(record, {}),
        "target": [{"reference": name} for name in targets],
        "recorded": record.anchored_at or record.date,
        "agent": [
            {
                "type": {"coding": [{"system": _PARTICIPANT, "code": "author"}]},
                "who": {"reference": f"Organization/{record.author}", "display": record.author_name},
            },
            *(_keeper(one) for one in record.receipts),
        ],
        "entity": entities,
    }


def _entity(role: str, what: dict[str, Json]) -> dict[str, Json]:
    return {"role": role, "what": what}


def _receipt(receipt: Receipt) -> dict[str, Json]:
    return {
        "identifier": {"system": RECEIPT_SYSTEM, "value": receipt.value},
        "display": f"Receipt {receipt.seq} of keeper {receipt.keeper}",
    }


def _keeper(receipt: Receipt) -> dict[str, Json]:
    return {
        "type": {"coding": [{"system": _PARTICIPANT, "code": "custodian"}]},
        "who": {"identifier": {"system": ACCOUNT_SYSTEM, "value": receipt.keeper}},
    }
