// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What the chain stores of an identity: one word
/// @dev Bits 0 … 159 owner (zero: the identity itself), 160 … 199 block of the last change, 200 … 231 nonce, 232 … 247
/// generation, 248 deactivated. Written as a struct, the compiler stores the word once for each field.
/// Counters that are full revert: 2³² signed changes, 2¹⁶ recoveries.
library IdentitySlot {
    uint256 private constant OWNER = (1 << 160) - 1;
    uint256 private constant BLOCK = ((1 << 40) - 1) << 160;
    uint256 private constant ONE_NONCE = 1 << 200;
    uint256 private constant NONCE = ((1 << 32) - 1) << 200;
    uint256 private constant ONE_GENERATION = 1 << 232;
    uint256 private constant GENERATION = ((1 << 16) - 1) << 232;
    uint256 private constant DEACTIVATED = 1 << 248;

    /// @notice A counter of the identity has reached its end.
    error IdentityCounterFull(address owner);

    /// @notice Who controls the identity: zero when it is deactivated.
    function ownerOf(uint256 slot, address identity) internal pure returns (address) {
        if (slot & DEACTIVATED != 0) return address(0);
        address owner = address(uint160(slot));
        return owner == address(0) ? identity : owner;
    }

    function changedAtBlock(uint256 slot) internal pure returns (uint256) {
        return (slot & BLOCK) >> 160;
    }

    function nonce(uint256 slot) internal pure returns (uint256) {
        return (slot & NONCE) >> 200;
    }

    /// @notice How many recoveries ended the delegates of before.
    function generation(uint256 slot) internal pure returns (uint256) {
        return (slot & GENERATION) >> 232;
    }

    function isDeactivated(uint256 slot) internal pure returns (bool) {
        return slot & DEACTIVATED != 0;
    }

    /// @notice Controlled by `newOwner`; by nobody, for ever, if that is zero.
    function ownedBy(uint256 slot, address newOwner) internal pure returns (uint256) {
        slot = (slot & ~OWNER) | uint160(newOwner);
        return newOwner == address(0) ? slot | DEACTIVATED : slot;
    }

    /// @notice Changed in this block.
    function changedNow(uint256 slot) internal view returns (uint256) {
        return (slot & ~BLOCK) | (block.number << 160);
    }

    /// @notice One signature more is used.
    function signed(uint256 slot) internal pure returns (uint256) {
        if (slot & NONCE == NONCE) revert IdentityCounterFull(address(uint160(slot)));
        return slot + ONE_NONCE;
    }

    /// @notice All delegates of before have ended.
    function renewed(uint256 slot) internal pure returns (uint256) {
        if (slot & GENERATION == GENERATION) revert IdentityCounterFull(address(uint160(slot)));
        return slot + ONE_GENERATION;
    }
}
