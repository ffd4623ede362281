// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {SignatureRule} from "../libraries/SignatureRule.sol";

/// @title A wallet contract for tests: accepts what its key signed, and misbehaves on demand
/// @dev Not declared as an IERC1271: a view could not even try to call back. It is asked by a static call all the same.
contract WalletMock {
    enum Behaviour {
        Honest,
        Reverts,
        BurnsGas,
        AnswersShort,
        AnswersMuch,
        AnswersGarbage,
        CallsBack
    }

    address private immutable _key;
    Behaviour private _behaviour;
    address private _calledBack;
    bytes private _message;

    constructor(address key) {
        _key = key;
    }

    function setBehaviour(Behaviour behaviour) external {
        _behaviour = behaviour;
    }

    /// @notice What a wallet that calls back tries before it answers honestly.
    function setCallBack(address target, bytes calldata message) external {
        _behaviour = Behaviour.CallsBack;
        (_calledBack, _message) = (target, message);
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

    /// @notice ERC-1271's question.
    function isValidSignature(bytes32 digest, bytes calldata signature) external returns (bytes4) {
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
        if (_behaviour == Behaviour.AnswersGarbage) {
            // the right four bytes, but not as ABI encodes them
            assembly ("memory-safe") {
                mstore(0, hex"1626ba7e00000000000000000000000000000000000000000000000000000001")
                return(0, 32)
            }
        }
        if (_behaviour == Behaviour.CallsBack) {
            // what fails in a static call burns all it was given: enough is kept for the answer
            (bool done,) = _calledBack.call{gas: 40_000}(_message);
            done;
        }
        return SignatureRule.recover(digest, signature) == _key ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
