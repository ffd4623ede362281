// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Consents: readable signatures, one slot each, evaluated by one rule for everyone
interface IConsentRegistry {
    /// @notice What a consent permits; a request needs one provision that covers it in every field.
    struct Provision {
        string[] purposes;
        string[] categories;
        string confidentiality;
        string dataFrom;
        string dataUntil;
        string[] authors;
        string[] records;
    }

    /// @notice What a consent says, apart from patient and window. Never sent in a transaction.
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

    /// @notice Who asks, through which signing account, why, and when by the asker's clock (`at`, seconds).
    /// `signer` equals `actor` when a person signs; a system account signs for the practitioner `actor` it asserts.
    struct Asker {
        address actor;
        address signer;
        string purpose;
        uint64 at;
    }

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
        ProvisionMissing
    }

    event ConsentGranted(address indexed patient, bytes32 indexed consentId, uint64 validFrom, uint64 validUntil);
    event ConsentRevoked(address indexed patient, bytes32 indexed consentId);

    /// @notice Grant as the controller or a representative, in an own transaction.
    function grant(Grant calldata consent) external returns (bytes32 consentId);

    /// @notice Grant by a signature over the EIP-712 `Consent`; anyone may relay it.
    function grantBySignature(Grant calldata consent, bytes calldata signature) external returns (bytes32 consentId);

    /// @notice Revoke, or tombstone an id that was never granted.
    function revoke(address patient, bytes32 consentId) external;

    /// @notice Revoke by a signature over `Revocation(address patient,string statement,bytes32 consentId)`,
    /// where statement is "I revoke this consent. Nothing more may be released under it."
    function revokeBySignature(address patient, bytes32 consentId, bytes calldata signature) external;

    /// @notice The EIP-712 digest of the consent, which is its id.
    function consentIdOf(Grant calldata consent) external view returns (bytes32);

    /// @notice The struct hash of terms, as wallets compute it.
    function hashTerms(Terms calldata terms) external pure returns (bytes32);

    function consentOf(address patient, bytes32 consentId)
        external
        view
        returns (Status status, uint64 validFrom, uint64 validUntil, uint64 changedAt);

    /// @notice Whether the controller or a live representative of `patient` is `account`.
    function actsFor(address patient, address account) external view returns (bool);

    /// @notice Whether the record may be released to the asker under this consent. Never reverts for well-formed input.
    function permits(Grant calldata consent, Terms calldata terms, Asker calldata asker, RecordFacts calldata record)
        external
        view
        returns (Reason);

    /// @notice Whether the seed of a category may be released to the asker under this consent.
    function permitsDirectory(
        Grant calldata consent,
        Terms calldata terms,
        Asker calldata asker,
        string calldata category
    ) external view returns (Reason);
}
