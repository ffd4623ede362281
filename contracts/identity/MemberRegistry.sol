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
///                        │ │ ▲  ▲ reinstate │  │ ▲
///                        │ │ │  └───────────┘  │ │ suspend,
///                        │ │ │ time passes,    │ │ confirmSuspension
///            suspendUntil│ │ │ reinstate       │ │
///                        │ ▼ │                 │ │
///                        │ Suspended until ────┼─┘
///                        │ a time    │         │
///                        │ expel     │ expel   │ expel
///                        └───────────┴─────────┴──▶ Expelled
///
///     key of a member:  its own address ──rotateKey, replaceKey──▶ another account ──▶ …
///
/// @notice Standing is read when it is used: suspending a member stops its staff, keeper and anchors in the same block
/// without touching any of their entries. A member is its address for ever, whichever key acts for it.
contract MemberRegistry is IMemberRegistry, AccessManaged {
    /// @dev The first four share a slot, which is all that `actorOf` and `isActive` read. `status` is Suspended only without
    /// end; `key` is zero while the member's own address acts.
    struct Entry {
        MemberStatus status;
        uint40 admittedAt;
        uint40 suspendedUntil;
        address key;
        string name;
        string kind;
    }

    /// @dev `Staff` in another order, so that member and licence share a slot.
    struct Enrolment {
        address member;
        uint64 licenceEndAt;
        bytes32 role;
        bytes32 department;
    }

    uint8 private constant HIGHEST_CEILING = 3;
    uint256 private constant LONGEST_KIND = 32;
    uint256 private constant MOST_DIRECTORY_KEYS = 8;

    address[] private _list;
    mapping(address member => Entry) private _entries;
    mapping(address key => address member) private _byKey;
    mapping(bytes32 nameHash => address member) private _byName;
    mapping(address member => bytes32[] keys) private _directoryKeys;
    mapping(address account => Enrolment) private _staff;
    mapping(address account => mapping(address member => bool)) private _refusals;
    mapping(bytes32 role => Ceiling) private _ceilings;

    constructor(address authority) AccessManaged(authority) {}

    /// @inheritdoc IMemberRegistry
    function admit(address member, string calldata name, string calldata kind) external restricted {
        if (member == address(0)) revert MemberAddressMissing();
        Entry storage entry = _entries[member];
        if (entry.status != MemberStatus.Unknown) revert MemberAlreadyKnown(member, _statusOf(entry));
        _requireFreeKey(member);
        if (!MemberName.isValid(name)) revert MemberNameInvalid(bytes(name));
        if (bytes(kind).length == 0 || bytes(kind).length > LONGEST_KIND || !Utf8.isWellFormed(bytes(kind))) {
            revert MemberKindInvalid(bytes(kind));
        }
        bytes32 nameHash = keccak256(bytes(name));
        if (_byName[nameHash] != address(0)) revert MemberNameTaken(name, _byName[nameHash]);
        _byName[nameHash] = member;
        delete _byKey[member];
        _list.push(member);
        _entries[member] = Entry(MemberStatus.Active, uint40(block.timestamp), 0, address(0), name, kind);
        emit MemberAdmitted(member, name, kind);
    }

    /// @inheritdoc IMemberRegistry
    function suspend(address member) external restricted {
        _suspend(member, _entries[member].status == MemberStatus.Active);
    }

    /// @inheritdoc IMemberRegistry
    function suspendUntil(address member, uint64 until) external restricted {
        Entry storage entry = _entries[member];
        if (entry.status != MemberStatus.Active) revert MemberStatusWrong(member, entry.status);
        uint64 running = entry.suspendedUntil;
        if (until <= block.timestamp || until <= running || until > type(uint40).max) {
            revert MemberSuspensionInvalid(member, until, running);
        }
        entry.suspendedUntil = uint40(until);
        emit MemberSuspendedUntil(member, until);
    }

    /// @inheritdoc IMemberRegistry
    function confirmSuspension(address member) external restricted {
        Entry storage entry = _entries[member];
        _suspend(member, entry.status == MemberStatus.Active && block.timestamp < entry.suspendedUntil);
    }

    /// @inheritdoc IMemberRegistry
    function reinstate(address member) external restricted {
        Entry storage entry = _entries[member];
        if (_statusOf(entry) != MemberStatus.Suspended) revert MemberStatusWrong(member, _statusOf(entry));
        entry.status = MemberStatus.Active;
        entry.suspendedUntil = 0;
        emit MemberReinstated(member);
    }

    /// @inheritdoc IMemberRegistry
    function expel(address member) external restricted {
        Entry storage entry = _entries[member];
        _requireMember(member, entry);
        entry.status = MemberStatus.Expelled;
        emit MemberExpelled(member);
    }

    /// @inheritdoc IMemberRegistry
    function rotateKey(address newKey) external {
        _setKey(_activeActor(), newKey);
    }

    /// @inheritdoc IMemberRegistry
    function replaceKey(address member, address newKey) external restricted {
        _requireMember(member, _entries[member]);
        _setKey(member, newKey);
    }

    /// @inheritdoc IMemberRegistry
    function setCeiling(bytes32 role, Ceiling calldata ceiling) external restricted {
        if (role == 0 || ceiling.confidentiality > HIGHEST_CEILING) {
            revert CeilingInvalid(role, ceiling.confidentiality);
        }
        _ceilings[role] = ceiling;
        emit CeilingSet(role, ceiling.confidentiality, ceiling.ownDepartmentOnly, ceiling.currentEpisodeOnly);
    }

    /// @inheritdoc IMemberRegistry
    function addDirectoryKey(bytes32 directoryKey) external {
        address member = _activeActor();
        if (DirectoryKey.isLowOrder(directoryKey)) revert DirectoryKeyLowOrder(member, directoryKey);
        bytes32[] storage keys = _directoryKeys[member];
        for (uint256 i = 0; i < keys.length; ++i) {
            if (keys[i] == directoryKey) revert DirectoryKeyRepeated(member, directoryKey);
        }
        if (keys.length == MOST_DIRECTORY_KEYS) revert MemberDirectoryKeysFull(member, MOST_DIRECTORY_KEYS);
        keys.push(directoryKey);
        emit DirectoryKeyAdded(member, directoryKey);
    }

    /// @inheritdoc IMemberRegistry
    function enrol(address account, bytes32 role, bytes32 department, uint64 licenceEndAt) external {
        address member = _activeActor();
        if (account == address(0) || role == 0) revert StaffIncomplete(account, role);
        if (licenceEndAt <= block.timestamp) revert StaffLicenceEnded(account, licenceEndAt);
        if (_refusals[account][member]) revert StaffRefused(account, member);
        address current = _staff[account].member;
        if (current != address(0) && current != member) {
            // people of a member that can't dismiss them find work elsewhere
            if (isActive(current)) revert StaffOfAnotherMember(account, current);
            emit StaffDismissed(current, account);
        }
        _staff[account] = Enrolment(member, licenceEndAt, role, department);
        emit StaffEnrolled(member, account, role, department, licenceEndAt);
    }

    /// @inheritdoc IMemberRegistry
    function dismiss(address account) external {
        address member = _activeActor();
        address current = _staff[account].member;
        if (current != member) revert StaffOfAnotherMember(account, current);
        _endEnrolment(current, account);
    }

    /// @inheritdoc IMemberRegistry
    function resign() external {
        address current = _staff[msg.sender].member;
        if (current == address(0)) revert StaffOfAnotherMember(msg.sender, current);
        _endEnrolment(current, msg.sender);
    }

    /// @inheritdoc IMemberRegistry
    function refuseEnrolment(address member) external {
        if (_entries[member].status == MemberStatus.Unknown) revert MemberStatusWrong(member, MemberStatus.Unknown);
        _setRefusal(member, true);
        if (_staff[msg.sender].member == member) _endEnrolment(member, msg.sender);
        emit EnrolmentRefused(msg.sender, member);
    }

    /// @inheritdoc IMemberRegistry
    function allowEnrolment(address member) external {
        _setRefusal(member, false);
        emit EnrolmentAllowed(msg.sender, member);
    }

    /// @inheritdoc IMemberRegistry
    function refusesEnrolment(address account, address member) external view returns (bool) {
        return _refusals[account][member];
    }

    /// @inheritdoc IMemberRegistry
    function actorOf(address account) external view returns (address member, MemberStatus status) {
        return _actorOf(account);
    }

    /// @inheritdoc IMemberRegistry
    function keyOf(address member) external view returns (address) {
        return _keyOf(member, _entries[member]);
    }

    /// @inheritdoc IMemberRegistry
    function memberOf(address member) external view returns (Member memory) {
        Entry storage entry = _entries[member];
        return Member(
            _statusOf(entry), entry.name, entry.kind, entry.admittedAt, entry.suspendedUntil, _keyOf(member, entry)
        );
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
        Enrolment storage entry = _staff[account];
        return Staff(entry.member, entry.role, entry.department, entry.licenceEndAt);
    }

    /// @inheritdoc IMemberRegistry
    function ceilingOf(bytes32 role) external view returns (Ceiling memory) {
        return _ceilings[role];
    }

    /// @inheritdoc IMemberRegistry
    function isActive(address member) public view returns (bool) {
        return _statusOf(_entries[member]) == MemberStatus.Active;
    }

    function _setKey(address member, address newKey) private {
        Entry storage entry = _entries[member];
        address oldKey = _keyOf(member, entry);
        if (newKey == address(0) || newKey == oldKey) revert MemberKeyInvalid(member, newKey);
        _requireFreeKey(newKey);
        if (newKey != member && _entries[newKey].status != MemberStatus.Unknown) {
            revert MemberKeyTaken(newKey, newKey);
        }
        // a key that acts for nobody is free again: nobody can block an address by taking it for a moment
        delete _byKey[oldKey];
        if (newKey != member) _byKey[newKey] = member;
        entry.key = newKey == member ? address(0) : newKey;
        emit MemberKeyReplaced(member, oldKey, newKey);
    }

    /// @dev An expelled member's key is free, lest a member on its way out blocks an address for ever.
    function _requireFreeKey(address key) private view {
        address holder = _byKey[key];
        if (holder != address(0) && _entries[holder].status != MemberStatus.Expelled) {
            revert MemberKeyTaken(key, holder);
        }
    }

    function _suspend(address member, bool allowed) private {
        Entry storage entry = _entries[member];
        if (!allowed) revert MemberStatusWrong(member, _statusOf(entry));
        entry.status = MemberStatus.Suspended;
        entry.suspendedUntil = 0;
        emit MemberSuspended(member);
    }

    function _setRefusal(address member, bool refused) private {
        if (_refusals[msg.sender][member] == refused) revert EnrolmentUnchanged(msg.sender, member);
        _refusals[msg.sender][member] = refused;
    }

    function _endEnrolment(address member, address account) private {
        delete _staff[account];
        emit StaffDismissed(member, account);
    }

    /// @dev The member for whom the caller acts, which must be active.
    function _activeActor() private view returns (address member) {
        MemberStatus status;
        (member, status) = _actorOf(msg.sender);
        if (status != MemberStatus.Active) revert MemberNotActive(msg.sender);
    }

    /// @dev Read by every anchor: its three fields are read in one go, so that the compiler reads their slot once.
    function _actorOf(address account) private view returns (address member, MemberStatus status) {
        Entry storage entry = _entries[account];
        (address key, uint40 until) = (entry.key, entry.suspendedUntil);
        status = entry.status;
        if (status == MemberStatus.Unknown) {
            member = _byKey[account];
            status = _statusOf(_entries[member]);
        } else if (key == address(0)) {
            member = account;
            status = _statusNow(status, until);
        } else {
            status = MemberStatus.Unknown;
        }
    }

    function _keyOf(address member, Entry storage entry) private view returns (address) {
        // an expelled member's key may act for another one since
        if (entry.key != address(0)) return _byKey[entry.key] == member ? entry.key : address(0);
        return entry.status == MemberStatus.Unknown ? address(0) : member;
    }

    function _statusOf(Entry storage entry) private view returns (MemberStatus) {
        uint40 until = entry.suspendedUntil;
        return _statusNow(entry.status, until);
    }

    /// @dev The status that counts in this block.
    function _statusNow(MemberStatus status, uint40 until) private view returns (MemberStatus) {
        return block.timestamp < until && status == MemberStatus.Active ? MemberStatus.Suspended : status;
    }

    function _requireMember(address member, Entry storage entry) private view {
        if (entry.status == MemberStatus.Unknown || entry.status == MemberStatus.Expelled) {
            revert MemberStatusWrong(member, entry.status);
        }
    }
}
