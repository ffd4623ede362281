"""What a gateway's routes work with. `bootstrap.open_gateway` puts it together; tests do so with other adapters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from flask import current_app

from consentry.config import ClientKey
from consentry.gateway.page_ports import PagePorts
from consentry.gateway.scanning import Scanning
from consentry.ports import BlobStore, Clock, Index, Ledger, Sender
from consentry.services.account import AskPorts
from consentry.services.audit import AuditPorts
from consentry.services.backend_services import ClientPorts
from consentry.services.consent import ConsentPorts
from consentry.services.consent_resources import ConsentDesk
from consentry.services.countersigning import Ringing, Waiting
from consentry.services.episodes import EpisodePorts
from consentry.services.everything import EverythingPorts
from consentry.services.handing import HandingPorts
from consentry.services.head_alarm import HeadAlarm
from consentry.services.link import LinkPorts
from consentry.services.mandates import MandatePorts
from consentry.services.obeying import ObeyPorts
from consentry.services.opening_desk import OpeningPorts
from consentry.services.opening_directory import DirectoryPorts
from consentry.services.own_identity import IdentityPorts
from consentry.services.pace import Pace
from consentry.services.petitions import PetitionPorts
from consentry.services.publish import Author, PublishPorts
from consentry.services.reading_session import SessionPorts, SystemSession
from consentry.services.rotation import RotationPorts
from consentry.services.shown_grounds import ShownPorts
from consentry.services.sign_in import SignInPorts, Site
from consentry.services.signing_out import SigningOut
from consentry.telemetry.machine import Machine

_NAME = "consentry"


@dataclass(frozen=True)
class Gateway:
    """One running gateway. `rpc_url` is told to wallets, `deployment` (JSON) to whoever verifies; `close` ends what holds
    files and connections."""

    site: Site
    rpc_url: str
    deployment: Mapping[str, Any]
    clients: tuple[ClientKey, ...]
    metrics_key_digest: str
    pace: Pace
    proxies: int
    max_bundle_bytes: int
    ledger: Ledger
    alarm: HeadAlarm
    sender: Sender
    store: BlobStore
    index: Index
    clock: Clock
    author: Author
    publishing: PublishPorts
    obeying: ObeyPorts
    audit: AuditPorts
    signing_in: SignInPorts
    signing_out: SigningOut
    backend: ClientPorts
    links: LinkPorts
    episodes: EpisodePorts
    consents: ConsentPorts
    handing: HandingPorts
    identity: IdentityPorts
    mandates: MandatePorts
    consent_desk: ConsentDesk
    sessions: SessionPorts
    system: SystemSession
    everything: EverythingPorts
    shown: ShownPorts
    page: PagePorts
    rotation: RotationPorts
    account: AskPorts
    openings: OpeningPorts
    countersigning: Waiting
    staff_names: Mapping[str, str]
    directories: DirectoryPorts
    petitions: PetitionPorts
    scanning: Scanning
    filing: Scanning
    telling: Scanning
    close: Callable[[], None]
    machine: Machine = field(default_factory=Machine)
    ringing: Ringing = field(default_factory=Ringing)


def gateway() -> Gateway:
    """The gateway of the application that serves this request."""
    return cast(Gateway, current_app.extensions[_NAME])


def keep(extensions: dict[str, object], parts: Gateway) -> None:
    extensions[_NAME] = parts
