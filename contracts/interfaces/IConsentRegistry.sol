// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRegistryAuthority} from "./IRegistryAuthority.sol";

/// @title Consents: readable signatures, one slot each, evaluated by one rule for everyone
/// @notice A consent is the patient's EIP-712 signature over words and dates. A transaction carries the salted hash of the
/// terms and the times; the terms themselves are shown only to those who evaluate them, in calls that leave no trace.
///
/// EIP-712 types, in the domain {name: "Consentry", version: "1", chainId, verifyingContract}:
///   Consent(address patient,Terms terms,string validFrom,string validUntil,string relayBefore)
///   Terms(string recipientName,address recipient,string[] roles,Provision[] provisions,uint32 maxUses,bytes32 salt)
///   Provision(string[] purposes,string[] categories,string confidentiality,string dataFrom,string dataUntil,
///             string[] authors,string[] records)
///   Revocation(address patient,string statement,bytes32 consentId)
///   Replacement(string statement,bytes32 replaces,Consent consent)
///   Mandate(address patient,address representative,string statement,Scope scope,string validFrom,string validUntil,
///           string relayBefore)
///   Scope(Provision[] provisions,bytes32 salt)
interface IConsentRegistry {
    /// @notice What a consent permits; a request needs one provision that covers it in every field. The word "any" stands
    /// alone in its list. `confidentiality` is N, R, V or any; `dataFrom` (inclusive) and `dataUntil` (exclusive) are
    /// `YYYY-MM-DDThh:mm:ssZ` or any; `authors` are registered names; `records` are ids in lower-case hex with 0x.
    struct Provision {
        string[] purposes;
        string[] categories;
        string confidentiality;
        string dataFrom;
        string dataUntil;
        string[] authors;
        string[] records;
    }

    /// @notice What a consent says, apart from patient and window. Never sent in a transaction. "any" in `roles` is
    /// everyone except `system`, which has to be named.
    struct Terms {
        string recipientName;
        address recipient;
        string[] roles;
        Provision[] provisions;
        uint32 maxUses;
        bytes32 salt;
    }

    /// @notice What a transaction carries: whose, the salted hash of the terms, and three times (seconds since the epoch).
    struct Grant {
        address patient;
        bytes32 termsHash;
        uint64 validFrom;
        uint64 validUntil;
        uint64 relayBefore;
    }

    /// @notice What the header of a record says, as far as the rule needs it. `date` is `YYYY-MM-DDThh:mm:ssZ`.
    struct RecordFacts {
        bytes32 recordId;
        address author;
        string category;
        uint8 level;
        string confidentiality;
        string department;
        string date;
    }

    /// @notice Who asks, through which signing account, why, and when by the asker's clock (`askedAt`, seconds).
    /// `signer` equals `actor` when a person signs; a system account signs for the practitioner `actor` it asserts.
    /// `episodeBy` is the recipient's system account that asserts the patient's current episode in `episodeDepartment`;
    /// zero and empty where nobody does.
    struct Asker {
        address actor;
        address signer;
        string purpose;
        uint64 askedAt;
        address episodeBy;
        string episodeDepartment;
    }

    /// @notice What a representative may grant at most. Never sent in a transaction.
    struct Scope {
        Provision[] provisions;
        bytes32 salt;
    }

    /// @notice What a transaction carries of a mandate: whose, for whom, the salted hash of the scope, and three times.
    struct Mandate {
        address patient;
        address representative;
        bytes32 scopeHash;
        uint64 validFrom;
        uint64 validUntil;
        uint64 relayBefore;
    }

    /// @notice A consent shown by who asks under it. `mandate` and `scope` are read only where the chain says that the
    /// consent was granted under a mandate; all zero and empty otherwise.
    struct Ask {
        Grant consent;
        Terms terms;
        Mandate mandate;
        Scope scope;
        Asker asker;
    }

    /// @notice `Revoked` also marks an id that was cancelled before anyone granted it.
    enum Status {
        Unknown,
        Granted,
        Revoked
    }

