"""Before a clinician's or a patient's wallet is asked at the desk: what the page makes sure of, without a browser."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from consentry.domain import fields, openings, sessions, times
from consentry.domain.openings import Finding
from consentry.domain.sessions import Session
from tests.browser.node import evaluate
from tests.vectors import samples
from tests.vectors.samples import ALICE, CHAIN_ID, DR_BOSE, MEMBER_NAME, NOW, account

EMERGENCY = account("EmergencyAccess")
NETWORK = {"chainId": CHAIN_ID, "member": {"name": MEMBER_NAME}, "contracts": {"EmergencyAccess": EMERGENCY}}
SOURCE = """
import { Mismatch } from "./app/browser/core/checks";
import { closingToSign, openingAsked, openingToSign, readingTypedData, reviewToSign } from "./app/browser/core/clinic_checks";
import { checkLinkText } from "./app/browser/core/links";
declare const given: { network: any; now: number; asked: any[][] };
const { network, now, asked } = given;
const checks: Record<string, (...values: any[]) => unknown> = {
  reading: (theirs, actor, purpose) => readingTypedData(theirs, actor, purpose, network, now),
  opening: (worded) => openingToSign(worded, network).typedData,
  asked: (worded, asked) => openingAsked(worded, asked, network, now),
  closing: (theirs, closer, id) => closingToSign(theirs, closer, id, network),
  review: (theirs, reviewer, id, finding) => reviewToSign(theirs, reviewer, id, finding, network),
  link: (link) => checkLinkText(link, network) ?? "fits",
};
const told = asked.map(([name, ...values]) => {
  try {
    return checks[name]?.(...values);
  } catch (error) {
    if (error instanceof Mismatch) return error.kind;
    throw error;
  }
});
console.log(JSON.stringify(told));
"""
KEY = fields.to_hex(b"\x04" + bytes(range(64)))
SESSION = Session(DR_BOSE, MEMBER_NAME, "TREAT", KEY, NOW + 8 * 3600)


def told(*asked: list[Any]) -> list[Any]:
    return list(evaluate(SOURCE, {"network": NETWORK, "now": NOW, "asked": asked}))


def changed(data: dict[str, Any], **message: Any) -> dict[str, Any]:
    return data | {"message": data["message"] | message}


def test_a_session_is_this_persons_for_what_was_chosen() -> None:
    """W-75: this account, member and purpose, eight hours at most, and no other typed data."""
    right = sessions.typed_data(SESSION, CHAIN_ID)
    others = [
        replace(SESSION, purpose="HRESCH"),
        replace(SESSION, actor=ALICE),
        replace(SESSION, member="Mercy Hospital"),
    ]
    wrong = [sessions.typed_data(one, CHAIN_ID) for one in others]
    wrong += [
        sessions.typed_data(SESSION, CHAIN_ID + 1),
        changed(right, expires="tomorrow"),
        changed(right, more=1),
    ]
    wrong += [right | {"primaryType": "PatientSession"}, {"message": None}]
    answers = told(*(["reading", one, DR_BOSE, "TREAT"] for one in (right, *wrong)))
    assert answers == [right] + ["mismatch"] * len(wrong)
    untimely = [replace(SESSION, expires=NOW + 8 * 3600 + 1), replace(SESSION, expires=NOW)]
    answers = told(*(["reading", sessions.typed_data(one, CHAIN_ID), DR_BOSE, "TREAT"] for one in untimely))
    assert answers == ["wrong-clock"] * 2


def worded(opening: openings.Opening) -> dict[str, Any]:
    data = openings.typed_data(opening, CHAIN_ID, EMERGENCY)
    identifier = fields.to_hex(openings.opening_id(opening, CHAIN_ID, EMERGENCY))
    return {"id": identifier, "opening": opening.to_json(), "typedData": data}


def test_an_opening_is_the_one_that_is_shown() -> None:
    """W-76: by its id, at this member; typed data that says anything else is not signed."""
    right = worded(samples.opening())
    other = worded(replace(samples.opening(), open_until=NOW + 7200))
    wrong = [
        right | {"id": other["id"]},
        right | {"typedData": other["typedData"]},
        right | {"opening": other["opening"]},
        right | {"opening": right["opening"] | {"openUntil": "later"}},
        worded(replace(samples.opening(), member="Mercy Hospital")),
        right | {"typedData": None},
    ]
    answers = told(*(["opening", one] for one in (right, *wrong)))
    assert answers == [right["typedData"]] + ["mismatch"] * len(wrong)


def test_an_opening_lasts_as_long_as_was_chosen() -> None:
    """W-98: of this patient, by these two, and over when the form says, by the chain's clock."""
    opening = replace(samples.opening(), open_until=NOW + 900, relay_before=NOW + 900)
    asked = {
        "patient": opening.subject.patient, "first": opening.first, "second": opening.second, "seconds": 900,
    }  # fmt: skip
    others = [asked | {"patient": DR_BOSE}, asked | {"first": opening.second}, asked | {"second": ALICE}]
    shifted = [
        replace(opening, open_until=NOW + 900 + 121),
        replace(opening, open_until=NOW + 900 - 121, relay_before=NOW + 60),
        replace(opening, relay_before=NOW),
        replace(opening, relay_before=NOW + 901),
    ]
    right, close = worded(opening), worded(replace(opening, open_until=NOW + 1020))
    assert told(["asked", right, asked], ["asked", close, asked]) == [right["typedData"], close["typedData"]]
    assert told(*(["asked", right, other] for other in others)) == ["mismatch"] * 3
    longer = asked | {"seconds": 1800}
    late = told(*(["asked", worded(one), asked] for one in shifted), ["asked", right, longer])
    assert late == ["wrong-clock"] * 5


