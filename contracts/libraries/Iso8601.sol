// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Times as people read them: `YYYY-MM-DDThh:mm:ssZ`
/// @notice Written on whole words: the naive way, byte by byte, costs five times as much in every grant.
/// @dev A text is handled as its 20 bytes, left-aligned in a word, so that earlier texts are smaller numbers.
library Iso8601 {
    /// @notice The year would need five digits.
    error IsoTimeOutOfRange(uint256 time);

    /// @dev 9999-12-31T23:59:59Z
    uint256 internal constant LATEST = 253402300799;
    bytes32 private constant TEMPLATE = "0000-00-00T00:00:00Z";
    /// @dev Where digits stand; everything else must equal the template, also the twelve zero bytes after it.
    bytes32 private constant DIGIT_BYTES = hex"ffffffff00ffff00ffff00ffff00ffff00ffff00";

    /// @notice The text of a time in seconds since the epoch.
    function format(uint256 time) internal pure returns (bytes32 text) {
        if (time > LATEST) revert IsoTimeOutOfRange(time);
        unchecked {
            (uint256 year, uint256 month, uint256 day) = _civil(time / 1 days);
            uint256 second = time % 1 days;
            uint256 digits = (_pair(year / 100) << 240) | (_pair(year % 100) << 224) | (_pair(month) << 200)
                | (_pair(day) << 176) | (_pair(second / 3600) << 152) | (_pair((second / 60) % 60) << 128)
                | (_pair(second % 60) << 104);
            // digits are 0 … 9 on top of the template's "0": no carries
            text = bytes32(uint256(TEMPLATE) + digits);
        }
    }

    /// @notice Keccak of the text of a time, as EIP-712 hashes a string.
    function hash(uint256 time) internal pure returns (bytes32 digest) {
        bytes32 text = format(time);
        assembly ("memory-safe") {
            mstore(0x00, text)
            digest := keccak256(0x00, 20)
        }
    }

    /// @notice The text as a word, if it is a time that exists.
    function parse(string calldata value) internal pure returns (bool ok, bytes32 text) {
        if (bytes(value).length != 20) return (false, 0);
        text = bytes32(bytes(value)[:20]);
        ok = _isShaped(text) && _isCalendar(text);
    }

    /// @dev Whether digits are where digits belong and punctuation is where it belongs.
    function _isShaped(bytes32 text) private pure returns (bool) {
        if ((text ^ TEMPLATE) & ~DIGIT_BYTES != 0) return false;
        for (uint256 i = 0; i < 20; ++i) {
            if (DIGIT_BYTES[i] != 0 && (text[i] < "0" || text[i] > "9")) return false;
        }
        return true;
    }

    function _isCalendar(bytes32 text) private pure returns (bool) {
        uint256 year = _number(text, 0) * 100 + _number(text, 2);
        uint256 month = _number(text, 5);
        uint256 day = _number(text, 8);
        if (month < 1 || month > 12 || day < 1 || day > _daysIn(year, month)) return false;
        return _number(text, 11) < 24 && _number(text, 14) < 60 && _number(text, 17) < 60;
    }

    function _daysIn(uint256 year, uint256 month) private pure returns (uint256) {
        if (month != 2) return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    }

    /// @dev The two digits at `index` as a number.
    function _number(bytes32 text, uint256 index) private pure returns (uint256) {
        return uint256(uint8(text[index]) - 48) * 10 + uint8(text[index + 1]) - 48;
    }

    /// @dev A number below 100 as two bytes, one digit in each: v / 10 * 256 + v % 10.
    function _pair(uint256 value) private pure returns (uint256) {
        unchecked {
            return value + 246 * (value / 10);
        }
    }

    /// @dev Days since 1970-01-01 to a date of the Gregorian calendar. Years begin in March, so that the leap day is the
    /// last of its year; 400 years are 146,097 days.
    function _civil(uint256 epochDay) private pure returns (uint256 year, uint256 month, uint256 day) {
        unchecked {
            uint256 shifted = epochDay + 719468;
            uint256 era = shifted / 146097;
            uint256 dayOfEra = shifted % 146097;
            uint256 yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
            uint256 dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
            uint256 marchMonth = (5 * dayOfYear + 2) / 153;
            day = dayOfYear - (153 * marchMonth + 2) / 5 + 1;
            month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
            year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        }
    }
}
