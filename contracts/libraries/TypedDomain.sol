// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

/// @title The EIP-712 domain of a contract
/// @notice The chain id is read each time: after a fork, signatures for one chain are not valid on the other.
abstract contract TypedDomain is IERC5267 {
    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant VERSION_HASH = keccak256("1");

    /// @inheritdoc IERC5267
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        )
    {
        (name,) = _domainName();
        // bits 0 … 3: name, version, chain id and contract are used
        return (hex"0f", name, "1", block.chainid, address(this), bytes32(0), new uint256[](0));
    }

    /// @dev The name people see, and its Keccak.
    function _domainName() internal pure virtual returns (string memory name, bytes32 nameHash);

    /// @dev What a wallet signs for a struct in this domain. On plain memory it costs some 150 gas, so that the separator
    /// needs no cache, nor a rule for when a cache is stale.
    function _typedDigest(bytes32 nameHash, bytes32 structHash) internal view returns (bytes32 digest) {
        bytes32 domainType = DOMAIN_TYPE;
        bytes32 versionHash = VERSION_HASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, domainType)
            mstore(add(free, 0x20), nameHash)
            mstore(add(free, 0x40), versionHash)
            mstore(add(free, 0x60), chainid())
            mstore(add(free, 0x80), address())
            let separator := keccak256(free, 0xa0)
            mstore(free, hex"1901")
            mstore(add(free, 0x02), separator)
            mstore(add(free, 0x22), structHash)
            digest := keccak256(free, 0x42)
        }
    }
}
