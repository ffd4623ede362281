// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Which registries count, on top of OpenZeppelin's AccessManager
/// @notice Contracts are immutable and replaced by a vote: the list says which of them are in force, which only wind
/// down, and which nobody may rely on any more.
/// @dev Not IAuthority: OpenZeppelin has one too, and slither takes the one for the other.
interface IRegistryAuthority {
    /// @notice `Active`: in force. `Closed`: no new grants; revoking and evaluating go on. `Distrusted`: permits nothing.
    enum RegistryStatus {
        Unknown,
        Active,
        Closed,
        Distrusted
    }

    /// @notice A registry was listed, or its status changed.
    event RegistryStatusSet(address indexed registry, bytes32 indexed kind, RegistryStatus status);

    /// @notice The zero address or an account without code is not a registry.
    error RegistryAddressInvalid(address registry);
    /// @notice A listed registry keeps its kind, and a kind is never empty.
    error RegistryKindInvalid(address registry, bytes32 kind);
    /// @notice Another registry of this kind is in force: it has to be closed or distrusted first.
    error RegistryKindTaken(bytes32 kind, address registry);
    /// @notice A registry never goes back to being unknown.
    error RegistryStatusInvalid(address registry, RegistryStatus status);
    /// @notice There are only `count` registries.
    error RegistryIndexOutOfRange(uint256 index, uint256 count);

    /// @notice List a registry or change its status. `kind` is its contract's name, ASCII, left-aligned; at most one
    /// registry of a kind is `Active`.
    function setRegistry(address registry, bytes32 kind, RegistryStatus status) external;

    /// @notice `Unknown` for an address that was never listed.
    function registryStatusOf(address registry) external view returns (RegistryStatus);

    /// @notice The registry of this kind that is in force, or the zero address.
    function activeOf(bytes32 kind) external view returns (address registry);

    /// @notice How many registries were ever listed.
    function registryCount() external view returns (uint256);

    /// @notice The registry at `index`, in order of listing.
    function registryAt(uint256 index) external view returns (address registry, bytes32 kind, RegistryStatus status);
}
