// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Bytes kept as the code of a contract that does nothing
/// @notice A sealing key has 1,216 bytes: 38 storage slots cost three times as much, and a committee of sixteen would not
/// fit into a block.
library CodeStore {
    /// @notice The chain would not store the bytes.
    error CodeStoreFailed(uint256 length);

    /// @dev PUSH2 length, DUP1, PUSH1 10, RETURNDATASIZE (0), CODECOPY, RETURNDATASIZE (0), RETURN: returns what follows
    /// these 10 bytes, which starts with STOP, so that nobody can run it.
    function write(bytes calldata data) internal returns (address store) {
        bytes memory creation =
            abi.encodePacked(hex"61", uint16(data.length + 1), hex"80600a3d393df3", hex"00", data);
        assembly ("memory-safe") {
            store := create(0, add(creation, 0x20), mload(creation))
        }
        if (store == address(0)) revert CodeStoreFailed(data.length);
    }

    function read(address store) internal view returns (bytes memory data) {
        uint256 length = store.code.length - 1;
        data = new bytes(length);
        assembly ("memory-safe") {
            extcodecopy(store, add(data, 0x20), 1, length)
        }
    }
}
