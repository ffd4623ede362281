// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGuardianship} from "../interfaces/IGuardianship.sol";
import {SignatureRule} from "./SignatureRule.sol";

/// @title Which guardians can act, and when enough of them did
library GuardianRule {
    uint256 private constant MOST_GUARDIANS = 10;

    /// @notice Ten at most, so that every set can be revealed in one transaction, wallet contracts included; ascending,
    /// so that nobody counts twice.
    function checkSet(IGuardianship.GuardianSet calldata set) internal pure {
        uint256 count = set.guardians.length;
        if (count == 0 || count > MOST_GUARDIANS) revert IGuardianship.GuardianCountOutOfRange(count);
        if (set.threshold == 0 || set.threshold > count) {
            revert IGuardianship.GuardianThresholdOutOfRange(set.threshold, count);
        }
        address previous = address(0);
        for (uint256 i = 0; i < count; ++i) {
            address guardian = set.guardians[i];
            if (guardian <= previous) revert IGuardianship.GuardianOutOfOrder(i, guardian);
            previous = guardian;
        }
    }

    /// @notice Enough guardians of the set signed the digest. A wrong signature is said, not skipped.
    function checkSignatures(
        address identity,
        IGuardianship.GuardianSet calldata set,
        bytes[] calldata signatures,
        bytes32 digest
    ) internal view {
        uint256 count = set.guardians.length;
        if (signatures.length != count) {
            revert IGuardianship.GuardianSignaturesMisaligned(signatures.length, count);
        }
        uint256 signed = 0;
        for (uint256 i = 0; i < count; ++i) {
            if (signatures[i].length == 0) continue;
            if (!SignatureRule.isAccounts(set.guardians[i], digest, signatures[i])) {
                revert IGuardianship.GuardianSignatureInvalid(identity, set.guardians[i]);
            }
            ++signed;
        }
        if (signed < set.threshold) {
            revert IGuardianship.GuardianSignaturesTooFew(identity, signed, set.threshold);
        }
    }
}
