// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEmergencyAccess} from "../../../contracts/interfaces/IEmergencyAccess.sol";
import {IKeeperCommittee} from "../../../contracts/interfaces/IKeeperCommittee.sol";
import {IMemberRegistry} from "../../../contracts/interfaces/IMemberRegistry.sol";
import {IRegistryAuthority} from "../../../contracts/interfaces/IRegistryAuthority.sol";
import {World} from "../World.sol";
import {Handler} from "./Handler.sol";

/// @title Who holds a role, and what those try who hold none
contract Powers is Handler {
    uint256 public constant OUTSIDERS = 4;
    uint64 public constant ROLES = 4;
    bytes4 private constant SET_LIMITS = IEmergencyAccess.setLimits.selector;

    mapping(uint64 role => mapping(uint256 outsider => bool)) public holds;
    uint256 public attempts;

    constructor(World the) Handler(the) {}

    function outsiderAt(uint256 index) public view returns (address) {
        // a member and a keeper are outsiders too: neither may configure anything
        if (index == 0) return world.memberAt(0);
        if (index == 1) return world.keeperAt(1);
        return vm.addr(0xF000 + index);
    }

    /// @dev The administrator gives roles that open nothing; nobody gives the two that do.
    function grantRole(uint256 by, uint64 role, uint256 to) external {
        (role, to) = (role % ROLES, to % OUTSIDERS);
        bool admin = by % 2 == 0 && role > 2;
        address sender = admin ? world.CONSORTIUM() : outsiderAt(by % OUTSIDERS);
        bytes memory data = abi.encodeCall(world.authority().grantRole, (role, outsiderAt(to), 0));
        bool happened = _calls(sender, address(world.authority()), data);
        _same("grantRole", admin, happened);
        if (happened) holds[role][to] = true;
        _note(happened);
    }

    function revokeRole(uint256 by, uint64 role, uint256 to) external {
        (role, to) = (role % ROLES, to % OUTSIDERS);
        bool admin = by % 2 == 0;
        address sender = admin ? world.CONSORTIUM() : outsiderAt(by % OUTSIDERS);
        bytes memory data = abi.encodeCall(world.authority().revokeRole, (role, outsiderAt(to)));
        bool happened = _calls(sender, address(world.authority()), data);
        _same("revokeRole", admin, happened);
        if (happened) holds[role][to] = false;
        _note(happened);
    }

    /// @notice Every door that a role opens, tried without it.
    function intrude(uint256 by, uint256 door) external {
        address sender = outsiderAt(by % OUTSIDERS);
        (address target, bytes memory data) = _door(door % 12, sender);
        _same("intrude", false, _calls(sender, target, data));
        ++attempts;
    }

    function selectors() external pure override returns (bytes4[] memory list) {
        list = new bytes4[](3);
        (list[0], list[1], list[2]) = (this.grantRole.selector, this.revokeRole.selector, this.intrude.selector);
    }

    function _door(uint256 door, address sender) private view returns (address, bytes memory) {
        address authority = address(world.authority());
        address members = address(world.members());
        if (door == 0) return (members, abi.encodeCall(IMemberRegistry.admit, (sender, "Mallory", "hospital")));
        if (door == 1) return (members, abi.encodeCall(IMemberRegistry.suspend, (world.memberAt(1))));
        if (door == 2) return (members, abi.encodeCall(IMemberRegistry.reinstate, (world.memberAt(1))));
        if (door == 3) return (members, abi.encodeCall(IMemberRegistry.expel, (world.memberAt(1))));
        if (door == 4) {
            return (members, abi.encodeWithSelector(IMemberRegistry.setCeiling.selector, "intern", 3, false, false));
        }
        if (door == 5) {
            return (
                address(world.records()),
                abi.encodeWithSignature("retractFor(address,bytes32)", world.memberAt(1), bytes32("record"))
            );
        }
        if (door == 6) {
            IKeeperCommittee.Keeper[] memory none = new IKeeperCommittee.Keeper[](0);
            return (address(world.committee()), abi.encodeCall(IKeeperCommittee.publish, (none, 2)));
        }
        if (door == 7) {
            IRegistryAuthority.RegistryStatus status = IRegistryAuthority.RegistryStatus.Distrusted;
            bytes memory data = abi.encodeCall(
                IRegistryAuthority.setRegistry, (address(world.consents()), bytes32("ConsentRegistry"), status)
            );
            return (authority, data);
        }
        if (door == 8) {
            bytes4[] memory none = new bytes4[](0);
            return (authority, abi.encodeCall(world.authority().setTargetFunctionRole, (members, none, type(uint64).max)));
        }
        if (door == 9) return (authority, abi.encodeCall(world.authority().updateAuthority, (members, sender)));
        if (door == 10) return (address(world.emergencies()), abi.encodeWithSelector(SET_LIMITS, 1 hours, 1, 1 hours, 0));
        return (authority, abi.encodeCall(world.authority().setTargetClosed, (members, true)));
    }
}
