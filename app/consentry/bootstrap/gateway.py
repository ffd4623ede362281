"""A gateway, wired from its settings."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from pathlib import Path

from consentry.bootstrap.audit import audit_ports
from consentry.bootstrap.clients import client_ports
from consentry.bootstrap.common import SystemClock, open_chain, open_keepers, open_sendings, open_store
from consentry.bootstrap.family import handing_ports, identity_ports, mandate_ports, under_mandates
from consentry.bootstrap.identity import author_of, site_of
from consentry.bootstrap.machine import machine_at
from consentry.bootstrap.obeying import obey_ports
from consentry.bootstrap.page import page_ports
from consentry.bootstrap.petitions import petition_ports
from consentry.bootstrap.telling import mail_ports, telling_of
from consentry.chain.endpoints import addresses_of
from consentry.chain.ledger import ChainLedger
from consentry.chain.openings import ChainOpenings
from consentry.chain.sender import ChainSender, Until
from consentry.config import GatewayConfig, index_of
from consentry.crypto import keystore
from consentry.databases.place import place_of
from consentry.errors import KeystoreInvalid
from consentry.gateway.parts import Gateway
from consentry.gateway.scanning import Scanning
from consentry.index.author import SqlPublications
from consentry.index.consent_frames import DeskConsentFrames
from consentry.index.desk import DeskConsents, DeskLinks
from consentry.index.entries import SqlIndex
from consentry.index.episodes import DeskEpisodes
from consentry.index.erasures import SqlErasures
from consentry.index.gateway_store import GatewayStore
from consentry.index.openings import DeskOpenings
from consentry.index.own_news import OwnFiled
from consentry.index.own_resources import SqlOwnResources
from consentry.index.scanner import Scanner
from consentry.index.seed_holders import DeskSeedHolders
from consentry.index.staged import DeskStaged
from consentry.index.summaries import SqlSummaries
from consentry.index.waiting import SqlWaitingRoom
from consentry.ports import BlobStore
from consentry.remote.tls import client_context
from consentry.services.account import AskPorts
from consentry.services.anchor_times import anchor_times
from consentry.services.consent import ConsentPorts
from consentry.services.consent_resources import ConsentDesk
from consentry.services.countersigning import MOST_WAITING
from consentry.services.emergency import RELAY_SECONDS, EmergencyPorts
from consentry.services.episodes import EpisodePorts
from consentry.services.everything import EverythingPorts, WorkingSet
from consentry.services.head_alarm import HeadAlarm
from consentry.services.link import LINK_SECONDS, LinkPorts
from consentry.services.opening_desk import OpeningPorts
from consentry.services.opening_directory import DirectoryPorts
from consentry.services.pace import Pace
from consentry.services.pending import Pending
from consentry.services.publish import PublishPorts
from consentry.services.reading import ReadPorts
from consentry.services.reading_session import OpenReaders, SessionPorts, SystemSession
from consentry.services.rotation import RotationPorts
from consentry.services.settling import Settlement
from consentry.services.shown import Shown
from consentry.services.shown_grounds import ShownPorts
from consentry.services.sign_in import CHALLENGE_SECONDS, SignInPorts, Tokens
from consentry.services.signing_out import SigningOut
from consentry.services.staged_documents import StagedDocuments
from consentry.services.waiting import Completion, enter_waiting

MAX_WAITING = 10_000
LINGERING = 10
"""A tenth of the filing delay is how long what was filed waits for a batch to go along with."""
GATEWAY_SECRETS = frozenset(("account", "system", "directory", "content"))


def open_gateway(
    config: GatewayConfig, passphrase: Callable[[], str] = keystore.passphrase_from_env
) -> Gateway:
    """A gateway, not yet scanning (`scanning.start`). Its keystore holds `account` (the member's), `system` (enrolled by
    it), `directory` (X25519) and `content` (32 bytes).

    Raises KeystoreLocked, KeystoreInvalid, DeploymentMissing, ConfigInvalid, StoreUnreachable.
    """
    secrets = keystore.read(Path(config.keystore), passphrase())
    if not secrets.keys() >= GATEWAY_SECRETS:
        raise KeystoreInvalid(f"a gateway's keystore holds the secrets {', '.join(sorted(GATEWAY_SECRETS))}")
    tls = client_context(config.serving.tls)
    ledger = open_chain(config, tls)
    return gateway_on(config, secrets, ledger, open_store(config.store, tls))


def gateway_on(
    config: GatewayConfig, secrets: Mapping[str, bytes], ledger: ChainLedger, store: BlobStore
) -> Gateway:
    """The parts of a gateway on a chain and a store. What can be rebuilt from these is in a database of its own."""
    clock, site = SystemClock(), site_of(config, secrets["account"], ledger)
    database = place_of(config.database)
    index = SqlIndex(index_of(config))
    desk = GatewayStore(database)
    book = SqlPublications(database)
    erasures = SqlErasures(book.database)
    own = OwnFiled()
    scanner = Scanner(ledger, store, index, None, config.catch_up_seconds, erasures.erased, own)
    sendings = open_sendings(database, ledger)
    sender = ChainSender(ledger.connection, secrets["account"], until=Until.FINAL, sendings=sendings)
    alarm = HeadAlarm(ledger, clock, config.max_head_age_seconds)
    tls = client_context(config.serving.tls)
    keepers = open_keepers(config, tls)
    system = SystemSession(secrets["system"], site, clock)
    links = LinkPorts(
        site,
        ledger,
        clock,
        DeskLinks(desk),
        hmac.digest(secrets["content"], b"consentry/v1/link-key", "sha256"),
        Pending(clock, seconds=LINK_SECONDS, most=MAX_WAITING),
        frozenset(config.mrn_systems),
    )
    episodes = EpisodePorts(site.member, ledger, clock, DeskEpisodes(desk), links, system)
    consents = ConsentPorts(
        site, ledger, sender, DeskConsents(desk), under_mandates(desk, secrets["content"]), clock
    )
    holders = DeskSeedHolders(desk)

    working, signing_out = WorkingSet(clock), SigningOut(ledger, keepers, clock)
    shown = ShownPorts(ledger, clock, episodes, Shown(clock), anchor_times())

    def token_ended(digest: bytes) -> None:
        working.forget(digest)
        shown.shown.forget(digest)

    backend = client_ports(site, ledger, clock, desk, ended=token_ended)

    def scan() -> None:
        working.sweep()
        shown.shown.sweep()
        backend.tokens.sweep()
        signing_out.sweep()
        scanner.scan(clock.now())
        alarm.look()

    def catch_up() -> bool:
        return scanner.catch_up(clock.now())

    author = author_of(config, secrets)
    publishing = PublishPorts(
        ledger,
        store,
        sender,
        book,
        SqlWaitingRoom(book.database),
        clock,
        index,
        catch_up,
        SqlSummaries(book.database),
        SqlOwnResources(book.database),
        news=own,
    )
    delay = config.filing_delay_seconds
    completion = Completion(author, publishing, delay // LINGERING)
    settlement = Settlement(author, publishing)
    staged = StagedDocuments(ledger, store, clock, DeskStaged(desk))

    def go_on() -> None:
        sender.tend()
        settlement.run()
        enter_waiting(author, publishing, delay)
        completion.run()
        staged.sweep()

    scanning, filing = Scanning(scan), Scanning(go_on, subject="the filing of what waits")
    openings = ChainOpenings(ledger)
    reading = ReadPorts(ledger, store, index, keepers, clock, catch_up, max_bytes=config.max_read_bytes)

    emergency = EmergencyPorts(site, ledger, sender, clock)
    opening = OpeningPorts(emergency, openings, DeskOpenings(desk), store, reading.documents)
    signing_in = SignInPorts(site, ledger, clock, Tokens(clock))
    mail = mail_ports(config, secrets["content"], links, desk)
    page = page_ports(config, ledger, signing_in, consents, opening, links, desk, mail)
    telling = telling_of(config, openings, page.streams.news, mail, desk)

    def close() -> None:
        page.close()
        telling.close()
        filing.close()
        scanning.close()
        scanner.close()
        keepers.close()

    return Gateway(
        site=site,
        rpc_url=addresses_of(config.rpc_url)[0] if config.endpoint is None else "",
        deployment=ledger.connection.deployment.to_json(),
        clients=config.clients,
        metrics_key_digest=config.metrics_key_digest,
        pace=Pace(config.serving.requests_per_second, config.serving.request_burst),
        proxies=config.serving.proxies,
        max_bundle_bytes=config.max_bundle_bytes,
        ledger=ledger,
        alarm=alarm,
        sender=sender,
        store=store,
        index=index,
        clock=clock,
        author=author,
        publishing=publishing,
        obeying=obey_ports(author, secrets["account"], publishing, index, erasures),
        audit=audit_ports(config, secrets["content"], desk, site, ledger, clock),
        signing_in=signing_in,
        signing_out=signing_out,
        backend=backend,
        links=links,
        episodes=episodes,
        consents=consents,
        handing=handing_ports(config, consents),
        identity=identity_ports(ledger, sender, desk, clock, secrets["content"]),
        mandates=mandate_ports(ledger, sender, desk, clock, secrets["content"]),
        consent_desk=ConsentDesk(consents, DeskConsentFrames(desk), links, author, publishing),
        sessions=SessionPorts(
            site, clock, Pending(clock, seconds=CHALLENGE_SECONDS, most=MAX_WAITING), OpenReaders(clock)
        ),
        system=system,
        everything=EverythingPorts(reading, consents, episodes, holders, working),
        shown=shown,
        page=page,
        rotation=RotationPorts(
            site.member,
            ledger,
            consents.book,
            consents.under,
            holders,
            DeskOpenings(desk),
            ChainOpenings(ledger),
            clock,
        ),
        account=AskPorts(keepers, clock),
        openings=opening,
        countersigning=Pending(clock, seconds=RELAY_SECONDS, most=MOST_WAITING),
        staff_names=config.staff_names,
        directories=DirectoryPorts(ledger, store, sender, staged, reading.documents),
        petitions=petition_ports(config, desk, publishing, erasures, secrets["content"]),
        scanning=scanning,
        filing=filing,
        telling=telling,
        close=close,
        machine=machine_at(config.serving.tls, database, config.store),
    )
