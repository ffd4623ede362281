// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";

/// @title What the chain stores of a consent: one word
/// @dev Bits 0 … 7 status, 8 … 47 valid from, 48 … 87 valid until, 88 … 127 changed at, 128 under a mandate. Forty bits of
/// seconds reach beyond the year 9999, the last that ids can name. Written as a struct, the compiler stores the word twice.
library ConsentSlot {
    uint256 private constant TIME = (1 << 40) - 1;

    uint256 private constant UNDER_MANDATE = 1 << 128;

    /// @notice A consent or mandate granted now. Times must have passed `Iso8601.format`.
    function granted(uint64 validFrom, uint64 validUntil) internal view returns (uint256) {
        return uint256(IConsentRegistry.Status.Granted) | (uint256(validFrom) << 8) | (uint256(validUntil) << 48)
            | (block.timestamp << 88);
    }

    /// @notice The same consent, or an unknown one, revoked now.
    function revoked(uint256 slot) internal view returns (uint256) {
        uint256 kept = slot & ((TIME << 8) | (TIME << 48) | UNDER_MANDATE);
        return uint256(IConsentRegistry.Status.Revoked) | kept | (block.timestamp << 88);
    }

    /// @notice The same consent, marked as granted under a mandate, so that others need not look for one.
    function underMandate(uint256 slot) internal pure returns (uint256) {
        return slot | UNDER_MANDATE;
    }

    function isUnderMandate(uint256 slot) internal pure returns (bool) {
        return slot & UNDER_MANDATE != 0;
    }

    function status(uint256 slot) internal pure returns (IConsentRegistry.Status) {
        return IConsentRegistry.Status(uint8(slot));
    }

    function isRevoked(uint256 slot) internal pure returns (bool) {
        return uint8(slot) == uint8(IConsentRegistry.Status.Revoked);
    }

    function unpack(uint256 slot)
        internal
        pure
        returns (IConsentRegistry.Status, uint64 validFrom, uint64 validUntil, uint64 changedAt)
    {
        return (status(slot), uint64((slot >> 8) & TIME), uint64((slot >> 48) & TIME), uint64((slot >> 88) & TIME));
    }
}
