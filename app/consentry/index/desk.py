"""The desk's ports on its store: links and consents as the services speak of them (G-4, C-1)."""

from __future__ import annotations

import json
from functools import lru_cache

from consentry.domain.addresses import Address
from consentry.domain.terms import KEPT, Consent
from consentry.index.gateway_store import GatewayStore, HeldConsent, HeldState, Proposal, ProposalState
from consentry.index.gateway_store import Link as LinkRow
from consentry.ports.desk_values import KeptConsent, Link


class DeskLinks:
    """The Links port. Raises StoreUnreachable."""

    def __init__(self, store: GatewayStore) -> None:
        self._store = store

    def add(self, link: Link) -> Link:
        evidence = json.dumps({"signature": link.signature, "text": link.text})
        row = LinkRow(link.number_digest, link.patient, link.linked_at, link.linked_by, evidence, link.ref)
        return _link(self._store.link(row))

    def by_ref(self, ref: str) -> Link | None:
        row = self._store.link_by_ref(ref)
        return None if row is None else _link(row)

    def by_number(self, number_digest: bytes) -> Link | None:
        row = self._store.link_of(number_digest)
        return None if row is None else _link(row)

    def by_patient(self, patient: Address) -> Link | None:
        row = self._store.link_of_patient(patient)
        return None if row is None else _link(row)

    def end(self, link: Link, now: int) -> bool:
        return self._store.unlink(link.ref, now)

    def knew(self, patient: Address) -> bool:
        return self._store.was_linked(patient)


class DeskConsents:
    """The ConsentBook port: open proposals, and consents that were signed. Raises StoreUnreachable."""

    def __init__(self, store: GatewayStore) -> None:
        self._store = store

    def propose(self, kept: KeptConsent) -> None:
        self._store.propose(_proposal(kept))

    def keep(self, kept: KeptConsent) -> None:
        self._store.keep_proposal(_proposal(kept))

    def get(self, consent_id: bytes) -> KeptConsent | None:
        proposal = self._store.proposal(_proposal_id(consent_id))
        if proposal is None or proposal.consent_id != consent_id:
            return None
        return _kept(proposal, self._store.consent(consent_id))

    def of_patient(self, patient: Address) -> tuple[KeptConsent, ...]:
        signed = {one.consent_id: one for one in self._store.consents_of(patient)}
        kept = [_kept(one, signed.get(one.consent_id or b"")) for one in self._store.proposals_of(patient)]
        return tuple(sorted(kept, key=lambda one: (one.proposed_at, one.consent_id), reverse=True))

    def proposed_by(self, by: str, most: int) -> tuple[KeptConsent, ...]:
        found = self._store.proposals_by(by, most)
        return tuple(_kept(one, self._store.consent(one.consent_id or b"")) for one in found)

    def granted(self, kept: KeptConsent, signature: bytes, transaction: bytes, now: int) -> None:
        consent = kept.consent
        self._store.keep_proposal(_proposal(kept))
        self._store.hold(
            HeldConsent(
                consent_id=kept.consent_id,
                patient=consent.patient,
                consent=_text(consent),
                signature=signature,
                valid_from=consent.valid_from,
                valid_until=consent.valid_until,
                received_at=now,
            )
        )
        self._store.mark_consent(kept.consent_id, HeldState.GRANTED, transaction)
        self._store.settle_proposal(_proposal_id(kept.consent_id), ProposalState.GRANTED, kept.consent_id)

    def drop(self, consent_id: bytes, by: str) -> None:
        self._store.drop_proposal(_proposal_id(consent_id), by)

    def revoked(self, consent_id: bytes, transaction: bytes) -> None:
        self._store.mark_consent(consent_id, HeldState.REVOKED, transaction)


def _link(row: LinkRow) -> Link:
    evidence = json.loads(row.evidence)
    return Link(
        ref=row.ref,
        number_digest=row.number_key,
        patient=Address(row.patient),
        linked_at=row.linked_at,
        linked_by=row.linked_by,
        text=evidence["text"],
        signature=evidence["signature"],
    )


def _proposal(kept: KeptConsent) -> Proposal:
    return Proposal(
        proposal_id=_proposal_id(kept.consent_id),
        patient=kept.consent.patient,
        consent=_text(kept.consent),
        proposed_at=kept.proposed_at,
        proposed_by=kept.proposed_by,
        ends_at=kept.consent.relay_before,
        consent_id=kept.consent_id,
    )


def _kept(proposal: Proposal, signed: HeldConsent | None) -> KeptConsent:
    return KeptConsent(
        consent_id=proposal.consent_id or b"",
        consent=_consent(proposal.consent),
        proposed_at=proposal.proposed_at,
        proposed_by=proposal.proposed_by,
        transaction=None if signed is None else signed.transaction,
    )


@lru_cache(maxsize=KEPT)
def _consent(text: str) -> Consent:
    return Consent.from_json(json.loads(text))


def _proposal_id(consent_id: bytes) -> bytes:
    """A consent's id is known when it is proposed, because the gateway chose the salt."""
    return consent_id[:16]


def _text(consent: Consent) -> str:
    return json.dumps(consent.to_json(), ensure_ascii=False)
