// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Guardians: people who together give a lost identity to a new key
/// @notice The controller names n guardians, m of whom are enough, as a salted commitment: nobody sees who they are until
/// they act. What a thief who holds the controller's key can do, and what not:
///  - swap the guardians: a change takes the delay, and a recovery that starts meanwhile discards it; while a recovery is
///    pending no change can be proposed;
///  - veto: once. The next recovery can't be vetoed, and only a change of guardians in force or a finished recovery
///    restores the veto;
///  - make the guardians' signatures worthless: they carry a counter that nothing but a started recovery moves;
///  - hand the identity on: guardians belong to the identity, not to its owner;
///  - deactivate it: refused while guardians are in force.
/// So guardians who act within the delay after each notice (`GuardiansSet`, `RecoveryVetoed`) have the identity back after
/// two delays at most. The price: m guardians who conspire take an identity from its controller in the same time; the
/// veto wins one delay to see it.
interface IGuardianship {
    /// @notice What the commitment hides. `salt` is 32 random bytes, so that nobody finds the guardians by guessing.
    struct GuardianSet {
        uint8 threshold;
        address[] guardians; // 1 … 10, strictly ascending, none zero
        bytes32 salt;
    }

    /// @notice The commitment counts from `effectiveAt` (seconds): now for the first, after the delay for a change. A zero
    /// commitment names none. A recovery started earlier discards the change.
    event GuardiansSet(address indexed identity, bytes32 commitment, uint64 effectiveAt);
    /// @notice The notice to everybody: from `executableAt` (seconds) on anybody can make `newOwner` the controller.
    event RecoveryStarted(address indexed identity, address indexed newOwner, uint64 executableAt);
    /// @notice The controller stopped this recovery; the next one can't be stopped.
    event RecoveryVetoed(address indexed identity, address indexed newOwner);
    /// @notice `newOwner` controls the identity. All delegates of before have ended: ERC-1056 has no event for that, so
    /// histories of events still show them, and `validDelegate` says false.
    event RecoveryFinished(address indexed identity, address indexed newOwner);

    /// @notice A recovery takes between a second and a year.
    error RecoveryDelayOutOfRange(uint64 delay);
    /// @notice One to ten guardians.
    error GuardianCountOutOfRange(uint256 count);
    /// @notice At least one, at most all of the guardians must be needed.
    error GuardianThresholdOutOfRange(uint8 threshold, uint256 count);
    /// @notice Guardians stand in strictly ascending order, and none is the zero address.
    error GuardianOutOfOrder(uint256 index, address guardian);
    /// @notice These are not the guardians whom the identity's controller named, or nobody is named.
    error GuardianSetNotInForce(address identity, bytes32 commitment);
    /// @notice No guardians are in force, so none can be ended.
    error GuardiansAbsent(address identity);
    /// @notice One signature, or empty bytes, stands beside each guardian.
    error GuardianSignaturesMisaligned(uint256 signatures, uint256 guardians);
    /// @notice The signature is not this guardian's over exactly this recovery, chain and contract.
    error GuardianSignatureInvalid(address identity, address guardian);
    /// @notice Too few guardians signed.
    error GuardianSignaturesTooFew(address identity, uint256 signatures, uint8 threshold);
    /// @notice The guardians' signatures may be relayed until `deadline` (seconds), inclusive.
    error RecoverySignatureExpired(address identity, uint256 deadline);
    /// @notice Somebody must control the identity afterwards.
    error RecoveryNewOwnerZero(address identity);
    /// @notice The guardians stay while a recovery is pending.
    error RecoveryPending(address identity, uint64 executableAt);
    /// @notice No recovery is pending.
    error RecoveryNotPending(address identity);
    /// @notice The delay is not over.
    error RecoveryNotDue(address identity, uint64 executableAt);
    /// @notice The delay, in which alone the controller may veto, is over.
    error RecoveryVetoTooLate(address identity, uint64 executableAt);
    /// @notice The controller has vetoed before, and the guardians are still the same.
    error RecoveryVetoSpent(address identity);
    /// @notice Who has guardians can't deactivate: a thief would. End them first, which takes the delay.
    error IdentityGuarded(address identity);

    // EIP-712 structs, in the domain of the identity registry; `attempt` is `recoveryOf`'s:
    //   SetGuardians(address identity,bytes32 commitment,string statement,uint256 nonce,uint256 deadline)
    //     "I name guardians who together can give my identity to a new owner. A commitment of zero names none."
    //   Recovery(address identity,address newOwner,string statement,uint256 attempt,uint256 deadline)
    //     "As a guardian I agree that this new owner takes over this identity."
    //   VetoRecovery(address identity,address newOwner,string statement,uint256 attempt,uint256 nonce,uint256 deadline)
    //     "I stop this recovery of my identity. I cannot stop the next one."

    /// @notice Seconds between a change of guardians, or the start of a recovery, and its effect.
    function recoveryDelay() external view returns (uint64);

    /// @notice The commitment to a set of guardians. Reverts for a set that could never act.
    function guardianCommitment(address identity, GuardianSet calldata set) external pure returns (bytes32);

    /// @notice The commitment in force (zero: none), and the one that replaces it at `effectiveAt` (zero: no change).
    function guardiansOf(address identity)
        external
        view
        returns (bytes32 commitment, bytes32 nextCommitment, uint64 effectiveAt);

    /// @notice The pending recovery (zeros: none); the attempt that signatures for it must name now; whether the
    /// controller's veto is used up.
    function recoveryOf(address identity)
        external
        view
        returns (address newOwner, uint64 executableAt, uint256 attempt, bool vetoSpent);

    /// @notice Name guardians by their commitment: at once if none are in force, after the delay otherwise. A change
    /// proposed before is replaced. Zero names none.
    function setGuardians(address identity, bytes32 commitment) external;

    /// @notice `setGuardians` by the controller's signature; anyone may relay it.
    function setGuardiansBySignature(
        address identity,
        bytes32 commitment,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Start the recovery for `newOwner`: anyone may bring the set and its signatures, each beside its guardian,
    /// empty bytes for who did not sign. Replaces a pending recovery, whose delay starts again.
    function startRecovery(
        address identity,
        address newOwner,
        GuardianSet calldata set,
        bytes[] calldata signatures,
        uint256 deadline
    ) external;

    /// @notice Stop the pending recovery, within its delay: the controller may, once.
    function vetoRecovery(address identity) external;

    /// @notice `vetoRecovery` by the controller's signature; anyone may relay it.
    function vetoRecoveryBySignature(address identity, uint256 deadline, bytes calldata signature) external;

    /// @notice Make the new owner the controller: anyone may, after the delay.
    function finishRecovery(address identity) external;
}
