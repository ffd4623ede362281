// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Members, their staff, and what a role may see
/// @notice The consortium decides on members and ceilings; an active member alone decides on its own staff.
interface IMemberRegistry {
    /// @notice `Expelled` is final; a `Suspended` member may be reinstated.
    enum MemberStatus {
        Unknown,
        Active,
        Suspended,
        Expelled
    }

    /// @notice `kind` is a short word: hospital, laboratory, pharmacy, regulator … ; `admittedAt` in seconds.
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

    /// @notice An institution joined under a name that nobody else ever had.
    event MemberAdmitted(address indexed member, string name, string kind);
    /// @notice Member, staff and keeper lost their standing until reinstated.
    event MemberSuspended(address indexed member);
    /// @notice A suspended member is active again.
    event MemberReinstated(address indexed member);
    /// @notice The member lost its standing for ever.
    event MemberExpelled(address indexed member);
    /// @notice Channels of this author are derived with this key from now on; former keys stay valid for reading.
    event DirectoryKeyAdded(address indexed member, bytes32 directoryKey);
    /// @notice An account was enrolled, or its role, department or licence end changed.
    event StaffEnrolled(
        address indexed member, address indexed account, bytes32 role, bytes32 department, uint64 licenceEndAt
    );
    /// @notice The account is no longer this member's staff: dismissed, resigned, or enrolled by another member.
    event StaffDismissed(address indexed member, address indexed account);
    /// @notice What a role may see at most changed, for every member.
    event CeilingSet(bytes32 indexed role, uint8 confidentiality, bool ownDepartmentOnly);

    /// @notice The zero address is no member.
    error MemberAddressMissing();
    /// @notice An address is admitted once.
    error MemberAlreadyKnown(address member, MemberStatus status);
    /// @notice Names are never reused.
    error MemberNameTaken(string name, address member);
    /// @notice A name has 1 … 100 bytes of UTF-8, no control characters or outer spaces, and is not the word "any".
    error MemberNameInvalid(bytes name);
    /// @notice A kind has 1 … 32 bytes of UTF-8.
    error MemberKindInvalid(bytes kind);
    /// @notice The member is not in the state that this step starts from.
    error MemberStatusWrong(address member, MemberStatus status);
    /// @notice Only an active member does this.
    error MemberNotActive(address member);
    /// @notice There are only `count` members.
    error MemberIndexOutOfRange(uint256 index, uint256 count);
    /// @notice With this X25519 key every channel would be known to all.
    error DirectoryKeyLowOrder(address member, bytes32 directoryKey);
    /// @notice A directory key is listed once.
    error DirectoryKeyRepeated(address member, bytes32 directoryKey);
    /// @notice A member lists at most `most` directory keys: readers try them all.
    error MemberDirectoryKeysFull(address member, uint256 most);
    /// @notice Staff need an account and a role.
    error StaffIncomplete(address account, bytes32 role);
    /// @notice The licence has ended already.
    error StaffLicenceEnded(address account, uint64 licenceEndAt);
    /// @notice The account is staff of another member, or of none (`member` is zero).
    error StaffOfAnotherMember(address account, address member);
    /// @notice A ceiling is 0 nothing, 1 N, 2 R or 3 V, of a role that has a name.
    error CeilingInvalid(bytes32 role, uint8 confidentiality);

    /// @notice Admit an institution under a public name that was never used before.
    function admit(address member, string calldata name, string calldata kind) external;

    /// @notice Active → Suspended.
    function suspend(address member) external;

    /// @notice Suspended → Active.
    function reinstate(address member) external;

    /// @notice Active or Suspended → Expelled, for ever.
    function expel(address member) external;

    /// @notice Set what staff of this role may see at most, at every member.
    function setCeiling(bytes32 role, Ceiling calldata ceiling) external;

    /// @notice The caller, an active member, adds an X25519 directory key (u, little-endian), its eighth at most; former
    /// keys stay listed for readers.
    function addDirectoryKey(bytes32 directoryKey) external;

    /// @notice The caller, an active member, enrols an account, or changes its role, department or licence end. Staff of
    /// a suspended or expelled member may be enrolled by another one, and stay there when theirs is reinstated.
    function enrol(address account, bytes32 role, bytes32 department, uint64 licenceEndAt) external;

    /// @notice The caller, an active member, ends an account's enrolment.
    function dismiss(address account) external;

    /// @notice The caller ends its own enrolment, whatever its member's status.
    function resign() external;

    /// @notice Whether the member is admitted and neither suspended nor expelled.
    function isActive(address member) external view returns (bool);

    /// @notice What is known of a member; all empty for an address that was never admitted.
    function memberOf(address member) external view returns (Member memory);

    /// @notice How many members were ever admitted.
    function memberCount() external view returns (uint256);

    /// @notice The member at `index`, in order of admission.
    function memberAt(uint256 index) external view returns (address);

    /// @notice The member of this name, whatever its status, or the zero address.
    function memberByName(string calldata name) external view returns (address);

    /// @notice All directory keys the member ever used; the last one is in force.
    function directoryKeysOf(address member) external view returns (bytes32[] memory);

    /// @notice The enrolment as it was written: whether it gives standing depends on `isActive(member)` and the licence.
    function staffOf(address account) external view returns (Staff memory);

    /// @notice What the role may see at most; nothing for a role nobody set.
    function ceilingOf(bytes32 role) external view returns (Ceiling memory);
}
