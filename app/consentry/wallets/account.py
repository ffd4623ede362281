"""The patient's client for the account: one wallet signature opens a session whose key asks keepers for receipts."""

from __future__ import annotations

import time

from consentry.crypto.signatures import SessionKey
from consentry.domain import sessions
from consentry.domain.addresses import Address
from consentry.domain.purposes import Purpose
from consentry.domain.sessions import (
    ANY_PURPOSE,
    PatientSession,
    Session,
    SessionCertificate,
    SessionKind,
)
from consentry.services.feed_reading import FeedReader
from consentry.services.reading_session import Reader
from consentry.wallets.keyfile import Wallet

SESSION_SECONDS = 15 * 60


def open_feed_reader(wallet: Wallet, member: str, chain_id: int) -> FeedReader:
    """Sign a short session of the regulator's system account; its key stays in memory. `member` is its public name."""
    key = SessionKey.generate()
    session = Session(wallet.address, member, ANY_PURPOSE, key.public, int(time.time()) + SESSION_SECONDS)
    signature = wallet.sign_typed(sessions.typed_data(session, chain_id))
    return FeedReader(
        wallet.address, SessionCertificate(SessionKind.SYSTEM, session, signature), key, chain_id
    )


def open_reader(wallet: Wallet, patient: Address, served_by: str, chain_id: int) -> Reader:
    """Sign a short session with the wallet, which is the patient's or a representative's; its key stays in memory.

    `served_by` names the member whose gateway told of the keepers.
    """
    key = SessionKey.generate()
    session = PatientSession(patient, served_by, key.public, int(time.time()) + SESSION_SECONDS)
    signature = wallet.sign_typed(sessions.typed_data(session, chain_id))
    certificate = SessionCertificate(SessionKind.PATIENT, session, signature)
    return Reader(wallet.address, certificate, key, None, str(Purpose.PATRQT))
