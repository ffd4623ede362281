"""View calls of our contracts, encoded (the LedgerCalls port). Nothing here talks to a node."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from consentry.chain.by_hand import asker_body, grant_words, records_body
from consentry.chain.contracts import Contract
from consentry.chain.encoded_terms import (
    KEPT_BYTES,
    NO_MANDATE,
    WORD,
    KeptTerms,
    encoded,
    mandate_parts,
    word,
)
from consentry.domain.addresses import ZERO, Address
from consentry.domain.grounds import Reason
from consentry.domain.ledger import (
    Anchor,
    Asker,
    ConsentState,
    ConsentStatus,
    ContractCall,
    Grant,
    RecordFacts,
    StaffInfo,
)
from consentry.domain.mandates import Mandate
from consentry.domain.terms import Terms
from consentry.errors import ChainWrong

T = TypeVar("T")

ASKER = "(address,address,string,uint64,address,string)"
RECORD = "(bytes32,address,string,uint8,string,string,string)"
RECORDS = f"{RECORD}[]"


class CallEncoder:
    """Encodes the questions of the LedgerCalls port. `contracts` by name."""

    def __init__(self, contracts: Mapping[str, Contract]) -> None:
        self._contracts = contracts
        self._terms = KeptTerms(KEPT_BYTES)

    def call(self, contract: str, function: str, *arguments: Any, read: Callable[..., T]) -> ContractCall[T]:
        """Any view: `read` gets its returned values as positional arguments. Raises LayoutInvalid."""
        shape = self._contracts[contract].functions[function]
        return ContractCall(contract, (shape.encode(*arguments),), lambda data: read(*shape.decode(data)))

    def permit_many_call(
        self,
        grant: Grant,
        terms: Terms,
        asker: Asker,
        records: Sequence[RecordFacts],
        mandate: Mandate | None = None,
    ) -> ContractCall[tuple[Reason, ...]]:
        parts = self._evaluation("permitsMany", grant, terms, mandate, asker, records_body(records))
        decode = self._contracts["ConsentRegistry"].functions["permitsMany"].decode
        return ContractCall("ConsentRegistry", parts, lambda raw: reasons(decode(raw)[0], len(records)))

    def permit_directory_call(
        self, grant: Grant, terms: Terms, asker: Asker, category: str, mandate: Mandate | None = None
    ) -> ContractCall[Reason]:
        named = encoded("string", category)
        parts = self._evaluation("permitsDirectory", grant, terms, mandate, asker, named)
        decode = self._contracts["ConsentRegistry"].functions["permitsDirectory"].decode
        return ContractCall("ConsentRegistry", parts, lambda raw: Reason(decode(raw)[0]))

    def _evaluation(
        self,
        function: str,
        grant: Grant,
        terms: Terms,
        mandate: Mandate | None,
        asker: Asker,
        subject: bytes,
    ) -> tuple[bytes, ...]:
        """Both views take (Ask, subject): an ask is a static head (grant, offset of the terms, mandate, offsets of
        scope and asker), then bodies that hold no outer offsets. So the terms, by far the longest, are encoded once
        and only the head's offsets differ."""
        shape = self._contracts["ConsentRegistry"].functions[function]
        granted = grant_words(grant)
        said = self._terms.body(terms)
        who = asker_body(asker)
        carried, scope = NO_MANDATE if mandate is None else mandate_parts(mandate)
        head = len(granted) + len(carried) + 3 * WORD
        scope_at = head + len(said)
        asker_at = scope_at + len(scope)
        ask = granted + word(head) + carried + word(scope_at) + word(asker_at)
        offsets = word(2 * WORD) + word(2 * WORD + asker_at + len(who))
        return (shape.selector + offsets + ask, said, scope, who, subject)

    def anchor_call(self, author: str, root: bytes) -> ContractCall[Anchor | None]:
        return self.call("RecordRegistry", "anchorOf", author, root, read=_anchor)

    def retracted_call(self, author: str, record_id: bytes) -> ContractCall[bool]:
        return self.call("RecordRegistry", "isRetracted", author, record_id, read=bool)

    def acting_for_call(self, account: str) -> ContractCall[Address | None]:
        return self.call("MemberRegistry", "actorOf", account, read=_acting_for)

    def consent_call(self, patient: str, consent_id: bytes) -> ContractCall[ConsentState]:
        return self.call("ConsentRegistry", "consentOf", patient, consent_id, read=_consent)

    def mandate_of_call(self, consent_id: bytes) -> ContractCall[bytes | None]:
        return self.call("ConsentRegistry", "mandateOf", consent_id, read=_unless_zero)

    def acts_for_call(self, patient: str, account: str) -> ContractCall[bool]:
        return self.call("ConsentRegistry", "actsFor", patient, account, read=bool)

    def controller_call(self, identity: str) -> ContractCall[Address]:
        return self.call("IdentityRegistry", "identityOwner", identity, read=Address)

    def trusted_call(self, contract: str) -> ContractCall[bool]:
        listed = self._contracts[contract].address
        return self.call("Authority", "registryStatusOf", listed, read=lambda status: status in _TRUSTED)

    def member_name_call(self, member: str) -> ContractCall[str | None]:
        return self.call("MemberRegistry", "memberOf", member, read=_member_name)

    def staff_call(self, account: str) -> ContractCall[StaffInfo | None]:
        return self.call("MemberRegistry", "staffOf", account, read=lambda staff: _staff(account, staff))

    def active_call(self, member: str) -> ContractCall[bool]:
        return self.call("MemberRegistry", "isActive", member, read=bool)

    def regulator_call(self) -> ContractCall[Address]:
        return self.call("FastSuspension", "regulatorOf", read=Address)

    def keeper_call(self, account: str) -> ContractCall[bool]:
        return self.call("KeeperCommittee", "isKeeper", account, read=bool)

    def audit_calls(self, keeper: str) -> list[ContractCall[int]]:
        """Whether it is a keeper, since when it has its seat, when it last spoke, and how often it has to."""
        return [
            self.call("KeeperCommittee", "isKeeper", keeper, read=int),
            self.call("KeeperCommittee", "seatedSince", keeper, read=int),
            self.call("AuditLog", "lastAtOf", keeper, read=int),
            self.call("AuditLog", "commitWithin", read=int),
        ]

    def committee_version_call(self) -> ContractCall[int]:
        return self.call("KeeperCommittee", "currentVersion", read=int)

    def changed_call(self, identity: str) -> ContractCall[int]:
        return self.call("IdentityRegistry", "changed", identity, read=int)


