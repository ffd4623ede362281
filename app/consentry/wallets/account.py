"""The patient's client for the account: one wallet signature opens a session whose key asks keepers for receipts."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from consentry.crypto import hpke
from consentry.crypto.signatures import SessionKey
from consentry.domain import sessions
from consentry.domain.addresses import Address
from consentry.domain.sessions import PatientSession, SessionCertificate, SessionKind
from consentry.services.receipts import ReceiptsPage, ReceiptsQuery, open_receipts
from consentry.wallets.keyfile import Wallet

SESSION_SECONDS = 15 * 60


@dataclass(frozen=True)
class AskedReceipts:
    """A query for one keeper, its signature (64 bytes), and the seed of the key that the answer is sealed to."""

    query: bytes
    signature: bytes
    opener: bytes = field(repr=False)

    def page(self, answer: Any) -> ReceiptsPage:
        """The page in the keeper's answer. Raises LayoutInvalid, SealInvalid."""
        return open_receipts(self.opener, self.query, answer)


@dataclass(frozen=True)
class ReceiptsSession:
    """A patient's session in memory; `actor` is the wallet's account, the patient or a representative."""

    actor: Address
    patient: Address
    chain_id: int
    key: SessionKey
    certificate: SessionCertificate

    @classmethod
    def open(cls, wallet: Wallet, patient: Address, served_by: str, chain_id: int) -> ReceiptsSession:
        """Sign a short session with the wallet; `served_by` names the member whose gateway told of the keepers."""
        key = SessionKey.generate()
        session = PatientSession(patient, served_by, key.public, int(time.time()) + SESSION_SECONDS)
        signature = wallet.sign_typed(sessions.typed_data(session, chain_id))
        certificate = SessionCertificate(SessionKind.PATIENT, session, signature)
        return cls(wallet.address, patient, chain_id, key, certificate)

    def ask(self, keeper: Address, after: int, now: int) -> AskedReceipts:
        """Asks one keeper for its receipts from sequence number `after` on."""
        opener = hpke.generate_seed()
        query = ReceiptsQuery(
            actor=self.actor,
            after=after,
            chain_id=self.chain_id,
            issued_at=now,
            keeper=keeper,
            nonce=secrets.token_bytes(16),
            patient=self.patient,
            seal_to=hpke.public_key(opener),
            session=self.certificate,
        ).to_bytes()
        return AskedReceipts(query, self.key.sign(query), opener)
