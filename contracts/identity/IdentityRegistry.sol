// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";
import {IdentityHash} from "../libraries/IdentityHash.sol";
import {IdentitySlot} from "../libraries/IdentitySlot.sol";
import {Iso8601} from "../libraries/Iso8601.sol";
import {SignatureRule} from "../libraries/SignatureRule.sol";
import {TypedDomain} from "../libraries/TypedDomain.sol";
import {Guardianship} from "./Guardianship.sol";

/// @title Patients' identities (ERC-1056)
///
///                changeOwner, finishRecovery             changeOwner, finishRecovery
///     own key ──────────────────────────────▶ another account ──────────────────────▶ own key, or another
///        │                                          │
///        │ changeOwner(0)                           │ changeOwner(0)
///        └──────────────────▶ Deactivated ◀─────────┘        refused while guardians are in force
///                              for ever
///
/// @notice Delegates and attributes live in events, linked backwards by `previousChange`; only what contracts must decide
/// on (controller, live delegates) is stored. ERC-1056's own `*Signed` calls are absent: they do not name the chain.
contract IdentityRegistry is IIdentityRegistry, Guardianship, TypedDomain {
    using IdentitySlot for uint256;

    bytes32 private constant NAME_HASH = keccak256("Consentry Identity");
    /// @dev A delegate's word: the generation above the end of its validity.
    uint256 private constant GENERATION_BIT = 40;

    mapping(address identity => uint256 slot) private _slots;
    mapping(address identity => mapping(bytes32 delegateType => mapping(address delegate => uint256 word))) private
        _delegates;

    /// @param delay Seconds of a recovery and of a change of guardians.
    constructor(uint64 delay) Guardianship(delay) {}

    /// @inheritdoc IIdentityRegistry
    function changeOwner(address identity, address newOwner) external {
        _changeOwner(identity, newOwner, _slotOfOwner(identity));
    }

    /// @inheritdoc IIdentityRegistry
    function addDelegate(address identity, bytes32 delegateType, address delegate, uint256 validity) external {
        _setDelegate(identity, delegateType, delegate, _endOf(identity, validity), _slotOfOwner(identity));
    }

    /// @inheritdoc IIdentityRegistry
    function revokeDelegate(address identity, bytes32 delegateType, address delegate) external {
        _setDelegate(identity, delegateType, delegate, block.timestamp, _slotOfOwner(identity));
    }

    /// @inheritdoc IIdentityRegistry
    function setAttribute(address identity, bytes32 name, bytes calldata value, uint256 validity) external {
        _setAttribute(identity, name, value, _endOf(identity, validity), _slotOfOwner(identity));
    }

    /// @inheritdoc IIdentityRegistry
    function revokeAttribute(address identity, bytes32 name, bytes calldata value) external {
        _setAttribute(identity, name, value, 0, _slotOfOwner(identity));
    }

    /// @inheritdoc IIdentityRegistry
    function changeOwnerBySignature(address identity, address newOwner, uint256 deadline, bytes calldata signature)
        external
    {
        uint256 slot = _slots[identity];
        bytes32 structHash = IdentityHash.ofChangeOwner(identity, newOwner, slot.nonce(), deadline);
        _changeOwner(identity, newOwner, _signed(identity, slot, structHash, deadline, signature));
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
        uint256 slot = _slots[identity];
        bytes32 structHash =
            IdentityHash.ofAddDelegate(identity, delegateType, delegate, validity, slot.nonce(), deadline);
        slot = _signed(identity, slot, structHash, deadline, signature);
        _setDelegate(identity, delegateType, delegate, _endOf(identity, validity), slot);
    }

    /// @inheritdoc IIdentityRegistry
    function revokeDelegateBySignature(
        address identity,
        bytes32 delegateType,
        address delegate,
        uint256 deadline,
        bytes calldata signature
    ) external {
        uint256 slot = _slots[identity];
        bytes32 structHash =
            IdentityHash.ofRevokeDelegate(identity, delegateType, delegate, slot.nonce(), deadline);
        slot = _signed(identity, slot, structHash, deadline, signature);
        _setDelegate(identity, delegateType, delegate, block.timestamp, slot);
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
        uint256 slot = _slots[identity];
        bytes32 structHash =
            IdentityHash.ofSetAttribute(identity, name, value, validity, slot.nonce(), deadline);
        slot = _signed(identity, slot, structHash, deadline, signature);
        _setAttribute(identity, name, value, _endOf(identity, validity), slot);
    }

    /// @inheritdoc IIdentityRegistry
    function revokeAttributeBySignature(
        address identity,
        bytes32 name,
        bytes calldata value,
        uint256 deadline,
        bytes calldata signature
    ) external {
        uint256 slot = _slots[identity];
        bytes32 structHash = IdentityHash.ofRevokeAttribute(identity, name, value, slot.nonce(), deadline);
        _setAttribute(identity, name, value, 0, _signed(identity, slot, structHash, deadline, signature));
    }

    /// @inheritdoc IIdentityRegistry
    function changed(address identity) external view returns (uint256 blockNumber) {
        return _slots[identity].changedAtBlock();
    }

    /// @inheritdoc IIdentityRegistry
    function nonce(address identity) external view returns (uint256) {
        return _nonceOf(identity);
    }

    /// @inheritdoc IIdentityRegistry
    function validDelegate(address identity, bytes32 delegateType, address delegate) external view returns (bool) {
        uint256 word = _delegates[identity][delegateType][delegate];
        if (uint40(word) <= block.timestamp) return false;
        uint256 slot = _slots[identity];
        return word >> GENERATION_BIT == slot.generation() && !slot.isDeactivated();
    }

    /// @inheritdoc IIdentityRegistry
    function identityOwner(address identity) external view returns (address) {
        return _slots[identity].ownerOf(identity);
    }

    /// @inheritdoc Guardianship
    function _checkOwner(address identity) internal view override {
        _slotOfOwner(identity);
    }

    /// @inheritdoc Guardianship
    function _useSignature(address identity, bytes32 structHash, uint256 deadline, bytes calldata signature)
        internal
        override
    {
        _slots[identity] = _signed(identity, _slots[identity], structHash, deadline, signature);
    }

    /// @inheritdoc Guardianship
    function _nonceOf(address identity) internal view override returns (uint256) {
        return _slots[identity].nonce();
    }

    /// @inheritdoc Guardianship
    function _digestOf(bytes32 structHash) internal view override returns (bytes32) {
        return _typedDigest(NAME_HASH, structHash);
    }

    /// @inheritdoc Guardianship
    /// @dev The nonce moves too: what the lost key signed is void, also if it becomes the owner again.
    function _recover(address identity, address newOwner) internal override {
        _writeOwner(identity, newOwner, _slots[identity].renewed().signed());
    }

    function _changeOwner(address identity, address newOwner, uint256 slot) private {
        if (newOwner == address(0)) _checkUnguarded(identity);
        _writeOwner(identity, newOwner, slot);
    }

    function _writeOwner(address identity, address newOwner, uint256 slot) private {
        _slots[identity] = slot.ownedBy(newOwner).changedNow();
        emit DIDOwnerChanged(identity, newOwner, slot.changedAtBlock());
    }

    function _setDelegate(address identity, bytes32 delegateType, address delegate, uint256 validTo, uint256 slot)
        private
    {
        _slots[identity] = slot.changedNow();
        _delegates[identity][delegateType][delegate] = (slot.generation() << GENERATION_BIT) | validTo;
        emit DIDDelegateChanged(identity, delegateType, delegate, validTo, slot.changedAtBlock());
    }

    function _setAttribute(address identity, bytes32 name, bytes calldata value, uint256 validTo, uint256 slot)
        private
    {
        _slots[identity] = slot.changedNow();
        emit DIDAttributeChanged(identity, name, value, validTo, slot.changedAtBlock());
    }

    /// @dev The identity's word, if the caller controls the identity.
    function _slotOfOwner(address identity) private view returns (uint256 slot) {
        slot = _slots[identity];
        if (slot.ownerOf(identity) != msg.sender) revert IdentityActorNotOwner(identity, msg.sender);
    }

    /// @dev The identity's word with its nonce used, if the controller signed. It may be written after a wallet contract
    /// was asked: that is a static call, in which nothing changes.
    function _signed(
        address identity,
        uint256 slot,
        bytes32 structHash,
        uint256 deadline,
        bytes calldata signature
    ) private view returns (uint256) {
        if (block.timestamp > deadline) revert IdentitySignatureExpired(identity, deadline);
        if (!SignatureRule.isAccounts(slot.ownerOf(identity), _digestOf(structHash), signature)) {
            revert IdentitySignatureInvalid(identity);
        }
        return slot.signed();
    }

    /// @dev The time `validity` seconds from now, if a date can name it.
    function _endOf(address identity, uint256 validity) private view returns (uint256) {
        if (validity > Iso8601.LATEST - block.timestamp) revert IdentityValidityTooLong(identity, validity);
        return block.timestamp + validity;
    }

    /// @inheritdoc TypedDomain
    function _domainName() internal pure override returns (string memory, bytes32) {
        return ("Consentry Identity", NAME_HASH);
    }
}
