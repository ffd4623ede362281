"""The facts of many records, as `permitsMany` takes them, encoded by hand.

A request names up to a hundred records, on which eth-abi would spend more than everything else that a keeper does with them
(docs/adr/0006). The form is Solidity's ABI for `(bytes32,address,string,uint8,string,string,string)[]`; a test compares.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from consentry.domain.ledger import RecordFacts

_WORD = 32
_HEAD = 7 * _WORD


def records_body(records: Sequence[RecordFacts]) -> bytes:
    """The array, without the offset that leads to it."""
    places, bodies, at = [], [], len(records) * _WORD
    for one in records:
        body = _record(one)
        places.append(_word(at))
        bodies.append(body)
        at += len(body)
    return b"".join((_word(len(records)), *places, *bodies))


def _record(of: RecordFacts) -> bytes:
    """Seven words, of which four are the places of the texts that follow."""
    author = bytes(12) + bytes.fromhex(of.author[2:])
    texts = [_text(text) for text in (of.category, of.confidentiality, of.department, of.date)]
    places, at = [], _HEAD
    for text in texts:
        places.append(_word(at))
        at += len(text)
    first, *rest = places
    return b"".join((of.record_id, author, first, _word(of.level), *rest, *texts))


@lru_cache(maxsize=1_024)
def _text(text: str) -> bytes:
    """Length and bytes, filled up to whole words."""
    raw = text.encode("utf-8")
    return _word(len(raw)) + raw + bytes(-len(raw) % _WORD)


def _word(number: int) -> bytes:
    return number.to_bytes(_WORD, "big")
