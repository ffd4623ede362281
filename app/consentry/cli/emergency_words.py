"""What `consentry emergency` tells: what happened, and what is due next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from consentry.cli.output import Output

SAY_OPEN: Final = {
    "OpeningStillOpen": "Close it first (`consentry emergency close ID --as FILE`), or wait until it has run out.",
    "OpeningReviewerIsOpener": "Have a third person of the member review it: neither of the two who opened it.",
    "OpeningAlreadyReviewed": "It is reviewed already, once and for ever; nothing is left to do.",
    "OpeningAlreadyEnded": "It has run out by itself; have a third person review it.",
    "OpeningStaffOfAnotherMember": "Both must be people of this member: `consentry staff show ADDRESS` says whose staff one is.",
    "OpeningReviewsOverdue": "Have the overdue ones reviewed first: `consentry emergency list` names them.",
}
"""Next steps for what the contract refuses."""

_STAGES: Final = {"open": "open", "review-due": "review due", "overdue": "REVIEW OVERDUE"}


def tell_opened(output: Output, relayed: dict[str, Any], first: str) -> None:
    identifier = relayed.get("id")
    output.say(f"Open until {relayed.get('endsAt')}: {identifier}")
    output.say(f"  transaction {relayed.get('transaction')}")
    output.say("Next:")
    output.say(f"  consentry read --opening {identifier} --as {first}    (either of the two)")
    output.say(f"  consentry emergency close {identifier} --as {first}")
    output.say(f"A third person's review is due until {relayed.get('reviewBy')}. The patient is told.")


def tell_closed(output: Output, relayed: dict[str, Any]) -> None:
    identifier = relayed.get("id")
    if relayed.get("transaction") is None:
        output.say(f"{identifier} is closed already; nothing to do but the review.")
        return
    output.say(f"Closed: nothing more is released. Transaction {relayed['transaction']}")
    output.say(f"Review is due until {relayed.get('reviewBy')}, by a third person:")
    output.say(f"  consentry emergency review {identifier} --as FILE --finding justified")


def tell_reviewed(output: Output, relayed: dict[str, Any], finding: str) -> None:
    output.say(f"Reviewed: {finding}. Transaction {relayed.get('transaction')}; nothing is left to do.")


def tell_list(output: Output, told: Sequence[dict[str, Any]]) -> None:
    if not told:
        output.say("No opening waits for a review.")
        return
    for one in told:  # no table: five of its columns would be addresses and ids
        output.say(f"{one.get('id')}  {_STAGES.get(str(one.get('stage')), one.get('stage'))}")
        output.say(f"  ends {one.get('endsAt')}, review due until {one.get('reviewBy')}")
        output.say(f"  opened by {one.get('first')} and {one.get('second')}")
        output.say(f"  for {one.get('patient') or 'a patient that another gateway knows'}")
    overdue = sum(one.get("stage") == "overdue" for one in told)
    if overdue:
        output.say(f"{overdue} overdue: a member with too many opens no more until they are reviewed.")
    output.say("Review one as a third person: consentry emergency review ID --as FILE --finding justified")


def tell_notices(output: Output, found: Sequence[dict[str, Any]]) -> None:
    if not found:
        output.say("Nobody has opened your emergency summary through this hospital.")
        return
    rows = [
        (
            one.get("openedAt"),
            one.get("member"),
            one.get("first"),
            one.get("second"),
            one.get("finding") or one.get("status"),
            "yes" if one.get("seenAt") else "no",
        )
        for one in found
    ]
    output.table(("opened", "by", "first", "second", "state", "seen"), rows)
    output.say("What was read under them: consentry receipts --wallet FILE")


def tell_summary(output: Output, told: dict[str, Any], member: str) -> None:
    shown = "also" if told.get("sensitive") else "not"
    output.say(f"Sensitive and restricted records are {shown} in the emergency summary that {member} writes.")
