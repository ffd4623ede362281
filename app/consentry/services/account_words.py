"""A verified account in sentences (specification A-7, A-8), for people; what is shown came from signed receipts."""

from __future__ import annotations

from collections.abc import Mapping

from consentry.domain import fields, times
from consentry.domain.addresses import Address
from consentry.domain.purposes import WORDS, Purpose
from consentry.domain.receipt_items import ReceiptItem
from consentry.domain.receipts import RELEASED, Receipt
from consentry.domain.wording import CATEGORY_WORDS
from consentry.services.account_report import AccountReport, KeeperTold, Noted

LIMIT = (
    "What no account can show: a release that all of its keepers keep back together. "
    "An access needs as many of them as open a record."
)


def summary(report: AccountReport) -> str:
    accesses = sum(one.is_access for one in report.noted)
    possible = sum(one.decision == RELEASED and not one.is_access for one in report.noted)
    refused = len(report.noted) - accesses - possible
    proven = report.receipts - report.waiting
    told = sum(one.complete for one in report.keepers)
    return (
        f"{proven} of {report.receipts} receipts are proven on chain, told by {told} of {len(report.keepers)} keepers: "
        f"{_count(accesses, 'access', 'accesses')}, {possible} possible, {refused} refused."
    )


def noted_words(one: Noted, report: AccountReport) -> str:
    """Who asked for what, when and why, and what that proves."""
    when = times.iso(one.first) + ("" if one.first == one.last else f" to {times.iso(one.last)}")
    why = ", ".join(WORDS[Purpose(purpose)] for purpose in one.purposes)
    who = " and ".join(
        who_words(one.actor, practitioner, one.member, report.patient, report.names)
        for practitioner in one.practitioners
    )
    episodes = "".join(f", in a current episode that {account} asserted" for account in one.episodes)
    what = f"{what_words(one.item, str(one.category))}, for {why} ({', '.join(one.grounds)})"
    return f"{when}: {what}, by {who}{episodes}: {_proof(one)}."


def who_words(
    actor: Address,
    practitioner: Address | None,
    member: Address | None,
    patient: Address,
    names: Mapping[str, str],
) -> str:
    """Whether a person signed, a system account asserted one, or the patient's own side asked."""
    if member is None:
        return "the patient" if actor == patient else f"{actor}, who acts for the patient"
    home = names.get(member, member)
    if practitioner is None:
        return f"{actor} of {home}, who signed"
    return f"{practitioner}, whom the system account {actor} of {home} asserted"


def what_words(item: ReceiptItem, category: str) -> str:
    words = CATEGORY_WORDS.get(category, (category,))[0]  # type: ignore[call-overload]
    if item.record_id is None:
        return f"the list of {words}"
    return f"{words}, record {_short(item.record_id)}"


def how_words(receipt: Receipt, mandates: Mapping[bytes, bytes]) -> str:
    """A few words on how the reader is known, and by which mandate; `mandates`: by consent id, as far as the chain was asked."""
    how = "the patient's side" if receipt.member is None else "signed"
    if receipt.practitioner is not None:
        how = f"asserted by {receipt.actor}"
    if receipt.mandate_id is not None:
        how += f", by the mandate {_short(receipt.mandate_id)}"
    if receipt.consent_id is not None and receipt.consent_id in mandates:
        how += f"; consent granted by the mandate {_short(mandates[receipt.consent_id])}"
    return how if receipt.episode is None else f"{how}; current episode asserted by {receipt.episode}"


def missing_words(report: AccountReport) -> tuple[str, ...]:
    """What makes the account incomplete, a sentence each; none if nothing does."""
    found = [
        f"{keeper_words(one)} told nothing, or not to its end{_heard(one)}{_silent(one)}."
        for one in report.untold
    ]
    for one in report.keepers:
        if one.waiting:
            found.append(
                f"{keeper_words(one)}: {_count(one.waiting, 'receipt', 'receipts')} not on chain yet when it told them."
            )
    return tuple(found)


def remarks(report: AccountReport) -> tuple[str, ...]:
    """What may have a good reason: a keeper that was not asked, or did not answer then, has nothing to tell."""
    found = []
    for one in report.keepers:
        if one.complete and one.silence is not None:
            since = "" if one.silence.since is None else f" since {times.iso(one.silence.since)}"
            found.append(
                f"{keeper_words(one)} is silent{since}: {one.silence.others} others agree on "
                f"{_count(one.silence.requests, 'request', 'requests')} that it does not show. Most likely it was not asked "
                "(readers ask as few keepers as they need); else it could not answer then, or keeps them back."
            )
    return tuple(found)


def told_words(one: KeeperTold) -> str:
    """What a keeper stated, and when."""
    at = "" if one.at is None else f", as it stated at {times.iso(one.at)}"
    receipts = _count(one.receipts, "receipt", "receipts")
    return f"{keeper_words(one)}: {receipts} about the patient among its first {one.until}{at}."


def keeper_words(one: KeeperTold) -> str:
    return f"Keeper in seat {one.seat} ({one.member})"


def _short(digest: bytes) -> str:
    return f"{fields.to_hex(digest)[:12]}…"


def _proof(one: Noted) -> str:
    waiting = one.keepers - one.on_chain
    later = f" ({waiting} of them not on chain yet)" if waiting else ""
    if one.decision != RELEASED:
        return f"refused by {_count(one.keepers, 'keeper', 'keepers')}{later}, {', '.join(one.reasons)}"
    released = f"{_count(one.keepers, 'keeper', 'keepers')} released it{later}"
    if one.is_access:
        return f"an access, {released}, {one.threshold} are enough"
    return f"a possible access, {released}, {one.threshold} are needed"


def _heard(one: KeeperTold) -> str:
    return "" if one.heard_at is None else f"; it last spoke on chain at {times.iso(one.heard_at)}"


def _silent(one: KeeperTold) -> str:
    if one.silence is None:
        return ""
    since = "" if one.silence.since is None else f" since {times.iso(one.silence.since)}"
    return (
        f"; {one.silence.others} others agree on {_count(one.silence.requests, 'request', 'requests')}{since}"
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
