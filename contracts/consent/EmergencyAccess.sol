// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IConsentRegistry} from "../interfaces/IConsentRegistry.sol";
import {IEmergencyAccess} from "../interfaces/IEmergencyAccess.sol";
import {IMemberRegistry} from "../interfaces/IMemberRegistry.sol";
import {IRegistryAuthority} from "../interfaces/IRegistryAuthority.sol";
import {OpeningBook} from "../libraries/OpeningBook.sol";
import {OpeningHash} from "../libraries/OpeningHash.sol";
import {OpeningRule} from "../libraries/OpeningRule.sol";
import {OpeningSlot} from "../libraries/OpeningSlot.sol";
import {SignatureRule} from "../libraries/SignatureRule.sol";
import {TypedDomain} from "../libraries/TypedDomain.sol";

/// @title Break-glass openings by id
///
///                open (two sign)           close              review (a third person)
///     Unknown ───────────────────▶ Open ──────────▶ Closed ───────────────────────────▶ Reviewed
///                                   │                                                      ▲
///                                   └─────────────▶ Ended ─────────────────────────────────┘
///                                     openUntil              review
///
/// @notice An id is used once, for ever, and nothing leads back to Open. Ended is read against the time. An open box permits
/// only while its member and the opener who asks are in good standing.
contract EmergencyAccess is IEmergencyAccess, TypedDomain, AccessManaged {
    using OpeningBook for OpeningBook.Book;
    using OpeningSlot for uint256;

    bytes32 private constant NAME_HASH = keccak256("Consentry Emergency");

    IRegistryAuthority private immutable _authority;
    IMemberRegistry private immutable _members;

    Limits private _limits;
    mapping(bytes32 openingId => uint256 slot) private _slots;
    mapping(address member => OpeningBook.Book) private _books;

    constructor(IRegistryAuthority authority, IMemberRegistry members) AccessManaged(address(authority)) {
        _authority = authority;
        _members = members;
        _setLimits(Limits(24 hours, 16, 7 days, 3));
    }

    /// @inheritdoc IEmergencyAccess
    function open(Declaration calldata declaration, bytes calldata firstSignature, bytes calldata secondSignature)
        external
        returns (bytes32 openingId)
    {
        IRegistryAuthority.RegistryStatus listed = _authority.registryStatusOf(address(this));
        if (listed != IRegistryAuthority.RegistryStatus.Active) revert OpeningRegistryNotActive(listed);
        address member = _members.memberByName(declaration.member);
        if (!_members.isActive(member)) revert OpeningMemberNotActive(member);
        openingId = _idOf(declaration);
        if (_slots[openingId] != 0) revert OpeningAlreadyKnown(openingId);
        Limits memory limits = _limits;
        OpeningRule.checkTimes(declaration, openingId, limits.maxDuration);
        if (declaration.first == declaration.second) revert OpeningPersonRepeated(declaration.first);
        _checkOpener(declaration.first, member, openingId, firstSignature);
        _checkOpener(declaration.second, member, openingId, secondSignature);
        _keep(declaration, member, openingId, limits);
    }

    /// @inheritdoc IEmergencyAccess
    function close(bytes32 openingId) external {
        _close(openingId, msg.sender);
    }

    /// @inheritdoc IEmergencyAccess
    function closeBySignature(bytes32 openingId, address closer, bytes calldata signature) external {
        _checkSignature(closer, openingId, OpeningHash.ofClosing(openingId, closer), signature);
        _close(openingId, closer);
    }

    /// @inheritdoc IEmergencyAccess
    function review(bytes32 openingId, Finding finding) external {
        _review(openingId, _checkReviewer(openingId, msg.sender), finding, msg.sender);
    }

    /// @inheritdoc IEmergencyAccess
    function reviewBySignature(bytes32 openingId, Finding finding, address reviewer, bytes calldata signature)
        external
    {
        if (finding == Finding.None) revert OpeningFindingMissing(openingId);
        _checkSignature(reviewer, openingId, OpeningHash.ofReview(openingId, finding, reviewer), signature);
        _review(openingId, _checkReviewer(openingId, reviewer), finding, reviewer);
    }

    /// @inheritdoc IEmergencyAccess
    function reviewFor(bytes32 openingId, Finding finding) external restricted {
        uint256 slot = _unreviewed(openingId);
        address member = slot.account();
        if (_members.memberOf(member).status != IMemberRegistry.MemberStatus.Expelled) {
            revert OpeningMemberNotExpelled(member);
        }
        _review(openingId, slot, finding, msg.sender);
    }

    /// @inheritdoc IEmergencyAccess
    function setLimits(Limits calldata limits) external restricted {
        _setLimits(limits);
    }

    /// @inheritdoc IEmergencyAccess
    function limitsOf() external view returns (Limits memory) {
        return _limits;
    }

    /// @inheritdoc IEmergencyAccess
    function openingIdOf(Declaration calldata declaration) external view returns (bytes32) {
        return _idOf(declaration);
    }

    /// @inheritdoc IEmergencyAccess
    function hashSubject(Subject calldata subject) external pure returns (bytes32) {
        return OpeningHash.ofSubject(subject);
    }

    /// @inheritdoc IEmergencyAccess
    function openingOf(bytes32 openingId) external view returns (Opening memory opening) {
        uint256 slot = _slots[openingId];
        if (slot == 0) return opening;
        opening.status = slot.status();
        opening.finding = slot.finding();
        opening.member = slot.account();
        opening.endsAt = slot.endsAt();
        opening.reviewBy = slot.reviewBy();
        if (opening.status != Status.Reviewed) (opening.first, opening.second) = _openersOf(slot);
    }

    /// @inheritdoc IEmergencyAccess
    function unreviewedOf(address member) external view returns (Unreviewed[] memory) {
        return _books[member].list();
    }

    /// @inheritdoc IEmergencyAccess
    function overdueOf(address member) external view returns (uint256 overdue) {
        (, overdue,) = _books[member].count();
    }

    /// @inheritdoc IEmergencyAccess
    function permits(Ask calldata ask, IConsentRegistry.RecordFacts calldata record)
        external
        view
        returns (IConsentRegistry.Reason reason)
    {
        reason = _checkBasis(ask);
        if (reason == IConsentRegistry.Reason.Permitted) reason = OpeningRule.checkRecord(record);
    }

    /// @inheritdoc IEmergencyAccess
    function permitsMany(Ask calldata ask, IConsentRegistry.RecordFacts[] calldata records)
        external
        view
        returns (IConsentRegistry.Reason[] memory reasons)
    {
        reasons = new IConsentRegistry.Reason[](records.length);
        IConsentRegistry.Reason basis = _checkBasis(ask);
        for (uint256 i = 0; i < records.length; ++i) {
            reasons[i] =
                basis == IConsentRegistry.Reason.Permitted ? OpeningRule.checkRecord(records[i]) : basis;
        }
    }

    /// @inheritdoc IEmergencyAccess
    function permitsDirectory(Ask calldata ask, string calldata category)
        external
        view
        returns (IConsentRegistry.Reason reason)
    {
        reason = _checkBasis(ask);
        if (reason == IConsentRegistry.Reason.Permitted) reason = OpeningRule.checkCategory(category);
    }

    function _keep(Declaration calldata declaration, address member, bytes32 openingId, Limits memory limits) private {
        // both times are near the block's, see checkTimes, and fit into 40 bits
        uint64 reviewBy = declaration.openUntil + limits.reviewWithin;
        uint256 first = OpeningSlot.packed(declaration.first, declaration.openUntil, reviewBy);
        uint256 lane = _books[member].add(member, openingId, first, declaration.second, limits);
        _slots[openingId] = OpeningSlot.packed(member, declaration.openUntil, reviewBy).opened(lane);
        emit OpeningOpened(openingId, member, declaration.first, declaration.second, declaration.openUntil, reviewBy);
    }

    function _close(bytes32 openingId, address closer) private {
        uint256 slot = _known(openingId);
        Status status = slot.status();
        if (status == Status.Closed) revert OpeningAlreadyClosed(openingId);
        if (status == Status.Reviewed) revert OpeningAlreadyReviewed(openingId, slot.finding());
        if (status == Status.Ended) revert OpeningAlreadyEnded(openingId, slot.endsAt());
        address member = slot.account();
        if (!_isOpener(slot, closer)) _checkPerson(closer, member);
        _slots[openingId] = slot.endedNow().at(OpeningSlot.Stage.Closed);
        _books[member].end(slot.lane());
        emit OpeningClosed(openingId, member, closer);
    }

    /// @dev `slot` is of an opening that is not reviewed.
    function _review(bytes32 openingId, uint256 slot, Finding finding, address reviewer) private {
        if (finding == Finding.None) revert OpeningFindingMissing(openingId);
        if (slot.status() == Status.Open) revert OpeningStillOpen(openingId, slot.endsAt());
        bool justified = finding == Finding.Justified;
        _slots[openingId] =
            slot.at(justified ? OpeningSlot.Stage.Justified : OpeningSlot.Stage.Unjustified);
        address member = slot.account();
        _books[member].remove(slot.lane());
        emit OpeningReviewed(openingId, member, reviewer, finding);
    }

    function _setLimits(Limits memory limits) private {
        OpeningRule.checkLimits(limits);
        _limits = limits;
        emit OpeningLimitsSet(limits.maxDuration, limits.mostOpen, limits.reviewWithin, limits.mostOverdue);
    }

    /// @dev Everything that does not depend on what is asked for: opening, time, registry, asker.
    function _checkBasis(Ask calldata ask) private view returns (IConsentRegistry.Reason) {
        Declaration calldata declaration = ask.opening;
        if (declaration.subjectHash != OpeningHash.ofSubject(ask.subject) || !OpeningHash.isWritable(declaration)) {
            return IConsentRegistry.Reason.OpeningUnknown;
        }
        uint256 slot = _slots[_idOf(declaration)];
        if (slot == 0) return IConsentRegistry.Reason.OpeningUnknown;
        // the id fixes the declaration, so only closing makes a box end earlier
        if (slot.endsAt() != declaration.openUntil) return IConsentRegistry.Reason.OpeningClosed;
        uint256 time = ask.asker.askedAt > block.timestamp ? ask.asker.askedAt : block.timestamp;
        if (time >= declaration.openUntil) return IConsentRegistry.Reason.OpeningEnded;
        IRegistryAuthority.RegistryStatus listed = _authority.registryStatusOf(address(this));
        if (listed != IRegistryAuthority.RegistryStatus.Active && listed != IRegistryAuthority.RegistryStatus.Closed) {
            return IConsentRegistry.Reason.RegistryDistrusted;
        }
        return OpeningRule.checkAsker(_members, slot.account(), declaration, ask.asker, time);
    }

    function _checkOpener(address account, address member, bytes32 openingId, bytes calldata signature)
        private
        view
    {
        OpeningRule.checkPerson(_members, account, member);
        if (!SignatureRule.isAccounts(account, openingId, signature)) {
            revert OpeningSignatureInvalid(account, openingId);
        }
    }

    function _checkReviewer(bytes32 openingId, address reviewer) private view returns (uint256 slot) {
        slot = _unreviewed(openingId);
        if (_isOpener(slot, reviewer)) revert OpeningReviewerIsOpener(openingId, reviewer);
        _checkPerson(reviewer, slot.account());
    }

    function _checkPerson(address account, address member) private view {
        if (!_members.isActive(member)) revert OpeningMemberNotActive(member);
        OpeningRule.checkPerson(_members, account, member);
    }

    function _checkSignature(address account, bytes32 openingId, bytes32 structHash, bytes calldata signature)
        private
        view
    {
        if (!SignatureRule.isAccounts(account, _typedDigest(NAME_HASH, structHash), signature)) {
            revert OpeningSignatureInvalid(account, openingId);
        }
    }

    function _known(bytes32 openingId) private view returns (uint256 slot) {
        slot = _slots[openingId];
        if (slot == 0) revert OpeningMissing(openingId);
    }

    /// @dev Once reviewed, its lane may be another opening's.
    function _unreviewed(bytes32 openingId) private view returns (uint256 slot) {
        slot = _known(openingId);
        if (slot.finding() != Finding.None) revert OpeningAlreadyReviewed(openingId, slot.finding());
    }

    /// @dev Only before the review: the lane is used again after it.
    function _openersOf(uint256 slot) private view returns (address first, address second) {
        return _books[slot.account()].openersIn(slot.lane());
    }

    /// @dev Only before the review.
    function _isOpener(uint256 slot, address account) private view returns (bool) {
        (address first, address second) = _openersOf(slot);
        return account == first || account == second;
    }

    function _idOf(Declaration calldata declaration) private view returns (bytes32) {
        return _typedDigest(NAME_HASH, OpeningHash.ofOpening(declaration));
    }

    /// @inheritdoc TypedDomain
    function _domainName() internal pure override returns (string memory, bytes32) {
        return ("Consentry Emergency", NAME_HASH);
    }
}
