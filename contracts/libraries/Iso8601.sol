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
    /// @dev The low four bits of each lane's number of tens.
    uint256 private constant TENS = (15 << 240) | (15 << 224) | (15 << 200) | (15 << 176) | (15 << 152) | (15 << 128)
        | (15 << 104);
    /// @dev Where digits stand; everything else must equal the template, also the twelve zero bytes after it.
    bytes32 private constant DIGIT_BYTES = hex"ffffffff00ffff00ffff00ffff00ffff00ffff00";

    /// @notice The text of a time in seconds since the epoch.
    /// @dev Seven numbers below 100 lie in lanes of at least 16 bits and become two digits each at once: tens are
    /// (v * 103) >> 10, exact below 100, and v / 10 * 256 + v % 10 = v + 246 * tens.
    function format(uint256 time) internal pure returns (bytes32 text) {
        if (time > LATEST) revert IsoTimeOutOfRange(time);
        unchecked {
            uint256 second = time % 1 days;
            uint256 lanes = _civil(time / 1 days) | ((second / 3600) << 152) | (((second / 60) % 60) << 128)
                | ((second % 60) << 104);
            uint256 tens = ((lanes * 103) >> 10) & TENS;
            // digits are 0 … 9 on top of the template's "0": no carries
            text = bytes32(uint256(TEMPLATE) + lanes + 246 * tens);
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

    /// @dev Days since 1970-01-01 to century, year of century, month and day of the Gregorian calendar, in their lanes.
    /// Years begin in March, so that the leap day is the last of its year; 400 years are 146,097 days. Quotients and
    /// remainders come from one multiplication each (Neri and Schneider, "Euclidean affine functions", 2022).
    function _civil(uint256 epochDay) private pure returns (uint256 lanes) {
        unchecked {
            // days since 0000-03-01, counted in quarters, then those of the century
            uint256 quarters = 4 * epochDay + 2877875;
            uint256 century = quarters / 146097;
            uint256 product = ((quarters % 146097) | 3) * 2939745;
            uint256 dayOfYear = (product & 0xffffffff) / 11758980;
            uint256 scaled = dayOfYear * 2141 + 197913;
            uint256 month = scaled >> 16;
            uint256 year = 100 * century + (product >> 32);
            // March is month 3: January and February are 13 and 14, and belong to the next year
            if (month > 12) {
                month -= 12;
                ++year;
            }
            lanes = ((year / 100) << 240) | ((year % 100) << 224) | (month << 200)
                | (((scaled & 0xffff) / 2141 + 1) << 176);
        }
    }
}
