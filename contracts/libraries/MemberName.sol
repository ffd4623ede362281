// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Texts} from "./Texts.sol";
import {Utf8} from "./Utf8.sol";

/// @title What may be a member's public name
/// @notice Patients read these names and sign them. Look-alikes in other scripts are the admitting vote's business.
library MemberName {
    uint256 private constant LONGEST = 100;

    /// @notice 1 … 100 bytes of UTF-8, no control characters, no space at either end, and not the word that means
    /// everybody.
    function isValid(string calldata name) internal pure returns (bool) {
        bytes calldata text = bytes(name);
        uint256 length = text.length;
        if (length == 0 || length > LONGEST || Texts.isAny(name)) return false;
        if (text[0] == " " || text[length - 1] == " ") return false;
        if (!Utf8.isWellFormed(text)) return false;
        for (uint256 i = 0; i < length; ++i) {
            if (uint8(text[i]) < 0x20 || uint8(text[i]) == 0x7f) return false;
            // U+0080 … U+009F are control characters too
            if (text[i] == 0xc2 && uint8(text[i + 1]) < 0xa0) return false;
        }
        return true;
    }
}
