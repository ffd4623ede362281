// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EmergencyAccess} from "../../../contracts/consent/EmergencyAccess.sol";
import {IEmergencyAccess} from "../../../contracts/interfaces/IEmergencyAccess.sol";
import {World} from "../World.sol";
import {Handler} from "./Handler.sol";
import {Members} from "./Members.sol";

/// @title Openings by the first member's doctors, their end and their review
contract Emergencies is Handler {
    struct Box {
        uint256 first;
        uint256 second;
        uint64 openUntil;
        bool closed;
        bool reviewed;
    }

    uint256 public constant MOST = 8;

    Members private immutable _members;
    Box[] private _boxes;

    constructor(World the, Members members) Handler(the) {
        _members = members;
    }

    function boxCount() external view returns (uint256) {
        return _boxes.length;
    }

    function boxAt(uint256 index) external view returns (Box memory) {
        return _boxes[index];
    }

    /// @notice Whether the box permits to the doctor now.
    function opens(uint256 index, uint256 doctor) external view returns (bool) {
        Box memory box = _boxes[index];
        bool live = !box.closed && !box.reviewed && block.timestamp < box.openUntil;
        return live && (doctor == box.first || doctor == box.second) && _members.works(doctor, 0);
    }

    function declarationOf(uint256 index) public view returns (IEmergencyAccess.Declaration memory) {
        return _declaration(index, _boxes[index]);
    }

    function subjectOf(uint256 index) public pure returns (IEmergencyAccess.Subject memory) {
        return IEmergencyAccess.Subject(vm.addr(0xE000), keccak256(abi.encode("subject", index)));
    }

    function open(uint256 one, uint256 other, uint256 seconds_) external {
        uint256 index = _boxes.length;
        if (index == MOST) return;
        (one, other) = (one % _members.DOCTORS(), other % _members.DOCTORS());
        uint64 until = uint64(block.timestamp + _within(seconds_, 0, 25 hours));
        Box memory box = Box(one, other, until, false, false);
        bytes memory data = _opening(_declaration(index, box), one, other);
        bool inTime = until > block.timestamp && until <= block.timestamp + 24 hours;
        bool should = one != other && inTime && _members.works(one, 0) && _members.works(other, 0) && _mayOpen();
        bool happened = _calls(address(0xFEE), address(world.emergencies()), data);
        _same("open", should, happened);
        if (happened) _boxes.push(box);
        _note(happened);
    }

    function close(uint256 which, uint256 doctor) external {
        if (_boxes.length == 0) return;
        Box storage box = _boxes[which % _boxes.length];
        doctor %= _members.DOCTORS();
        bool may = doctor == box.first || doctor == box.second || _members.works(doctor, 0);
        bool should = may && !box.closed && !box.reviewed && block.timestamp < box.openUntil;
        bytes memory data = abi.encodeCall(EmergencyAccess.close, (_idOf(which % _boxes.length)));
        bool happened = _calls(_members.doctorAt(doctor), address(world.emergencies()), data);
        _same("close", should, happened);
        if (happened) box.closed = true;
        _note(happened);
    }

    function review(uint256 which, uint256 doctor) external {
        if (_boxes.length == 0) return;
        Box storage box = _boxes[which % _boxes.length];
        doctor %= _members.DOCTORS();
        bool third = doctor != box.first && doctor != box.second && _members.works(doctor, 0);
        bool should = third && (box.closed || block.timestamp >= box.openUntil) && !box.reviewed;
        bytes memory data = abi.encodeCall(
            EmergencyAccess.review, (_idOf(which % _boxes.length), IEmergencyAccess.Finding.Justified)
        );
        bool happened = _calls(_members.doctorAt(doctor), address(world.emergencies()), data);
        _same("review", should, happened);
        if (happened) box.reviewed = true;
        _note(happened);
    }

    function selectors() external pure override returns (bytes4[] memory list) {
        list = new bytes4[](3);
        (list[0], list[1], list[2]) = (this.open.selector, this.close.selector, this.review.selector);
    }

    /// @dev At most three reviews overdue, a week after the box was to end.
    function _mayOpen() private view returns (bool) {
        uint256 overdue;
        for (uint256 i = 0; i < _boxes.length; ++i) {
            if (!_boxes[i].reviewed && block.timestamp >= _boxes[i].openUntil + 7 days) ++overdue;
        }
        return overdue <= 3;
    }

    function _idOf(uint256 index) private view returns (bytes32) {
        return world.emergencies().openingIdOf(declarationOf(index));
    }

    function _declaration(uint256 index, Box memory box) private view returns (IEmergencyAccess.Declaration memory) {
        bytes32 subject = world.emergencies().hashSubject(subjectOf(index));
        (address first, address second) = (_members.doctorAt(box.first), _members.doctorAt(box.second));
        return IEmergencyAccess.Declaration(subject, "Member A", first, second, box.openUntil, box.openUntil);
    }

    function _opening(IEmergencyAccess.Declaration memory declaration, uint256 one, uint256 other)
        private
        view
        returns (bytes memory)
    {
        bytes32 digest = world.emergencies().openingIdOf(declaration);
        (bytes memory first, bytes memory second) = (_sign(0xD000 + one, digest), _sign(0xD000 + other, digest));
        return abi.encodeCall(EmergencyAccess.open, (declaration, first, second));
    }
}
