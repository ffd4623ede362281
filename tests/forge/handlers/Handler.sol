// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Cheats} from "../Vm.sol";
import {World} from "../World.sol";

/// @title What handlers share
/// @notice A handler does one thing on the contracts with arguments drawn from few values, so that they meet, and compares the
/// outcome with what its model of a few lines says. It counts what succeeded: a run in which nothing does proves nothing.
abstract contract Handler is Cheats {
    World public immutable world;

    mapping(bytes4 selector => uint256) public successes;
    mapping(bytes4 selector => uint256) public refusals;

    constructor(World the) {
        world = the;
    }

    /// @notice The functions that runs call.
    function selectors() external pure virtual returns (bytes4[] memory);

    function _note(bool happened) internal {
        if (happened) ++successes[msg.sig];
        else ++refusals[msg.sig];
    }

    /// @dev Calls as `sender`; whether it succeeded.
    function _calls(address sender, address target, bytes memory data) internal returns (bool happened) {
        vm.prank(sender);
        (happened,) = target.call(data);
    }
}
