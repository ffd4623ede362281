// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Tokens that nobody can pass on (ERC-5192)
/// @notice The standard's interface, whose identifier is 0xb45a3c0e.
interface IERC5192 {
    /// @notice The token stays with its owner from now on.
    event Locked(uint256 tokenId);
    /// @notice Part of the standard; a seat is never unlocked.
    event Unlocked(uint256 tokenId);

    /// @notice Whether the token stays with its owner. Reverts for a token that nobody has.
    function locked(uint256 tokenId) external view returns (bool);
}
