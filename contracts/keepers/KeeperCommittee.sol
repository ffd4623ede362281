// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IKeeperCommittee} from "../interfaces/IKeeperCommittee.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {CodeStore} from "../libraries/CodeStore.sol";
import {CommitteeRule} from "../libraries/CommitteeRule.sol";

/// @title Committees by version
///
///     none ──publish──▶ version 1 ──publish──▶ version 2 ──publish──▶ …
///
/// @notice Only the last version is sealed to; the earlier ones stay readable, and whoever holds a seat in any of them
/// still commits receipts.
contract KeeperCommittee is IKeeperCommittee, AccessManaged {
    /// @dev A keeper with its sealing key kept as code.
    struct Seat {
        address account;
        address member;
        Chamber chamber;
        address sealingKey;
        string url;
    }

    IMemberRegistry private immutable _members;

    uint64 private _version;
    mapping(uint64 version => uint8) private _thresholds;
    mapping(uint64 version => Seat[]) private _seats;
    mapping(address account => address member) private _memberOfKeeper;

    constructor(address authority, IMemberRegistry members) AccessManaged(authority) {
        _members = members;
    }

    /// @inheritdoc IKeeperCommittee
    function publish(Keeper[] calldata keepers, uint8 threshold) external restricted returns (uint64 version) {
        CommitteeRule.check(keepers, threshold, _members);
        version = ++_version;
        _thresholds[version] = threshold;
        for (uint256 i = 0; i < keepers.length; ++i) {
            Keeper calldata keeper = keepers[i];
            _seats[version].push(
                Seat(keeper.account, keeper.member, keeper.chamber, CodeStore.write(keeper.sealingKey), keeper.url)
            );
            _memberOfKeeper[keeper.account] = keeper.member;
        }
        emit CommitteePublished(version, threshold, uint8(keepers.length));
    }

    /// @inheritdoc IKeeperCommittee
    function currentVersion() external view returns (uint64) {
        return _version;
    }

    /// @inheritdoc IKeeperCommittee
    function thresholdOf(uint64 version) external view returns (uint8) {
        _checkVersion(version);
        return _thresholds[version];
    }

    /// @inheritdoc IKeeperCommittee
    function keepersOf(uint64 version) external view returns (Keeper[] memory keepers) {
        _checkVersion(version);
        Seat[] storage seats = _seats[version];
        keepers = new Keeper[](seats.length);
        for (uint256 i = 0; i < seats.length; ++i) {
            Seat storage seat = seats[i];
            keepers[i] =
                Keeper(seat.account, seat.member, seat.chamber, seat.url, CodeStore.read(seat.sealingKey));
        }
    }

    /// @inheritdoc IKeeperCommittee
    function isKeeper(address account) external view returns (bool) {
        address member = _memberOfKeeper[account];
        return member != address(0) && _members.isActive(member);
    }

    function _checkVersion(uint64 version) private view {
        if (version == 0 || version > _version) revert CommitteeVersionUnknown(version);
    }
}
