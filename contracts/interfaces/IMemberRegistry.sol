// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Members, their staff, and what a role may see
/// @notice The consortium decides on members and ceilings; an active member alone decides on its own staff.
interface IMemberRegistry {
    /// @notice `Expelled` is final; a `Suspended` member may be reinstated, or is active again by itself at a time.
    enum MemberStatus {
        Unknown,
        Active,
        Suspended,
        Expelled
    }

    /// @notice `status` is what counts now. `kind` is a short word: hospital, laboratory, pharmacy, regulator … ; times in
    /// seconds. A suspension without end has `suspendedUntil` 0; `key` is the account that acts for the member.
    struct Member {
        MemberStatus status;
        string name;
        string kind;
        uint64 admittedAt;
        uint64 suspendedUntil;
        address key;
    }

    /// @notice `role` and `department` are short codes (ASCII, left-aligned); `licenceEndAt` in seconds.
    struct Staff {
        address member;
        bytes32 role;
        bytes32 department;
        uint64 licenceEndAt;
    }

    /// @notice What a role may see at most. `confidentiality`: 0 nothing, 1 N, 2 R, 3 V. A current episode is one that the
    /// recipient's own system says goes on in the actor's department.
    struct Ceiling {
        uint8 confidentiality;
        bool ownDepartmentOnly;
        bool currentEpisodeOnly;
    }

    /// @notice An institution joined under a name that nobody else ever had.
    event MemberAdmitted(address indexed member, string name, string kind);
    /// @notice Member, staff and keeper lost their standing until reinstated.
    event MemberSuspended(address indexed member);
    /// @notice Member, staff and keeper have no standing until this time (seconds), unless reinstated or suspended by vote.
    event MemberSuspendedUntil(address indexed member, uint64 until);
    /// @notice A suspended member is active again.
    event MemberReinstated(address indexed member);
    /// @notice The member lost its standing for ever.
    event MemberExpelled(address indexed member);
    /// @notice Another key acts for the member from now on; what the member wrote stays its own.
    event MemberKeyReplaced(address indexed member, address oldKey, address newKey);
    /// @notice Channels of this author are derived with this key from now on; former keys stay valid for reading.
    event DirectoryKeyAdded(address indexed member, bytes32 directoryKey);
    /// @notice An account was enrolled, or its role, department or licence end changed.
    event StaffEnrolled(
        address indexed member, address indexed account, bytes32 role, bytes32 department, uint64 licenceEndAt
    );
    /// @notice The account is no longer this member's staff: dismissed, resigned, or enrolled by another member.
    event StaffDismissed(address indexed member, address indexed account);
    /// @notice The account will not be this member's staff.
    event EnrolmentRefused(address indexed account, address indexed member);
    /// @notice The account no longer refuses this member.
    event EnrolmentAllowed(address indexed account, address indexed member);
    /// @notice What a role may see at most changed, for every member.
    event CeilingSet(
        bytes32 indexed role, uint8 confidentiality, bool ownDepartmentOnly, bool currentEpisodeOnly
    );

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
    /// @notice Only the key of an active member does this.
    error MemberNotActive(address account);
    /// @notice A suspension ends later than now and than the one that runs, and in a year that anybody lives to see.
    error MemberSuspensionInvalid(address member, uint64 until, uint64 running);
    /// @notice A new key is an account, and another than the one in force.
    error MemberKeyInvalid(address member, address key);
    /// @notice The key acts for another member, or is its address.
    error MemberKeyTaken(address key, address member);
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
    /// @notice The account has said that it will not be this member's staff.
    error StaffRefused(address account, address member);
    /// @notice The account refuses this member already, or does not refuse it.
    error EnrolmentUnchanged(address account, address member);
    /// @notice A ceiling is 0 nothing, 1 N, 2 R or 3 V, of a role that has a name.
    error CeilingInvalid(bytes32 role, uint8 confidentiality);

    /// @notice Admit an institution under a public name that was never used before.
    function admit(address member, string calldata name, string calldata kind) external;

    /// @notice Active, or suspended until a time → Suspended without end.
    function suspend(address member) external;

    /// @notice Active → Suspended until a time (seconds), when the member is active again by itself. Never ends a suspension
    /// earlier, nor touches one by vote.
    function suspendUntil(address member, uint64 until) external;

    /// @notice Suspended until a time → Suspended without end, while that time has not come.
    function confirmSuspension(address member) external;

    /// @notice Suspended, by vote or until a time → Active.
    function reinstate(address member) external;

    /// @notice Active or Suspended → Expelled, for ever.
    function expel(address member) external;

    /// @notice The caller, key of an active member, hands over to another key.
    function rotateKey(address newKey) external;

    /// @notice Give a member that lost its key, or must not use it any more, another one. Not for expelled members.
    function replaceKey(address member, address newKey) external;

    /// @notice Set what staff of this role may see at most, at every member.
    function setCeiling(bytes32 role, Ceiling calldata ceiling) external;

    /// @notice The caller, key of an active member, adds an X25519 directory key (u, little-endian), its eighth at most; former
    /// keys stay listed for readers.
    function addDirectoryKey(bytes32 directoryKey) external;

    /// @notice The caller, key of an active member, enrols an account, or changes its role, department or licence end. Staff of
    /// a suspended or expelled member may be enrolled by another one, and stay there when theirs is reinstated. Not for an
    /// account that refuses the caller.
    function enrol(address account, bytes32 role, bytes32 department, uint64 licenceEndAt) external;

    /// @notice The caller, key of an active member, ends an account's enrolment.
    function dismiss(address account) external;

    /// @notice The caller ends its own enrolment, whatever its member's status.
    function resign() external;

    /// @notice The caller will not be this member's staff: its enrolment there, if any, ends, and no other one begins. Nobody
    /// can thus keep an account from the member it works for.
    function refuseEnrolment(address member) external;

    /// @notice The caller takes its refusal back.
    function allowEnrolment(address member) external;

    /// @notice Whether the account refuses to be this member's staff.
    function refusesEnrolment(address account, address member) external view returns (bool);

    /// @notice Whether the member is admitted and neither suspended nor expelled.
    function isActive(address member) external view returns (bool);

    /// @notice Whom an account acts for, and that member's status now. (0, Unknown) for everybody else, also for a member's
    /// own address once another key acts for it.
    function actorOf(address account) external view returns (address member, MemberStatus status);

    /// @notice The account that acts for the member; zero for an address that was never admitted, and for an expelled member whose
    /// key is another one's since.
    function keyOf(address member) external view returns (address);

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
