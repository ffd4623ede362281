// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Iso8601} from "../libraries/Iso8601.sol";
import {SignatureRule} from "../libraries/SignatureRule.sol";
import {Texts} from "../libraries/Texts.sol";
import {Utf8} from "../libraries/Utf8.sol";

/// @title Doors to internal library functions, for tests
contract LibraryMock {
    function format(uint256 time) external pure returns (bytes32) {
        return Iso8601.format(time);
    }

    function parse(string calldata value) external pure returns (bool ok, bytes32 text) {
        return Iso8601.parse(value);
    }

    function toHex(bytes32 value) external pure returns (bytes memory) {
        return bytes(Texts.toHex(value));
    }

    function textHash(bytes32 text) external pure returns (bytes32) {
        return Texts.hash(text);
    }

    function textEqual(string calldata value, bytes32 text) external pure returns (bool) {
        return Texts.equal(value, text);
    }

    function isUtf8(bytes calldata text) external pure returns (bool) {
        return Utf8.isWellFormed(text);
    }

    function recover(bytes32 digest, bytes calldata signature) external pure returns (address) {
        return SignatureRule.recover(digest, signature);
    }
}