    /// @notice Why a request is or is not permitted. One name each in Solidity, Python and docs/errors.md.
    enum Reason {
        Permitted,
        ConsentUnknown,
        ConsentRevoked,
        ConsentNotYetValid,
        ConsentExpired,
        RegistryDistrusted,
        RecipientNameWrong,
        RecipientInactive,
        ActorNotEnrolled,
        ActorLicenceEnded,
        ActorOfAnotherMember,
        SignerNotEnrolled,
        RoleNotCovered,
        CeilingExceeded,
        DepartmentNotOwn,
        LevelNotReleasable,
        AuthorUnknown,
        ProvisionMissing,
        EpisodeMissing,
        PatientDeactivated,
        MandateUnknown,
        MandateRevoked,
        ScopeExceeded,
        OpeningUnknown,
        OpeningClosed,
        OpeningEnded,
        OpenerOther,
        CategoryNotEmergency,
        PurposeNotEmergency
    }

    /// @notice The consent is in force from `validFrom` until `validUntil` (seconds), exclusive.
    event ConsentGranted(address indexed patient, bytes32 indexed consentId, uint64 validFrom, uint64 validUntil);
    /// @notice Nothing more may be released under the consent, for ever.
    event ConsentRevoked(address indexed patient, bytes32 indexed consentId);

    /// @notice The representative may grant consents within the mandate's scope from `validFrom` until `validUntil`
    /// (seconds), exclusive. It ends, with all that was granted under it, by `ConsentRevoked` of its id.
    event MandateGranted(
        address indexed patient,
        bytes32 indexed mandateId,
        address indexed representative,
        uint64 validFrom,
        uint64 validUntil
    );

    /// @notice The Authority does not list this registry as active: no new grants, mandates or replacements.
    error ConsentRegistryNotActive(IRegistryAuthority.RegistryStatus status);
    /// @notice Only the controller or a live representative of the patient acts for the patient.
    error ConsentActorUnauthorized(address patient, address actor);
    /// @notice The signature is none of: the controller's, a live representative's, the controller account's own.
    error ConsentSignatureInvalid(address patient, bytes32 consentId);
    /// @notice The consent, or mandate, had to be relayed before this time (seconds).
    error ConsentRelayTooLate(bytes32 consentId, uint64 relayBefore);
    /// @notice The window ends before it begins.
    error ConsentWindowEmpty(uint64 validFrom, uint64 validUntil);
    /// @notice The window has ended already.
    error ConsentExpired(bytes32 consentId, uint64 endedAt);
    /// @notice An id is used once, for ever, also after it was revoked.
    error ConsentAlreadyKnown(bytes32 consentId, Status status);
    /// @notice A consent is revoked once.
    error ConsentAlreadyRevoked(bytes32 consentId);
    /// @notice Only a consent in the status Granted is replaced.
    error ConsentReplacedNotGranted(bytes32 replaced, Status status);
    /// @notice Many are 1 … 64 consents with one signature each.
    error ConsentCountInvalid(uint256 consents, uint256 signatures);
    /// @notice Nobody grants anything for a patient whose identity was deactivated.
    error ConsentPatientDeactivated(address patient);
    /// @notice This consent was not granted under this mandate.
    error ConsentNotUnderMandate(bytes32 consentId, bytes32 mandateId);
    /// @notice A mandate names somebody.
    error MandateRepresentativeMissing(bytes32 mandateId);
    /// @notice Only the controller grants a mandate, and only its representative acts under it.
    error MandateActorUnauthorized(bytes32 mandateId, address actor);
    /// @notice The signature is not `signer`'s: the controller's for a mandate, its representative's for acts under it.
    error MandateSignatureInvalid(bytes32 mandateId, address signer);
    /// @notice The mandate was never granted, or is revoked.
    error MandateNotGranted(bytes32 mandateId, Status status);
    /// @notice The mandate holds from `validFrom` until `validUntil` (seconds), exclusive.
    error MandateNotInForce(bytes32 mandateId, uint64 validFrom, uint64 validUntil);
    /// @notice The consent is another patient's than the mandate.
    error MandatePatientOther(bytes32 mandateId, address patient);
    /// @notice The consent's window is not inside the mandate's.
    error MandateWindowExceeded(bytes32 mandateId, uint64 validFrom, uint64 validUntil);

    /// @notice Grant as the controller or a representative, in an own transaction.
    function grant(Grant calldata consent) external returns (bytes32 consentId);

