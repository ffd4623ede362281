"""Which committees may hold the shares (K-12, M-1, M-2, M-4, M-6). One test per leaf of publish.tree."""

import pytest

from tests.contracts.committees import ETHICS, INSTITUTIONS, KEY_BYTES, PATIENTS, changed, key
from tests.contracts.consents import Person
from tests.contracts.reverts import reverts_with

TOO_LITTLE = 290_000
"""Gas less than publishing five takes: enough for four keys (some 275,000 each), and to say so when the fifth fails."""


def test_publish_makes_the_next_version_when_committee_is_sound(committee, five, consortium):
    """K-12"""
    tx = committee.publish(five, 3, {"from": consortium})
    assert tx.return_value == committee.currentVersion() == 1
    assert committee.publishedAtOf(1) == tx.timestamp
    assert dict(tx.events["CommitteePublished"]) == {"version": 1, "threshold": 3, "seats": 5}
    second = changed(five, 0, sealingKey=key(99))
    committee.publish(second, 4, {"from": consortium})
    assert [committee.thresholdOf(version) for version in (1, 2)] == [3, 4]
    for version, keepers in ((1, five), (2, second)):
        stored = committee.keepersOf(version)
        assert [(k[0], k[1], k[2], k[3], bytes(k[4])) for k in stored] == keepers


def test_publish_takes_sixteen_seats_when_largest(committee, admitted, seat, consortium):
    """K-12"""
    trustees = admitted(16)
    seat(*((member, i % 3) for i, member in enumerate(trustees)))
    sixteen = [
        (Person.named(f"seat {i}").address, member, i % 3, f"https://k{i}.example", key(i))
        for i, member in enumerate(trustees)
    ]
    tx = committee.publish(sixteen, 9, {"from": consortium, "gas_limit": 11_000_000})
    assert tx.status == 1
    assert len(committee.keepersOf(1)) == 16


def test_publish_reverts_when_caller_has_no_role(committee, five, mallory):
    """M-1"""
    with reverts_with("AccessManagedUnauthorized", mallory):
        committee.publish(five, 3, {"from": mallory.account})


@pytest.mark.parametrize(("seats", "threshold"), [(0, 0), (1, 1), (5, 1), (5, 0), (5, 6), (2, 3)])
def test_publish_reverts_when_size_is_out_of_range(committee, five, consortium, seats, threshold):
    """K-12"""
    with reverts_with("CommitteeSizeInvalid", seats, threshold):
        committee.publish(five[:seats], threshold, {"from": consortium})


def test_publish_reverts_when_there_are_seventeen(committee, five, consortium):
    """K-12"""
    with reverts_with("CommitteeSizeInvalid", 17, 9):
        committee.publish([changed(five, 0, sealingKey=b"")[0]] * 17, 9, {"from": consortium})


def test_publish_reverts_when_gas_ends_while_a_key_is_kept(committee, five, consortium):
    """K-12: a committee with a key that the chain did not keep is never published."""
    whole = committee.publish.estimate_gas(five, 3, {"from": consortium})
    with reverts_with("CodeStoreFailed", KEY_BYTES):
        committee.publish(five, 3, {"from": consortium, "gas_limit": whole - TOO_LITTLE})
    assert committee.currentVersion() == 0


@pytest.mark.parametrize("length", [0, 1215, 1217])
def test_publish_reverts_when_key_has_another_length(committee, five, consortium, length):
    """K-12"""
    with reverts_with("KeeperKeyLengthWrong", 2, length):
        committee.publish(changed(five, 2, sealingKey=b"k" * length), 3, {"from": consortium})


@pytest.mark.parametrize("length", [0, 201])
def test_publish_reverts_when_url_has_another_length(committee, five, consortium, length):
    with reverts_with("KeeperUrlLengthWrong", 4, length):
        committee.publish(changed(five, 4, url="u" * length), 3, {"from": consortium})


def test_publish_reverts_when_url_is_not_utf8(committee, five, consortium):
    """M-2: an unreadable URL would make the whole committee unreadable."""
    data = bytes.fromhex(committee.publish.encode_input(five, 3).removeprefix("0x"))
    url = five[4][3].encode()
    assert data.count(url) == 1
    with reverts_with("KeeperUrlInvalid", 4):
        consortium.transfer(committee, data="0x" + data.replace(url, url[:-1] + b"\xff").hex())


def test_publish_reverts_when_account_is_missing(committee, five, consortium):
    with reverts_with("KeeperAccountMissing", 1):
        committee.publish(changed(five, 1, account="0x" + "00" * 20), 3, {"from": consortium})


def test_publish_reverts_when_account_is_repeated(committee, five, consortium):
    """K-12"""
    with reverts_with("KeeperAccountRepeated", 3, five[0][0]):
        committee.publish(changed(five, 3, account=five[0][0]), 3, {"from": consortium})


def test_publish_reverts_when_member_is_repeated(committee, five, consortium, city_hospital):
    """M-6"""
    again = changed(five, 3, member=str(city_hospital), chamber=INSTITUTIONS)
    with reverts_with("KeeperMemberRepeated", 3, city_hospital):
        committee.publish(again, 3, {"from": consortium})


def test_publish_reverts_when_key_is_repeated(committee, five, consortium):
    """K-12"""
    with reverts_with("KeeperKeyRepeated", 3):
        committee.publish(changed(five, 3, sealingKey=key(1)), 3, {"from": consortium})


def test_publish_reverts_when_member_is_not_active(committee, members, five, consortium, city_hospital):
    """M-4"""
    members.suspend(city_hospital, {"from": consortium})
    with reverts_with("KeeperMemberNotActive", 1, city_hospital):
        committee.publish(five, 3, {"from": consortium})


def test_publish_reverts_when_chamber_is_not_the_members(
    committee, deployed, five, consortium, city_hospital
):
    """K-12: nor when the member has no seat in any."""
    for chamber in (ETHICS, PATIENTS):
        with reverts_with("KeeperChamberWrong", 1, city_hospital, chamber):
            committee.publish(changed(five, 1, chamber=chamber), 3, {"from": consortium})
    deployed.MemberSeat.take(city_hospital, {"from": consortium})
    with reverts_with("KeeperChamberWrong", 1, city_hospital, INSTITUTIONS):
        committee.publish(five, 3, {"from": consortium})


def test_publish_reverts_when_a_chamber_reaches_the_threshold(committee, five, seat, consortium):
    """K-12"""
    with reverts_with("CommitteeChamberTooStrong", INSTITUTIONS, 2, 2):
        committee.publish(five, 2, {"from": consortium})
    seat((five[3][1], ETHICS))
    with reverts_with("CommitteeChamberTooStrong", ETHICS, 3, 3):
        committee.publish(changed(five, 3, chamber=ETHICS), 3, {"from": consortium})


@pytest.mark.parametrize("version", [0, 1, 2**64 - 1])
def test_reads_revert_when_version_is_unknown(committee, version):
    """K-12"""
    for read in ("keepersOf", "thresholdOf", "publishedAtOf"):
        with reverts_with("CommitteeVersionUnknown", version):
            getattr(committee, read)(version)
