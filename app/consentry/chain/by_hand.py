"""What keepers ask with, encoded by hand: the records of a request, who asks, and a grant.

A request names up to a hundred records, on which eth-abi would spend more than everything else that a keeper does with them
(docs/adr/0006). The forms are Solidity's ABI; tests compare with eth-abi.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from consentry.domain.ledger import Asker, Grant, RecordFacts
from consentry.errors import LayoutInvalid

_WORD = 32
_ADDRESS = re.compile(r"0x[0-9a-f]{40}")


def grant_words(of: Grant) -> bytes:
    """`(address,bytes32,uint64,uint64,uint64)`, which is static. Raises LayoutInvalid, as all here do, for what does not fit."""
    times = (of.valid_from, of.valid_until, of.relay_before)
    return b"".join((_address(of.patient), _digest(of.terms_hash), *map(_number, times)))


def asker_body(of: Asker) -> bytes:
    """`(address,address,string,uint64,address,string)`, without the offset that leads to it."""
    purpose, department = _text(of.purpose), _text(of.episode_department)
    head = 6 * _WORD
    return b"".join(
        (
            _address(of.actor),
            _address(of.signer),
            _word(head),
            _number(of.at),
            _address(of.episode_by),
            _word(head + len(purpose)),
            purpose,
            department,
        )
    )


def records_body(records: Sequence[RecordFacts]) -> bytes:
    """`(bytes32,address,string,uint8,string,string,string)[]`, without the offset that leads to it."""
    places, bodies, at = [], [], len(records) * _WORD
    for one in records:
        body = _record(one)
        places.append(_word(at))
        bodies.append(body)
        at += len(body)
    return b"".join((_word(len(records)), *places, *bodies))


def _record(of: RecordFacts) -> bytes:
    """Seven words, of which four are the places of the texts that follow."""
    texts = [_text(text) for text in (of.category, of.confidentiality, of.department, of.date)]
    places, at = [], 7 * _WORD
    for text in texts:
        places.append(_word(at))
        at += len(text)
    first, *rest = places
    fixed = (_digest(of.record_id), _address(of.author), first, _number(of.level, 8))
    return b"".join((*fixed, *rest, *texts))


@lru_cache(maxsize=1_024)
def _text(text: str) -> bytes:
    """Length and bytes, filled up to whole words."""
    try:
        raw = text.encode("utf-8")
    except UnicodeEncodeError:
        raise _misfit() from None
    return _word(len(raw)) + raw + bytes(-len(raw) % _WORD)


def _address(account: str) -> bytes:
    if not _ADDRESS.fullmatch(account):
        raise _misfit()
    return bytes(12) + bytes.fromhex(account[2:])


def _digest(raw: bytes) -> bytes:
    """A shorter or longer one would move all that follows it."""
    if len(raw) != _WORD:
        raise _misfit()
    return raw


def _number(value: int, bits: int = 64) -> bytes:
    if not 0 <= value < 2**bits:
        raise _misfit()
    return _word(value)


def _misfit() -> LayoutInvalid:
    return LayoutInvalid("what the contract is to be asked does not have its types")


def _word(number: int) -> bytes:
    return number.to_bytes(_WORD, "big")
