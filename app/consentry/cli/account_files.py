"""Exported accounts as files: told apart from others, read, and checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from consentry.cli.files import require_readable
from consentry.cli.problems import CommandInvalid, FileUnreadable, NotReceipts
from consentry.cli.settings import Settings
from consentry.errors import LayoutInvalid, ProofInvalid, told
from consentry.services.account_check import AccountLedger, verify_account
from consentry.services.account_earlier import Earlier, earlier_account
from consentry.services.account_file import FORMAT, AccountHeader, read_account
from consentry.services.account_report import AccountReport
from consentry.services.receipt_pages import ReceiptsPage

_LOOKED_AT = 4096
"""Bytes at the start of a file that tell what it is."""


def is_account(path: Path) -> bool:
    """Whether a regular file starts as an exported account does. Raises FileUnreadable."""
    require_readable(path)
    if not path.is_file():  # a pipe would lose what is looked at
        return False
    with path.open("rb") as stream:
        first = stream.readline(_LOOKED_AT)
    try:
        header = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(header, dict) and header.get("format") == FORMAT


def header_of(path: Path) -> AccountHeader:
    """Raises NotReceipts, FileUnreadable."""
    with reading(path) as (header, _):
        return header


def checked(
    settings: Settings, path: Path, ledger: AccountLedger, earlier: Path | None = None
) -> AccountReport:
    """See `verify_file`, which says it."""
    with reading(path) as (header, pages), settings.output.working("Verifying") as words:
        _require_chain(path, header, ledger)
        before = {} if earlier is None else _stated_before(earlier, header)
        return verify_account(header.patient, _counted(pages, words), ledger, before)


def _stated_before(path: Path, newer: AccountHeader) -> dict[str, Earlier]:
    if not is_account(path):
        raise NotReceipts(f"{path} is not an exported account")
    with reading(path) as (header, pages):
        if (header.patient, header.chain_id) != (newer.patient, newer.chain_id):
            raise NotReceipts(f"{path} is another patient's account, or of another chain")
        if (
            header.written_at > newer.written_at
        ):  # by the files' own words; what keepers signed decides the rest
            raise CommandInvalid(
                f"--earlier: {path} was written after the account that it is to be held against; swap the two files"
            )
        try:
            return earlier_account(header, pages)
        except ProofInvalid as problem:
            where = f"the earlier account: {problem.diagnostics}"
            raise told(ProofInvalid, where, expression=problem.expression) from None


@contextmanager
def reading(path: Path) -> Iterator[tuple[AccountHeader, Iterator[ReceiptsPage]]]:
    """Raises NotReceipts, FileUnreadable, also for what is read within the block."""
    try:
        with path.open("rb") as stream:
            yield read_account(stream)
    except LayoutInvalid as problem:
        raise NotReceipts(f"{path} is no whole account: {problem.diagnostics}") from None
    except OSError as problem:
        raise FileUnreadable(f"{path}: {problem.strerror}") from None


def _require_chain(path: Path, header: AccountHeader, ledger: AccountLedger) -> None:
    if header.chain_id != ledger.chain_id:
        raise NotReceipts(f"{path} is of chain {header.chain_id}, the node serves chain {ledger.chain_id}")


def _counted(pages: Iterator[ReceiptsPage], words: Callable[[str], None]) -> Iterator[ReceiptsPage]:
    done = 0
    for page in pages:
        yield page
        done += len(page.evidence)
        words(f"Verifying: {done} receipts")
