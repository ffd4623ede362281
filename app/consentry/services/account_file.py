"""An account as one file of lines (specification A-5):

    header   {"chainId", "deployment", "format": "consentry-account", "keepersToldBy", "patient", "version": 2, "writtenAt"}
    page     as a keeper answered it, one a line; those of one keeper follow one another
    end      {"incomplete": [{"code", "detail", "keeper", "seat"}], "pages", "receipts"}

Written and read line by line, so that a long account takes the memory of one page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from consentry.domain import fields, times
from consentry.domain.addresses import Address, address_of_did, did
from consentry.errors import LayoutInvalid
from consentry.services.account import Account
from consentry.services.receipt_pages import ReceiptsPage

FORMAT = "consentry-account"
MAX_LINE_BYTES = 4 * 2**20
MOST_RECEIPTS = 1_000_000
_HEADER = ("chainId", "format", "keepersToldBy", "patient", "version", "writtenAt")
_SECOND = (*_HEADER, "deployment")
"""From version 2 on: files of version 1 name no contracts."""
_END = ("incomplete", "pages", "receipts")


@dataclass(frozen=True)
class AccountHeader:
    """Whose account it is, who named the keepers (`chain` or `gateway`), and when it was written (seconds).

    `deployment`: which contracts it is proven by, as JSON; the word of whoever wrote it, None where nobody says (A-14).
    """

    patient: Address
    chain_id: int
    keepers_told_by: str
    written_at: int
    deployment: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "chainId": self.chain_id,
            "deployment": None if self.deployment is None else dict(self.deployment),
            "format": FORMAT,
            "keepersToldBy": self.keepers_told_by,
            "patient": did(self.patient, self.chain_id),
            "version": 2,
            "writtenAt": times.iso(self.written_at),
        }

    @classmethod
    def parse(cls, obj: Any) -> AccountHeader:
        """Raises LayoutInvalid naming the field."""
        first = isinstance(obj, dict) and obj.get("version") == 1
        got = fields.exact(obj, _HEADER if first else _SECOND, "header")
        fields.member_of(got["format"], (FORMAT,), "header.format")
        fields.integer(got["version"], "header.version", 1, 2)
        deployment = got.get("deployment")
        if not isinstance(deployment, dict | None):
            fields.refuse("header.deployment", "be an object or null")
        chain_id = fields.integer(got["chainId"], "header.chainId", 1)
        return cls(
            address_of_did(got["patient"], chain_id),
            chain_id,
            fields.member_of(got["keepersToldBy"], ("chain", "gateway"), "header.keepersToldBy"),
            times.seconds(got["writtenAt"], "header.writtenAt"),
            deployment,
        )


def account_lines(found: Account, header: AccountHeader) -> Iterator[bytes]:
    """The file's content, a line at a time."""
    yield _line(header.to_json())
    for page in found.pages:
        yield _line(page.to_json())
    incomplete = [
        {"code": one.code, "detail": one.detail, "keeper": one.host, "seat": one.seat}
        for one in found.failures
    ]
    receipts = sum(len(page.evidence) for page in found.pages)
    yield _line({"incomplete": incomplete, "pages": len(found.pages), "receipts": receipts})


def read_account(stream: BinaryIO) -> tuple[AccountHeader, Iterator[ReceiptsPage]]:
    """The header, and the pages as they are read. Raises LayoutInvalid naming the line, at once or while reading.

    What the end says of keepers that told nothing is the collector's word, and not read: the chain names the keepers.
    """
    lines = _lines(stream)
    header = AccountHeader.parse(next(lines, (1, None))[1])
    return header, _pages(lines)


def _pages(lines: Iterator[tuple[int, Any]]) -> Iterator[ReceiptsPage]:
    pages = receipts = 0
    for number, tree in lines:
        if isinstance(tree, dict) and tree.keys() == set(_END):
            if (tree["pages"], tree["receipts"]) != (pages, receipts):
                raise LayoutInvalid(f"line {number}: counts other pages or receipts than stand above it")
            if next(lines, None) is not None:
                raise LayoutInvalid(f"line {number + 1}: nothing may follow the end")
            return
        try:
            page = ReceiptsPage.parse(tree)
        except LayoutInvalid as problem:
            raise LayoutInvalid(f"line {number}: {problem.diagnostics}") from None
        pages, receipts = pages + 1, receipts + len(page.evidence)
        if receipts > MOST_RECEIPTS:
            raise LayoutInvalid(f"line {number}: more than {MOST_RECEIPTS:,} receipts are not read")
        yield page
    raise LayoutInvalid("the file ends before its last line: it was cut off")


def _lines(stream: BinaryIO) -> Iterator[tuple[int, Any]]:
    """Number, from 1, and content of each line."""
    number = 0
    while raw := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(raw) > MAX_LINE_BYTES:
            raise LayoutInvalid(f"line {number}: longer than {MAX_LINE_BYTES:,} bytes")
        try:
            yield number, json.loads(raw)
        except (ValueError, RecursionError):
            raise LayoutInvalid(f"line {number}: not JSON, or cut off") from None


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n"
