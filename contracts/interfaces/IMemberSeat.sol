// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Seats in the chambers of the consortium
/// @notice One member, one seat, one vote. A seat is an ERC-721 token that nobody can pass on (ERC-5192): the consortium
/// gives it and takes it back. Its id is the member's address as a number. Past seats are kept, because a vote counts those
/// that stood when votes began to count.
interface IMemberSeat {
    /// @notice No chamber decides alone, and none of them alone holds as many keepers as open a record.
    enum Chamber {
        Institutions,
        EthicsBoard,
        PatientsCouncil
    }

    /// @notice The member votes in this chamber from now on.
    event SeatGiven(address indexed member, Chamber indexed chamber);
    /// @notice The member votes no more.
    event SeatTaken(address indexed member, Chamber indexed chamber);

    /// @notice A seat is a member's, active at the time it is given.
    error SeatMemberNotActive(address member);
    /// @notice A member has one seat; it changes chamber by being taken and given.
    error SeatAlreadyGiven(address member, Chamber chamber);
    /// @notice The member has no seat.
    error SeatMissing(address member);
    /// @notice A seat is never passed on.
    error SeatBound(address member);
    /// @notice Only a time that is over tells who had a seat: now may still change within its block.
    error SeatTimeNotPast(uint48 time, uint48 currentTime);

    /// @notice The consortium gives an active member a seat in a chamber.
    function give(address member, Chamber chamber) external;

    /// @notice The consortium takes a member's seat back, whatever the member's status.
    function take(address member) external;

    /// @notice The member's chamber now. `chamber` means nothing unless `seated`.
    function chamberOf(address member) external view returns (bool seated, Chamber chamber);

    /// @notice The member's chamber at a past time (seconds).
    function chamberAt(address member, uint48 time) external view returns (bool seated, Chamber chamber);

    /// @notice How many seats the chamber has now.
    function seatsOf(Chamber chamber) external view returns (uint256);

    /// @notice How many seats the chamber had at a past time (seconds).
    function seatsAt(Chamber chamber, uint48 time) external view returns (uint256);
}
