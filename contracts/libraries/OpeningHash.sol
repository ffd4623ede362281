// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmergencyAccess} from "../interfaces/IEmergencyAccess.sol";
import {Iso8601} from "./Iso8601.sol";

/// @title EIP-712 struct hashes of break-glass openings, as wallets compute them
library OpeningHash {
    bytes32 private constant SUBJECT_TYPE = keccak256("Subject(address patient,bytes32 salt)");
    bytes32 private constant OPENING_TYPE = keccak256(
        "Opening(Subject subject,string statement,string member,address first,address second,string openUntil,"
        "string relayBefore)"
        "Subject(address patient,bytes32 salt)"
    );
    bytes32 private constant OPENING_STATEMENT =
        keccak256("This is an emergency. We need the emergency summary of this patient.");
    bytes32 private constant CLOSING_TYPE = keccak256("Closing(address closer,string statement,bytes32 openingId)");
    bytes32 private constant CLOSING_STATEMENT =
        keccak256("I close this emergency opening. Nothing more may be released under it.");
    bytes32 private constant REVIEW_TYPE =
        keccak256("Review(address reviewer,string statement,bytes32 openingId,string finding)");
    bytes32 private constant REVIEW_STATEMENT =
        keccak256("I have reviewed this emergency opening. I am neither of the two who opened it.");
    bytes32 private constant JUSTIFIED = keccak256("justified");
    bytes32 private constant UNJUSTIFIED = keccak256("unjustified");

    /// @notice The struct hash of `Subject`.
    function ofSubject(IEmergencyAccess.Subject calldata subject) internal pure returns (bytes32) {
        return keccak256(abi.encode(SUBJECT_TYPE, subject.patient, subject.salt));
    }

    /// @notice The struct hash of `Opening`: both times are hashed as the texts that the wallets showed.
    function ofOpening(IEmergencyAccess.Declaration calldata declaration) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                OPENING_TYPE,
                declaration.subjectHash,
                OPENING_STATEMENT,
                keccak256(bytes(declaration.member)),
                declaration.first,
                declaration.second,
                Iso8601.hash(declaration.openUntil),
                Iso8601.hash(declaration.relayBefore)
            )
        );
    }

    /// @notice Whether both times can be written as texts; `ofOpening` reverts otherwise.
    function isWritable(IEmergencyAccess.Declaration calldata declaration) internal pure returns (bool) {
        return declaration.openUntil <= Iso8601.LATEST && declaration.relayBefore <= Iso8601.LATEST;
    }

    /// @notice The struct hash of `Closing`.
    function ofClosing(bytes32 openingId, address closer) internal pure returns (bytes32) {
        return keccak256(abi.encode(CLOSING_TYPE, closer, CLOSING_STATEMENT, openingId));
    }

    /// @notice The struct hash of `Review`. There is no word for a finding that is none: check it first.
    function ofReview(bytes32 openingId, IEmergencyAccess.Finding finding, address reviewer)
        internal
        pure
        returns (bytes32)
    {
        bytes32 word = finding == IEmergencyAccess.Finding.Justified ? JUSTIFIED : UNJUSTIFIED;
        return keccak256(abi.encode(REVIEW_TYPE, reviewer, REVIEW_STATEMENT, openingId, word));
    }
}
