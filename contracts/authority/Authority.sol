// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IRegistryAuthority} from "../interfaces/IRegistryAuthority.sol";

/// @title Who may configure, and which registries count
///
///                 setRegistry             setRegistry
///     Unknown ────────────────▶ Active ◀───────────────▶ Closed
///                                 ▲                         ▲
///                                 └─────▶ Distrusted ◀──────┘
///
/// @notice Each kind has one Active registry at most. Roles and the functions they open are AccessManager's; deployment wires
/// them (scripts/settings.py).
contract Authority is AccessManager, IRegistryAuthority {
    struct Registry {
        bytes32 kind;
        RegistryStatus status;
    }

    address[] private _list;
    mapping(address registry => Registry) private _registries;
    mapping(bytes32 kind => address registry) private _active;

    constructor(address initialAdmin) AccessManager(initialAdmin) {}

    /// @inheritdoc IRegistryAuthority
    function setRegistry(address registry, bytes32 kind, RegistryStatus status) external onlyAuthorized {
        if (registry.code.length == 0) revert RegistryAddressInvalid(registry);
        if (status == RegistryStatus.Unknown) revert RegistryStatusInvalid(registry, status);
        Registry storage entry = _registries[registry];
        if (kind == 0 || (entry.kind != 0 && entry.kind != kind)) revert RegistryKindInvalid(registry, kind);
        if (entry.kind == 0) {
            entry.kind = kind;
            _list.push(registry);
        }
        address active = _active[kind];
        if (status == RegistryStatus.Active) {
            if (active != address(0) && active != registry) revert RegistryKindTaken(kind, active);
            _active[kind] = registry;
        } else if (active == registry) {
            delete _active[kind];
        }
        entry.status = status;
        emit RegistryStatusSet(registry, kind, status);
    }

    /// @inheritdoc IRegistryAuthority
    function registryStatusOf(address registry) external view returns (RegistryStatus) {
        return _registries[registry].status;
    }

    /// @inheritdoc IRegistryAuthority
    function activeOf(bytes32 kind) external view returns (address registry) {
        return _active[kind];
    }

    /// @inheritdoc IRegistryAuthority
    function registryCount() external view returns (uint256) {
        return _list.length;
    }

    /// @inheritdoc IRegistryAuthority
    function registryAt(uint256 index) external view returns (address registry, bytes32 kind, RegistryStatus status) {
        if (index >= _list.length) revert RegistryIndexOutOfRange(index, _list.length);
        registry = _list[index];
        Registry storage entry = _registries[registry];
        return (registry, entry.kind, entry.status);
    }
}
