// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IKeeperCommittee} from "../interfaces/IKeeperCommittee.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {IMemberSeat} from "../interfaces/IMemberSeat.sol";
import {Utf8} from "./Utf8.sol";

/// @title Which committees may hold keys
/// @notice Keepers are distinct, of one active member each and in its chamber; no chamber of the consortium opens records
/// alone.
library CommitteeRule {
    uint256 private constant MOST_SEATS = 16;
    uint256 private constant LEAST_THRESHOLD = 2;
    uint256 private constant KEY_BYTES = 1216;
    uint256 private constant URL_BYTES = 200;
    uint256 private constant CHAMBERS = 3;

    function check(
        IKeeperCommittee.Keeper[] calldata keepers,
        uint8 threshold,
        IMemberRegistry members,
        IMemberSeat seats
    ) internal view {
        uint256 count = keepers.length;
        if (count > MOST_SEATS || threshold < LEAST_THRESHOLD || threshold > count) {
            revert IKeeperCommittee.CommitteeSizeInvalid(count, threshold);
        }
        uint256[CHAMBERS] memory perChamber;
        bytes32[] memory keys = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            _checkKeeper(keepers[i], i);
            _checkMember(keepers[i], i, members, seats);
            keys[i] = keccak256(keepers[i].sealingKey);
            for (uint256 j = 0; j < i; ++j) {
                if (keepers[j].account == keepers[i].account) {
                    revert IKeeperCommittee.KeeperAccountRepeated(i, keepers[i].account);
                }
                if (keepers[j].member == keepers[i].member) {
                    revert IKeeperCommittee.KeeperMemberRepeated(i, keepers[i].member);
                }
                if (keys[j] == keys[i]) revert IKeeperCommittee.KeeperKeyRepeated(i);
            }
            ++perChamber[uint256(keepers[i].chamber)];
        }
        for (uint256 i = 0; i < CHAMBERS; ++i) {
            if (perChamber[i] >= threshold) {
                revert IKeeperCommittee.CommitteeChamberTooStrong(
                    IMemberSeat.Chamber(i), perChamber[i], threshold
                );
            }
        }
    }

    function _checkKeeper(IKeeperCommittee.Keeper calldata keeper, uint256 seat) private pure {
        if (keeper.account == address(0)) revert IKeeperCommittee.KeeperAccountMissing(seat);
        uint256 keyLength = keeper.sealingKey.length;
        if (keyLength != KEY_BYTES) revert IKeeperCommittee.KeeperKeyLengthWrong(seat, keyLength);
        uint256 urlLength = bytes(keeper.url).length;
        if (urlLength == 0 || urlLength > URL_BYTES) revert IKeeperCommittee.KeeperUrlLengthWrong(seat, urlLength);
        if (!Utf8.isWellFormed(bytes(keeper.url))) revert IKeeperCommittee.KeeperUrlInvalid(seat);
    }

    function _checkMember(
        IKeeperCommittee.Keeper calldata keeper,
        uint256 seat,
        IMemberRegistry members,
        IMemberSeat seats
    ) private view {
        address member = keeper.member;
        if (!members.isActive(member)) revert IKeeperCommittee.KeeperMemberNotActive(seat, member);
        (bool seated, IMemberSeat.Chamber chamber) = seats.chamberOf(member);
        if (!seated || chamber != keeper.chamber) {
            revert IKeeperCommittee.KeeperChamberWrong(seat, member, keeper.chamber);
        }
    }
}
