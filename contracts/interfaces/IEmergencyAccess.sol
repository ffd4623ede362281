// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentRegistry} from "./IConsentRegistry.sol";
import {IRegistryAuthority} from "./IRegistryAuthority.sol";

/// @title Break-glass openings: two people of one member open the emergency summary of a patient for some hours
/// @notice Both sign the same words. The chain sees a salted hash in place of the patient; keepers are shown patient and
/// salt. Somebody else reviews each opening afterwards, and a member that leaves too many unreviewed opens no more.
///
/// EIP-712 types, in the domain {name: "Consentry Emergency", version: "1", chainId, verifyingContract}:
///   Opening(Subject subject,string statement,string member,address first,address second,string openUntil,
///           string relayBefore)
///   Subject(address patient,bytes32 salt)
///   Closing(address closer,string statement,bytes32 openingId)
///   Review(address reviewer,string statement,bytes32 openingId,string finding)
interface IEmergencyAccess {
    /// @notice What counts now: `Ended` is a box that ran out, and only time takes it there.
    enum Status {
        Unknown,
        Open,
        Ended,
        Closed,
        Reviewed
    }

    /// @notice What a review found; `None` before it, and never its result.
    enum Finding {
        None,
        Justified,
        Unjustified
    }

    /// @notice Whose emergency. Never sent in a transaction; the salt is 32 random bytes, new for each opening.
    struct Subject {
        address patient;
        bytes32 salt;
    }

    /// @notice What a transaction carries: the struct hash of the subject, the registered name of the member whose staff
    /// opens, the two who sign, and two times (seconds since the epoch), hashed as the texts that the wallets showed.
    struct Declaration {
        bytes32 subjectHash;
        string member;
        address first;
        address second;
        uint64 openUntil;
        uint64 relayBefore;
    }

    /// @notice Who asks for whom under which opening.
    struct Ask {
        Subject subject;
        Declaration opening;
        IConsentRegistry.Asker asker;
    }

    /// @notice The consortium's parameters, in seconds and pieces: the longest box, how many boxes of a member are open at
    /// once, how long after the box a review may take, and how many reviews may be overdue while the member still opens.
    struct Limits {
        uint32 maxDuration;
        uint8 mostOpen;
        uint32 reviewWithin;
        uint8 mostOverdue;
    }

    /// @notice What the chain knows of an opening. `endsAt` is when the box ends, or when it was closed; the two openers
    /// are kept until the review (after it, the event of the opening still names them).
    struct Opening {
        Status status;
        Finding finding;
        address member;
        address first;
        address second;
        uint64 endsAt;
        uint64 reviewBy;
    }

    /// @notice An opening that waits for its review, overdue from `reviewBy` on (seconds).
    struct Unreviewed {
        bytes32 openingId;
        address first;
        address second;
        uint64 endsAt;
        uint64 reviewBy;
    }

    /// @notice Two people of the member opened the emergency summary of somebody until `openUntil` (seconds, exclusive).
    event OpeningOpened(
        bytes32 indexed openingId,
        address indexed member,
        address first,
        address second,
        uint64 openUntil,
        uint64 reviewBy
    );
    /// @notice Nothing more may be released under the opening, for ever.
    event OpeningClosed(bytes32 indexed openingId, address indexed member, address indexed closer);
    /// @notice A third person, or the consortium for an expelled member, judged the opening.
    event OpeningReviewed(
        bytes32 indexed openingId, address indexed member, address indexed reviewer, Finding finding
    );
    /// @notice These limits hold for openings from now on.
    event OpeningLimitsSet(uint32 maxDuration, uint8 mostOpen, uint32 reviewWithin, uint8 mostOverdue);

