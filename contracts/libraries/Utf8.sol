// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Texts that every reader can decode
/// @notice A `string` on chain may hold any bytes. Libraries refuse the whole answer in which one is not UTF-8, so that one
/// bad name would hide every other.
library Utf8 {
    /// @notice Whether the bytes are well-formed UTF-8 (RFC 3629 §4).
    function isWellFormed(bytes calldata text) internal pure returns (bool) {
        uint256 at = 0;
        while (at < text.length) {
            uint256 size = _sizeAt(text, at);
            if (size == 0) return false;
            at += size;
        }
        return true;
    }

    /// @dev How many bytes the character has that begins at `at`; 0 when none does.
    function _sizeAt(bytes calldata text, uint256 at) private pure returns (uint256 size) {
        uint8 lead = uint8(text[at]);
        if (lead < 0x80) return 1;
        // 0xc0 and 0xc1 would write ASCII in two bytes; from 0xf5 on it is beyond U+10FFFF
        if (lead < 0xc2 || lead > 0xf4) return 0;
        size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        if (at + size > text.length) return 0;
        // the byte after the lead also keeps out longer forms than needed, surrogates, and what is beyond U+10FFFF
        uint8 least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        uint8 most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        uint8 second = uint8(text[at + 1]);
        if (second < least || second > most) return 0;
        for (uint256 i = at + 2; i < at + size; ++i) {
            if (uint8(text[i]) & 0xc0 != 0x80) return 0;
        }
    }
}
