"""What administration commands share: a transaction signed with a keystore's account, told when it is mined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from consentry.cli.settings import Settings, wallet_of
from consentry.domain import fields


def transact(
    settings: Settings,
    wallet_file: str,
    function: str,
    *arguments: Any,
    said: str,
    contract: str = "MemberRegistry",
    more: Mapping[str, Any] | Callable[[], Mapping[str, Any]] | None = None,
) -> None:
    """Send one call and tell what it cost. `more`: what --json says besides, or how to find it out afterwards.

    Raises TransactionReverted, ChainUnreachable, ChainStale, ChainWrong, KeystoreLocked.
    """
    from consentry.chain.sender import ChainSender

    connection = settings.connection()
    wallet = wallet_of(wallet_file)
    with settings.output.working("Waiting for the block"):
        receipt = ChainSender(connection, wallet.private_key).transact(contract, function, *arguments)
    value = {
        "transaction": fields.to_hex(receipt.hash),
        "block": receipt.block,
        "gasUsed": receipt.gas_used,
        **((more() if callable(more) else more) or {}),
    }
    settings.output.result(
        value,
        lambda: settings.output.say(
            f"{said}: transaction {value['transaction']}, block {receipt.block}, gas {receipt.gas_used:,}"
        ),
    )
