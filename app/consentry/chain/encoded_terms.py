"""Terms and scopes as the ABI writes them: by far the longest parts of a question, so that encoded terms are kept."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any

from eth_abi.abi import encode

from consentry.domain.mandates import Mandate
from consentry.domain.terms import Provision, Terms

TERMS = (
    "(string,address,string[],(string[],string[],string,string,string,string[],string[])[],uint32,bytes32)"
)
MANDATE = "(address,address,bytes32,uint64,uint64,uint64)"
SCOPE = "((string[],string[],string,string,string,string[],string[])[],bytes32)"
WORD = 32
KEPT_BYTES = 8 * 2**20


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
    return encoded(
        TERMS,
        (terms.recipient_name, terms.recipient, list(terms.roles), provisions, terms.max_uses, terms.salt),
    )


def mandate_parts(of: Mandate) -> tuple[bytes, bytes]:
    """Its static words, and the body of its scope."""
    provisions = [_provision(one) for one in of.scope.provisions]
    return encode((MANDATE,), (of.arguments,)), encoded(SCOPE, (provisions, of.scope.salt))


def encoded(kind: str, value: Any) -> bytes:
    """The encoded value of a dynamic type, without the offset that leads to it."""
    return encode([kind], [value])[WORD:]


def word(number: int) -> bytes:
    return number.to_bytes(WORD, "big")


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


NO_MANDATE = bytes(6 * WORD), encoded(SCOPE, ([], bytes(WORD)))
"""What is shown for consents granted by the patient's own side."""
