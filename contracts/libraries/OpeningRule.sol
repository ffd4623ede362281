// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {IEmergencyAccess} from "../interfaces/IEmergencyAccess.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {PermitRule} from "./PermitRule.sol";
import {Texts} from "./Texts.sol";

/// @title Who may open, how long, and what an opening shows
library OpeningRule {
    using Texts for string;

    uint32 private constant LEAST_DURATION = 15 minutes;
    uint32 private constant LONGEST_DURATION = 24 hours;
    uint8 private constant MOST_OPEN = 32;
    uint32 private constant LEAST_REVIEW = 1 hours;
    uint32 private constant LONGEST_REVIEW = 30 days;
    /// @dev Allergies, medication, problems, devices, directives and contacts: what saves a life, and nothing else.
    bytes32 private constant CATEGORY = "emergency";
    /// @dev HL7 v3 ActReason: treatment in an emergency. Receipts and the regulator's feed say the same as the ground.
    bytes32 private constant PURPOSE = "ETREAT";

    function checkLimits(IEmergencyAccess.Limits memory limits) internal pure {
        if (limits.maxDuration < LEAST_DURATION || limits.maxDuration > LONGEST_DURATION) {
            revert IEmergencyAccess.OpeningMaxDurationInvalid(limits.maxDuration);
        }
        if (limits.mostOpen == 0 || limits.mostOpen > MOST_OPEN) {
            revert IEmergencyAccess.OpeningMostOpenInvalid(limits.mostOpen);
        }
        if (limits.reviewWithin < LEAST_REVIEW || limits.reviewWithin > LONGEST_REVIEW) {
            revert IEmergencyAccess.OpeningReviewWithinInvalid(limits.reviewWithin);
        }
        if (limits.mostOverdue > limits.mostOpen) {
            revert IEmergencyAccess.OpeningMostOverdueInvalid(limits.mostOverdue, limits.mostOpen);
        }
    }

    function checkTimes(IEmergencyAccess.Declaration calldata declaration, bytes32 openingId, uint32 maxDuration)
        internal
        view
    {
        if (block.timestamp >= declaration.relayBefore) {
            revert IEmergencyAccess.OpeningRelayTooLate(openingId, declaration.relayBefore);
        }
        if (block.timestamp >= declaration.openUntil) {
            revert IEmergencyAccess.OpeningTimePast(openingId, declaration.openUntil);
        }
        if (declaration.openUntil > block.timestamp + maxDuration) {
            revert IEmergencyAccess.OpeningTooLong(
                openingId, declaration.openUntil, uint64(block.timestamp + maxDuration)
            );
        }
    }

    /// @notice The account is a person enrolled by this member, with a licence that has not ended. Whether the member is
    /// active is for the caller to ask.
    function checkPerson(IMemberRegistry members, address account, address member) internal view {
        IMemberRegistry.Staff memory staff = members.staffOf(account);
        if (member == address(0) || staff.member != member) {
            revert IEmergencyAccess.OpeningStaffOfAnotherMember(account, staff.member);
        }
        if (staff.licenceEndAt <= block.timestamp) {
            revert IEmergencyAccess.OpeningLicenceEnded(account, staff.licenceEndAt);
        }
        if (staff.role == PermitRule.SYSTEM_ROLE) revert IEmergencyAccess.OpeningPersonMissing(account);
    }

    /// @notice Whether one of the two openers asks, in good standing, signs for nobody else and says that it is an emergency.
    function checkAsker(
        IMemberRegistry members,
        address member,
        IEmergencyAccess.Declaration calldata opening,
        IConsentRegistry.Asker calldata asker,
        uint256 time
    ) internal view returns (IConsentRegistry.Reason) {
        if (!members.isActive(member)) return IConsentRegistry.Reason.RecipientInactive;
        if (asker.actor != opening.first && asker.actor != opening.second) {
            return IConsentRegistry.Reason.OpenerOther;
        }
        IMemberRegistry.Staff memory actor = members.staffOf(asker.actor);
        if (actor.member == address(0)) return IConsentRegistry.Reason.ActorNotEnrolled;
        if (actor.licenceEndAt <= time) return IConsentRegistry.Reason.ActorLicenceEnded;
        if (actor.member != member) return IConsentRegistry.Reason.ActorOfAnotherMember;
        // enrolled anew as a system account since: no longer a person
        if (actor.role == PermitRule.SYSTEM_ROLE) return IConsentRegistry.Reason.RoleNotCovered;
        if (asker.signer != asker.actor) return IConsentRegistry.Reason.SignerNotEnrolled;
        if (!asker.purpose.equal(PURPOSE)) return IConsentRegistry.Reason.PurposeNotEmergency;
        return IConsentRegistry.Reason.Permitted;
    }

    /// @notice Whether an opening shows such a record. Roles have no ceiling here: the summary is what it is for.
    function checkRecord(IConsentRegistry.RecordFacts calldata record)
        internal
        pure
        returns (IConsentRegistry.Reason)
    {
        if (!record.category.equal(CATEGORY)) return IConsentRegistry.Reason.CategoryNotEmergency;
        if (record.level != PermitRule.RELEASABLE_LEVEL) return IConsentRegistry.Reason.LevelNotReleasable;
        return IConsentRegistry.Reason.Permitted;
    }

    /// @notice Whether an opening shows the directory of this category.
    function checkCategory(string calldata category) internal pure returns (IConsentRegistry.Reason) {
        return category.equal(CATEGORY)
            ? IConsentRegistry.Reason.Permitted
            : IConsentRegistry.Reason.CategoryNotEmergency;
    }
}