    /// @notice The Authority does not list this registry as active: no new openings.
    error OpeningRegistryNotActive(IRegistryAuthority.RegistryStatus status);
    /// @notice Only staff of an active member opens, reviews, and closes what others opened. The zero address is the member of a
    /// name nobody has.
    error OpeningMemberNotActive(address member);
    /// @notice An opening needs two people.
    error OpeningPersonRepeated(address account);
    /// @notice The account is staff of another member, or of none (`member` is zero).
    error OpeningStaffOfAnotherMember(address account, address member);
    /// @notice The licence has ended.
    error OpeningLicenceEnded(address account, uint64 endedAt);
    /// @notice A system account is nobody who could judge an emergency.
    error OpeningPersonMissing(address account);
    /// @notice The signature is neither the account's key's nor the wallet contract's own.
    error OpeningSignatureInvalid(address account, bytes32 openingId);
    /// @notice The opening had to be relayed before this time (seconds).
    error OpeningRelayTooLate(bytes32 openingId, uint64 relayBefore);
    /// @notice The box would end before it begins.
    error OpeningTimePast(bytes32 openingId, uint64 openUntil);
    /// @notice The box would last longer than the limit allows.
    error OpeningTooLong(bytes32 openingId, uint64 openUntil, uint64 latest);
    /// @notice An id is used once, for ever.
    error OpeningAlreadyKnown(bytes32 openingId);
    /// @notice The member has as many open boxes as the limit allows.
    error OpeningBoxesFull(address member, uint256 open);
    /// @notice The member has left more reviews overdue than the limit allows.
    error OpeningReviewsOverdue(address member, uint256 overdue);
    /// @notice The member has as many openings without a review as can be kept.
    error OpeningReviewsFull(address member, uint256 unreviewed);
    /// @notice Nobody opened this.
    error OpeningMissing(bytes32 openingId);
    /// @notice An opening is closed once.
    error OpeningAlreadyClosed(bytes32 openingId);
    /// @notice The box has run out by itself.
    error OpeningAlreadyEnded(bytes32 openingId, uint64 endedAt);
    /// @notice A review waits until the box is closed or has run out.
    error OpeningStillOpen(bytes32 openingId, uint64 openUntil);
    /// @notice Who opened does not review.
    error OpeningReviewerIsOpener(bytes32 openingId, address reviewer);
    /// @notice An opening is reviewed once.
    error OpeningAlreadyReviewed(bytes32 openingId, Finding finding);
    /// @notice A review finds the opening justified or unjustified.
    error OpeningFindingMissing(bytes32 openingId);
    /// @notice The consortium reviews for expelled members only.
    error OpeningMemberNotExpelled(address member);
    /// @notice A box lasts 15 minutes to 24 hours at most.
    error OpeningMaxDurationInvalid(uint32 maxDuration);
    /// @notice A member has 1 to 32 boxes open at most.
    error OpeningMostOpenInvalid(uint8 mostOpen);
    /// @notice A review may take 1 hour to 30 days.
    error OpeningReviewWithinInvalid(uint32 reviewWithin);
    /// @notice No more overdue reviews than open boxes.
    error OpeningMostOverdueInvalid(uint8 mostOverdue, uint8 mostOpen);

    /// @notice Open by the signatures of both people over the EIP-712 `Opening`, where statement is "This is an emergency.
    /// We need the emergency summary of this patient." and member is the registered name; anyone may relay them.
    function open(Declaration calldata declaration, bytes calldata firstSignature, bytes calldata secondSignature)
        external
        returns (bytes32 openingId);

    /// @notice Close as one of the two openers, whatever became of the enrolment, or as any person of the member in good
    /// standing.
    function close(bytes32 openingId) external;

    /// @notice The same by a signature over `Closing`, where statement is "I close this emergency opening. Nothing more may
    /// be released under it."
    function closeBySignature(bytes32 openingId, address closer, bytes calldata signature) external;

    /// @notice Judge a box that was closed or ran out, as a person of the member in good standing who did not open it.
    function review(bytes32 openingId, Finding finding) external;

    /// @notice The same by a signature over `Review`, where statement is "I have reviewed this emergency opening. I am
    /// neither of the two who opened it." and finding is "justified" or "unjustified".
    function reviewBySignature(bytes32 openingId, Finding finding, address reviewer, bytes calldata signature)
        external;

    /// @notice The consortium reviews an opening of an expelled member.
    function reviewFor(bytes32 openingId, Finding finding) external;

    /// @notice Set the limits for openings from now on.
    function setLimits(Limits calldata limits) external;

    /// @notice The limits in force.
    function limitsOf() external view returns (Limits memory);

    /// @notice The EIP-712 digest of the opening, which is its id.
    function openingIdOf(Declaration calldata declaration) external view returns (bytes32);

    /// @notice The struct hash of a subject, as wallets compute it.
    function hashSubject(Subject calldata subject) external pure returns (bytes32);

    /// @notice What is known of an opening now; all empty for an unknown id.
    function openingOf(bytes32 openingId) external view returns (Opening memory);

    /// @notice The member's openings that wait for a review, in no order.
    function unreviewedOf(address member) external view returns (Unreviewed[] memory);

    /// @notice How many of them are overdue.
    function overdueOf(address member) external view returns (uint256);

    /// @notice Whether the record may be released to the asker under this opening. Never reverts for well-formed input.
    function permits(Ask calldata ask, IConsentRegistry.RecordFacts calldata record)
        external
        view
        returns (IConsentRegistry.Reason);

    /// @notice The same for many records.
    function permitsMany(Ask calldata ask, IConsentRegistry.RecordFacts[] calldata records)
        external
        view
        returns (IConsentRegistry.Reason[] memory);

    /// @notice Whether the seed of a category may be released to the asker under this opening.
    function permitsDirectory(Ask calldata ask, string calldata category)
        external
        view
        returns (IConsentRegistry.Reason);
}
