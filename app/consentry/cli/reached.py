"""The chain as a command reaches it, and the members that it names there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consentry.cli.problems import NotFound
from consentry.cli.settings import Settings, address_argument

if TYPE_CHECKING:
    from consentry.chain.ledger import ChainLedger
    from consentry.domain.ledger import MemberInfo


def ledger_of(settings: Settings) -> ChainLedger:
    """The chain's reads through the verifier's own node."""
    from consentry.chain.ledger import ChainLedger

    return ChainLedger(settings.connection())


def found_member(text: str, ledger: ChainLedger) -> MemberInfo:
    """By its registered name or its address. Raises NotFound, LayoutInvalid."""
    named = text.startswith("0x")
    found = ledger.member(address_argument(text, "ADDRESS")) if named else ledger.member_by_name(text)
    if found is None:
        raise NotFound("no member has this name or address")
    return found
