// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IIdentityRegistry} from "../interfaces/IIdentityRegistry.sol";

/// @title Whose signature counts
/// @notice In this order: the controller's key, a live representative's key, the controller account's own answer
/// (ERC-1271). Keys sign with 65 bytes and low s, so that there is one signature per key and digest; a wallet contract
/// judges bytes of its own kind.
library SignatureRule {
    bytes32 internal constant REPRESENTATIVE = "consent";
    /// @dev A wallet contract gets this much gas, so that it can't make relaying arbitrarily dear.
    uint256 internal constant WALLET_GAS = 100_000;
    /// @dev Half the order of secp256k1.
    uint256 private constant HIGHEST_S = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    /// @notice Whether the signature speaks for the patient: controller, representative, or wallet contract.
    function isPatients(IIdentityRegistry identities, address patient, bytes32 digest, bytes calldata signature)
        internal
        view
        returns (bool)
    {
        address controller = identities.identityOwner(patient);
        address signer = recover(digest, signature);
        if (signer != address(0)) {
            if (signer == controller) return true;
            if (identities.validDelegate(patient, REPRESENTATIVE, signer)) return true;
        }
        return _isWallets(controller, digest, signature);
    }

    /// @notice Whether the signature is this account's, by its key or as a wallet contract.
    function isAccounts(address account, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        if (account == address(0)) return false;
        return recover(digest, signature) == account || _isWallets(account, digest, signature);
    }

    /// @notice The address that signed, or zero for anything but 65 bytes r ‖ s ‖ v with low s and v 27 or 28.
    function recover(bytes32 digest, bytes calldata signature) internal pure returns (address) {
        if (signature.length != 65) return address(0);
        bytes32 r;
        bytes32 s;
        uint8 v;
        // all three are inside: the length was checked
        assembly ("memory-safe") {
            r := calldataload(signature.offset)
            s := calldataload(add(signature.offset, 0x20))
            v := byte(0, calldataload(add(signature.offset, 0x40)))
        }
        if (uint256(s) > HIGHEST_S) return address(0);
        return ecrecover(digest, v, r, s);
    }

    /// @dev Reads one word of the answer and nothing else, however much the wallet returns.
    function _isWallets(address account, bytes32 digest, bytes calldata signature) private view returns (bool) {
        if (account.code.length == 0) return false;
        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        uint256 gasLimit = WALLET_GAS;
        bool answered;
        bytes32 answer;
        assembly ("memory-safe") {
            mstore(0x00, 0)
            answered := staticcall(gasLimit, account, add(question, 0x20), mload(question), 0x00, 0x20)
            answered := and(answered, gt(returndatasize(), 0x1f))
            answer := mload(0x00)
        }
        return answered && answer == bytes32(IERC1271.isValidSignature.selector);
    }
}
