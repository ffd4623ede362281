"""Who holds the seats of an old committee: the rule that everybody reads from the chain alone (K-30)."""

from __future__ import annotations

from consentry.domain.ledger import Chamber, CommitteeInfo, KeeperInfo
from consentry.domain.succession import holders, lines

HOUSE, ETHICS, PATIENTS = Chamber.Institutions, Chamber.EthicsBoard, Chamber.PatientsCouncil
CHAMBERS = {"a": HOUSE, "b": HOUSE, "c": ETHICS, "d": PATIENTS, "e": ETHICS}


def keeper(
    seat: int, name: str, version: int, chamber: Chamber | None = None, member: str = ""
) -> KeeperInfo:
    """An account that is named like its member, and says in which version it was named."""
    where = CHAMBERS.get(name[0], HOUSE) if chamber is None else chamber
    return KeeperInfo(
        seat, name, member or f"{name[0]}'s", where, f"https://{name}/{version}", f"{name}{version}".encode()
    )


def committee(version: int, *seats: str | KeeperInfo, threshold: int = 3) -> CommitteeInfo:
    keepers = tuple(
        one if isinstance(one, KeeperInfo) else keeper(seat, one, version) for seat, one in enumerate(seats)
    )
    return CommitteeInfo(version, threshold, keepers)


def held(*committees: CommitteeInfo) -> str:
    return " ".join("-".join(one.account for one in line) for line in lines(committees))


def test_lines_are_the_committee_itself_when_it_is_the_newest() -> None:
    """K-30."""
    assert held(committee(1, "a", "b", "c", "d", "e")) == "a b c d e"


def test_lines_go_on_with_the_same_seat_when_a_keeper_was_replaced() -> None:
    """K-30: also twice, and the version between has a line of its own."""
    first, second = committee(1, "a", "b", "c", "d", "e"), committee(2, "a", "f", "c", "d", "e")
    third = committee(3, "a", "g", "c", "d", "e")
    assert held(first, second, third) == "a b-f-g c d e"
    assert held(second, third) == "a f-g c d e"


def test_lines_follow_a_member_that_takes_another_account() -> None:
    """K-30: the member of the seat itself may follow, whose chamber knows the key already."""
    again = keeper(1, "b2", 2, HOUSE, "b's")
    assert (
        held(committee(1, "a", "b", "c", "d", "e"), committee(2, "a", again, "c", "d", "e")) == "a b-b2 c d e"
    )


def test_lines_stay_with_a_keeper_that_only_moved() -> None:
    """K-30: it is still there to ask, wherever it sits now."""
    first, second = committee(1, "a", "b", "c", "d", "e"), committee(2, "b", "a", "c", "d", "e")
    assert held(first, second) == "a b c d e"


def test_lines_end_when_the_seat_is_gone_and_go_on_when_it_comes_back() -> None:
    """K-30."""
    first, second = committee(1, "a", "b", "c", "d", "e"), committee(2, "a", "b", "c", "d", threshold=3)
    assert held(first, second) == "a b c d e"
    assert held(first, second, committee(3, "a", "b", "c", "d", keeper(4, "f", 3, ETHICS))) == "a b c d e-f"


def test_lines_give_no_member_two_seats_of_a_version() -> None:
    """K-30, M-6: c's member would come to know two shares of one key; one that had a seat once knows it for ever."""
    first = committee(1, "a", "b", "c", "d", "e")
    assert held(first, committee(2, "a", "c", "f", "d", "e")) == "a b c d e"
    moved = committee(2, "a", keeper(1, "c2", 2, ETHICS, "c's"), keeper(2, "f", 2, ETHICS), "d", "e")
    assert held(first, moved) == "a b c-f d e"
    second, third = (
        committee(2, "a", "f", "c", "d", "e"),
        committee(3, "a", "g", "c", "d", keeper(4, "f", 3, ETHICS)),
    )
    assert held(first, second, third) == "a b-f c d e"
    assert held(first, second, third, committee(4, "a", "g", "c", "d", "e")) == "a b-f-g c d e"


def test_lines_let_no_chamber_reach_the_old_threshold() -> None:
    """K-30: whoever had a key may have kept it, so that what a chamber ever knew counts."""
    first = committee(1, "a", "b", "c", "d", "e")
    patients = committee(2, keeper(0, "f", 2, PATIENTS), "b", "c", "d", "e")
    assert held(first, patients) == "a-f b c d e"
    ethics = committee(2, keeper(0, "f", 2, ETHICS), "b", "c", "d", keeper(4, "h", 2, HOUSE))
    assert held(first, ethics) == "a b c d e"
    larger = committee(
        2, "a", "b", keeper(2, "f", 2, HOUSE), "d", "e", keeper(5, "g", 2, ETHICS), threshold=4
    )
    assert held(first, larger) == "a b c d e"


def test_holders_are_asked_at_their_newest_address_by_the_old_seat_and_key() -> None:
    """K-30, K-33: former ones after them, but not behind an address where the holder answers."""
    first = committee(1, "a", "b", "c", "d", "e")
    second, third = committee(2, "a", "f", "c", "d", "e"), committee(3, "a", "g", "c", "d", "f")
    gone = committee(4, "a", "g", "c", "d", "e")
    now = holders((first, second, third, gone))
    assert (now.version, now.threshold) == (1, 3)
    assert [one.url for one in now.keepers] == [
        "https://a/4", "https://g/4", "https://c/4", "https://d/4", "https://e/4"
    ]  # fmt: skip
    assert [(one.seat, one.sealing_key) for one in now.keepers] == [
        (seat, f"{name}1".encode()) for seat, name in enumerate("abcde")
    ]
    assert [(one.seat, one.account, one.url, one.sealing_key) for one in now.former] == [
        (1, "f", "https://f/3", b"b1"),
        (1, "b", "https://b/1", b"b1"),
    ]
    same_place = KeeperInfo(1, "b2", "b's", HOUSE, "https://b/1", b"")
    assert holders((first, committee(2, "a", same_place, "c", "d", "e"))).former == ()
