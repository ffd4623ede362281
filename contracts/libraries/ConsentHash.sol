// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {Iso8601} from "./Iso8601.sol";

/// @title EIP-712 struct hashes of consents, as wallets compute them
/// @dev Type texts are adjacent literals: the compiler joins those, but hashes `abi.encodePacked` of constants at run time.
library ConsentHash {
    bytes32 private constant CONSENT_TYPE = keccak256(
        "Consent(address patient,Terms terms,string validFrom,string validUntil,string relayBefore)"
        "Provision(string[] purposes,string[] categories,string confidentiality,string dataFrom,string dataUntil,"
        "string[] authors,string[] records)"
        "Terms(string recipientName,address recipient,string[] roles,Provision[] provisions,uint32 maxUses,bytes32 salt)"
    );
    bytes32 private constant TERMS_TYPE = keccak256(
        "Terms(string recipientName,address recipient,string[] roles,Provision[] provisions,uint32 maxUses,bytes32 salt)"
        "Provision(string[] purposes,string[] categories,string confidentiality,string dataFrom,string dataUntil,"
        "string[] authors,string[] records)"
    );
    bytes32 private constant PROVISION_TYPE = keccak256(
        "Provision(string[] purposes,string[] categories,string confidentiality,string dataFrom,string dataUntil,"
        "string[] authors,string[] records)"
    );
    bytes32 private constant REPLACEMENT_TYPE = keccak256(
        "Replacement(string statement,bytes32 replaces,Consent consent)"
        "Consent(address patient,Terms terms,string validFrom,string validUntil,string relayBefore)"
        "Provision(string[] purposes,string[] categories,string confidentiality,string dataFrom,string dataUntil,"
        "string[] authors,string[] records)"
        "Terms(string recipientName,address recipient,string[] roles,Provision[] provisions,uint32 maxUses,bytes32 salt)"
    );
    bytes32 private constant REPLACEMENT_STATEMENT =
        keccak256("I revoke the consent that this one replaces, and grant this one.");
    bytes32 private constant REVOCATION_TYPE =
        keccak256("Revocation(address patient,string statement,bytes32 consentId)");
    bytes32 private constant REVOCATION_STATEMENT =
        keccak256("I revoke this consent. Nothing more may be released under it.");

    /// @notice The struct hash of `Consent`: the three times are hashed as the texts that the wallet showed.
    function ofConsent(IConsentRegistry.Grant calldata consent) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                CONSENT_TYPE,
                consent.patient,
                consent.termsHash,
                Iso8601.hash(consent.validFrom),
                Iso8601.hash(consent.validUntil),
                Iso8601.hash(consent.relayBefore)
            )
        );
    }

    /// @notice Whether all three times can be written as texts; `ofConsent` reverts otherwise.
    function isWritable(IConsentRegistry.Grant calldata consent) internal pure returns (bool) {
        return consent.validFrom <= Iso8601.LATEST && consent.validUntil <= Iso8601.LATEST
            && consent.relayBefore <= Iso8601.LATEST;
    }

    /// @notice The struct hash of `Revocation`.
    function ofRevocation(address patient, bytes32 consentId) internal pure returns (bytes32) {
        return keccak256(abi.encode(REVOCATION_TYPE, patient, REVOCATION_STATEMENT, consentId));
    }

    /// @notice The struct hash of `Replacement`, given the struct hash of its `Consent`.
    function ofReplacement(bytes32 replaced, bytes32 consentHash) internal pure returns (bytes32) {
        return keccak256(abi.encode(REPLACEMENT_TYPE, REPLACEMENT_STATEMENT, replaced, consentHash));
    }

    /// @notice The struct hash of `Terms`.
    function ofTerms(IConsentRegistry.Terms calldata terms) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                TERMS_TYPE,
                keccak256(bytes(terms.recipientName)),
                terms.recipient,
                _ofList(terms.roles),
                ofProvisions(terms.provisions),
                terms.maxUses,
                terms.salt
            )
        );
    }

    /// @notice What stands for an array of provisions in the struct hash that holds it.
    function ofProvisions(IConsentRegistry.Provision[] calldata provisions) internal pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](provisions.length);
        for (uint256 i = 0; i < provisions.length; ++i) {
            hashes[i] = _ofProvision(provisions[i]);
        }
        return keccak256(abi.encodePacked(hashes));
    }

    function _ofProvision(IConsentRegistry.Provision calldata provision) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                PROVISION_TYPE,
                _ofList(provision.purposes),
                _ofList(provision.categories),
                keccak256(bytes(provision.confidentiality)),
                keccak256(bytes(provision.dataFrom)),
                keccak256(bytes(provision.dataUntil)),
                _ofList(provision.authors),
                _ofList(provision.records)
            )
        );
    }

    function _ofList(string[] calldata list) private pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](list.length);
        for (uint256 i = 0; i < list.length; ++i) {
            hashes[i] = keccak256(bytes(list[i]));
        }
        return keccak256(abi.encodePacked(hashes));
    }
}
