// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {Iso8601} from "./Iso8601.sol";
import {Texts} from "./Texts.sol";

/// @title Whether terms in force cover a request
/// @notice Permit only, default deny: malformed terms and facts cover nothing, and nothing here reverts.
library PermitRule {
    using Texts for string;

    /// @dev Levels 1 and 2 are institutions' own documents, level 4 never leaves its author.
    uint8 private constant RELEASABLE_LEVEL = 3;
    /// @dev Only an account of this role speaks for a practitioner who does not sign. It is nobody, so that as the
    /// practitioner it is covered only by terms that name it.
    bytes32 private constant SYSTEM_ROLE = "system";

    /// @notice Whether the recipient is who the terms say, and actor and signer are its staff in good standing with a role
    /// that the terms name.
    function checkParties(
        IMemberRegistry members,
        IConsentRegistry.Terms calldata terms,
        IConsentRegistry.Asker calldata asker,
        uint256 time
    ) internal view returns (IConsentRegistry.Reason) {
        address recipient = terms.recipient;
        if (recipient == address(0) || members.memberByName(terms.recipientName) != recipient) {
            return IConsentRegistry.Reason.RecipientNameWrong;
        }
        if (!members.isActive(recipient)) return IConsentRegistry.Reason.RecipientInactive;

        IMemberRegistry.Staff memory actor = members.staffOf(asker.actor);
        if (actor.member == address(0)) return IConsentRegistry.Reason.ActorNotEnrolled;
        if (actor.licenceEndAt <= time) return IConsentRegistry.Reason.ActorLicenceEnded;
        if (actor.member != recipient) return IConsentRegistry.Reason.ActorOfAnotherMember;
        if (asker.signer != asker.actor) {
            IMemberRegistry.Staff memory signer = members.staffOf(asker.signer);
            if (signer.member != recipient || signer.licenceEndAt <= time || signer.role != SYSTEM_ROLE) {
                return IConsentRegistry.Reason.SignerNotEnrolled;
            }
        }
        if (!_namesRole(terms.roles, actor.role)) return IConsentRegistry.Reason.RoleNotCovered;
        return IConsentRegistry.Reason.Permitted;
    }

    /// @notice Whether the actor's role may see such a record at all.
    function checkCeiling(
        IMemberRegistry members,
        address actor,
        IConsentRegistry.RecordFacts calldata record
    ) internal view returns (IConsentRegistry.Reason) {
        IMemberRegistry.Staff memory staff = members.staffOf(actor);
        IMemberRegistry.Ceiling memory ceiling = members.ceilingOf(staff.role);
        uint256 rank = _rank(record.confidentiality);
        if (rank == 0 || rank > ceiling.confidentiality) return IConsentRegistry.Reason.CeilingExceeded;
        if (ceiling.ownDepartmentOnly && (staff.department == 0 || !record.department.equal(staff.department))) {
            return IConsentRegistry.Reason.DepartmentNotOwn;
        }
        if (record.level != RELEASABLE_LEVEL) return IConsentRegistry.Reason.LevelNotReleasable;
        return IConsentRegistry.Reason.Permitted;
    }

    /// @notice Whether the actor's role may see anything of patients.
    function checkCeilingExists(IMemberRegistry members, address actor)
        internal
        view
        returns (IConsentRegistry.Reason)
    {
        if (members.ceilingOf(members.staffOf(actor).role).confidentiality == 0) {
            return IConsentRegistry.Reason.CeilingExceeded;
        }
        return IConsentRegistry.Reason.Permitted;
    }

    /// @notice Whether every author that the terms name is a registered name.
    function checkAuthors(IMemberRegistry members, IConsentRegistry.Terms calldata terms)
        internal
        view
        returns (IConsentRegistry.Reason)
    {
        for (uint256 i = 0; i < terms.provisions.length; ++i) {
            string[] calldata authors = terms.provisions[i].authors;
            if (_isWildcard(authors)) continue;
            for (uint256 j = 0; j < authors.length; ++j) {
                if (members.memberByName(authors[j]) == address(0)) return IConsentRegistry.Reason.AuthorUnknown;
            }
        }
        return IConsentRegistry.Reason.Permitted;
    }

    /// @notice Whether one provision covers the record and the purpose in every field.
    /// @param authorName The registered name of the record's author.
    function coversRecord(
        IConsentRegistry.Terms calldata terms,
        string calldata purpose,
        IConsentRegistry.RecordFacts calldata record,
        string memory authorName
    ) internal pure returns (bool) {
        (bool dated, bytes32 date) = Iso8601.parse(record.date);
        if (!dated) return false;
        bytes32 authorHash = keccak256(bytes(authorName));
        bytes32 recordHash = keccak256(bytes(Texts.toHex(record.recordId)));
        for (uint256 i = 0; i < terms.provisions.length; ++i) {
            IConsentRegistry.Provision calldata provision = terms.provisions[i];
            if (
                _namesWord(provision.purposes, purpose) && _namesWord(provision.categories, record.category)
                    && _coversConfidentiality(provision.confidentiality, record.confidentiality)
                    && _coversDate(provision, date) && _names(provision.authors, authorHash)
                    && _names(provision.records, recordHash)
            ) return true;
        }
        return false;
    }

    /// @notice Whether one provision names the category and the purpose.
    function coversCategory(IConsentRegistry.Terms calldata terms, string calldata purpose, string calldata category)
        internal
        pure
        returns (bool)
    {
        for (uint256 i = 0; i < terms.provisions.length; ++i) {
            IConsentRegistry.Provision calldata provision = terms.provisions[i];
            if (_namesWord(provision.purposes, purpose) && _namesWord(provision.categories, category)) return true;
        }
        return false;
    }

    function _coversConfidentiality(string calldata granted, string calldata asked) private pure returns (bool) {
        return granted.isAny() || _rank(asked) <= _rank(granted);
    }

    /// @dev Start inclusive, end exclusive; texts of equal length compare like the times they name.
    function _coversDate(IConsentRegistry.Provision calldata provision, bytes32 date) private pure returns (bool) {
        if (!provision.dataFrom.isAny()) {
            (bool ok, bytes32 from) = Iso8601.parse(provision.dataFrom);
            if (!ok || date < from) return false;
        }
        if (!provision.dataUntil.isAny()) {
            (bool ok, bytes32 until) = Iso8601.parse(provision.dataUntil);
            if (!ok || date >= until) return false;
        }
        return true;
    }

    /// @dev N < R < V; 0 for anything else, which the ceiling refuses and a provision does not cover.
    function _rank(string calldata confidentiality) private pure returns (uint256) {
        if (confidentiality.equal("N")) return 1;
        if (confidentiality.equal("R")) return 2;
        if (confidentiality.equal("V")) return 3;
        return 0;
    }

    /// @dev A request asks for something: an empty word, or "any", is covered by nothing.
    function _namesWord(string[] calldata list, string calldata word) private pure returns (bool) {
        if (bytes(word).length == 0 || word.isAny()) return false;
        return _names(list, keccak256(bytes(word)));
    }

    /// @dev "any" covers everything where it stands alone; among others it spoils the list.
    function _names(string[] calldata list, bytes32 wordHash) private pure returns (bool found) {
        if (_isWildcard(list)) return true;
        for (uint256 i = 0; i < list.length; ++i) {
            if (list[i].isAny()) return false;
            if (keccak256(bytes(list[i])) == wordHash) found = true;
        }
    }

    function _namesRole(string[] calldata roles, bytes32 role) private pure returns (bool) {
        if (role == SYSTEM_ROLE && _isWildcard(roles)) return false;
        return _names(roles, Texts.hash(role));
    }

    function _isWildcard(string[] calldata list) private pure returns (bool) {
        return list.length == 1 && list[0].isAny();
    }
}
