"""View calls of our contracts, encoded (the LedgerCalls port). Nothing here talks to a node."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any, TypeVar

from eth_abi.abi import encode

from consentry.chain.contracts import Contract
from consentry.domain.addresses import ZERO
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
from consentry.domain.terms import Provision, Terms
from consentry.errors import ChainWrong

T = TypeVar("T")

TERMS = (
    "(string,address,string[],(string[],string[],string,string,string,string[],string[])[],uint32,bytes32)"
)
MANDATE = "(address,address,bytes32,uint64,uint64,uint64)"
SCOPE = "((string[],string[],string,string,string,string[],string[])[],bytes32)"
ASKER = "(address,address,string,uint64,address,string)"
RECORD = "(bytes32,address,string,uint8,string,string,string)"
RECORDS = f"{RECORD}[]"
_GRANT_WORDS = ("address", "bytes32", "uint64", "uint64", "uint64")
_WORD = 32
# consents granted by the patient's own side have neither
_NO_MANDATE = bytes(6 * _WORD)
KEPT_BYTES = 8 * 2**20


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
        self, grant: Grant, terms: Terms, asker: Asker, records: Sequence[RecordFacts]
    ) -> ContractCall[tuple[Reason, ...]]:
        parts = self._evaluation(
            "permitsMany", grant, terms, asker, _body(RECORDS, [facts_tuple(one) for one in records])
        )
        decode = self._contracts["ConsentRegistry"].functions["permitsMany"].decode
        return ContractCall("ConsentRegistry", parts, lambda raw: reasons(decode(raw)[0], len(records)))

    def permit_directory_call(
        self, grant: Grant, terms: Terms, asker: Asker, category: str
    ) -> ContractCall[Reason]:
        parts = self._evaluation("permitsDirectory", grant, terms, asker, _body("string", category))
        decode = self._contracts["ConsentRegistry"].functions["permitsDirectory"].decode
        return ContractCall("ConsentRegistry", parts, lambda raw: Reason(decode(raw)[0]))

    def _evaluation(
        self, function: str, grant: Grant, terms: Terms, asker: Asker, subject: bytes
    ) -> tuple[bytes, ...]:
        """Both views take (Ask, subject): an ask is a static head (grant, offset of the terms, mandate, offsets of
        scope and asker), then bodies that hold no outer offsets. So the terms, by far the longest, are encoded once
        and only the head's offsets differ."""
        shape = self._contracts["ConsentRegistry"].functions[function]
        granted = encode(
            _GRANT_WORDS,
            (grant.patient, grant.terms_hash, grant.valid_from, grant.valid_until, grant.relay_before),
        )
        said = self._terms.body(terms)
        who = _body(ASKER, asker_tuple(asker))
        head = len(granted) + len(_NO_MANDATE) + 3 * _WORD
        scope_at = head + len(said)
        asker_at = scope_at + len(_NO_SCOPE)
        ask = granted + _word(head) + _NO_MANDATE + _word(scope_at) + _word(asker_at)
        offsets = _word(2 * _WORD) + _word(2 * _WORD + asker_at + len(who))
        return (shape.selector + offsets + ask, said, _NO_SCOPE, who, subject)

    def anchor_call(self, author: str, root: bytes) -> ContractCall[Anchor | None]:
        return self.call("RecordRegistry", "anchorOf", author, root, read=_anchor)

    def retracted_call(self, author: str, record_id: bytes) -> ContractCall[bool]:
        return self.call("RecordRegistry", "isRetracted", author, record_id, read=bool)

    def consent_call(self, patient: str, consent_id: bytes) -> ContractCall[ConsentState]:
        return self.call("ConsentRegistry", "consentOf", patient, consent_id, read=_consent)

    def acts_for_call(self, patient: str, account: str) -> ContractCall[bool]:
        return self.call("ConsentRegistry", "actsFor", patient, account, read=bool)

    def staff_call(self, account: str) -> ContractCall[StaffInfo | None]:
        return self.call("MemberRegistry", "staffOf", account, read=lambda staff: _staff(account, staff))

    def active_call(self, member: str) -> ContractCall[bool]:
        return self.call("MemberRegistry", "isActive", member, read=bool)

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

    def changed_call(self, identity: str) -> ContractCall[int]:
        return self.call("IdentityRegistry", "changed", identity, read=int)


def code32(text: str) -> bytes:
    """A short code (role, department, delegate type, attribute name) as bytes32: ASCII, left-aligned."""
    return text.encode("ascii", "replace").ljust(_WORD, b"\0")


def text_of_code32(word: bytes) -> str:
    return word.rstrip(b"\0").decode("ascii", "replace")


class KeptTerms:
    """Encoded terms, those used last, at most `most` bytes of them. Thread-safe.

    Kept by the terms themselves: the hash that a caller sends beside them could belong to others.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._bodies: OrderedDict[Terms, bytes] = OrderedDict()
        self._newest: tuple[Terms, bytes] | None = None
        self._lock = Lock()
        self.size = 0

    def body(self, terms: Terms) -> bytes:
        """The encoded terms; the items of one request, which hold one and the same object, share the bytes."""
        newest = self._newest
        if newest is not None and newest[0] is terms:
            return newest[1]
        with self._lock:
            body = self._bodies.get(terms)
        body = terms_body(terms) if body is None else body
        self._newest = (terms, body)
        with self._lock:
            self.size += 0 if terms in self._bodies else len(body)
            self._bodies[terms] = body
            self._bodies.move_to_end(terms)
            while self.size > self._most:
                self.size -= len(self._bodies.popitem(last=False)[1])
        return body


def terms_body(terms: Terms) -> bytes:
    """The encoded terms, without the offset that leads to them."""
    provisions = [_provision(one) for one in terms.provisions]
    return _body(
        TERMS,
        (terms.recipient_name, terms.recipient, list(terms.roles), provisions, terms.max_uses, terms.salt),
    )


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


def _provision(one: Provision) -> tuple[Any, ...]:
    return (
        list(one.purposes),
        list(one.categories),
        one.confidentiality,
        one.data_from,
        one.data_until,
        list(one.authors),
        list(one.records),
    )


def _body(kind: str, value: Any) -> bytes:
    return encode([kind], [value])[_WORD:]


def _word(number: int) -> bytes:
    return number.to_bytes(_WORD, "big")


_NO_SCOPE = _body(SCOPE, ([], bytes(_WORD)))


def _anchor(anchored_at: int, count: int) -> Anchor | None:
    return Anchor(anchored_at, count) if anchored_at else None


def _consent(status: int, valid_from: int, valid_until: int, changed_at: int) -> ConsentState:
    return ConsentState(ConsentStatus(status), valid_from, valid_until, changed_at)


def _staff(account: str, found: tuple[Any, ...]) -> StaffInfo | None:
    member, role, department, licence_end_at = found
    if member == ZERO:
        return None
    return StaffInfo(account, member, text_of_code32(role), text_of_code32(department), licence_end_at)
