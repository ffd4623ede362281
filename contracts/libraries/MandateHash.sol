// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {ConsentHash} from "./ConsentHash.sol";
import {Iso8601} from "./Iso8601.sol";

/// @title EIP-712 struct hashes of mandates, as wallets compute them
library MandateHash {
    bytes32 private constant MANDATE_TYPE = keccak256(
        "Mandate(address patient,address representative,string statement,Scope scope,string validFrom,"
        "string validUntil,string relayBefore)"
        "Provision(string[] purposes,string[] categories,string confidentiality,string dataFrom,string dataUntil,"
        "string[] authors,string[] records)"
        "Scope(Provision[] provisions,bytes32 salt)"
    );
    bytes32 private constant SCOPE_TYPE = keccak256(
        "Scope(Provision[] provisions,bytes32 salt)"
        "Provision(string[] purposes,string[] categories,string confidentiality,string dataFrom,string dataUntil,"
        "string[] authors,string[] records)"
    );
    bytes32 private constant STATEMENT =
        keccak256("This person may grant consents in my name, within this scope and time.");

    /// @notice The struct hash of `Mandate`: the three times are hashed as the texts that the wallet showed.
    function ofMandate(IConsentRegistry.Mandate calldata mandate) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                MANDATE_TYPE,
                mandate.patient,
                mandate.representative,
                STATEMENT,
                mandate.scopeHash,
                Iso8601.hash(mandate.validFrom),
                Iso8601.hash(mandate.validUntil),
                Iso8601.hash(mandate.relayBefore)
            )
        );
    }

    /// @notice Whether all three times can be written as texts; `ofMandate` reverts otherwise.
    function isWritable(IConsentRegistry.Mandate calldata mandate) internal pure returns (bool) {
        return mandate.validFrom <= Iso8601.LATEST && mandate.validUntil <= Iso8601.LATEST
            && mandate.relayBefore <= Iso8601.LATEST;
    }

    /// @notice The struct hash of `Scope`.
    function ofScope(IConsentRegistry.Scope calldata scope) internal pure returns (bytes32) {
        return keccak256(abi.encode(SCOPE_TYPE, ConsentHash.ofProvisions(scope.provisions), scope.salt));
    }
}
