// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title ERC-1056 with EIP-712 twins
/// @notice Names and shapes of the first block are those of ERC-1056, so that `ethr-did-resolver` works unchanged. Every
/// address is an identity without any transaction. What ERC-1056 calls owner is our controller. Setting the owner to the
/// zero address deactivates the identity for ever: did:ethr reads that event so, and here it sticks. Who wants control
/// back with the identity's own key names that key as the owner.
interface IIdentityRegistry {
    /// @notice Another account controls the identity; nobody does, for ever, if `owner` is zero. `previousChange`: the
    /// block of the change before, 0 for none.
    event DIDOwnerChanged(address indexed identity, address owner, uint256 previousChange);
    /// @notice A delegate is valid until `validTo` (seconds), exclusive.
    event DIDDelegateChanged(
        address indexed identity, bytes32 delegateType, address delegate, uint256 validTo, uint256 previousChange
    );
    /// @notice An attribute is valid until `validTo` (seconds), 0 when revoked.
    event DIDAttributeChanged(
        address indexed identity, bytes32 name, bytes value, uint256 validTo, uint256 previousChange
    );

    /// @notice Only the controller changes an identity.
    error IdentityActorNotOwner(address identity, address actor);
    /// @notice The signature is not the controller's over exactly this change, nonce, chain and contract.
    error IdentitySignatureInvalid(address identity);
    /// @notice The signature may be relayed until `deadline` (seconds), inclusive.
    error IdentitySignatureExpired(address identity, uint256 deadline);
    /// @notice The end of the validity (seconds from now) lies beyond what a date can say.
    error IdentityValidityTooLong(address identity, uint256 validity);

    /// @notice The account that controls the identity: itself until changed, zero when deactivated.
    function identityOwner(address identity) external view returns (address);

    /// @notice The block of the identity's last change, where its history of events starts; 0 for none.
    function changed(address identity) external view returns (uint256 blockNumber);

    /// @notice The nonce that the identity's next signed change carries.
    function nonce(address identity) external view returns (uint256);

    /// @notice Whether the delegate is valid for this type now. Ended by time, by revoking, by a recovery of the identity and
    /// by its deactivation; of the last two ERC-1056's events of delegates know nothing.
    function validDelegate(address identity, bytes32 delegateType, address delegate) external view returns (bool);

    /// @notice Give control to another account. Zero deactivates the identity for ever; refused while it has guardians.
    function changeOwner(address identity, address newOwner) external;

    /// @notice Make `delegate` valid for `validity` seconds from now.
    function addDelegate(address identity, bytes32 delegateType, address delegate, uint256 validity) external;

    /// @notice End a delegate's validity now.
    function revokeDelegate(address identity, bytes32 delegateType, address delegate) external;

    /// @notice Publish an attribute for `validity` seconds from now.
    function setAttribute(address identity, bytes32 name, bytes calldata value, uint256 validity) external;

    /// @notice Withdraw an attribute.
    function revokeAttribute(address identity, bytes32 name, bytes calldata value) external;

    // EIP-712 twins, in the domain of this contract. `name` and `delegateType` are hashed as text, so that a wallet
    // shows words:
    //   SetAttribute(address identity,string name,string value,uint256 validity,uint256 nonce,uint256 deadline)
    //   RevokeAttribute(address identity,string name,string value,uint256 nonce,uint256 deadline)
    //   AddDelegate(address identity,string delegateType,address delegate,uint256 validity,uint256 nonce,uint256 deadline)
    //   RevokeDelegate(address identity,string delegateType,address delegate,uint256 nonce,uint256 deadline)
    //   ChangeOwner(address identity,address newOwner,uint256 nonce,uint256 deadline)

    /// @notice `changeOwner` by the controller's signature; anyone may relay it.
    function changeOwnerBySignature(address identity, address newOwner, uint256 deadline, bytes calldata signature)
        external;

    /// @notice `addDelegate` by the controller's signature; anyone may relay it.
    function addDelegateBySignature(
        address identity,
        bytes32 delegateType,
        address delegate,
        uint256 validity,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice `revokeDelegate` by the controller's signature; anyone may relay it.
    function revokeDelegateBySignature(
        address identity,
        bytes32 delegateType,
        address delegate,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice `setAttribute` by the controller's signature; anyone may relay it.
    function setAttributeBySignature(
        address identity,
        bytes32 name,
        bytes calldata value,
        uint256 validity,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice `revokeAttribute` by the controller's signature; anyone may relay it.
    function revokeAttributeBySignature(
        address identity,
        bytes32 name,
        bytes calldata value,
        uint256 deadline,
        bytes calldata signature
    ) external;
}
