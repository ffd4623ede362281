// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AuditLog} from "../../contracts/audit/AuditLog.sol";
import {Authority} from "../../contracts/authority/Authority.sol";
import {MemberSeat} from "../../contracts/authority/MemberSeat.sol";
import {ConsentRegistry} from "../../contracts/consent/ConsentRegistry.sol";
import {EmergencyAccess} from "../../contracts/consent/EmergencyAccess.sol";
import {IdentityRegistry} from "../../contracts/identity/IdentityRegistry.sol";
import {MemberRegistry} from "../../contracts/identity/MemberRegistry.sol";
import {IConsentRegistry} from "../../contracts/interfaces/IConsentRegistry.sol";
import {IEmergencyAccess} from "../../contracts/interfaces/IEmergencyAccess.sol";
import {IKeeperCommittee} from "../../contracts/interfaces/IKeeperCommittee.sol";
import {IMemberRegistry} from "../../contracts/interfaces/IMemberRegistry.sol";
import {IMemberSeat} from "../../contracts/interfaces/IMemberSeat.sol";
import {IRegistryAuthority} from "../../contracts/interfaces/IRegistryAuthority.sol";
import {KeeperCommittee} from "../../contracts/keepers/KeeperCommittee.sol";
import {RecordRegistry} from "../../contracts/records/RecordRegistry.sol";
import {Cheats} from "./Vm.sol";

