// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMemberSeat} from "./IMemberSeat.sol";

/// @title How the consortium decides, on top of OpenZeppelin's Governor
/// @notice One member, one vote, counted by chamber. A chamber has a quorum when at least half of its seats took part
/// (abstaining is taking part); it carries a proposal that has more votes for than against it, and rejects any other. A
/// proposal passes if at least two of the three chambers carry it and none rejects it; it passes early once
/// every chamber that has seats, at least two of them, has more than half of all its seats for it: no vote still out could
/// change that. The seats are those at the time from which votes count.
/// @dev The voter of OpenZeppelin's functions and events is the member, whichever account acts for it.
interface IConsortium {
    /// @notice The account acts for no member that is active now.
    error VoterNotActive(address account);
    /// @notice The member had no seat when the vote began.
    error VoterNotSeated(address member, uint256 proposalId);

    /// @notice The votes of one chamber, and how many seats it had when the vote began (0 until then).
    function chamberVotes(uint256 proposalId, IMemberSeat.Chamber chamber)
        external
        view
        returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes, uint256 seats);
}
