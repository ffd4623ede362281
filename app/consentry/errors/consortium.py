"""Proposals and votes of the consortium."""

from __future__ import annotations

from consentry.errors.base import InputError, RefusedError, UnavailableError


class ProposalUnknown(InputError):
    code = "proposal-unknown"
    status = 404
    next_step = "`consentry consortium list` shows what was proposed."
    summary = "Nobody proposed this."


class ProposalRepeated(RefusedError):
    code = "proposal-repeated"
    status = 409
    next_step = "Give another reason: proposals of the same calls for the same reason are one."
    summary = "The same was proposed for the same reason, and is over."


class ProposalNotOpen(RefusedError):
    code = "proposal-not-open"
    status = 409
    next_step = "`consentry consortium show ID` says what became of it."
    summary = "The proposal takes no votes."


class ProposalWouldFail(RefusedError):
    code = "proposal-would-fail"
    status = 409
    next_step = "Look the named condition up in docs/errors.md, and propose what can be carried out."
    summary = "The contracts would refuse what is proposed, as they stand now."


class VoteFinal(RefusedError):
    code = "vote-final"
    status = 409
    next_step = "`consentry consortium show ID` counts the votes."
    summary = "This member has voted otherwise before, and a vote can't be changed."


class ProposalNotPassed(RefusedError):
    code = "proposal-not-passed"
    status = 409
    next_step = "Two chambers must carry it and none reject it; `consentry consortium show ID` counts them."
    summary = "The proposal has not passed."


class ProposalNotDue(UnavailableError):
    code = "proposal-not-due"
    next_step = "Ask again at the time that is named."
    summary = "The proposal waits for its time."


class MemberWithoutVote(RefusedError):
    code = "member-without-vote"
    next_step = "An active member with a seat proposes and votes, by the account that acts for it."
    summary = "This account acts for no active member that has a vote."


class MemberSuspended(RefusedError):
    code = "member-suspended"
    next_step = "Until that ends nobody there can read, and no patient signs for it: ask the institution's own administration."
    summary = "The consortium has suspended this institution."


class MemberExpelled(RefusedError):
    code = "member-expelled"
    next_step = "Nobody there can read any more, and no patient signs for it: turn to an institution that is a member."
    summary = "This institution is no member of the network any more."
