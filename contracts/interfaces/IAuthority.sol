// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Which registries count, on top of OpenZeppelin's AccessManager
interface IAuthority {
    enum RegistryStatus {
        Unknown,
        Active,
        Closed,
        Distrusted
    }

    event RegistryStatusSet(address indexed registry, bytes32 indexed kind, RegistryStatus status);

    /// @notice List a registry or change its status. `kind` is its contract's name, ASCII, left-aligned.
    function setRegistry(address registry, bytes32 kind, RegistryStatus status) external;
    function registryStatusOf(address registry) external view returns (RegistryStatus);
    function registryCount() external view returns (uint256);
    function registryAt(uint256 index) external view returns (address registry, bytes32 kind, RegistryStatus status);
}