def test_a_closing_and_a_review_are_of_that_opening_by_that_person() -> None:
    """W-76"""
    identifier, other = bytes([1]) * 32, bytes([2]) * 32
    closing = openings.closing_data(identifier, DR_BOSE, CHAIN_ID, EMERGENCY)
    review = openings.review_data(identifier, Finding.Justified, DR_BOSE, CHAIN_ID, EMERGENCY)
    hexed = fields.to_hex(identifier)
    answers = told(
        ["closing", closing, DR_BOSE, hexed],
        ["review", review, DR_BOSE, hexed, "justified"],
        ["closing", openings.closing_data(other, DR_BOSE, CHAIN_ID, EMERGENCY), DR_BOSE, hexed],
        ["closing", closing, ALICE, hexed],
        ["review", review, DR_BOSE, hexed, "unjustified"],
        ["review", closing, DR_BOSE, hexed, "justified"],
    )
    assert answers == [closing, review, *["mismatch"] * 4]


LINK = "\n".join(
    (
        f"{MEMBER_NAME} wants to file this wallet with my patient number there.",
        "",
        "I sign this at its desk. It lets nobody read anything, and costs nothing.",
        "",
        f"Reference: {'ab' * 16}",
        f"Chain: {CHAIN_ID}",
        f"Nonce: {'cd' * 16}",
        f"Valid until: {times.iso(NOW)}",
    )
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (MEMBER_NAME, "Mercy Hospital"),
        ("lets nobody read", "lets anybody read"),
        ("ab" * 16, "ff" * 16),
        (f"Chain: {CHAIN_ID}", "Chain: 1"),
        ("Nonce: ", "Nonce:  "),
        ("Valid until: ", "I also agree.\nValid until: "),
        (times.iso(NOW), f"{times.iso(NOW)}\nAnd more."),
    ],
)
def test_a_link_text_is_signed_to_the_letter(before: str, after: str) -> None:
    """W-73: as the desk's gateway words it (G-4), or not at all."""
    assert before in LINK
    texts = [LINK, LINK.replace(before, after)]
    asked = [["link", {"ref": "ab" * 16, "challenge": text}] for text in texts]
    assert told(*asked) == ["fits", "mismatch"]
