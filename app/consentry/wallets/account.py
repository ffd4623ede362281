"""The patient's client for the account: one wallet signature opens a session whose key asks keepers for receipts."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass

from consentry.crypto.signatures import SessionKey
from consentry.domain import sessions
from consentry.domain.addresses import Address
from consentry.domain.sessions import PatientSession, SessionCertificate, SessionKind
from consentry.services.receipts import ReceiptsQuery
from consentry.wallets.keyfile import Wallet

SESSION_SECONDS = 15 * 60


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

    def ask(self, after: int, now: int) -> tuple[bytes, bytes]:
        """A request for the receipts from sequence number `after` on, and its signature (64 bytes)."""
        query = ReceiptsQuery(
            actor=self.actor,
            after=after,
            chain_id=self.chain_id,
            issued_at=now,
            nonce=secrets.token_bytes(16),
            patient=self.patient,
            session=self.certificate,
        )
        return query.to_bytes(), self.key.sign(query.to_bytes())
