// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {DirectoryKey} from "../libraries/DirectoryKey.sol";
import {MemberName} from "../libraries/MemberName.sol";
import {Utf8} from "../libraries/Utf8.sol";

/// @title Members, staff and ceilings
///
///               admit            suspend
///     Unknown ─────────▶ Active ─────────▶ Suspended
///                        │   ▲   reinstate   │   │
///                        │   └───────────────┘   │
///                        │ expel                 │ expel
///                        └──────▶ Expelled ◀─────┘
///
/// @notice Standing is read when it is used: suspending a member stops its staff, keeper and anchors in the same block
/// without touching any of their entries.
contract MemberRegistry is IMemberRegistry, AccessManaged {
    uint8 private constant HIGHEST_CEILING = 3;
    uint256 private constant LONGEST_KIND = 32;
    uint256 private constant MOST_DIRECTORY_KEYS = 8;

    address[] private _list;
    mapping(address member => Member) private _entries;
    mapping(bytes32 nameHash => address member) private _byName;
    mapping(address member => bytes32[] keys) private _directoryKeys;
    mapping(address account => Staff) private _staff;
    mapping(bytes32 role => Ceiling) private _ceilings;

    modifier onlyActiveMember() {
        if (!isActive(msg.sender)) revert MemberNotActive(msg.sender);
        _;
    }

    constructor(address authority) AccessManaged(authority) {}

    /// @inheritdoc IMemberRegistry
    function admit(address member, string calldata name, string calldata kind) external restricted {
        if (member == address(0)) revert MemberAddressMissing();
        Member storage entry = _entries[member];
        if (entry.status != MemberStatus.Unknown) revert MemberAlreadyKnown(member, entry.status);
        if (!MemberName.isValid(name)) revert MemberNameInvalid(bytes(name));
        if (bytes(kind).length == 0 || bytes(kind).length > LONGEST_KIND || !Utf8.isWellFormed(bytes(kind))) {
            revert MemberKindInvalid(bytes(kind));
        }
        bytes32 nameHash = keccak256(bytes(name));
        if (_byName[nameHash] != address(0)) revert MemberNameTaken(name, _byName[nameHash]);
        _byName[nameHash] = member;
        _list.push(member);
        _entries[member] = Member(MemberStatus.Active, name, kind, uint64(block.timestamp));
        emit MemberAdmitted(member, name, kind);
    }

    /// @inheritdoc IMemberRegistry
    function suspend(address member) external restricted {
        _move(member, MemberStatus.Active, MemberStatus.Suspended);
        emit MemberSuspended(member);
    }

    /// @inheritdoc IMemberRegistry
    function reinstate(address member) external restricted {
        _move(member, MemberStatus.Suspended, MemberStatus.Active);
        emit MemberReinstated(member);
    }

    /// @inheritdoc IMemberRegistry
    function expel(address member) external restricted {
        MemberStatus from = isActive(member) ? MemberStatus.Active : MemberStatus.Suspended;
        _move(member, from, MemberStatus.Expelled);
        emit MemberExpelled(member);
    }

    /// @inheritdoc IMemberRegistry
    function setCeiling(bytes32 role, Ceiling calldata ceiling) external restricted {
        if (role == 0 || ceiling.confidentiality > HIGHEST_CEILING) {
            revert CeilingInvalid(role, ceiling.confidentiality);
        }
        _ceilings[role] = ceiling;
        emit CeilingSet(role, ceiling.confidentiality, ceiling.ownDepartmentOnly);
    }

    /// @inheritdoc IMemberRegistry
    function addDirectoryKey(bytes32 directoryKey) external onlyActiveMember {
        if (DirectoryKey.isLowOrder(directoryKey)) revert DirectoryKeyLowOrder(msg.sender, directoryKey);
        bytes32[] storage keys = _directoryKeys[msg.sender];
        for (uint256 i = 0; i < keys.length; ++i) {
            if (keys[i] == directoryKey) revert DirectoryKeyRepeated(msg.sender, directoryKey);
        }
        if (keys.length == MOST_DIRECTORY_KEYS) revert MemberDirectoryKeysFull(msg.sender, MOST_DIRECTORY_KEYS);
        keys.push(directoryKey);
        emit DirectoryKeyAdded(msg.sender, directoryKey);
    }

    /// @inheritdoc IMemberRegistry
    function enrol(address account, bytes32 role, bytes32 department, uint64 licenceEndAt) external onlyActiveMember {
        if (account == address(0) || role == 0) revert StaffIncomplete(account, role);
        if (licenceEndAt <= block.timestamp) revert StaffLicenceEnded(account, licenceEndAt);
        address current = _staff[account].member;
        if (current != address(0) && current != msg.sender) {
            // people of a member that can't dismiss them find work elsewhere
            if (isActive(current)) revert StaffOfAnotherMember(account, current);
            emit StaffDismissed(current, account);
        }
        _staff[account] = Staff(msg.sender, role, department, licenceEndAt);
        emit StaffEnrolled(msg.sender, account, role, department, licenceEndAt);
    }

    /// @inheritdoc IMemberRegistry
    function dismiss(address account) external onlyActiveMember {
        address current = _staff[account].member;
        if (current != msg.sender) revert StaffOfAnotherMember(account, current);
        _endEnrolment(current, account);
    }

    /// @inheritdoc IMemberRegistry
    function resign() external {
        address current = _staff[msg.sender].member;
        if (current == address(0)) revert StaffOfAnotherMember(msg.sender, current);
        _endEnrolment(current, msg.sender);
    }

    /// @inheritdoc IMemberRegistry
    function memberOf(address member) external view returns (Member memory) {
        return _entries[member];
    }

    /// @inheritdoc IMemberRegistry
    function memberCount() external view returns (uint256) {
        return _list.length;
    }

    /// @inheritdoc IMemberRegistry
    function memberAt(uint256 index) external view returns (address) {
        if (index >= _list.length) revert MemberIndexOutOfRange(index, _list.length);
        return _list[index];
    }

    /// @inheritdoc IMemberRegistry
    function memberByName(string calldata name) external view returns (address) {
        return _byName[keccak256(bytes(name))];
    }

    /// @inheritdoc IMemberRegistry
    function directoryKeysOf(address member) external view returns (bytes32[] memory) {
        return _directoryKeys[member];
    }

    /// @inheritdoc IMemberRegistry
    function staffOf(address account) external view returns (Staff memory) {
        return _staff[account];
    }

    /// @inheritdoc IMemberRegistry
    function ceilingOf(bytes32 role) external view returns (Ceiling memory) {
        return _ceilings[role];
    }

    /// @inheritdoc IMemberRegistry
    function isActive(address member) public view returns (bool) {
        return _entries[member].status == MemberStatus.Active;
    }

    function _endEnrolment(address member, address account) private {
        delete _staff[account];
        emit StaffDismissed(member, account);
    }

    function _move(address member, MemberStatus from, MemberStatus to) private {
        Member storage entry = _entries[member];
        if (entry.status != from) revert MemberStatusWrong(member, entry.status);
        entry.status = to;
    }
}
