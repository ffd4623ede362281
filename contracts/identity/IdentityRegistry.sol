// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IdentityHash} from "../libraries/IdentityHash.sol";
import {SignatureRule} from "../libraries/SignatureRule.sol";
import {TypedDomain} from "../libraries/TypedDomain.sol";

/// @title Patients' identities (ERC-1056)
///
///                changeOwner                    changeOwner(0 or the identity)
///     own key ───────────────▶ another account ───────────────────────────────▶ own key
///
/// @notice Delegates and attributes live in events, linked backwards by `previousChange`; only what contracts must decide
/// on (controller, live delegates) is stored. ERC-1056's own `*Signed` calls are absent: they do not name the chain.
contract IdentityRegistry is IIdentityRegistry, TypedDomain {
    /// @dev One word, so that a change by signature writes one slot.
    struct Identity {
        address owner;
        uint48 changedAtBlock;
        uint48 nonce;
    }

    bytes32 private constant NAME_HASH = keccak256("Consentry Identity");
    /// @dev The last second that ISO texts can name, 9999-12-31T23:59:59Z.
    uint256 private constant LATEST = 253402300799;

    mapping(address identity => Identity) private _identities;
    mapping(address identity => mapping(bytes32 delegateType => mapping(address delegate => uint256 validTo))) private
        _delegates;

    modifier onlyOwner(address identity) {
        if (identityOwner(identity) != msg.sender) revert IdentityActorNotOwner(identity, msg.sender);
        _;
    }

    /// @inheritdoc IIdentityRegistry
    function changeOwner(address identity, address newOwner) external onlyOwner(identity) {
        _changeOwner(identity, newOwner);
    }

    /// @inheritdoc IIdentityRegistry
    function addDelegate(address identity, bytes32 delegateType, address delegate, uint256 validity)
        external
        onlyOwner(identity)
    {
        _setDelegate(identity, delegateType, delegate, _endOf(identity, validity));
    }

    /// @inheritdoc IIdentityRegistry
    function revokeDelegate(address identity, bytes32 delegateType, address delegate) external onlyOwner(identity) {
        _setDelegate(identity, delegateType, delegate, block.timestamp);
    }

    /// @inheritdoc IIdentityRegistry
    function setAttribute(address identity, bytes32 name, bytes calldata value, uint256 validity)
        external
        onlyOwner(identity)
    {
        _setAttribute(identity, name, value, _endOf(identity, validity));
    }

    /// @inheritdoc IIdentityRegistry
    function revokeAttribute(address identity, bytes32 name, bytes calldata value) external onlyOwner(identity) {
        _setAttribute(identity, name, value, 0);
    }

    /// @inheritdoc IIdentityRegistry
    function changeOwnerBySignature(address identity, address newOwner, uint256 deadline, bytes calldata signature)
        external
    {
        uint256 used = _useNonce(identity);
        _check(identity, IdentityHash.ofChangeOwner(identity, newOwner, used, deadline), deadline, signature);
        _changeOwner(identity, newOwner);
    }

    /// @inheritdoc IIdentityRegistry
    function addDelegateBySignature(
        address identity,
        bytes32 delegateType,
        address delegate,
        uint256 validity,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = IdentityHash.ofAddDelegate(
            identity, delegateType, delegate, validity, _useNonce(identity), deadline
        );
        _check(identity, structHash, deadline, signature);
        _setDelegate(identity, delegateType, delegate, _endOf(identity, validity));
    }

    /// @inheritdoc IIdentityRegistry
    function revokeDelegateBySignature(
        address identity,
        bytes32 delegateType,
        address delegate,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash =
            IdentityHash.ofRevokeDelegate(identity, delegateType, delegate, _useNonce(identity), deadline);
        _check(identity, structHash, deadline, signature);
        _setDelegate(identity, delegateType, delegate, block.timestamp);
    }

    /// @inheritdoc IIdentityRegistry
    function setAttributeBySignature(
        address identity,
        bytes32 name,
        bytes calldata value,
        uint256 validity,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash =
            IdentityHash.ofSetAttribute(identity, name, value, validity, _useNonce(identity), deadline);
        _check(identity, structHash, deadline, signature);
        _setAttribute(identity, name, value, _endOf(identity, validity));
    }

    /// @inheritdoc IIdentityRegistry
    function revokeAttributeBySignature(
        address identity,
        bytes32 name,
        bytes calldata value,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = IdentityHash.ofRevokeAttribute(identity, name, value, _useNonce(identity), deadline);
        _check(identity, structHash, deadline, signature);
        _setAttribute(identity, name, value, 0);
    }

    /// @inheritdoc IIdentityRegistry
    function changed(address identity) external view returns (uint256 blockNumber) {
        return _identities[identity].changedAtBlock;
    }

    /// @inheritdoc IIdentityRegistry
    function nonce(address identity) external view returns (uint256) {
        return _identities[identity].nonce;
    }

    /// @inheritdoc IIdentityRegistry
    function validDelegate(address identity, bytes32 delegateType, address delegate) external view returns (bool) {
        return _delegates[identity][delegateType][delegate] > block.timestamp;
    }

    /// @inheritdoc IIdentityRegistry
    function identityOwner(address identity) public view returns (address) {
        address owner = _identities[identity].owner;
        return owner == address(0) ? identity : owner;
    }

    function _changeOwner(address identity, address newOwner) private {
        uint256 previousChange = _touch(identity);
        _identities[identity].owner = newOwner;
        emit DIDOwnerChanged(identity, newOwner, previousChange);
    }

    function _setDelegate(address identity, bytes32 delegateType, address delegate, uint256 validTo) private {
        uint256 previousChange = _touch(identity);
        _delegates[identity][delegateType][delegate] = validTo;
        emit DIDDelegateChanged(identity, delegateType, delegate, validTo, previousChange);
    }

    function _setAttribute(address identity, bytes32 name, bytes calldata value, uint256 validTo) private {
        uint256 previousChange = _touch(identity);
        emit DIDAttributeChanged(identity, name, value, validTo, previousChange);
    }

    /// @dev Notes this block as the identity's last change; returns the one before.
    function _touch(address identity) private returns (uint256 previousChange) {
        Identity storage entry = _identities[identity];
        previousChange = entry.changedAtBlock;
        entry.changedAtBlock = uint48(block.number);
    }

    function _useNonce(address identity) private returns (uint256) {
        return _identities[identity].nonce++;
    }

    function _check(address identity, bytes32 structHash, uint256 deadline, bytes calldata signature) private view {
        if (block.timestamp > deadline) revert IdentitySignatureExpired(identity, deadline);
        bytes32 digest = _typedDigest(NAME_HASH, structHash);
        if (!SignatureRule.isAccounts(identityOwner(identity), digest, signature)) {
            revert IdentitySignatureInvalid(identity);
        }
    }

    /// @dev The time `validity` seconds from now, if a date can name it.
    function _endOf(address identity, uint256 validity) private view returns (uint256) {
        if (validity > LATEST - block.timestamp) revert IdentityValidityTooLong(identity, validity);
        return block.timestamp + validity;
    }

    /// @inheritdoc TypedDomain
    function _domainName() internal pure override returns (string memory, bytes32) {
        return ("Consentry Identity", NAME_HASH);
    }
}