    /// @notice Grant by a signature over the EIP-712 `Consent`; anyone may relay it.
    function grantBySignature(Grant calldata consent, bytes calldata signature) external returns (bytes32 consentId);

    /// @notice Grant consents of one or many patients by their signatures, 1 … 64: all of them or none.
    function grantMany(Grant[] calldata consents, bytes[] calldata signatures)
        external
        returns (bytes32[] memory consentIds);

    /// @notice Revoke a granted consent and grant another one in its place, as the controller or a representative.
    function replace(bytes32 replaced, Grant calldata consent) external returns (bytes32 consentId);

    /// @notice Replace by one signature over `Replacement(string statement,bytes32 replaces,Consent consent)`,
    /// where statement is "I revoke the consent that this one replaces, and grant this one."
    function replaceBySignature(bytes32 replaced, Grant calldata consent, bytes calldata signature)
        external
        returns (bytes32 consentId);

    /// @notice As the controller, let a representative grant consents within a scope and a window.
    function grantMandate(Mandate calldata mandate) external returns (bytes32 mandateId);

    /// @notice Grant a mandate by the controller's signature over the EIP-712 `Mandate`,
    /// where statement is "This person may grant consents in my name, within this scope and time."
    function grantMandateBySignature(Mandate calldata mandate, bytes calldata signature)
        external
        returns (bytes32 mandateId);

    /// @notice Grant as the mandate's representative. The consent permits no more than the mandate's scope covers, and
    /// ends with the mandate.
    function grantUnderMandate(Grant calldata consent, Mandate calldata mandate) external returns (bytes32 consentId);

    /// @notice Grant under a mandate by its representative's signature over the EIP-712 `Consent`.
    function grantUnderMandateBySignature(
        Grant calldata consent,
        Mandate calldata mandate,
        bytes calldata signature
    ) external returns (bytes32 consentId);

    /// @notice Revoke, as the mandate's representative, what was granted under it.
    function revokeUnderMandate(bytes32 consentId, Mandate calldata mandate) external;

    /// @notice Revoke under a mandate by its representative's signature over the EIP-712 `Revocation`.
    function revokeUnderMandateBySignature(bytes32 consentId, Mandate calldata mandate, bytes calldata signature)
        external;

    /// @notice Revoke a consent or a mandate, or tombstone an id that was never granted.
    function revoke(address patient, bytes32 consentId) external;

    /// @notice Revoke by a signature over `Revocation(address patient,string statement,bytes32 consentId)`,
    /// where statement is "I revoke this consent. Nothing more may be released under it."
    function revokeBySignature(address patient, bytes32 consentId, bytes calldata signature) external;

    /// @notice The EIP-712 digest of the consent, which is its id.
    function consentIdOf(Grant calldata consent) external view returns (bytes32);

    /// @notice The struct hash of terms, as wallets compute it.
    function hashTerms(Terms calldata terms) external pure returns (bytes32);

    /// @notice The EIP-712 digest of the mandate, which is its id.
    function mandateIdOf(Mandate calldata mandate) external view returns (bytes32);

    /// @notice The struct hash of a scope, as wallets compute it.
    function hashScope(Scope calldata scope) external pure returns (bytes32);

    /// @notice The mandate under which a consent was granted, or zero.
    function mandateOf(bytes32 consentId) external view returns (bytes32 mandateId);

    /// @notice What the chain knows of a consent or a mandate; times in seconds. The window of an id that was only tombstoned
    /// is zero; `changedAt` is when it was last granted, revoked or tombstoned.
    function consentOf(address patient, bytes32 consentId)
        external
        view
        returns (Status status, uint64 validFrom, uint64 validUntil, uint64 changedAt);

    /// @notice Whether the controller or a live representative of `patient` is `account`.
    function actsFor(address patient, address account) external view returns (bool);

    /// @notice Whether the record may be released to the asker under this consent. Never reverts for well-formed input.
    function permits(Ask calldata ask, RecordFacts calldata record) external view returns (Reason);

    /// @notice `permits` for many records: what does not depend on the record is evaluated once.
    function permitsMany(Ask calldata ask, RecordFacts[] calldata records) external view returns (Reason[] memory);

    /// @notice Whether the seed of a category may be released to the asker under this consent.
    function permitsDirectory(Ask calldata ask, string calldata category) external view returns (Reason);
}
