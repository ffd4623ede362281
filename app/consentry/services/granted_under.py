"""Under which mandates consents were granted that are kept here, and how such consents stand (specification C-20, W-109).

A consent that was granted under a mandate holds as long as both do. Which mandate it was, the chain knows by its id; what it
covers no chain says, so it is kept whole, sealed, beside the terms.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from consentry.crypto.kept import open_kept, seal_kept
from consentry.domain.addresses import Address
from consentry.domain.ledger import ConsentState, ConsentStatus
from consentry.domain.mandates import Mandate
from consentry.ports import Ledger
from consentry.ports.consent_mandates import ConsentMandates, KeptUnder
from consentry.ports.desk_values import KeptConsent

_SEALED = b"consentry/v1/consent-mandate"


@dataclass(frozen=True)
class Under:
    """A mandate with its id, 32 bytes."""

    mandate_id: bytes
    mandate: Mandate


@dataclass(frozen=True)
class UnderMandates:
    """`content_key` (32 bytes) seals what is kept. Raises StoreUnreachable."""

    book: ConsentMandates
    content_key: bytes = field(repr=False)

    def keep(self, consent_id: bytes, under: Under, now: int) -> bool:
        """Whether it is new; `now` in seconds."""
        text = json.dumps(under.mandate.to_json(), ensure_ascii=False).encode("utf-8")
        sealed = seal_kept(self.content_key, _SEALED, consent_id, text)
        who = under.mandate.representative
        return self.book.keep(KeptUnder(consent_id, under.mandate_id, who, sealed, now))

    def settle(self, consent_id: bytes, under: Under, now: int) -> None:
        """Keep what the chain names, in place of what was kept before it was sent and is not what the chain took."""
        if self.of([consent_id]).get(consent_id) not in (None, under):
            self.drop(consent_id)
        self.keep(consent_id, under, now)

    def drop(self, consent_id: bytes) -> None:
        self.book.drop(consent_id)

    def of(self, consent_ids: Sequence[bytes]) -> Mapping[bytes, Under]:
        """By consent id; those that the patient's own side granted are not among them."""
        return {one.consent_id: self._opened(one) for one in self.book.of(consent_ids)}

    def by(self, representative: Address, most: int) -> Mapping[bytes, Under]:
        """By consent id, the newest first."""
        return {one.consent_id: self._opened(one) for one in self.book.by(representative, most)}

    def _opened(self, kept: KeptUnder) -> Under:
        inside = open_kept(self.content_key, _SEALED, kept.consent_id, kept.sealed)
        return Under(kept.mandate_id, Mandate.from_json(json.loads(inside)))


@dataclass(frozen=True)
class Stands:
    """What the chain says of a consent, `under` with its mandate: revoked as soon as one of the two is."""

    state: ConsentState
    under: Under | None


def agreed(consent_ids: Sequence[bytes], ledger: Ledger, mandates: UnderMandates) -> Mapping[bytes, Under]:
    """By consent id, the kept mandates that the chain names too: they are kept before they are sent."""
    under = mandates.of(consent_ids)
    named = mandates_named(list(under), ledger)
    return {consent_id: one for consent_id, one in under.items() if named.get(consent_id) == one.mandate_id}


def mandates_named(consent_ids: Sequence[bytes], ledger: Ledger) -> Mapping[bytes, bytes]:
    """By consent id, the ids of the mandates under which the chain has these as granted; the patient's own are not among them."""
    if not consent_ids:
        return {}
    answers = ledger.evaluate([ledger.mandate_of_call(one) for one in consent_ids])
    named = ((one, answer.get()) for one, answer in zip(consent_ids, answers, strict=True))
    return {one: mandate_id for one, mandate_id in named if mandate_id is not None}


def stand(kept: Sequence[KeptConsent], ledger: Ledger, mandates: UnderMandates) -> tuple[Stands, ...]:
    """Of each, in order."""
    if not kept:
        return ()
    under = agreed([one.consent_id for one in kept], ledger, mandates)
    asked = [(one.consent.patient, one.consent_id) for one in kept]
    beside = dict.fromkeys((one.mandate.patient, one.mandate_id) for one in under.values())
    states = [ledger.consent_call(patient, name) for patient, name in (*asked, *beside)]
    answers = [answer.get() for answer in ledger.evaluate(states)]
    of_mandate = dict(zip((name for _, name in beside), answers[len(kept) :], strict=True))
    return tuple(
        _stands(state, under.get(one.consent_id), of_mandate)
        for one, state in zip(kept, answers[: len(kept)], strict=True)
    )


def _stands(state: ConsentState, under: Under | None, of_mandate: Mapping[bytes, ConsentState]) -> Stands:
    if under is None or state.status is not ConsentStatus.Granted:
        return Stands(state, under)
    mandate = of_mandate[under.mandate_id]
    if mandate.status is not ConsentStatus.Revoked:
        return Stands(state, under)
    ended = replace(state, status=ConsentStatus.Revoked, changed_at=mandate.changed_at)
    return Stands(ended, under)
