"""Values as the JSON API shows them (docs: openapi.json)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from consentry.domain import fields, times
from consentry.domain.addresses import Address, did
from consentry.domain.ledger import CommitteeInfo, MemberInfo, TxReceipt
from consentry.domain.terms import in_words
from consentry.gateway.parts import Gateway
from consentry.services.account import Account
from consentry.services.account import Shown as ShownReceipt
from consentry.services.consent import Relayed, Shown, typed_data
from consentry.services.giving import Given
from consentry.services.granted_under import Under
from consentry.services.rotation import Advice
from consentry.services.sign_in import Person

CONTRACTS = (
    "Authority",
    "IdentityRegistry",
    "MemberRegistry",
    "ConsentRegistry",
    "EmergencyAccess",
    "RecordRegistry",
    "KeeperCommittee",
    "AuditLog",
)


def person(who: Person, parts: Gateway) -> dict[str, Any]:
    return {
        "address": who.address,
        "role": str(who.role),
        "did": None if who.patient is None else did(who.patient, parts.site.chain_id),
        "member": {"address": parts.site.member, "name": parts.site.member_name},
        "expiresAt": times.iso(who.expires_at),
    }


def consent(shown: Shown, parts: Gateway) -> dict[str, Any]:
    kept = shown.kept
    return {
        "id": fields.to_hex(kept.consent_id),
        "status": str(shown.status),
        "words": {language: in_words(kept.consent, language) for language in ("en", "zh")},
        "consent": kept.consent.to_json(),
        "typedData": typed_data(kept.consent, parts.consents),
        "transaction": None if kept.transaction is None else fields.to_hex(kept.transaction),
        "changedAt": times.iso(shown.changed_at) if shown.changed_at else None,
    }


def under(one: Under | None) -> dict[str, Any]:
    """The mandate under which a consent was granted; null where the patient's own side granted it."""
    if one is None:
        return {"under": None}
    return {"under": {"id": fields.to_hex(one.mandate_id), "mandate": one.mandate.to_json()}}


def given(one: Given) -> dict[str, Any]:
    """Without a transaction where the chain had it before."""
    transaction = None if one.transaction is None else fields.to_hex(one.transaction)
    return {"id": fields.to_hex(one.consent_id), "transaction": transaction, "block": one.block}


def relayed(one: Relayed) -> dict[str, Any]:
    return {
        "id": fields.to_hex(one.consent_id),
        "transaction": fields.to_hex(one.transaction),
        "block": one.block,
        "gasUsed": one.gas_used,
    }


def done(receipt: TxReceipt | None) -> dict[str, Any]:
    """Without a transaction where the chain was as asked before."""
    return {"transaction": None, "block": None, "gasUsed": 0} if receipt is None else mined(receipt)


def mined(receipt: TxReceipt) -> dict[str, Any]:
    return {"transaction": fields.to_hex(receipt.hash), "block": receipt.block, "gasUsed": receipt.gas_used}


def member(one: MemberInfo, gateways: Mapping[Address, str]) -> dict[str, Any]:
    """`gateways`: public addresses that this gateway knows, by account."""
    return {
        "address": one.address,
        "name": one.name,
        "kind": one.kind,
        "status": one.status.name.lower(),
        "admittedAt": times.iso(one.admitted_at),
        "directoryKeys": [fields.to_base64(key) for key in one.directory_keys],
        "gateway": gateways.get(Address(one.address)),
    }


def rotation(advised: Advice | None) -> dict[str, Any] | None:
    """Null while a new directory is not advised."""
    if advised is None:
        return None
    return {"since": times.iso(advised.since), "reasons": [str(why) for why in advised.reasons]}


def keepers(committee: CommitteeInfo | None, members: tuple[MemberInfo, ...]) -> dict[str, Any]:
    seats = committee.keepers if committee else ()
    names = {member.address: member.name for member in members}
    return {
        "keepers": [
            {
                "account": seat.account,
                "url": seat.url,
                "seat": seat.seat,
                "member": {"address": seat.member, "name": names.get(seat.member, seat.member)},
                "chamber": seat.chamber.name,
                "sealingKey": fields.to_base64(seat.sealing_key),
            }
            for seat in seats
        ],
        "committeeVersion": committee.version if committee else 0,
        "threshold": committee.threshold if committee else 0,
    }


def account(found: Account, members: tuple[MemberInfo, ...]) -> dict[str, Any]:
    names = {member.address: member.name for member in members}
    return {
        "receipts": [_receipt(one, names) for one in found.receipts],
        "missing": list(found.missing),
        "lying": list(found.lying),
    }


def _receipt(shown: ShownReceipt, names: dict[str, str]) -> dict[str, Any]:
    receipt, commit = shown.receipt, shown.evidence.commit
    return {
        "keeper": receipt.keeper,
        "seat": shown.seat,
        "seq": receipt.seq,
        "time": times.iso(receipt.time),
        "actor": receipt.actor,
        "member": None if receipt.member is None else names.get(receipt.member, receipt.member),
        "practitioner": receipt.practitioner,
        "purpose": str(receipt.purpose),
        "decision": receipt.decision,
        "reason": receipt.reason,
        "ground": str(receipt.ground),
        "episode": receipt.episode,
        "consentId": None if receipt.consent_id is None else fields.to_hex(receipt.consent_id),
        "mandateId": None if receipt.mandate_id is None else fields.to_hex(receipt.mandate_id),
        "openingId": None if receipt.opening_id is None else fields.to_hex(receipt.opening_id),
        "category": str(receipt.category),
        "item": receipt.item.to_json(),
        "proven": shown.proven,
        "transaction": fields.to_hex(commit.transaction) if commit and commit.transaction else None,
        "evidence": shown.evidence.to_json(),
    }
