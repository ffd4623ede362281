// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title When a proposal passes (docs/adr/0007)
/// @notice A chamber without seats neither carries nor rejects anything, and has no quorum.
library ChamberRule {
    uint256 private constant CHAMBERS = 3;
    uint256 private constant CARRYING_CHAMBERS = 2;

    /// @dev One slot; `seats` is filled in memory from the history of seats, never stored.
    struct Votes {
        uint64 againstVotes;
        uint64 forVotes;
        uint64 abstainVotes;
        uint64 seats;
    }

    /// @notice Whether enough chambers to carry a proposal have a quorum.
    function hasQuorum(Votes[CHAMBERS] memory tally) internal pure returns (bool) {
        uint256 chambers = 0;
        for (uint256 i = 0; i < CHAMBERS; ++i) {
            if (_hasQuorum(tally[i])) ++chambers;
        }
        return chambers >= CARRYING_CHAMBERS;
    }

    /// @notice At least two chambers with a quorum carry it (more for than against), and none with a quorum rejects it.
    function passes(Votes[CHAMBERS] memory tally) internal pure returns (bool) {
        uint256 carrying = 0;
        for (uint256 i = 0; i < CHAMBERS; ++i) {
            if (!_hasQuorum(tally[i])) continue;
            if (tally[i].againstVotes >= tally[i].forVotes) return false;
            ++carrying;
        }
        return carrying >= CARRYING_CHAMBERS;
    }

    /// @notice Whether it passes whatever the votes still out say: every chamber with seats, at least two of them, has
    /// more than half of its seats for it.
    function isDecided(Votes[CHAMBERS] memory tally) internal pure returns (bool) {
        uint256 chambers = 0;
        for (uint256 i = 0; i < CHAMBERS; ++i) {
            if (tally[i].seats == 0) continue;
            if (2 * uint256(tally[i].forVotes) <= tally[i].seats) return false;
            ++chambers;
        }
        return chambers >= CARRYING_CHAMBERS;
    }

    /// @notice The fewest votes that make a quorum in two chambers; unreachable while fewer than two have seats.
    function fewest(Votes[CHAMBERS] memory tally) internal pure returns (uint256 votes) {
        uint256 chambers = 0;
        uint256 largest = 0;
        for (uint256 i = 0; i < CHAMBERS; ++i) {
            uint256 half = (uint256(tally[i].seats) + 1) / 2;
            if (half == 0) continue;
            ++chambers;
            votes += half;
            if (half > largest) largest = half;
        }
        if (chambers < CARRYING_CHAMBERS) return type(uint256).max;
        if (chambers > CARRYING_CHAMBERS) votes -= largest;
    }

    function _hasQuorum(Votes memory votes) private pure returns (bool) {
        uint256 cast = uint256(votes.againstVotes) + votes.forVotes + votes.abstainVotes;
        return votes.seats > 0 && 2 * cast >= votes.seats;
    }
}
