// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Authority} from "../../contracts/authority/Authority.sol";
import {ConsentRegistry} from "../../contracts/consent/ConsentRegistry.sol";
import {IdentityRegistry} from "../../contracts/identity/IdentityRegistry.sol";
import {MemberRegistry} from "../../contracts/identity/MemberRegistry.sol";
import {IConsentRegistry} from "../../contracts/interfaces/IConsentRegistry.sol";
import {ConsentSlot} from "../../contracts/libraries/ConsentSlot.sol";
import {Cheats} from "./Vm.sol";

/// @title Proofs by halmos (`check_…`): for all values at once, not for drawn ones
/// @notice Proved on the registry itself with any times, statuses and callers, and on the slot. Terms are of fixed shape: halmos
/// does not go through arrays of any length. The registries of identities and members are the real ones, empty.
contract SymbolicTest is Cheats {
    using ConsentSlot for uint256;

    ConsentRegistry private _consents;

    function setUp() public {
        vm.warp(1_767_225_600);
        Authority authority = new Authority(address(this));
        _consents = new ConsentRegistry(authority, new IdentityRegistry(), new MemberRegistry(address(authority)));
    }
}
