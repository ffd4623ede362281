// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {Iso8601} from "./Iso8601.sol";
import {Texts} from "./Texts.sol";

/// @title What provisions cover
/// @notice Permit only, default deny: malformed provisions and facts cover nothing, and nothing here reverts. The same
/// rule reads the provisions of terms and those of a mandate's scope.
library ProvisionRule {
    using Texts for string;

    /// @notice Whether every author that the provisions name is a registered name.
    function namesAuthors(IMemberRegistry members, IConsentRegistry.Provision[] calldata provisions)
        internal
        view
        returns (bool)
    {
        for (uint256 i = 0; i < provisions.length; ++i) {
            string[] calldata authors = provisions[i].authors;
            if (isWildcard(authors)) continue;
            for (uint256 j = 0; j < authors.length; ++j) {
                if (members.memberByName(authors[j]) == address(0)) return false;
            }
        }
        return true;
    }

    /// @notice Whether one provision covers the record and the purpose in every field.
    /// @param authorName The registered name of the record's author.
    function coversRecord(
        IConsentRegistry.Provision[] calldata provisions,
        string calldata purpose,
        IConsentRegistry.RecordFacts calldata record,
        string memory authorName
    ) internal pure returns (bool) {
        (bool dated, bytes32 date) = Iso8601.parse(record.date);
        if (!dated) return false;
        bytes32 authorHash = keccak256(bytes(authorName));
        bytes32 recordHash = keccak256(bytes(Texts.toHex(record.recordId)));
        for (uint256 i = 0; i < provisions.length; ++i) {
            IConsentRegistry.Provision calldata provision = provisions[i];
            if (
                _namesWord(provision.purposes, purpose) && _namesWord(provision.categories, record.category)
                    && _coversConfidentiality(provision.confidentiality, record.confidentiality)
                    && _coversDate(provision, date) && names(provision.authors, authorHash)
                    && names(provision.records, recordHash)
            ) return true;
        }
        return false;
    }

    /// @notice Whether one provision names the category and the purpose.
    function coversCategory(
        IConsentRegistry.Provision[] calldata provisions,
        string calldata purpose,
        string calldata category
    ) internal pure returns (bool) {
        for (uint256 i = 0; i < provisions.length; ++i) {
            IConsentRegistry.Provision calldata provision = provisions[i];
            if (_namesWord(provision.purposes, purpose) && _namesWord(provision.categories, category)) return true;
        }
        return false;
    }

    /// @notice N < R < V; 0 for anything else, which a ceiling refuses and a provision does not cover.
    function rank(string calldata confidentiality) internal pure returns (uint256) {
        if (confidentiality.equal("N")) return 1;
        if (confidentiality.equal("R")) return 2;
        if (confidentiality.equal("V")) return 3;
        return 0;
    }

    /// @notice Whether a list names a word, given by its Keccak. "any" covers everything where it stands alone; among
    /// others it spoils the list.
    function names(string[] calldata list, bytes32 wordHash) internal pure returns (bool found) {
        if (isWildcard(list)) return true;
        for (uint256 i = 0; i < list.length; ++i) {
            if (list[i].isAny()) return false;
            if (keccak256(bytes(list[i])) == wordHash) found = true;
        }
    }

    /// @notice Whether the list is the word "any" alone.
    function isWildcard(string[] calldata list) internal pure returns (bool) {
        return list.length == 1 && list[0].isAny();
    }

    function _coversConfidentiality(string calldata granted, string calldata asked) private pure returns (bool) {
        return granted.isAny() || rank(asked) <= rank(granted);
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

    /// @dev A request asks for something: an empty word, or "any", is covered by nothing.
    function _namesWord(string[] calldata list, string calldata word) private pure returns (bool) {
        if (bytes(word).length == 0 || word.isAny()) return false;
        return names(list, keccak256(bytes(word)));
    }
}
