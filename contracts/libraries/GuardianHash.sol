// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGuardianship} from "../interfaces/IGuardianship.sol";

/// @title The guardians' commitment, and the EIP-712 struct hashes of what is signed about them
library GuardianHash {
    bytes32 private constant SET_TYPE =
        keccak256("GuardianSet(address identity,uint8 threshold,address[] guardians,bytes32 salt)");
    bytes32 private constant SET_GUARDIANS_TYPE = keccak256(
        "SetGuardians(address identity,bytes32 commitment,string statement,uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant SET_GUARDIANS_STATEMENT = keccak256(
        "I name guardians who together can give my identity to a new owner. A commitment of zero names none."
    );
    bytes32 private constant RECOVERY_TYPE = keccak256(
        "Recovery(address identity,address newOwner,string statement,uint256 attempt,uint256 deadline)"
    );
    bytes32 private constant RECOVERY_STATEMENT =
        keccak256("As a guardian I agree that this new owner takes over this identity.");
    bytes32 private constant VETO_TYPE = keccak256(
        "VetoRecovery(address identity,address newOwner,string statement,uint256 attempt,"
        "uint256 nonce,uint256 deadline)"
    );
    bytes32 private constant VETO_STATEMENT =
        keccak256("I stop this recovery of my identity. I cannot stop the next one.");

    function ofSet(address identity, IGuardianship.GuardianSet calldata set) internal pure returns (bytes32) {
        return keccak256(abi.encode(SET_TYPE, identity, set.threshold, set.guardians, set.salt));
    }

    function ofSetGuardians(address identity, bytes32 commitment, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(
            abi.encode(SET_GUARDIANS_TYPE, identity, commitment, SET_GUARDIANS_STATEMENT, nonce, deadline)
        );
    }

    function ofRecovery(address identity, address newOwner, uint256 attempt, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(RECOVERY_TYPE, identity, newOwner, RECOVERY_STATEMENT, attempt, deadline));
    }

    function ofVeto(address identity, address newOwner, uint256 attempt, uint256 nonce, uint256 deadline)
        internal
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(VETO_TYPE, identity, newOwner, VETO_STATEMENT, attempt, nonce, deadline));
    }
}
