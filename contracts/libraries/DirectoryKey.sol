// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title What may not be a directory key
/// @notice With a point of low order X25519 gives zero whatever the other side's key: every channel would be known to all.
library DirectoryKey {
    /// @dev X25519 ignores the highest bit of the last byte (RFC 7748 §5).
    bytes32 private constant USED_BITS = ~bytes32(uint256(0x80));

    /// @notice Whether the encoding (u, little-endian) names a point of order 1, 2, 4 or 8 on the curve or its twist.
    function isLowOrder(bytes32 directoryKey) internal pure returns (bool) {
        bytes32 u = directoryKey & USED_BITS;
        return u == 0 // 0
            || u == hex"0100000000000000000000000000000000000000000000000000000000000000" // 1
            || u == hex"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800" // order 8
            || u == hex"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157" // order 8
            || u == hex"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f" // p − 1
            || u == hex"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f" // p, which is 0
            || u == hex"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"; // p + 1, which is 1
    }
}
