"""Who a gateway is, by its settings and its keystore."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from consentry.config import GatewayConfig
from consentry.crypto.signatures import account_of
from consentry.domain.addresses import address
from consentry.errors import ConfigInvalid, LayoutInvalid
from consentry.ports import Ledger
from consentry.services.publish import Author
from consentry.services.sign_in import Site

COPY_KEY_BYTES = 1_216


def site_of(config: GatewayConfig, account_key: bytes, ledger: Ledger) -> Site:
    """Raises ConfigInvalid when the settings name a member for which the keystore's account does not act, or no usable URL.

    The chain is asked only where that account is not the member's own address: then another key acts for it (M-8, M-10).
    """
    try:
        member = address(config.member)
    except LayoutInvalid:
        raise ConfigInvalid("member: must be an address") from None
    account = account_of(account_key)
    if account != member and ledger.evaluate([ledger.acting_for_call(account)])[0].get() != member:
        raise ConfigInvalid("member: the keystore's account does not act for it")
    url = urlsplit(config.public_url)
    if url.scheme not in ("http", "https") or not url.netloc or url.path.strip("/"):
        raise ConfigInvalid("public_url: must be an http or https address without a path")
    return Site(f"{url.scheme}://{url.netloc.lower()}", member, config.member_name, ledger.chain_id)


def author_of(config: GatewayConfig, secrets: Mapping[str, bytes]) -> Author:
    """The author that a gateway with these settings is: its member, whichever key acts for it. Raises ConfigInvalid."""
    try:
        copy_key = bytes.fromhex(config.copy_key.removeprefix("0x"))
    except ValueError:
        copy_key = b""
    if len(copy_key) != COPY_KEY_BYTES:
        raise ConfigInvalid(f"copy_key: must be the hex of {COPY_KEY_BYTES} bytes")
    return Author(
        address=address(config.member),
        directory_key=secrets["directory"],
        copy_key=copy_key,
        content_key=secrets["content"],
    )
