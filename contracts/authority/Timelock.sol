// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @dev Seconds within which a decision is queued after its vote, and carried out after its delay.
uint48 constant DECISION_LAPSE = 30 days;

/// @title What the consortium decided, waiting to be carried out
///
///               schedule              after the delay: execute (anyone)
///     unknown ───────────▶ waiting ─────────────────────────────────────▶ done
///        ▲                    │ cancel, or thirty days after the delay
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

    /// @notice What counts now: a decision that could not be carried out, or that nobody carried out, has ended thirty days
    /// after its delay.
    /// @dev Else a reinstatement that came too late would wait for the next suspension, however many years.
    function getOperationState(bytes32 id) public view override returns (OperationState) {
        OperationState current = super.getOperationState(id);
        bool lapsed = current == OperationState.Ready && block.timestamp >= getTimestamp(id) + DECISION_LAPSE;
        return lapsed ? OperationState.Unset : current;
    }
}
