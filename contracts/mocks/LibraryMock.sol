// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Iso8601} from "../libraries/Iso8601.sol";
import {SignatureRule} from "../libraries/SignatureRule.sol";
import {Texts} from "../libraries/Texts.sol";
import {Utf8} from "../libraries/Utf8.sol";

/// @title Doors to internal library functions, for tests
contract LibraryMock {
    uint256 private constant GREGORIAN_CYCLE = 146097 days;

    function format(uint256 time) external pure returns (bytes32) {
        return Iso8601.format(time);
    }

    function parse(string calldata value) external pure returns (bool ok, bytes32 text) {
        return Iso8601.parse(value);
    }

    /// @notice The index of the first of these texts of 20 bytes each that is not its time's, or does not read back as
    /// written; their number if all are right. Times begin at `first`, `step` seconds apart.
    function firstWrongTime(bytes calldata texts, uint256 first, uint256 step) external pure returns (uint256 index) {
        uint256 count = texts.length / 20;
        for (; index < count; ++index) {
            bytes calldata text = texts[20 * index:20 * index + 20];
            bytes32 written = Iso8601.format(first + index * step);
            (bool ok, bytes32 read) = Iso8601.parse(string(text));
            if (bytes32(text) != written || !ok || read != written) break;
        }
    }

    /// @notice The index of the first of `count` days from `first` whose text `cycles` Gregorian cycles later differs in
    /// anything but the year, or in the year by anything but 400 each; `count` if there is none.
    function firstAperiodicDay(uint256 first, uint256 count, uint256 cycles) external pure returns (uint256 index) {
        for (; index < count; ++index) {
            uint256 time = first + index * 1 days;
            bytes32 early = Iso8601.format(time);
            bytes32 late = Iso8601.format(time + cycles * GREGORIAN_CYCLE);
            if ((early ^ late) << 32 != 0 || _year(late) != _year(early) + 400 * cycles) break;
        }
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

    /// @dev The four digits in front as a number.
    function _year(bytes32 text) private pure returns (uint256 year) {
        for (uint256 i = 0; i < 4; ++i) {
            year = 10 * year + uint8(text[i]) - 48;
        }
    }
}
