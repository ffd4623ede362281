// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Texts} from "./Texts.sol";
import {Utf8} from "./Utf8.sol";

/// @title What may be a member's public name
/// @notice Patients read these names and sign them: what they do not see can't tell two names apart. Look-alikes in other
/// scripts are the admitting vote's business.
library MemberName {
    uint256 private constant LONGEST = 100;

    /// @notice 1 … 100 bytes of UTF-8, no control characters, no space but U+0020, and that neither at an end nor twice
    /// in a row, nothing invisible or that turns the writing round, and not the word that means everybody.
    function isValid(string calldata name) internal pure returns (bool) {
        bytes calldata text = bytes(name);
        uint256 length = text.length;
        if (length == 0 || length > LONGEST || Texts.isAny(name)) return false;
        if (text[0] == " " || text[length - 1] == " ") return false;
        if (!Utf8.isWellFormed(text)) return false;
        for (uint256 i = 0; i < length; ++i) {
            uint8 lead = uint8(text[i]);
            if (lead < 0x20 || lead == 0x7f) return false;
            if (lead == 0x20 && text[i + 1] == " ") return false;
            // a character's bytes as a number; well-formed text has as many as the lead says
            if (lead >= 0xc2 && lead < 0xe0 && _hides(uint16(bytes2(text[i:i + 2])))) return false;
            if (lead >= 0xe0 && _hides(uint24(bytes3(text[i:i + 3])))) return false;
        }
        return true;
    }

    /// @dev Whether the first two or three bytes of a character belong to one that shows nothing, a space, or no character
    /// but an order about how to write others (Unicode 16: White_Space, Default_Ignorable_Code_Point, Bidi_Control).
    function _hides(uint256 char) private pure returns (bool) {
        if (char < 0xe00000) {
            // U+0080 … U+00A0 controls and a space, soft hyphen, grapheme joiner, Arabic letter mark
            return char <= 0xc2a0 || char == 0xc2ad || char == 0xcd8f || char == 0xd89c;
        }
        if (char >= 0xe28080 && char <= 0xe281af) {
            // U+2000 … U+200F and U+2028 … U+202F, U+205F … U+206F
            return char <= 0xe2808f || (char >= 0xe280a8 && char <= 0xe280af) || char >= 0xe2819f;
        }
        // U+3000 space, U+FE00 … U+FE0F selectors, U+FEFF, U+1680 space, U+180B … U+180F, fillers of Hangul and Khmer
        return char == 0xe38080 || (char >= 0xefb880 && char <= 0xefb88f) || char == 0xefbbbf || char == 0xe19a80
            || (char >= 0xe1a08b && char <= 0xe1a08f) || char == 0xe1859f || char == 0xe185a0 || char == 0xe385a4
            || char == 0xefbea0 || char == 0xe19eb4 || char == 0xe19eb5
            // U+E0000 … U+E0FFF, tags and selectors
            || char >> 8 == 0xf3a0;
    }
}
