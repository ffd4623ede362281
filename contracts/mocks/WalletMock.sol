// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {SignatureRule} from "../libraries/SignatureRule.sol";

/// @title A wallet contract for tests: accepts what its key signed, and misbehaves on demand
contract WalletMock is IERC1271 {
    enum Behaviour {
        Honest,
        Reverts,
        BurnsGas,
        AnswersShort,
        AnswersMuch
    }

    address private immutable _key;
    Behaviour private _behaviour;

    constructor(address key) {
        _key = key;
    }

    function setBehaviour(Behaviour behaviour) external {
        _behaviour = behaviour;
    }

    /// @notice Lets the wallet act as an account of its own.
    function execute(address target, bytes calldata data) external {
        require(msg.sender == _key);
        (bool done, bytes memory answer) = target.call(data);
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        if (_behaviour == Behaviour.Reverts) revert();
        if (_behaviour == Behaviour.BurnsGas) while (true) {}
        if (_behaviour == Behaviour.AnswersShort) {
            assembly ("memory-safe") {
                mstore(0, hex"1626ba7e")
                return(0, 4)
            }
        }
        if (_behaviour == Behaviour.AnswersMuch) {
            assembly ("memory-safe") {
                return(0, 20000)
            }
        }
        return SignatureRule.recover(digest, signature) == _key ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
