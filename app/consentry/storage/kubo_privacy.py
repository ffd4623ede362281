"""Whether an IPFS node (Kubo) keeps to its own: nothing is stored on one that strangers can talk to (specification H-26).

Its RPC tells its settings and where it listens, but not whether it has a swarm key. That shows at its door: a node without one
greets whoever connects in clear, in the words of libp2p's multistream; a node with one begins with a random nonce.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final

import urllib3

from consentry.domain.origins import is_loopback_host

# What Kubo 0.43 must be told, in the words of its docs/config.md: left out, each has a default that reaches out.
PRIVATE_SETTINGS: Final[Mapping[str, Any]] = {
    "Addresses.Announce": [],
    "Addresses.AppendAnnounce": [],
    "Addresses.Gateway": [],
    "Addresses.NoAnnounce": [],
    "AutoConf.Enabled": False,
    "AutoTLS.Enabled": False,
    "Bootstrap": [],
    "Discovery.MDNS.Enabled": False,
    "HTTPRetrieval.Enabled": False,
    "Provide.Enabled": False,
    "Routing.Type": "none",
    "Swarm.DisableNatPortMap": True,
    "Swarm.EnableHolePunching": False,
    "Swarm.RelayClient.Enabled": False,
    "Swarm.RelayService.Enabled": False,
}
_GREETING: Final = b"\x13/multistream/1.0.0\n"
_CONNECT_SECONDS: Final = 2.0
_GREETING_SECONDS: Final = 5.0
_MAX_DOORS: Final = 16


@dataclass(frozen=True)
class Door:
    """A TCP address, read from a multiaddr such as `/ip4/127.0.0.1/tcp/4001/p2p/…`; other transports are no doors."""

    host: str
    port: int


def exposures(config: Mapping[str, Any], addresses: Sequence[str]) -> tuple[str, ...]:
    """Everything by which the node is not private, each with what to do; `addresses` are where it says that it listens, as far
    as its settings let it say so.

    Raises LookupError, TypeError, ValueError for what is no answer of Kubo's.
    """
    listeners = _setting(config, "Addresses.Swarm") or []
    return (*_of_settings(config), *_of_hidden(listeners, addresses), *_of_addresses(addresses))


def clear_exposures(address: str) -> tuple[str, ...]:
    """Whether others can read what is said to the RPC at this multiaddr; nobody is asked. Its own machine may do as it likes."""
    parts = address.split("/")
    if len(parts) < 5 or is_loopback_host(parts[2]) or _by_tls(parts):
        return ()
    return ("its RPC is asked in clear beyond this machine: put TLS before it, and /https at the end",)


def rpc_exposures(address: str) -> tuple[str, ...]:
    """Whether the RPC at this multiaddr is safe to be asked over a network; it is looked at without a token."""
    found = clear_exposures(address)
    parts = address.split("/")
    if len(parts) < 5 or is_loopback_host(parts[2]):
        return ()
    url = f"{'https' if _by_tls(parts) else 'http'}://{_bracketed(parts[2])}:{parts[4]}/api/v0/version"
    with suppress(urllib3.exceptions.HTTPError), urllib3.PoolManager(retries=False) as pool:
        if pool.request("POST", url, timeout=_CONNECT_SECONDS).status == 200:
            found += ("its RPC answers without a token: set API.Authorizations",)
    return found


def door_of(multiaddr: str) -> Door | None:
    """Raises ValueError for a port that is no number."""
    parts = multiaddr.split("/")
    if len(parts) < 5 or parts[1] not in ("ip4", "ip6") or parts[3] != "tcp":
        return None
    return Door(parts[2], int(parts[4]))


def _of_settings(config: Mapping[str, Any]) -> Iterator[str]:
    for name, wanted in PRIVATE_SETTINGS.items():
        found = _setting(config, name)
        if found == wanted or (wanted == [] and found in (None, "")):
            continue
        yield f"{name} must be {_shown(wanted)}"


def _setting(config: Mapping[str, Any], name: str) -> Any:
    found: Any = config
    for step in name.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _of_hidden(listeners: Sequence[str], addresses: Sequence[str]) -> Iterator[str]:
    """Listeners of the settings that the node does not tell of; it tells of those of every interface one by one."""
    if listeners and not addresses:
        yield "it does not tell where it listens, so that nothing shows that it has a swarm key"
    for one in listeners:
        if not any(told == one or told.startswith(f"{one}/") for told in addresses):
            yield from _of_address(one)


def _of_address(one: str) -> Iterator[str]:
    door = door_of(one)
    if door is None or "p2p-circuit" in one:
        yield f"it listens on {one}: TCP alone knows swarm keys"
    elif ip_address(door.host).is_global:
        yield f"it listens on {one}, a public address: bind it to the members' network (Addresses.Swarm)"


def _of_addresses(addresses: Sequence[str]) -> Iterator[str]:
    doors: list[Door] = []
    for one in addresses:
        found, door = list(_of_address(one)), door_of(one)
        yield from found
        if not found and door is not None:
            doors.append(door)
    verdicts = [greets_strangers(door) for door in doors[:_MAX_DOORS]]
    if True in verdicts:
        yield "it talks to strangers: give it the members' swarm.key, and start it with LIBP2P_FORCE_PNET=1"
    elif verdicts and False not in verdicts:
        yield "its swarm address cannot be reached from here, so that nothing shows that it has a swarm key"


def greets_strangers(door: Door) -> bool | None:
    """Whether the node at this door talks to whoever has no swarm key; None where nobody answers."""
    heard = b""
    try:
        with socket.create_connection((door.host, door.port), _CONNECT_SECONDS) as connection:
            connection.settimeout(_GREETING_SECONDS)
            while len(heard) < len(_GREETING):
                piece = connection.recv(len(_GREETING) - len(heard))
                if not piece:
                    break
                heard += piece
    except OSError:
        return None
    return heard == _GREETING if len(heard) == len(_GREETING) else None


def _shown(value: object) -> str:
    return {False: "false", True: "true"}[value] if isinstance(value, bool) else repr(value).replace("'", '"')


def _by_tls(parts: Sequence[str]) -> bool:
    """`/dns4/host/tcp/port/https`, as the library reads it: a host may be called https too."""
    return parts[5:6] == ["https"]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
