// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title ERC-1056 with EIP-712 twins
/// @notice Names and shapes of the first block are those of ERC-1056, so that `ethr-did-resolver` works unchanged.
interface IIdentityRegistry {
    event DIDOwnerChanged(address indexed identity, address owner, uint256 previousChange);
    event DIDDelegateChanged(
        address indexed identity, bytes32 delegateType, address delegate, uint256 validTo, uint256 previousChange
    );
    event DIDAttributeChanged(
        address indexed identity, bytes32 name, bytes value, uint256 validTo, uint256 previousChange
    );

    function identityOwner(address identity) external view returns (address);
    function changed(address identity) external view returns (uint256 blockNumber);
    function nonce(address identity) external view returns (uint256);
    function validDelegate(address identity, bytes32 delegateType, address delegate) external view returns (bool);

    function changeOwner(address identity, address newOwner) external;
    function addDelegate(address identity, bytes32 delegateType, address delegate, uint256 validity) external;
    function revokeDelegate(address identity, bytes32 delegateType, address delegate) external;
    function setAttribute(address identity, bytes32 name, bytes calldata value, uint256 validity) external;
    function revokeAttribute(address identity, bytes32 name, bytes calldata value) external;

    // EIP-712 twins, in the domain of this contract. `name` and `delegateType` are hashed as text, so that a wallet
    // shows words:
    //   SetAttribute(address identity,string name,string value,uint256 validity,uint256 nonce,uint256 deadline)
    //   RevokeAttribute(address identity,string name,string value,uint256 nonce,uint256 deadline)
    //   AddDelegate(address identity,string delegateType,address delegate,uint256 validity,uint256 nonce,uint256 deadline)
    //   RevokeDelegate(address identity,string delegateType,address delegate,uint256 nonce,uint256 deadline)
    //   ChangeOwner(address identity,address newOwner,uint256 nonce,uint256 deadline)
    function changeOwnerBySignature(address identity, address newOwner, uint256 deadline, bytes calldata signature)
        external;
    function addDelegateBySignature(
        address identity,
        bytes32 delegateType,
        address delegate,
        uint256 validity,
        uint256 deadline,
        bytes calldata signature
    ) external;
    function revokeDelegateBySignature(
        address identity,
        bytes32 delegateType,
        address delegate,
        uint256 deadline,
        bytes calldata signature
    ) external;
    function setAttributeBySignature(
        address identity,
        bytes32 name,
        bytes calldata value,
        uint256 validity,
        uint256 deadline,
        bytes calldata signature
    ) external;
    function revokeAttributeBySignature(
        address identity,
        bytes32 name,
        bytes calldata value,
        uint256 deadline,
        bytes calldata signature
    ) external;
}
