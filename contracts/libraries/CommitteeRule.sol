// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IKeeperCommittee} from "../interfaces/IKeeperCommittee.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {Utf8} from "./Utf8.sol";

/// @title Which committees may hold keys
/// @notice Keepers are distinct, of one active member each, and no chamber of the consortium opens records alone.
library CommitteeRule {
    uint256 private constant MOST_SEATS = 16;
    uint256 private constant LEAST_THRESHOLD = 2;
    uint256 private constant KEY_BYTES = 1216;
    uint256 private constant URL_BYTES = 200;
    uint256 private constant CHAMBERS = 3;

    function check(IKeeperCommittee.Keeper[] calldata keepers, uint8 threshold, IMemberRegistry members)
        internal
        view
    {
        uint256 seats = keepers.length;
        if (seats > MOST_SEATS || threshold < LEAST_THRESHOLD || threshold > seats) {
            revert IKeeperCommittee.CommitteeSizeInvalid(seats, threshold);
        }
        uint256[CHAMBERS] memory perChamber;
        bytes32[] memory keys = new bytes32[](seats);
        for (uint256 i = 0; i < seats; ++i) {
            _checkKeeper(keepers[i], i, members);
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
                    IKeeperCommittee.Chamber(i), perChamber[i], threshold
                );
            }
        }
    }

    function _checkKeeper(IKeeperCommittee.Keeper calldata keeper, uint256 seat, IMemberRegistry members)
        private
        view
    {
        if (keeper.account == address(0)) revert IKeeperCommittee.KeeperAccountMissing(seat);
        uint256 keyLength = keeper.sealingKey.length;
        if (keyLength != KEY_BYTES) revert IKeeperCommittee.KeeperKeyLengthWrong(seat, keyLength);
        uint256 urlLength = bytes(keeper.url).length;
        if (urlLength == 0 || urlLength > URL_BYTES) revert IKeeperCommittee.KeeperUrlLengthWrong(seat, urlLength);
        if (!Utf8.isWellFormed(bytes(keeper.url))) revert IKeeperCommittee.KeeperUrlInvalid(seat);
        if (!members.isActive(keeper.member)) revert IKeeperCommittee.KeeperMemberNotActive(seat, keeper.member);
    }
}
