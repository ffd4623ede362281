// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {World} from "../World.sol";
import {Handler} from "./Handler.sol";

/// @title Members, staff, anchors and commits; all actors that a member has
contract Members is Handler {
    enum Standing {
        Active,
        Suspended,
        Expelled
    }

    uint256 public constant DOCTORS = 3;

    mapping(uint256 member => Standing) public standing;
    mapping(uint256 member => uint256) public suspendedUntil;
    /// @dev Which of the member's keys acts for it: 0 is its own address.
    mapping(uint256 member => uint256) public keyOf;
    mapping(uint256 member => uint256) public keysUsed;
    /// @dev 0 for nobody, else the member's number plus one.
    mapping(uint256 doctor => uint256) public employer;
    mapping(uint256 doctor => uint256) public licenceEnd;
    mapping(uint256 member => uint256) public committed;
    mapping(uint256 member => mapping(uint256 root => bool)) public anchored;
    mapping(uint256 member => uint256) public keys;

    constructor(World the) Handler(the) {}

    function doctorAt(uint256 index) public pure returns (address) {
        return vm.addr(0xD000 + index);
    }

    function isActive(uint256 member) public view returns (bool) {
        return standing[member] == Standing.Active && block.timestamp >= suspendedUntil[member];
    }

    /// @notice The account that acts for the member now.
    function actorOf(uint256 member) public view returns (address) {
        return accountAt(member, keyOf[member]);
    }

    function accountAt(uint256 member, uint256 key) public view returns (address) {
        return key == 0 ? world.memberAt(member) : vm.addr(0xA100 + member * 0x1000 + key);
    }

    /// @notice Whether the doctor has standing at the member now.
    function works(uint256 doctor, uint256 member) external view returns (bool) {
        return employer[doctor] == member + 1 && isActive(member) && licenceEnd[doctor] > block.timestamp;
    }

    /// @dev One in three times: a suspended hospital permits nothing.
    function suspend(uint256 seed) external {
        if (seed % 3 != 0) return;
        uint256 who = (seed / 3) % world.MEMBERS();
        bool should = standing[who] == Standing.Active;
        _decide("suspend", abi.encodeCall(world.members().suspend, (world.memberAt(who))), should);
        if (should) (standing[who], suspendedUntil[who]) = (Standing.Suspended, 0);
    }

    /// @dev One in five times.
    function suspendUntil(uint256 seed, uint256 seconds_) external {
        if (seed % 5 != 0) return;
        uint256 who = (seed / 5) % world.MEMBERS();
        uint64 until = uint64(block.timestamp + _within(seconds_, 0, 3 days));
        bool should = standing[who] == Standing.Active && until > block.timestamp && until > suspendedUntil[who];
        _decide("suspendUntil", abi.encodeCall(world.members().suspendUntil, (world.memberAt(who), until)), should);
        if (should) suspendedUntil[who] = until;
    }

    /// @notice Another key for a member: by its own key, or by the consortium. The old one acts for nobody.
    function changeKey(uint256 who, uint256 by, uint256 choice) external {
        who %= world.MEMBERS();
        bool voted = choice % 2 == 0;
        uint256 next = keysUsed[who] + 1;
        address fresh = accountAt(who, next);
        bool should = voted ? standing[who] != Standing.Expelled : isActive(who) && by % 2 == 0;
        // mostly the key in force, else the one before it
        address sender = by % 2 == 0 ? actorOf(who) : accountAt(who, keyOf[who] == 0 ? next : keyOf[who] - 1);
        bytes memory data = voted
            ? abi.encodeCall(world.members().replaceKey, (world.memberAt(who), fresh))
            : abi.encodeCall(world.members().rotateKey, (fresh));
        _act("changeKey", voted ? world.CONSORTIUM() : sender, address(world.members()), data, should);
        if (should) (keyOf[who], keysUsed[who]) = (next, next);
    }

    function reinstate(uint256 who) external {
        who %= world.MEMBERS();
        bool should = standing[who] == Standing.Suspended
            || (standing[who] == Standing.Active && block.timestamp < suspendedUntil[who]);
        _decide("reinstate", abi.encodeCall(world.members().reinstate, (world.memberAt(who))), should);
        if (should) (standing[who], suspendedUntil[who]) = (Standing.Active, 0);
    }

    /// @dev One in eight times, and never the first two members: without them nothing more would happen.
    function expel(uint256 seed) external {
        if (seed % 8 != 0) return;
        uint256 who = world.MEMBERS() - 1;
        bool should = standing[who] != Standing.Expelled;
        _decide("expel", abi.encodeCall(world.members().expel, (world.memberAt(who))), should);
        standing[who] = Standing.Expelled;
    }

    function enrol(uint256 by, uint256 who, uint64 seconds_) external {
        by %= world.MEMBERS();
        who %= DOCTORS;
        uint64 end = uint64(block.timestamp + _within(seconds_, 0, 200 days));
        uint256 old = employer[who];
        bool should = isActive(by) && end > block.timestamp && (old == 0 || old == by + 1 || !isActive(old - 1));
        bytes memory data =
            abi.encodeCall(world.members().enrol, (doctorAt(who), world.DOCTOR(), bytes32("cardiology"), end));
        _act("enrol", actorOf(by), address(world.members()), data, should);
        if (should) (employer[who], licenceEnd[who]) = (by + 1, end);
    }

    function dismiss(uint256 by, uint256 who) external {
        if (who % 3 != 0) return;
        by %= world.MEMBERS();
        who = (who / 3) % DOCTORS;
        bool should = isActive(by) && employer[who] == by + 1;
        bytes memory data = abi.encodeCall(world.members().dismiss, (doctorAt(who)));
        _act("dismiss", actorOf(by), address(world.members()), data, should);
        if (should) employer[who] = 0;
    }

    function resign(uint256 who) external {
        if (who % 3 != 0) return; // rarely: an empty hospital permits nothing
        who = (who / 3) % DOCTORS;
        bool should = employer[who] != 0;
        bytes memory data = abi.encodeCall(world.members().resign, ());
        _act("resign", doctorAt(who), address(world.members()), data, should);
        employer[who] = 0;
    }

    function addDirectoryKey(uint256 by, uint256 key) external {
        by %= world.MEMBERS();
        // fresh ones only: repeated and weak ones have tests of their own
        bytes32 fresh = keccak256(abi.encode(by, keys[by], key));
        bool should = isActive(by) && keys[by] < 8;
        bytes memory data = abi.encodeCall(world.members().addDirectoryKey, (fresh));
        _act("addDirectoryKey", actorOf(by), address(world.members()), data, should);
        if (should) ++keys[by];
    }

    function anchor(uint256 by, uint256 root, uint32 count) external {
        by %= world.MEMBERS();
        root %= 64;
        count = uint32(_within(count, 0, 101));
        bool should = isActive(by) && root != 0 && count != 0 && count <= 100 && !anchored[by][root];
        bytes memory data = abi.encodeCall(world.records().anchor, (bytes32(root), bytes32("manifest"), count));
        _act("anchor", actorOf(by), address(world.records()), data, should);
        if (should) anchored[by][root] = true;
    }

    function commit(uint256 by, uint256 shift, uint32 count) external {
        by %= world.MEMBERS();
        // mostly right, sometimes a gap or an overlap
        uint64 first = uint64(committed[by] + (shift % 4 == 0 ? _within(shift, 1, 3) : 0));
        bool should = isActive(by) && first == committed[by] && count != 0;
        bytes memory data = abi.encodeCall(world.audit().commit, (bytes32("root"), first, count));
        _act("commit", world.keeperAt(by), address(world.audit()), data, should);
        if (should) committed[by] += count;
    }

    function selectors() external pure override returns (bytes4[] memory list) {
        list = new bytes4[](11);
        (list[0], list[1], list[2]) = (this.suspend.selector, this.reinstate.selector, this.expel.selector);
        (list[3], list[4], list[5]) = (this.enrol.selector, this.dismiss.selector, this.resign.selector);
        (list[6], list[7], list[8]) = (this.addDirectoryKey.selector, this.anchor.selector, this.commit.selector);
        (list[9], list[10]) = (this.suspendUntil.selector, this.changeKey.selector);
    }

    function _decide(string memory what, bytes memory data, bool should) private {
        _act(what, world.CONSORTIUM(), address(world.members()), data, should);
    }

    function _act(string memory what, address sender, address target, bytes memory data, bool should) private {
        bool happened = _calls(sender, target, data);
        _same(what, should, happened);
        _note(happened);
    }
}