def code32(text: str) -> bytes:
    """A short code (role, department, delegate type, attribute name) as bytes32: ASCII, left-aligned."""
    return text.encode("ascii", "replace").ljust(WORD, b"\0")


def text_of_code32(word: bytes) -> str:
    return word.rstrip(b"\0").decode("ascii", "replace")


def asker_tuple(of: Asker) -> tuple[Any, ...]:
    """As the ABI wants it."""
    return (of.actor, of.signer, of.purpose, of.at, of.episode_by, of.episode_department)


def facts_tuple(of: RecordFacts) -> tuple[Any, ...]:
    """As the ABI wants it."""
    return (of.record_id, of.author, of.category, of.level, of.confidentiality, of.department, of.date)


def reasons(codes: Sequence[int], wanted: int) -> tuple[Reason, ...]:
    """One for each record: fewer or more would be taken for another record's."""
    if len(codes) != wanted:
        raise ChainWrong(f"ConsentRegistry gives {len(codes)} reasons for {wanted} records")
    return tuple(Reason(code) for code in codes)


_TRUSTED = (1, 2)
"""`IAuthority.RegistryStatus`: active, and closed, whose consents are still evaluated."""


def _member_name(of: tuple[Any, ...]) -> str | None:
    """As registered; None for who never was a member."""
    status, name = of[0], of[1]
    return str(name) if status else None


def _unless_zero(word: bytes) -> bytes | None:
    return word if any(word) else None


def _anchor(anchored_at: int, count: int) -> Anchor | None:
    return Anchor(anchored_at, count) if anchored_at else None


def _acting_for(member: str, status: int) -> Address | None:
    return None if member == ZERO else Address(member)


def _consent(status: int, valid_from: int, valid_until: int, changed_at: int) -> ConsentState:
    return ConsentState(ConsentStatus(status), valid_from, valid_until, changed_at)


def _staff(account: str, found: tuple[Any, ...]) -> StaffInfo | None:
    member, role, department, licence_end_at = found
    if member == ZERO:
        return None
    return StaffInfo(account, member, text_of_code32(role), text_of_code32(department), licence_end_at)
