"""FHIR Consents at a gateway: proposed, shown, and what comes of updates (design §6; specification N-5 to N-7).

Whether a consent holds is the chain's word alone. Of a Consent that was sent, a gateway keeps what surrounds the permissions, so
that it comes back; what it permits stands in the terms, which the patient signs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock

from consentry.crypto.kept import open_kept, seal_kept
from consentry.domain import fields, times
from consentry.domain.addresses import Address, did
from consentry.errors import BundleNamesTwoPatients, ConditionAmbiguous, ConsentFixed
from consentry.fhir import identity, jsontext
from consentry.fhir.consent_codes import Names
from consentry.fhir.consent_elements import about
from consentry.fhir.consent_reading import ConsentDraft, read_consent
from consentry.fhir.consent_showing import Facts, State, signature
from consentry.fhir.consent_showing import shown as shown_resource
from consentry.fhir.consent_writing import as_sent, from_terms
from consentry.fhir.jsontext import Json
from consentry.fhir.validate import MAX_DEPTH, check_resource
from consentry.ports.consent_frames import ConsentFrames
from consentry.services import consent as consents
from consentry.services.consent import ConsentPorts, Shown, Status
from consentry.services.desk_proposals import at_desk
from consentry.services.link import LinkPorts, link_of
from consentry.services.own_resources import own_resource
from consentry.services.proposing import Propose
from consentry.services.proposing import propose as propose_terms
from consentry.services.publish import Author, PublishPorts

URI = "urn:ietf:rfc:3986"
_FRAME = b"consentry/v1/consent-frame"
_STATES = {
    Status.PROPOSED: State.PROPOSED,
    Status.ACTIVE: State.ACTIVE,
    Status.REVOKED: State.INACTIVE,
    Status.EXPIRED: State.INACTIVE,
}


@dataclass(frozen=True)
class ConsentDesk:
    """`author` and `publishing` tell which of this hospital's own resources are records of their own."""

    consents: ConsentPorts
    frames: ConsentFrames
    links: LinkPorts
    author: Author
    publishing: PublishPorts
    deciding: Lock = field(default_factory=Lock)
    """Held while a condition is decided, so that two requests don't both find none."""

    @property
    def base(self) -> str:
        return f"{self.consents.site.origin}/fhir"


@dataclass(frozen=True)
class ConsentResource:
    """A Consent as clients see it, and the consent behind it; `changed_at` in seconds: when it got where it stands."""

    consent: Shown
    state: State
    changed_at: int
    resource: dict[str, Json]


@dataclass(frozen=True)
class ProposeResource:
    """A Consent that was sent; `by` names the client or staff account that proposes. `unless`: only if the patient has none
    here with this identifier (system, None for any; value); `unless_of` is the patient's reference in that condition, if any."""

    resource: dict[str, Json]
    by: str
    unless: tuple[str | None, str] | None = None
    unless_of: str | None = None


@dataclass(frozen=True)
class UpdateResource:
    """An update that was sent for this Consent; `pace` is called before anything is relayed."""

    current: ConsentResource
    resource: dict[str, Json]
    pace: Callable[[], None]


@dataclass(frozen=True)
class Proposed:
    """`created` is false for one that was there already."""

    consent: ConsentResource
    created: bool


def propose(command: ProposeResource, desk: ConsentDesk) -> Proposed:
    """Propose what the Consent says to its patient.

    Raises NotFhir, ConsentNotExpressible, ConsentPermitsNothing, TermsInvalid, PatientNotLinked, BundleNamesTwoPatients,
    ConditionAmbiguous.
    """
    draft = check(command.resource, desk)
    literal, identifiers = about(command.resource["patient"])
    patient = link_of([literal] if literal else [], identifiers, desk.links).patient
    if command.unless_of is not None and link_of([command.unless_of], (), desk.links).patient != patient:
        raise BundleNamesTwoPatients("The condition names another patient than the Consent.")
    if command.unless is None:
        return Proposed(_propose(patient, draft, command.by, desk), created=True)
    with desk.deciding:
        found = _identified(resources_of(patient, desk), *command.unless)
        if len(found) > 1:
            raise ConditionAmbiguous()
        return Proposed(found[0] if found else _propose(patient, draft, command.by, desk), not found)


def update(command: UpdateResource, desk: ConsentDesk) -> ConsentResource:
    """Grant (status active) or revoke (status inactive), by the patient's signature in the resource. A revocation asks for
    nothing else; otherwise what the Consent says must be as it was.

    Raises NotFhir, ConsentSignatureMissing, ConsentFixed, ConsentNotExpressible, and what granting and revoking raise.
    """
    check_resource(command.resource)
    current, wanted = command.current, command.resource["status"]
    kept = current.consent.kept
    if wanted == State.INACTIVE:
        if current.state is State.INACTIVE:
            return current
        signed = signature(command.resource)
        command.pace()
        consents.revoke(kept.consent.patient, kept.consent_id, signed, desk.consents)
    else:
        if as_sent(command.resource) != as_sent(current.resource):
            raise ConsentFixed()
        if wanted == current.state:
            return current
        if (current.state, wanted) != (State.PROPOSED, State.ACTIVE):
            raise ConsentFixed(
                f"Its status is {current.state}; another one is reached by granting or revoking only."
            )
        signed = signature(command.resource)
        command.pace()
        consents.grant(kept.consent_id, signed, desk.consents)
    return resource_of(kept.consent_id, desk)


