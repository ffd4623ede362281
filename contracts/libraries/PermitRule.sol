// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {ProvisionRule} from "./ProvisionRule.sol";
import {Texts} from "./Texts.sol";

/// @title Whether who asks may be given anything, and such a record at all
/// @notice Default deny: malformed terms and facts permit nothing, and nothing here reverts.
library PermitRule {
    using Texts for string;

    /// @notice What is read once for an ask, however many records it is for.
    struct Standing {
        IMemberRegistry.Staff actor;
        IMemberRegistry.Ceiling ceiling;
        bool authorsNamed;
        bool underMandate;
        bool episodeHeld;
    }

    /// @dev Levels 1 and 2 are institutions' own documents, level 4 never leaves its author.
    uint8 internal constant RELEASABLE_LEVEL = 3;
    /// @dev Only an account of this role speaks for a practitioner who does not sign. It is nobody, so that as the
    /// practitioner it is covered only by terms that name it.
    bytes32 internal constant SYSTEM_ROLE = "system";

    /// @notice Whether the recipient is who the terms say, and actor and signer are its staff in good standing with a role
    /// that the terms name.
    function checkParties(
        IMemberRegistry members,
        IConsentRegistry.Terms calldata terms,
        IConsentRegistry.Asker calldata asker,
        IMemberRegistry.Staff memory actor,
        uint256 time
    ) internal view returns (IConsentRegistry.Reason) {
        address recipient = terms.recipient;
        if (recipient == address(0) || members.memberByName(terms.recipientName) != recipient) {
            return IConsentRegistry.Reason.RecipientNameWrong;
        }
        if (!members.isActive(recipient)) return IConsentRegistry.Reason.RecipientInactive;
        if (actor.member == address(0)) return IConsentRegistry.Reason.ActorNotEnrolled;
        if (actor.licenceEndAt <= time) return IConsentRegistry.Reason.ActorLicenceEnded;
        if (actor.member != recipient) return IConsentRegistry.Reason.ActorOfAnotherMember;
        if (asker.signer != asker.actor && !_isSystemOf(members, asker.signer, recipient, time)) {
            return IConsentRegistry.Reason.SignerNotEnrolled;
        }
        if (!_namesRole(terms.roles, actor.role)) return IConsentRegistry.Reason.RoleNotCovered;
        return IConsentRegistry.Reason.Permitted;
    }

    /// @notice Whether the actor's role may see such a record at all.
    function checkCeiling(Standing memory standing, IConsentRegistry.RecordFacts calldata record)
        internal
        pure
        returns (IConsentRegistry.Reason)
    {
        uint256 rank = ProvisionRule.rank(record.confidentiality);
        if (rank == 0 || rank > standing.ceiling.confidentiality) return IConsentRegistry.Reason.CeilingExceeded;
        bytes32 department = standing.actor.department;
        if (standing.ceiling.ownDepartmentOnly && (department == 0 || !record.department.equal(department))) {
            return IConsentRegistry.Reason.DepartmentNotOwn;
        }
        if (!standing.episodeHeld) return IConsentRegistry.Reason.EpisodeMissing;
        if (record.level != RELEASABLE_LEVEL) return IConsentRegistry.Reason.LevelNotReleasable;
        return IConsentRegistry.Reason.Permitted;
    }

    /// @notice Whether the actor's role may see anything of patients.
    function checkCeilingExists(Standing memory standing) internal pure returns (IConsentRegistry.Reason) {
        if (standing.ceiling.confidentiality == 0) return IConsentRegistry.Reason.CeilingExceeded;
        if (!standing.episodeHeld) return IConsentRegistry.Reason.EpisodeMissing;
        return IConsentRegistry.Reason.Permitted;
    }

    /// @notice Whether the ceiling needs no current episode, or a system account of the actor's member asserts one in the
    /// actor's own department.
    function holdsEpisode(
        IMemberRegistry members,
        Standing memory standing,
        IConsentRegistry.Asker calldata asker,
        uint256 time
    ) internal view returns (bool) {
        if (!standing.ceiling.currentEpisodeOnly) return true;
        bytes32 department = standing.actor.department;
        return department != 0 && asker.episodeDepartment.equal(department)
            && _isSystemOf(members, asker.episodeBy, standing.actor.member, time);
    }

    function _isSystemOf(IMemberRegistry members, address account, address member, uint256 time)
        private
        view
        returns (bool)
    {
        IMemberRegistry.Staff memory staff = members.staffOf(account);
        return staff.member == member && staff.licenceEndAt > time && staff.role == SYSTEM_ROLE;
    }

    function _namesRole(string[] calldata roles, bytes32 role) private pure returns (bool) {
        if (role == SYSTEM_ROLE && ProvisionRule.isWildcard(roles)) return false;
        return ProvisionRule.names(roles, Texts.hash(role));
    }
}