/// @title The whole set of contracts with three members, wired as scripts/deploy.py does
/// @dev The one place that follows constructors and structs; handlers and tests speak in words of their own.
contract World is Cheats {
    uint64 internal constant ADMIN_ROLE = 0;
    uint64 internal constant CONSORTIUM_ROLE = 1;
    uint256 public constant START = 1_767_225_600; // 2026-01-01T00:00:00Z
    uint256 public constant MEMBERS = 3;
    uint64 public constant RECOVERY_DELAY = 7 days;
    bytes32 public constant DOCTOR = "attending";

    /// @dev Stands for the timelock: it alone holds both roles.
    address public constant CONSORTIUM = address(0xC0);

    Authority public immutable authority;
    IdentityRegistry public immutable identities;
    MemberRegistry public immutable members;
    MemberSeat public immutable seats;
    ConsentRegistry public immutable consents;
    EmergencyAccess public immutable emergencies;
    RecordRegistry public immutable records;
    KeeperCommittee public immutable committee;
    AuditLog public immutable audit;

    constructor() {
        vm.warp(START);
        authority = new Authority(address(this));
        identities = new IdentityRegistry(RECOVERY_DELAY);
        members = new MemberRegistry(address(authority));
        consents = new ConsentRegistry(authority, identities, members);
        emergencies = new EmergencyAccess(authority, members);
        records = new RecordRegistry(address(authority), members);
        seats = new MemberSeat(address(authority), members);
        committee = new KeeperCommittee(address(authority), members, seats);
        audit = new AuditLog(address(authority), members, committee);
        _open();
        authority.setRegistry(address(consents), "ConsentRegistry", IRegistryAuthority.RegistryStatus.Active);
        authority.setRegistry(address(emergencies), "EmergencyAccess", IRegistryAuthority.RegistryStatus.Active);
        _populate();
        authority.grantRole(ADMIN_ROLE, CONSORTIUM, 0);
        authority.renounceRole(CONSORTIUM_ROLE, address(this));
        authority.renounceRole(ADMIN_ROLE, address(this));
    }

    function memberAt(uint256 index) public pure returns (address) {
        return vm.addr(0xA000 + index);
    }

    /// @dev The keeper of the member with the same number.
    function keeperAt(uint256 index) public pure returns (address) {
        return vm.addr(0xB000 + index);
    }

    /// @notice Terms that permit laboratory results of anybody to the first member's doctors.
    function termsOf(uint256 salt) public pure returns (IConsentRegistry.Terms memory) {
        IConsentRegistry.Provision[] memory provisions = new IConsentRegistry.Provision[](1);
        provisions[0] = IConsentRegistry.Provision(
            _list("TREAT"), _list("laboratory"), "R", "any", "any", _list("any"), _list("any")
        );
        return IConsentRegistry.Terms("Member A", memberAt(0), _list("attending"), provisions, 0, bytes32(salt));
    }

    function grantOf(address patient, uint256 salt, uint64 from, uint64 until, uint64 relayBefore)
        public
        view
        returns (IConsentRegistry.Grant memory)
    {
        return IConsentRegistry.Grant(patient, consents.hashTerms(termsOf(salt)), from, until, relayBefore);
    }

    /// @notice Whether `doctor` may read a laboratory result of the second member now.
    function isPermitted(IConsentRegistry.Grant calldata consent, uint256 salt, address doctor)
        external
        view
        returns (bool)
    {
        IConsentRegistry.RecordFacts memory record = IConsentRegistry.RecordFacts(
            bytes32("record"), memberAt(1), "laboratory", 3, "N", "cardiology", "2025-03-04T05:06:07Z"
        );
        return consents.permits(_ask(consent, termsOf(salt), doctor), record) == IConsentRegistry.Reason.Permitted;
    }

    /// @notice The same of the category's seed.
    function isDirectoryPermitted(IConsentRegistry.Grant calldata consent, uint256 salt, address doctor)
        external
        view
        returns (bool)
    {
        IConsentRegistry.Ask memory ask = _ask(consent, termsOf(salt), doctor);
        return consents.permitsDirectory(ask, "laboratory") == IConsentRegistry.Reason.Permitted;
    }

    /// @notice Whether the doctor may read the emergency summary under an opening now.
    function isOpen(
        IEmergencyAccess.Subject calldata subject,
        IEmergencyAccess.Declaration calldata declaration,
        address doctor
    ) external view returns (bool) {
        IEmergencyAccess.Ask memory ask;
        (ask.subject, ask.opening) = (subject, declaration);
        (ask.asker.actor, ask.asker.signer, ask.asker.purpose) = (doctor, doctor, "ETREAT");
        IConsentRegistry.RecordFacts memory record = IConsentRegistry.RecordFacts(
            bytes32("record"), memberAt(1), "emergency", 3, "N", "cardiology", "2025-03-04T05:06:07Z"
        );
        return emergencies.permits(ask, record) == IConsentRegistry.Reason.Permitted;
    }

    /// @notice The reason that any consent, terms and facts get.
    function answers(
        IConsentRegistry.Grant calldata consent,
        IConsentRegistry.Terms calldata terms,
        address doctor,
        IConsentRegistry.RecordFacts calldata record
    ) external view returns (IConsentRegistry.Reason) {
        return consents.permits(_ask(consent, terms, doctor), record);
    }

    function _ask(IConsentRegistry.Grant memory consent, IConsentRegistry.Terms memory terms, address doctor)
        private
        pure
        returns (IConsentRegistry.Ask memory ask)
    {
        ask.consent = consent;
        ask.terms = terms;
        (ask.asker.actor, ask.asker.signer, ask.asker.purpose) = (doctor, doctor, "TREAT");
    }

    function _list(string memory word) private pure returns (string[] memory list) {
        list = new string[](1);
        list[0] = word;
    }

    function _open() private {
        authority.grantRole(CONSORTIUM_ROLE, address(this), 0);
        authority.grantRole(CONSORTIUM_ROLE, CONSORTIUM, 0);
        bytes4[] memory one = new bytes4[](1);
        one[0] = Authority.setRegistry.selector;
        authority.setTargetFunctionRole(address(authority), one, CONSORTIUM_ROLE);
        one[0] = MemberSeat.give.selector;
        authority.setTargetFunctionRole(address(seats), one, CONSORTIUM_ROLE);
        one[0] = EmergencyAccess.setLimits.selector;
        authority.setTargetFunctionRole(address(emergencies), one, CONSORTIUM_ROLE);
        one[0] = RecordRegistry.retractFor.selector;
        authority.setTargetFunctionRole(address(records), one, CONSORTIUM_ROLE);
        one[0] = KeeperCommittee.publish.selector;
        authority.setTargetFunctionRole(address(committee), one, CONSORTIUM_ROLE);
        bytes4[] memory many = new bytes4[](7);
        many[0] = MemberRegistry.admit.selector;
        many[1] = MemberRegistry.suspend.selector;
        many[2] = MemberRegistry.reinstate.selector;
        many[3] = MemberRegistry.expel.selector;
        many[4] = MemberRegistry.setCeiling.selector;
        many[5] = MemberRegistry.replaceKey.selector;
        many[6] = MemberRegistry.suspendUntil.selector;
        authority.setTargetFunctionRole(address(members), many, CONSORTIUM_ROLE);
    }

    function _populate() private {
        IKeeperCommittee.Keeper[] memory keepers = new IKeeperCommittee.Keeper[](MEMBERS);
        for (uint256 i = 0; i < MEMBERS; ++i) {
            members.admit(memberAt(i), string.concat("Member ", string(abi.encodePacked(bytes1(uint8(65 + i))))), "hospital");
            seats.give(memberAt(i), IMemberSeat.Chamber(i));
            bytes memory key = new bytes(1216);
            key[0] = bytes1(uint8(i));
            keepers[i] = IKeeperCommittee.Keeper(
                keeperAt(i), memberAt(i), IMemberSeat.Chamber(i), "https://keeper.example", key
            );
        }
        members.setCeiling(DOCTOR, IMemberRegistry.Ceiling(3, false, false));
        committee.publish(keepers, 2);
    }
}