def check(resource: dict[str, Json], desk: ConsentDesk) -> ConsentDraft:
    """What would be proposed. Raises NotFhir, ConsentNotExpressible, ConsentPermitsNothing."""
    return read_consent(resource, _names(desk), desk.consents.clock.now())


def resource_of(consent_id: bytes, desk: ConsentDesk) -> ConsentResource:
    """Raises ConsentUnknown."""
    return _resources([consents.consent_of(consent_id, desk.consents)], desk)[0]


def resources_of(patient: Address, desk: ConsentDesk) -> tuple[ConsentResource, ...]:
    """Those that were proposed to this patient here, the newest first."""
    return _resources(consents.consents_of(patient, desk.consents), desk)


def resources_to_us(patient: Address, desk: ConsentDesk) -> tuple[ConsentResource, ...]:
    """As `resources_of`, without those that are none of the desk's (W-46)."""
    return _resources(at_desk(patient, desk.consents), desk)


def _propose(patient: Address, draft: ConsentDraft, by: str, desk: ConsentDesk) -> ConsentResource:
    made = propose_terms(_command(patient, draft, by), desk.consents)
    sealed = seal_kept(desk.author.content_key, _FRAME, made.kept.consent_id, jsontext.write(draft.resource))
    desk.frames.keep(made.kept.consent_id, sealed)
    return _resource(made, draft.resource, desk)


def _identified(
    found: Sequence[ConsentResource], system: str | None, value: str
) -> tuple[ConsentResource, ...]:
    return tuple(
        one
        for one in found
        if any(own == value and system in (None, named) for named, own in identity.identifiers(one.resource))
    )


def _command(patient: Address, draft: ConsentDraft, by: str) -> Propose:
    terms = {
        "roles": list(draft.roles),
        "provisions": [one.to_json() for one in draft.provisions],
        "maxUses": draft.max_uses,
    }
    window = times.iso(draft.valid_from), times.iso(draft.valid_until)
    return Propose(patient, terms, *window, by)


def _names(desk: ConsentDesk) -> Names:
    members = {Address(one.address): one.name for one in desk.consents.ledger.members()}

    def record(reference: str) -> str | None:
        kind, _, name = reference.partition("/")
        own = own_resource(kind, name, desk.author, desk.publishing)
        return fields.to_hex(own.record.record_id) if own is not None and own.record and own.alone else None

    return Names(desk.consents.site.member, members, desk.base, record)


def _resources(found: Sequence[Shown], desk: ConsentDesk) -> tuple[ConsentResource, ...]:
    frames = desk.frames.of([one.kept.consent_id for one in found])
    # members are asked for once, and only if some were proposed as terms
    names = _names(desk) if len(frames) < len(found) else Names(desk.consents.site.member, {})
    return tuple(
        _resource(one, _agreed(one, frames.get(one.kept.consent_id), names, desk), desk) for one in found
    )


def _agreed(one: Shown, sealed: bytes | None, names: Names, desk: ConsentDesk) -> dict[str, Json]:
    """As it was sent; or, for one that was proposed as terms, as terms say it."""
    consent, consent_id = one.kept.consent, one.kept.consent_id
    if sealed is not None:
        raw = open_kept(desk.author.content_key, _FRAME, consent_id, sealed)
        kept: dict[str, Json] = jsontext.read(raw, max_depth=MAX_DEPTH)
        return kept
    did_ = did(consent.patient, desk.consents.site.chain_id)
    patient = {"type": "Patient", "identifier": {"system": URI, "value": did_}}
    return from_terms(consent, names, patient, one.kept.proposed_at)


def _resource(one: Shown, agreed: dict[str, Json], desk: ConsentDesk) -> ConsentResource:
    kept, state = one.kept, _STATES[one.status]
    held = kept.consent
    to_grant = consents.typed_data(held, desk.consents) if state is State.PROPOSED else None
    to_revoke = (
        None
        if state is State.INACTIVE
        else consents.revocation_data(held.patient, kept.consent_id, desk.consents)
    )
    facts = Facts(kept.consent_id, state, _changed_at(one), to_grant, to_revoke, kept.transaction)
    return ConsentResource(one, state, facts.changed_at, shown_resource(agreed, facts))


def _changed_at(one: Shown) -> int:
    """When it got where it stands: what ends by itself, the chain says nothing of."""
    changed = one.changed_at or one.kept.proposed_at
    if one.status is not Status.EXPIRED:
        return changed
    held = one.kept.consent
    return max(changed, held.valid_until if one.changed_at else held.relay_before)
