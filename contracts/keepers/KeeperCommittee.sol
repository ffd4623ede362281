// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IKeeperCommittee} from "../interfaces/IKeeperCommittee.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {IMemberSeat} from "../interfaces/IMemberSeat.sol";
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
        IMemberSeat.Chamber chamber;
        address sealingKey;
        string url;
    }

    struct Committee {
        uint8 threshold;
        uint64 publishedAt;
        Seat[] seats;
    }

    /// @dev `version` is the last one in which the account holds a seat; `since` when it took one without a break.
    struct Standing {
        address member;
        uint48 version;
        uint48 since;
    }

    IMemberRegistry private immutable _members;
    IMemberSeat private immutable _memberSeats;

    uint64 private _version;
    mapping(uint64 version => Committee) private _committees;
    mapping(address account => Standing) private _standings;

    constructor(address authority, IMemberRegistry members, IMemberSeat memberSeats) AccessManaged(authority) {
        _members = members;
        _memberSeats = memberSeats;
    }

    /// @inheritdoc IKeeperCommittee
    function publish(Keeper[] calldata keepers, uint8 threshold) external restricted returns (uint64 version) {
        CommitteeRule.check(keepers, threshold, _members, _memberSeats);
        version = ++_version;
        Committee storage committee = _committees[version];
        (committee.threshold, committee.publishedAt) = (threshold, uint64(block.timestamp));
        for (uint256 i = 0; i < keepers.length; ++i) {
            Keeper calldata keeper = keepers[i];
            _seat(keeper, i, version);
            committee.seats.push(
                Seat(keeper.account, keeper.member, keeper.chamber, CodeStore.write(keeper.sealingKey), keeper.url)
            );
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
        return _committees[version].threshold;
    }

    /// @inheritdoc IKeeperCommittee
    function publishedAtOf(uint64 version) external view returns (uint64) {
        _checkVersion(version);
        return _committees[version].publishedAt;
    }

    /// @inheritdoc IKeeperCommittee
    function keepersOf(uint64 version) external view returns (Keeper[] memory keepers) {
        _checkVersion(version);
        Seat[] storage seats = _committees[version].seats;
        keepers = new Keeper[](seats.length);
        for (uint256 i = 0; i < seats.length; ++i) {
            Seat storage seat = seats[i];
            keepers[i] =
                Keeper(seat.account, seat.member, seat.chamber, seat.url, CodeStore.read(seat.sealingKey));
        }
    }

    /// @inheritdoc IKeeperCommittee
    function isKeeper(address account) external view returns (bool) {
        address member = _standings[account].member;
        return member != address(0) && _members.isActive(member);
    }

    /// @inheritdoc IKeeperCommittee
    function memberOfKeeper(address account) external view returns (address) {
        return _standings[account].member;
    }

    /// @inheritdoc IKeeperCommittee
    function seatedSince(address account) external view returns (uint64) {
        Standing storage standing = _standings[account];
        return standing.version == _version ? standing.since : 0;
    }

    /// @dev Two accounts of one committee differ (CommitteeRule), so each standing is written once.
    function _seat(Keeper calldata keeper, uint256 seat, uint64 version) private {
        Standing storage standing = _standings[keeper.account];
        address former = standing.member;
        if (former == address(0)) {
            standing.member = keeper.member;
        } else if (former != keeper.member) {
            revert KeeperOfAnotherMember(seat, keeper.account, former);
        }
        if (former == address(0) || standing.version + 1 != version) standing.since = uint48(block.timestamp);
        standing.version = uint48(version);
    }

    function _checkVersion(uint64 version) private view {
        if (version == 0 || version > _version) revert CommitteeVersionUnknown(version);
    }
}
