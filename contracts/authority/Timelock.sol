// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title What the consortium decided, waiting to be carried out
///
///               schedule              after the delay: execute (anyone)
///     unknown ───────────▶ waiting ─────────────────────────────────────▶ done
///        ▲                    │ cancel
///        └────────────────────┘
///
/// @notice It holds every power over the contracts and has no will of its own: only the Consortium schedules. Who objects
/// to a decision has the delay to act.
contract Timelock is TimelockController {
    /// @param minDelay Seconds between a decision and its execution; changed only by a decision.
    /// @param founder Names the Consortium as proposer, then gives this right up.
    constructor(uint256 minDelay, address founder)
        TimelockController(minDelay, new address[](0), new address[](0), founder)
    {}
}
