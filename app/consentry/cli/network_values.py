"""`GET /api/network` as values, checked: what the patient's client needs to know of a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from consentry.cli.answers import clean
from consentry.cli.client import GatewayClient
from consentry.cli.problems import GatewayMisbehaved
from consentry.domain import fields
from consentry.domain.addresses import Address, address
from consentry.domain.directory import ENTRY_KEY_BYTES
from consentry.domain.headers import MAX_SEATS, MIN_THRESHOLD
from consentry.domain.ledger import Chamber, CommitteeInfo, KeeperInfo
from consentry.errors import (
    ConsentryError,
    DeploymentMissing,
    InputError,
    LayoutInvalid,
    MethodUnsupported,
    RouteUnknown,
)
from consentry.wallets.checks import Site

if TYPE_CHECKING:
    from consentry.cli.settings import Settings

_CONTRACTS = ("IdentityRegistry", "ConsentRegistry")
_EMERGENCY = "EmergencyAccess"


@dataclass(frozen=True)
class NetworkInfo:
    """A network as its gateway tells of it: its word, members and chambers too. `seats` are the keepers' member names."""

    chain_id: int
    chain_name: str
    contracts: Mapping[str, Address]
    member: Address
    member_name: str
    committee: CommitteeInfo
    seats: tuple[str, ...]

    @property
    def consent_registry(self) -> Address:
        return self.contracts["ConsentRegistry"]

    @property
    def identity_registry(self) -> Address:
        return self.contracts["IdentityRegistry"]

    @property
    def emergency_access(self) -> Address:
        """Raises GatewayMisbehaved: an older gateway does not name it."""
        if _EMERGENCY not in self.contracts:
            raise GatewayMisbehaved("it names no contract for emergency openings")
        return self.contracts[_EMERGENCY]

    def site(self, client: GatewayClient) -> Site:
        return Site(client.authority, client.origin, self.chain_id)


def network_of(client: GatewayClient) -> NetworkInfo:
    """Raises GatewayMisbehaved when a field is missing or malformed, or no gateway answers; and what the client raises."""
    try:
        told = client.get("/api/network")
    except ConsentryError as problem:
        if not is_elsewhere(problem):
            raise
        raise GatewayMisbehaved(f"{client.authority}: this is not a gateway") from None
    try:
        contracts = told["contracts"]
        return NetworkInfo(
            chain_id=fields.integer(told["chainId"], "chainId", 1),
            chain_name=clean(told.get("chainName", "")),
            contracts={
                name: address(contracts[name])
                for name in (*_CONTRACTS, *((_EMERGENCY,) if _EMERGENCY in contracts else ()))
            },
            member=address(told["member"]["address"]),
            member_name=fields.name(told["member"]["name"], "member.name"),
            committee=_committee(told),
            seats=_seats(told),
        )
    except (KeyError, TypeError, AttributeError, LayoutInvalid) as problem:
        detail = problem.diagnostics if isinstance(problem, LayoutInvalid) else "a field is missing"
        raise GatewayMisbehaved(f"its account of the network: {detail}") from None


def deployment_of(settings: Settings, client: GatewayClient) -> dict[str, Any] | None:
    """Which contracts there are, as an exported account names them: by the deployment file, else by the gateway's word; None
    where neither says. Raises DeploymentMissing, GatewayMisbehaved, and what the client raises."""
    from consentry.chain.deployment import load_deployment, told_deployment

    if settings.deployment:
        return load_deployment(Path(settings.deployment)).to_json()
    try:
        told = client.get("/api/deployment")
    except ConsentryError as problem:
        if not is_elsewhere(problem):
            raise
        return None  # an older gateway
    try:
        return told_deployment(told, "its account of the contracts").to_json()
    except DeploymentMissing as problem:
        raise GatewayMisbehaved(problem.diagnostics) from None


def is_elsewhere(problem: ConsentryError) -> bool:
    """Whether this is what a keeper, a chain node or a web server says to a question for gateways."""
    return type(problem) in (InputError, RouteUnknown, MethodUnsupported, GatewayMisbehaved)


def _committee(told: Mapping[str, Any]) -> CommitteeInfo:
    listed = fields.array(told["keepers"], "keepers", MIN_THRESHOLD, MAX_SEATS)
    keepers = sorted((_keeper(one) for one in listed), key=lambda keeper: keeper.seat)
    if [keeper.seat for keeper in keepers] != list(range(len(keepers))):
        fields.refuse("keepers", "fill each seat once")
    if len({keeper.sealing_key for keeper in keepers}) != len(keepers):
        fields.refuse("keepers", "have a sealing key each")
    return CommitteeInfo(
        version=fields.integer(told["committeeVersion"], "committeeVersion", 1),
        threshold=fields.integer(told["threshold"], "threshold", MIN_THRESHOLD, len(keepers)),
        keepers=tuple(keepers),
    )


def _seats(told: Mapping[str, Any]) -> tuple[str, ...]:
    keepers = sorted(told["keepers"], key=lambda one: int(one["seat"]))
    return tuple(clean(one["member"]["name"], 128) for one in keepers)


def _keeper(one: Mapping[str, Any]) -> KeeperInfo:
    url = one["url"]
    if not isinstance(url, str) or urlsplit(url).scheme not in ("http", "https"):
        fields.refuse("keepers.url", "be an http or https URL")
    return KeeperInfo(
        seat=fields.integer(one["seat"], "keepers.seat", 0, MAX_SEATS - 1),
        account=address(one["account"]),
        member=address(one["member"]["address"]),
        chamber=Chamber[fields.member_of(one["chamber"], Chamber.__members__, "keepers.chamber")],
        url=url,
        sealing_key=fields.base64_bytes(one["sealingKey"], "keepers.sealingKey", ENTRY_KEY_BYTES),
    )
