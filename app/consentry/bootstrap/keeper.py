"""A keeper, wired from its settings."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from consentry.bootstrap.common import CHAIN_TIMEOUT_SECONDS, SystemClock, open_sendings, open_store
from consentry.bootstrap.machine import machine_at
from consentry.chain.ledger import open_ledger
from consentry.chain.sender import ChainSender
from consentry.crypto import keystore
from consentry.crypto.pseudonyms import feed_key
from consentry.crypto.signatures import account_of, sign_digest
from consentry.databases.place import place_of
from consentry.errors import KeystoreInvalid
from consentry.keeper.app import Keeper
from consentry.keeper.committer import Committer
from consentry.keeper.database import KeeperDatabase
from consentry.keeper.ended_sessions import SqlEndedSessions
from consentry.keeper.relay import RevocationRelay
from consentry.keeper.revocations import SqlRevocations
from consentry.keeper.settings import KeeperConfig
from consentry.keeper.store import SqlReceiptBook
from consentry.remote.tls import client_context
from consentry.services.hand_over import seeds_of
from consentry.services.head_alarm import HeadAlarm
from consentry.services.keeper_desk import Desk, Limits
from consentry.services.pace import Pace


def open_keeper(config: KeeperConfig, passphrase: Callable[[], str] = keystore.passphrase_from_env) -> Keeper:
    """A keeper, not yet comparing or committing (`committer.start`).

    Raises KeystoreLocked, KeystoreInvalid, DeploymentMissing, ConfigInvalid, StoreUnreachable.
    """
    secrets = keystore.read(Path(config.keystore), passphrase())
    if not {"account", "sealing"} <= secrets.keys():
        raise KeystoreInvalid("a keeper's keystore holds the secrets `account` and `sealing`")
    account = account_of(secrets["account"])
    tls = client_context(config.serving.tls)
    ledger = open_ledger(config.rpc_url, Path(config.deployment), timeout=CHAIN_TIMEOUT_SECONDS, tls=tls)
    database = KeeperDatabase(
        place_of(config.database),
        keeper=account,
        chain_id=ledger.chain_id,
        audit_log=ledger.address_of("AuditLog"),
    )
    book = SqlReceiptBook(database)
    desk = Desk(
        account=account,
        sign=partial(sign_digest, secrets["account"]),
        sealing_seed=secrets["sealing"],
        ledger=ledger,
        store=open_store(config.store, tls),
        book=book,
        sessions=SqlEndedSessions(database),
        revocations=SqlRevocations(database),
        clock=SystemClock(),
        limits=Limits(config.max_head_age_seconds, config.max_clock_skew_seconds, config.relay_after_seconds),
        pace=Pace(config.requests_per_second, config.request_burst),
        other_seeds=seeds_of(secrets),
        feed_key=feed_key(secrets["account"], ledger.chain_id),
    )
    # one sender for both threads: it hands out the account's nonces
    sendings = open_sendings(place_of(config.database), ledger)
    sender = ChainSender(ledger.connection, secrets["account"], sendings=sendings)
    alarm = HeadAlarm(ledger, desk.clock, config.max_head_age_seconds)

    def look_after() -> None:
        alarm.look()
        sender.tend()

    committer = Committer(
        book,
        ledger,
        sender,
        every_seconds=config.commit_every_seconds,
        at_receipts=config.commit_at_receipts,
    )
    relay = RevocationRelay(desk, sender, also=look_after)
    machine = machine_at(config.serving.tls, place_of(config.database), config.store)
    return Keeper(desk, committer, relay, metrics_key_digest=config.metrics_key_digest, machine=machine)
