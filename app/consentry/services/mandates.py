"""Mandates at a gateway: given by the patient's signature, kept for whoever acts by them (specification C-17, W-85).

The gateway relays what the controller signed and pays for it. Whether a mandate holds is the chain's word alone; what it
covers no chain says, so the gateway keeps it, sealed, for the patient and for the representative. It ends as consents do, by
the patient's revocation of its id.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from consentry.crypto.kept import open_kept, seal_kept
from consentry.domain import fields, mandates
from consentry.domain.addresses import Address
from consentry.domain.ledger import ConsentState, ConsentStatus, TxReceipt
from consentry.domain.mandates import Mandate
from consentry.errors import LayoutInvalid, MandatesTooMany, SignatureInvalid, TransactionReverted
from consentry.ports import Clock, Ledger, Sender
from consentry.ports.mandates import KeptMandate, MandateBook
from consentry.services.author_names import require_registered
from consentry.services.pace import Pace

CONTRACT = "ConsentRegistry"
MOST_NAME = 80
MOST_ASKED, MOST_SHOWN = 200, 100
"""Of one patient, and of one representative. Whoever is named by many strangers is not kept waiting for the chain."""
MOST_OF_PAIR = 10
"""That hold, of one patient for one representative."""
MOST_PATIENTS = 50
"""Whose mandates one representative is shown: each is told of it in the audit trail."""
RELAYED_A_DAY = 20
"""For one wallet: the member pays for each."""
_SEALED = b"consentry/v1/mandate"
_NOT_SIGNED = ("MandateSignatureInvalid", "ConsentSignatureInvalid", "IdentitySignatureInvalid")


@dataclass(frozen=True)
class MandatePorts:
    """`content_key` (32 bytes) seals what is kept."""

    ledger: Ledger
    sender: Sender
    book: MandateBook
    clock: Clock
    content_key: bytes = field(repr=False)
    relays: Pace = field(default_factory=lambda: Pace(RELAYED_A_DAY / 86_400, RELAYED_A_DAY))

    @property
    def registry(self) -> Address:
        return Address(self.ledger.address_of(CONTRACT))


@dataclass(frozen=True)
class GiveMandate:
    """The controller's signature over `Mandate`; `name` is the patient's own word for the person and may be empty; `by` is the
    account that sends it."""

    mandate: Mandate
    name: str
    signature: bytes
    by: Address


@dataclass(frozen=True)
class Shown:
    """A mandate that the chain knows, with what it says of it now. `name` is empty for everybody but the patient's side."""

    mandate_id: bytes
    mandate: Mandate
    name: str
    state: ConsentState
    transaction: bytes | None


def give(command: GiveMandate, ports: MandatePorts) -> TxReceipt | None:
    """None where the chain has it already: an answer was lost. What is kept of it does not change then.

    Raises LayoutInvalid for a name that is none, TermsInvalid for authors whom nobody has registered, SignatureInvalid,
    TransactionReverted (seen before, too late to relay, …), MandatesTooMany, RateLimited.
    """
    if len(command.name) > MOST_NAME or not fields.is_plain(command.name):
        raise LayoutInvalid(f"name: must be at most {MOST_NAME} printable characters", expression=("name",))
    mandate = command.mandate
    require_registered(mandate.scope.provisions, "mandate.scope", ports.ledger.members())
    known = mandates.mandate_id(mandate, ports.ledger.chain_id, ports.registry)
    if ports.ledger.consent_of(mandate.patient, known).status is not ConsentStatus.Granted:
        _require_room(mandate, ports)
        ports.relays.take(command.by)
    # kept first: a scope that the chain has and nobody keeps would be of no use to the representative. Without the name:
    # who says it may be a representative, and no signature has been looked at
    first = ports.book.keep(_kept(known, mandate, "", ports))
    try:
        receipt = ports.sender.transact(
            CONTRACT, "grantMandateBySignature", mandate.arguments, command.signature
        )
    except (SignatureInvalid, TransactionReverted) as refused:
        status = ports.ledger.consent_of(mandate.patient, known).status
        if status is ConsentStatus.Granted:
            return None
        if status is ConsentStatus.Unknown and first:
            ports.book.drop(known)
        if isinstance(refused, TransactionReverted) and refused.name in _NOT_SIGNED:
            raise SignatureInvalid("it is not signed by the one who controls this identity now") from None
        raise
    ports.book.relayed(replace(_kept(known, mandate, command.name, ports), transaction=receipt.hash))
    return receipt


def given_by(patient: Address, ports: MandatePorts) -> tuple[Shown, ...]:
    """What this patient gave through this gateway: what holds, then the rest, the newest first."""
    return tuple(
        _opened(*one, ports) for one in _known(ports.book.given_by(patient, MOST_ASKED), ports)[:MOST_SHOWN]
    )


def held_by(representative: Address, ports: MandatePorts) -> tuple[Shown, ...]:
    """What was given to this account through this gateway: what holds first, and of each patient a few."""
    of: Counter[Address] = Counter()
    found: list[Shown] = []
    for kept, state in _known(ports.book.held_by(representative, MOST_ASKED), ports):
        if of[kept.patient] == MOST_OF_PAIR or (kept.patient not in of and len(of) == MOST_PATIENTS):
            continue
        of[kept.patient] += 1
        found.append(replace(_opened(kept, state, ports), name=""))
    return tuple(found[:MOST_SHOWN])


def _require_room(mandate: Mandate, ports: MandatePorts) -> None:
    """Raises MandatesTooMany."""
    given = ports.book.given_by(mandate.patient, MOST_ASKED)
    same = [one for one in given if one.representative == mandate.representative]
    now = ports.clock.now()
    if sum(_holds(state, now) for _, state in _known(same, ports)) >= MOST_OF_PAIR:
        raise MandatesTooMany()


def _kept(known: bytes, mandate: Mandate, name: str, ports: MandatePorts) -> KeptMandate:
    text = json.dumps({"mandate": mandate.to_json(), "name": name}, ensure_ascii=False)
    sealed = seal_kept(ports.content_key, _SEALED, known, text.encode("utf-8"))
    return KeptMandate(known, mandate.patient, mandate.representative, sealed, ports.clock.now())


def _known(kept: Sequence[KeptMandate], ports: MandatePorts) -> Sequence[tuple[KeptMandate, ConsentState]]:
    """Those that the chain knows, what holds first: what waits for its relay, or never came there, holds nothing."""
    if not kept:
        return ()
    calls = [ports.ledger.consent_call(one.patient, one.mandate_id) for one in kept]
    states = (answer.get() for answer in ports.ledger.evaluate(calls))
    known = [
        (one, state)
        for one, state in zip(kept, states, strict=True)
        if state.status is not ConsentStatus.Unknown
    ]
    now = ports.clock.now()
    return sorted(known, key=lambda one: not _holds(one[1], now))


def _holds(state: ConsentState, now: int) -> bool:
    return state.status is ConsentStatus.Granted and now < state.valid_until


def _opened(kept: KeptMandate, state: ConsentState, ports: MandatePorts) -> Shown:
    inside = json.loads(open_kept(ports.content_key, _SEALED, kept.mandate_id, kept.sealed))
    mandate = Mandate.from_json(inside["mandate"])
    return Shown(kept.mandate_id, mandate, inside["name"], state, kept.transaction)
