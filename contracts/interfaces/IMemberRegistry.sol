// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Members, their staff, and what a role may see
interface IMemberRegistry {
    enum MemberStatus {
        Unknown,
        Active,
        Suspended,
        Expelled
    }

    struct Member {
        MemberStatus status;
        string name;
        string kind;
        uint64 admittedAt;
    }

    /// @notice `role` and `department` are short codes (ASCII, left-aligned); `licenceEndAt` in seconds.
    struct Staff {
        address member;
        bytes32 role;
        bytes32 department;
        uint64 licenceEndAt;
    }

    /// @notice What a role may see at most. `confidentiality`: 0 nothing, 1 N, 2 R, 3 V.
    struct Ceiling {
        uint8 confidentiality;
        bool ownDepartmentOnly;
    }

    event MemberAdmitted(address indexed member, string name, string kind);
    event MemberSuspended(address indexed member);
    event MemberReinstated(address indexed member);
    event MemberExpelled(address indexed member);
    event DirectoryKeyAdded(address indexed member, bytes32 directoryKey);
    event StaffEnrolled(
        address indexed member, address indexed account, bytes32 role, bytes32 department, uint64 licenceEndAt
    );
    event StaffDismissed(address indexed member, address indexed account);
    event CeilingSet(bytes32 indexed role, uint8 confidentiality, bool ownDepartmentOnly);

    function admit(address member, string calldata name, string calldata kind) external;
    function suspend(address member) external;
    function reinstate(address member) external;
    function expel(address member) external;
    function setCeiling(bytes32 role, Ceiling calldata ceiling) external;

    /// @notice The caller, an active member, adds an X25519 directory key; former keys stay listed for readers.
    function addDirectoryKey(bytes32 directoryKey) external;

    /// @notice The caller, an active member, enrols an account, or changes its role, department or licence end.
    function enrol(address account, bytes32 role, bytes32 department, uint64 licenceEndAt) external;
    function dismiss(address account) external;

    function isActive(address member) external view returns (bool);
    function memberOf(address member) external view returns (Member memory);
    function memberCount() external view returns (uint256);
    function memberAt(uint256 index) external view returns (address);
    /// @notice The member of this name, or the zero address.
    function memberByName(string calldata name) external view returns (address);
    function directoryKeysOf(address member) external view returns (bytes32[] memory);
    function staffOf(address account) external view returns (Staff memory);
    function ceilingOf(bytes32 role) external view returns (Ceiling memory);
}
