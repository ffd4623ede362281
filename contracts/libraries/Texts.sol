// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Short texts: `string` as people sign it, `bytes32` as the chain stores it (left-aligned, zero-padded)
library Texts {
    bytes32 internal constant ANY = "any";

    /// @notice Whether the string is exactly this text. Zero bytes at the end of a string are not padding.
    function equal(string calldata value, bytes32 text) internal pure returns (bool) {
        uint256 length = bytes(value).length;
        if (length == 0 || length > 32) return text == 0 && length == 0;
        return bytes32(bytes(value)[:length]) == text && bytes(value)[length - 1] != 0;
    }

    /// @notice Whether both strings have the same bytes.
    function equal(string calldata a, string calldata b) internal pure returns (bool) {
        return keccak256(bytes(a)) == keccak256(bytes(b));
    }

    /// @notice Whether the string is the word "any".
    function isAny(string calldata value) internal pure returns (bool) {
        return equal(value, ANY);
    }

    /// @notice Keccak of the text without its padding, as EIP-712 hashes the same text as a string.
    function hash(bytes32 text) internal pure returns (bytes32 digest) {
        uint256 length = _lengthOf(uint256(text));
        assembly ("memory-safe") {
            mstore(0x00, text)
            digest := keccak256(0x00, length)
        }
    }

    /// @notice `0x` and 64 lower-case hex digits.
    function toHex(bytes32 value) internal pure returns (string memory) {
        bytes16 alphabet = "0123456789abcdef";
        bytes memory text = new bytes(66);
        text[0] = "0";
        text[1] = "x";
        for (uint256 i = 0; i < 32; ++i) {
            text[2 + 2 * i] = alphabet[uint8(value[i]) >> 4];
            text[3 + 2 * i] = alphabet[uint8(value[i]) & 0x0f];
        }
        return string(text);
    }

    /// @dev Bytes up to the last that is not zero, halving: byte by byte, a short text costs 2,000 gas more.
    function _lengthOf(uint256 text) private pure returns (uint256 length) {
        if (text == 0) return 0;
        unchecked {
            length = 32;
            if (uint128(text) == 0) (length, text) = (length - 16, text >> 128);
            if (uint64(text) == 0) (length, text) = (length - 8, text >> 64);
            if (uint32(text) == 0) (length, text) = (length - 4, text >> 32);
            if (uint16(text) == 0) (length, text) = (length - 2, text >> 16);
            if (uint8(text) == 0) --length;
        }
    }
}
