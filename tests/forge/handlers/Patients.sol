// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentRegistry} from "../../../contracts/interfaces/IConsentRegistry.sol";
import {World} from "../World.sol";
import {Handler} from "./Handler.sol";

/// @title Patients, those who act for them, and their consents
contract Patients is Handler {
    struct Known {
        uint256 patient;
        uint256 salt;
        uint64 from;
        uint64 until;
        uint64 relayBefore;
        bool granted;
        bool revoked;
    }

    uint256 public constant PATIENTS = 3;
    /// @dev The patients' own keys, then two more.
    uint256 public constant KEYS = 5;
    uint256 public constant MOST = 20;
    bytes32 private constant REPRESENTATIVE = "consent";

    mapping(uint256 patient => uint256) private _controller; // key's number plus one; 0 for the patient's own
    mapping(uint256 patient => mapping(uint256 key => uint256)) public delegateUntil;
    mapping(uint256 patient => uint256) public nonces;
    Known[] private _known;

    constructor(World the) Handler(the) {}

    function keyAt(uint256 index) public pure returns (uint256) {
        return 0xE000 + index;
    }

    function accountAt(uint256 index) public pure returns (address) {
        return vm.addr(keyAt(index));
    }

    function knownCount() external view returns (uint256) {
        return _known.length;
    }

    function knownAt(uint256 index) external view returns (Known memory) {
        return _known[index];
    }

    function controllerOf(uint256 patient) public view returns (uint256) {
        return _controller[patient] == 0 ? patient : _controller[patient] - 1;
    }

    function mayAct(uint256 patient, uint256 key) public view returns (bool) {
        return controllerOf(patient) == key || delegateUntil[patient][key] > block.timestamp;
    }

    function consentOf(Known memory one) public view returns (IConsentRegistry.Grant memory) {
        return world.grantOf(accountAt(one.patient), one.salt, one.from, one.until, one.relayBefore);
    }

    function grant(uint256 seed, uint256 by, uint256 start, uint256 length, bool signed) external {
        uint256 index = _choose(seed, start, length);
        Known storage one = _known[index];
        by = seed % 4 == 0 ? by % KEYS : controllerOf(one.patient);
        IConsentRegistry.Grant memory consent = consentOf(one);
        bool inTime = block.timestamp < one.relayBefore && one.from < one.until && block.timestamp < one.until;
        bool should = mayAct(one.patient, by) && inTime && !one.granted && !one.revoked;
        bytes memory data = abi.encodeCall(world.consents().grant, (consent));
        if (signed) {
            bytes memory signature = _sign(keyAt(by), world.consents().consentIdOf(consent));
            data = abi.encodeCall(world.consents().grantBySignature, (consent, signature));
        }
        bool happened = _calls(signed ? address(0xFEE) : accountAt(by), address(world.consents()), data);
        _same("grant", should, happened);
        if (happened) one.granted = true;
        _note(happened);
    }

    function revoke(uint256 seed, uint256 by) external {
        if (_known.length == 0 || seed % 3 != 0) return; // rarely: what is revoked permits nothing more
        Known storage one = _known[(seed / 3) % _known.length];
        by = seed % 4 == 0 ? by % KEYS : controllerOf(one.patient);
        bool should = mayAct(one.patient, by) && !one.revoked;
        bytes32 id = world.consents().consentIdOf(consentOf(one));
        bytes memory data = abi.encodeCall(world.consents().revoke, (accountAt(one.patient), id));
        bool happened = _calls(accountAt(by), address(world.consents()), data);
        _same("revoke", should, happened);
        if (happened) one.revoked = true;
        _note(happened);
    }

    function addDelegate(uint256 who, uint256 by, uint256 to, uint256 validity) external {
        (who, by, to) = (who % PATIENTS, by % 4 == 0 ? by % KEYS : controllerOf(who % PATIENTS), to % KEYS);
        validity = _within(validity, 0, 40 days);
        bytes memory data =
            abi.encodeCall(world.identities().addDelegate, (accountAt(who), REPRESENTATIVE, accountAt(to), validity));
        bool happened = _calls(accountAt(by), address(world.identities()), data);
        _same("addDelegate", controllerOf(who) == by, happened);
        if (happened) delegateUntil[who][to] = block.timestamp + validity;
        _note(happened);
    }

    function revokeDelegate(uint256 who, uint256 to) external {
        (who, to) = (who % PATIENTS, to % KEYS);
        bytes memory data =
            abi.encodeCall(world.identities().revokeDelegate, (accountAt(who), REPRESENTATIVE, accountAt(to)));
        bool happened = _calls(accountAt(controllerOf(who)), address(world.identities()), data);
        _same("revokeDelegate", true, happened);
        delegateUntil[who][to] = 0;
        _note(happened);
    }

    function changeOwner(uint256 who, uint256 by, uint256 to) external {
        (who, by, to) = (who % PATIENTS, by % 2 == 0 ? by % KEYS : controllerOf(who % PATIENTS), to % KEYS);
        bytes memory data = abi.encodeCall(world.identities().changeOwner, (accountAt(who), accountAt(to)));
        bool happened = _calls(accountAt(by), address(world.identities()), data);
        _same("changeOwner", controllerOf(who) == by, happened);
        if (happened) _controller[who] = to + 1;
        _note(happened);
    }

    /// @dev Somebody's signature, right or not: the nonce moves exactly when the change happens.
    function setAttribute(uint256 who, bytes calldata signature) external {
        who %= PATIENTS;
        bytes memory data = abi.encodeCall(
            world.identities().setAttributeBySignature,
            (accountAt(who), bytes32("name"), bytes("value"), 1 days, block.timestamp, signature)
        );
        bool happened = _calls(address(0xFEE), address(world.identities()), data);
        _same("setAttribute", false, happened);
    }

    function setAttributeSigned(uint256 who, uint256 stale) external {
        who %= PATIENTS;
        uint256 used = stale % 2 == 1 && nonces[who] != 0 ? nonces[who] - 1 : nonces[who];
        bytes32 digest = _attributeDigest(accountAt(who), used);
        bytes memory data = abi.encodeCall(
            world.identities().setAttributeBySignature,
            (accountAt(who), bytes32("name"), bytes("value"), 1 days, type(uint256).max, _sign(keyAt(controllerOf(who)), digest))
        );
        bool happened = _calls(address(0xFEE), address(world.identities()), data);
        _same("setAttributeSigned", used == nonces[who], happened);
        if (happened) ++nonces[who];
        _note(happened);
    }

    function wait(uint256 seconds_) external {
        vm.warp(block.timestamp + _within(seconds_, 1, 3 days));
        vm.roll(block.number + 1);
        _note(true);
    }

    function selectors() external pure override returns (bytes4[] memory list) {
        list = new bytes4[](8);
        (list[0], list[1], list[2]) = (this.grant.selector, this.revoke.selector, this.addDelegate.selector);
        (list[3], list[4], list[5]) = (this.revokeDelegate.selector, this.changeOwner.selector, this.wait.selector);
        (list[6], list[7]) = (this.setAttributeSigned.selector, this.setAttribute.selector);
    }

    /// @dev An id seen before one time in three, else a new one.
    function _choose(uint256 seed, uint256 start, uint256 length) private returns (uint256) {
        if (_known.length == MOST || (_known.length != 0 && seed % 3 == 0)) return seed % _known.length;
        uint64 from = uint64(block.timestamp - 2 days + _within(start, 0, 4 days));
        uint64 until = uint64(from + _within(length, 0, 60 days));
        uint64 relayBefore = uint64(block.timestamp + _within(seed, 0, 20 days));
        _known.push(Known(seed % PATIENTS, _known.length, from, until, relayBefore, false, false));
        return _known.length - 1;
    }

    function _attributeDigest(address patient, uint256 used) private view returns (bytes32) {
        (, string memory name, string memory version, uint256 chain, address verifier,,) = world.identities().eip712Domain();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                chain,
                verifier
            )
        );
        bytes32 change = keccak256(
            abi.encode(
                keccak256(
                    "SetAttribute(address identity,string name,string value,uint256 validity,uint256 nonce,uint256 deadline)"
                ),
                patient,
                keccak256("name"),
                keccak256("value"),
                uint256(1 days),
                used,
                type(uint256).max
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, change));
    }
}
