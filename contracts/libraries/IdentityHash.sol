// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Texts} from "./Texts.sol";

/// @title EIP-712 struct hashes of identity changes
/// @notice Names, delegate types and values are hashed as text, so that a wallet shows words.
library IdentityHash {
    bytes32 private constant CHANGE_OWNER_TYPE =
        keccak256("ChangeOwner(address identity,address newOwner,uint256 nonce,uint256 deadline)");
    bytes32 private constant ADD_DELEGATE_TYPE = keccak256(
        "AddDelegate(address identity,string delegateType,address delegate,uint256 validity,"
        "uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant REVOKE_DELEGATE_TYPE = keccak256(
        "RevokeDelegate(address identity,string delegateType,address delegate,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant SET_ATTRIBUTE_TYPE = keccak256(
        "SetAttribute(address identity,string name,string value,uint256 validity,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant REVOKE_ATTRIBUTE_TYPE =
        keccak256("RevokeAttribute(address identity,string name,string value,uint256 nonce,uint256 deadline)");

    function ofChangeOwner(address identity, address newOwner, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(CHANGE_OWNER_TYPE, identity, newOwner, nonce, deadline));
    }

    function ofAddDelegate(
        address identity,
        bytes32 delegateType,
        address delegate,
        uint256 validity,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        bytes32 typeHash = Texts.hash(delegateType);
        return keccak256(abi.encode(ADD_DELEGATE_TYPE, identity, typeHash, delegate, validity, nonce, deadline));
    }

    function ofRevokeDelegate(
        address identity,
        bytes32 delegateType,
        address delegate,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        bytes32 typeHash = Texts.hash(delegateType);
        return keccak256(abi.encode(REVOKE_DELEGATE_TYPE, identity, typeHash, delegate, nonce, deadline));
    }

    function ofSetAttribute(
        address identity,
        bytes32 name,
        bytes calldata value,
        uint256 validity,
        uint256 nonce,
        uint256 deadline
    ) internal pure returns (bytes32) {
        bytes32 nameHash = Texts.hash(name);
        bytes32 valueHash = keccak256(value);
        return keccak256(abi.encode(SET_ATTRIBUTE_TYPE, identity, nameHash, valueHash, validity, nonce, deadline));
    }

    function ofRevokeAttribute(address identity, bytes32 name, bytes calldata value, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        bytes32 nameHash = Texts.hash(name);
        bytes32 valueHash = keccak256(value);
        return keccak256(abi.encode(REVOKE_ATTRIBUTE_TYPE, identity, nameHash, valueHash, nonce, deadline));
    }
}
