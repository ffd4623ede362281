"""What members vote on, in words (V-14, V-15)."""

from __future__ import annotations

import pytest

from consentry.domain import decisions
from consentry.domain.canonical import keccak
from consentry.domain.decisions import Act, Call, ChamberVotes
from consentry.domain.ledger import Chamber
from consentry.errors import LayoutInvalid
from tests.vectors.samples import CITY, MERCY

NAMES = {MERCY: "Mercy Hospital"}


def test_described_says_each_call_and_why() -> None:
    """V-14: the same words for the same decision, whoever writes the reason with more spaces."""
    decision = decisions.admit(CITY, "City Clinic", "hospital", Chamber.EthicsBoard)
    text = decisions.described(decision, " It treats\n our patients ", NAMES)
    assert text.splitlines() == [
        f"Admit {CITY} as “City Clinic” (hospital).",
        f"Give City Clinic ({CITY}) a seat in the ethics board.",
        "Because: It treats our patients",
    ]
    assert text == decisions.described(decision, "It treats our patients", {**NAMES, CITY: "City Clinic"})
    assert decisions.description_hash(text) == keccak(text.encode())


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 501, "a\u202eb", "bell\u0007"])
def test_reason_is_refused_when_it_is_none(reason: str) -> None:
    """V-14"""
    with pytest.raises(LayoutInvalid, match="reason"):
        decisions.described(decisions.suspend(MERCY), reason)


def test_sentences_name_members_and_never_hide_a_call() -> None:
    """V-14: what nobody here understands is said to be so."""
    acts = (
        decisions.suspend(MERCY).acts[0],
        Act("Timelock", "updateDelay", (1,)),
        Act("FastSuspension", "setRegulator", (MERCY,)),
        Act("MemberRegistry", "replaceKey", (MERCY, CITY)),
        None,
    )
    assert decisions.sentences(acts, NAMES) == (
        f"Suspend Mercy Hospital ({MERCY}).",
        "Call Timelock.updateDelay with (1,).",
        f"Make Mercy Hospital ({MERCY}) the regulator.",
        f"Let {CITY} act for Mercy Hospital ({MERCY}).",
        "Call something that is no contract of ours.",
    )


def test_expelling_takes_a_seat_only_from_who_has_one() -> None:
    assert [act.function for act in decisions.expel(MERCY, Chamber.Institutions).acts] == ["expel", "take"]
    assert [act.function for act in decisions.expel(MERCY, None).acts] == ["expel"]
    assert [act.function for act in decisions.admit(CITY, "City", "lab", None).acts] == ["admit"]


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        (ChamberVotes(0, 0, 0, 0), (False, False, False)),
        (ChamberVotes(0, 1, 0, 3), (False, False, False)),
        (ChamberVotes(0, 1, 0, 2), (True, True, False)),
        (ChamberVotes(1, 1, 0, 2), (True, False, True)),
        (ChamberVotes(0, 0, 1, 2), (True, False, True)),
        (ChamberVotes(1, 2, 0, 5), (True, True, False)),
    ],
)
def test_chamber_carries_with_a_quorum_and_more_for_than_against(
    votes: ChamberVotes, outcome: tuple[bool, ...]
) -> None:
    """V-15: abstaining takes part, and carries nothing."""
    assert (votes.has_quorum, votes.carries, votes.rejects) == outcome


def test_whole_is_what_the_governor_takes() -> None:
    """V-14: no value is ever sent along."""
    targets, values, data, hashed = decisions.whole((Call(CITY, b"x"), Call(MERCY, b"y")), "Because")
    assert (targets, values, data) == ([CITY, MERCY], [0, 0], [b"x", b"y"])
    assert hashed == keccak(b"Because")
