// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IGuardianship} from "../interfaces/IGuardianship.sol";
import {GuardianHash} from "../libraries/GuardianHash.sol";
import {GuardianRule} from "../libraries/GuardianRule.sol";

/// @title Guardians of identities and recoveries by them
///
///     guardians     setGuardians                setGuardians         delay over
///        None ───────────────────▶ In force ───────────────▶ Changing ──────────▶ In force, or None
///                                      ▲                         │
///                                      └─────────────────────────┘
///                                     startRecovery discards the change
///
///     recovery      startRecovery              delay over        finishRecovery
///        None ───────────────────▶ Pending ───────────────▶ Due ────────────────▶ None, new owner
///          ▲                        │   ▲                    │
///          └────────────────────────┘   └────────────────────┘
///           vetoRecovery, once           startRecovery again (from Pending too): the delay starts again
///
/// @notice A change of guardians comes into effect by the clock alone: nobody sends a second transaction.
abstract contract Guardianship is IGuardianship {
    /// @dev `attempts` only ever grows, and only when a recovery starts.
    struct Guarding {
        bytes32 commitment;
        bytes32 nextCommitment;
        address newOwner;
        uint40 effectiveAt;
        uint40 executableAt;
        bool vetoSpent;
        uint256 attempts;
    }

    uint64 private constant LONGEST_DELAY = 365 days;

    uint64 private immutable _recoveryDelay;

    mapping(address identity => Guarding) private _guardings;

    constructor(uint64 delay) {
        if (delay == 0 || delay > LONGEST_DELAY) revert RecoveryDelayOutOfRange(delay);
        _recoveryDelay = delay;
    }

    /// @inheritdoc IGuardianship
    function setGuardians(address identity, bytes32 commitment) external {
        _checkOwner(identity);
        _setGuardians(identity, commitment);
    }

    /// @inheritdoc IGuardianship
    function setGuardiansBySignature(
        address identity,
        bytes32 commitment,
        uint256 deadline,
        bytes calldata signature
    ) external {
        bytes32 structHash = GuardianHash.ofSetGuardians(identity, commitment, _nonceOf(identity), deadline);
        _useSignature(identity, structHash, deadline, signature);
        _setGuardians(identity, commitment);
    }

    /// @inheritdoc IGuardianship
    function startRecovery(
        address identity,
        address newOwner,
        GuardianSet calldata set,
        bytes[] calldata signatures,
        uint256 deadline
    ) external {
        if (block.timestamp > deadline) revert RecoverySignatureExpired(identity, deadline);
        if (newOwner == address(0)) revert RecoveryNewOwnerZero(identity);
        Guarding storage guarding = _settled(identity);
        GuardianRule.checkSet(set);
        bytes32 commitment = GuardianHash.ofSet(identity, set);
        if (commitment != guarding.commitment) revert GuardianSetNotInForce(identity, commitment);
        bytes32 structHash = GuardianHash.ofRecovery(identity, newOwner, guarding.attempts, deadline);
        GuardianRule.checkSignatures(identity, set, signatures, _digestOf(structHash));

        uint64 executableAt = uint64(block.timestamp) + _recoveryDelay;
        ++guarding.attempts;
        guarding.newOwner = newOwner;
        guarding.executableAt = uint40(executableAt);
        guarding.effectiveAt = 0;
        guarding.nextCommitment = 0;
        emit RecoveryStarted(identity, newOwner, executableAt);
    }

    /// @inheritdoc IGuardianship
    function vetoRecovery(address identity) external {
        _checkOwner(identity);
        _veto(identity);
    }

    /// @inheritdoc IGuardianship
    function vetoRecoveryBySignature(address identity, uint256 deadline, bytes calldata signature) external {
        Guarding storage guarding = _guardings[identity];
        bytes32 structHash = GuardianHash.ofVeto(
            identity, guarding.newOwner, guarding.attempts, _nonceOf(identity), deadline
        );
        _useSignature(identity, structHash, deadline, signature);
        _veto(identity);
    }

    /// @inheritdoc IGuardianship
    function finishRecovery(address identity) external {
        Guarding storage guarding = _guardings[identity];
        (address newOwner, uint64 executableAt) = (guarding.newOwner, guarding.executableAt);
        if (executableAt == 0) revert RecoveryNotPending(identity);
        if (block.timestamp < executableAt) revert RecoveryNotDue(identity, executableAt);
        guarding.newOwner = address(0);
        guarding.executableAt = 0;
        guarding.vetoSpent = false;
        _recover(identity, newOwner);
        emit RecoveryFinished(identity, newOwner);
    }

    /// @inheritdoc IGuardianship
    function recoveryDelay() external view returns (uint64) {
        return _recoveryDelay;
    }

    /// @inheritdoc IGuardianship
    function guardianCommitment(address identity, GuardianSet calldata set) external pure returns (bytes32) {
        GuardianRule.checkSet(set);
        return GuardianHash.ofSet(identity, set);
    }

    /// @inheritdoc IGuardianship
    function guardiansOf(address identity)
        external
        view
        returns (bytes32 commitment, bytes32 nextCommitment, uint64 effectiveAt)
    {
        Guarding storage guarding = _guardings[identity];
        if (_changeIsOver(guarding)) return (guarding.nextCommitment, 0, 0);
        return (guarding.commitment, guarding.nextCommitment, guarding.effectiveAt);
    }

    /// @inheritdoc IGuardianship
    function recoveryOf(address identity)
        external
        view
        returns (address newOwner, uint64 executableAt, uint256 attempt, bool vetoSpent)
    {
        Guarding storage guarding = _guardings[identity];
        vetoSpent = guarding.vetoSpent && !_changeIsOver(guarding);
        return (guarding.newOwner, guarding.executableAt, guarding.attempts, vetoSpent);
    }

    /// @dev Reverts while guardians are in force.
    function _checkUnguarded(address identity) internal view {
        Guarding storage guarding = _guardings[identity];
        bytes32 commitment = _changeIsOver(guarding) ? guarding.nextCommitment : guarding.commitment;
        if (commitment != 0) revert IdentityGuarded(identity);
    }

    /// @dev Reverts if the caller does not control the identity.
    function _checkOwner(address identity) internal view virtual;

    /// @dev Reverts if the controller did not sign, or too long ago; the nonce is used afterwards.
    function _useSignature(address identity, bytes32 structHash, uint256 deadline, bytes calldata signature)
        internal
        virtual;

    function _nonceOf(address identity) internal view virtual returns (uint256);

    function _digestOf(bytes32 structHash) internal view virtual returns (bytes32);

    /// @dev Gives the identity to its new owner and ends its delegates.
    function _recover(address identity, address newOwner) internal virtual;

    function _setGuardians(address identity, bytes32 commitment) private {
        Guarding storage guarding = _settled(identity);
        uint64 executableAt = guarding.executableAt;
        if (executableAt != 0) revert RecoveryPending(identity, executableAt);
        uint64 effectiveAt = uint64(block.timestamp);
        if (guarding.commitment == 0) {
            if (commitment == 0) revert GuardiansAbsent(identity);
            guarding.commitment = commitment;
        } else {
            effectiveAt += _recoveryDelay;
            guarding.nextCommitment = commitment;
            guarding.effectiveAt = uint40(effectiveAt);
        }
        emit GuardiansSet(identity, commitment, effectiveAt);
    }

    function _veto(address identity) private {
        Guarding storage guarding = _guardings[identity];
        (address newOwner, uint64 executableAt) = (guarding.newOwner, guarding.executableAt);
        if (executableAt == 0) revert RecoveryNotPending(identity);
        if (block.timestamp >= executableAt) revert RecoveryVetoTooLate(identity, executableAt);
        if (guarding.vetoSpent) revert RecoveryVetoSpent(identity);
        guarding.newOwner = address(0);
        guarding.executableAt = 0;
        guarding.vetoSpent = true;
        emit RecoveryVetoed(identity, newOwner);
    }

    /// @dev Writes down a change of guardians whose delay is over. New guardians come with a new veto.
    function _settled(address identity) private returns (Guarding storage guarding) {
        guarding = _guardings[identity];
        if (!_changeIsOver(guarding)) return guarding;
        guarding.commitment = guarding.nextCommitment;
        guarding.nextCommitment = 0;
        guarding.effectiveAt = 0;
        guarding.vetoSpent = false;
    }

    function _changeIsOver(Guarding storage guarding) private view returns (bool) {
        return guarding.effectiveAt != 0 && block.timestamp >= guarding.effectiveAt;
    }
}
