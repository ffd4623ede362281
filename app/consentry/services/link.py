"""Linking a member's patient number (MRN) to a DID, at the desk, by the patient's own wallet (specification G-4).

The number itself is never stored: only its HMAC under a key of this gateway, so that neither the database nor a copy of
it tells who the patients are.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from consentry.crypto.signatures import recover
from consentry.domain import fields, times
from consentry.domain.addresses import Address
from consentry.errors import (
    BundleNamesTwoPatients,
    PatientAlreadyLinked,
    PatientNotLinked,
    SignatureInvalid,
)
from consentry.ports import Clock, Ledger
from consentry.ports.desk_values import Link
from consentry.services.patient_numbers import clean_number, number_digest, number_of
from consentry.services.pending import Pending
from consentry.services.personal_message import personal_digest, signature_bytes
from consentry.services.sign_in import Site

_LOG = logging.getLogger(__name__)
LINK_SECONDS = 600


class Links(Protocol):
    """Durable; every method is one transaction, safe from any thread."""

    def add(self, link: Link) -> Link:
        """File the link unless the number has one; gives the live link."""

    def by_ref(self, ref: str) -> Link | None: ...

    def by_number(self, number_digest: bytes) -> Link | None: ...

    def by_patient(self, patient: Address) -> Link | None:
        """The oldest of a person's live links."""

    def end(self, link: Link, now: int) -> bool:
        """The number is free again; what was stays as evidence. Whether this very link was live."""

    def knew(self, patient: Address) -> bool:
        """Whether anybody was ever linked here as this patient."""


@dataclass(frozen=True)
class Begun:
    """What the wallet signs with `personal_sign`, and the reference that the person will have."""

    text: str
    ref: str


@dataclass(frozen=True)
class Waiting:
    """`by` began it at the desk."""

    text: str
    number_digest: bytes
    by: str


@dataclass(frozen=True)
class Complete:
    """The wallet's answer to a challenge; `by` names the client or staff account at the desk."""

    ref: str
    patient: Address
    signature: str
    by: str


@dataclass(frozen=True)
class LinkPorts:
    """`key` (32 bytes) makes the digests of numbers; `mrn_systems` name this member's own numbers, whose links are bare."""

    site: Site
    ledger: Ledger
    clock: Clock
    links: Links
    key: bytes
    waiting: Pending[Waiting]
    mrn_systems: frozenset[str] = frozenset()


def begin(number: str, by: str, ports: LinkPorts, patient: Address | None = None) -> Begun:
    """A challenge for the person at the desk who has this patient number; a `patient` who is named finds it on the own page
    too. Raises LayoutInvalid."""
    digest = number_digest(number_of(number), ports.key)
    ref = secrets.token_hex(16)
    ends = ports.clock.now() + ports.waiting.seconds
    text = "\n".join(
        (
            f"{ports.site.member_name} wants to file this wallet with my patient number there.",
            "",
            "I sign this at its desk. It lets nobody read anything, and costs nothing.",
            "",
            f"Reference: {ref}",
            f"Chain: {ports.site.chain_id}",
            f"Nonce: {secrets.token_hex(16)}",
            f"Valid until: {times.iso(ends)}",
        )
    )
    ports.waiting.put(Waiting(text, digest, by), ref, owner=patient)
    return Begun(text, ref)


def complete(command: Complete, ports: LinkPorts) -> Link:
    """File the link, if the DID's controller signed the challenge. Linked again, the person keeps the first reference.

    Raises ChallengeUnknown, SignatureInvalid (the challenge stays, for another try), PatientAlreadyLinked (to another DID).
    """
    waiting = ports.waiting.look(command.ref)
    raw = signature_bytes(command.signature)
    if recover(personal_digest(waiting.text), raw) != ports.ledger.identity_owner(command.patient):
        raise SignatureInvalid("the challenge is not signed by the DID's controller")
    ports.waiting.take(command.ref)
    now = ports.clock.now()
    link = Link(
        command.ref, waiting.number_digest, command.patient, now, command.by, waiting.text, fields.to_hex(raw)
    )
    live = ports.links.add(link)
    if live.patient != command.patient:
        raise PatientAlreadyLinked()
    return live


def unlink(ref: str, ports: LinkPorts) -> None:
    """End the link with exactly this reference. Raises PatientNotLinked."""
    if not ports.links.end(_by_ref(ref, ports), ports.clock.now()):
        raise PatientNotLinked(f"no such reference at {ports.site.member_name}")
    _LOG.info("link %(ref)s was ended", {"ref": ref})  # a reference is a person's: JSON leaves it out


def require_known(patient: Address, ports: LinkPorts) -> None:
    """That this is somebody's patient here, or was: of strangers nothing is kept. Raises PatientNotLinked."""
    if not ports.links.knew(patient):
        raise PatientNotLinked("this hospital has not linked you to a patient of its own")


def patient_of_ref(ref: str, ports: LinkPorts) -> Address:
    """Raises PatientNotLinked."""
    return link_of_ref(ref, ports).patient


def link_of_ref(ref: str, ports: LinkPorts) -> Link:
    """Raises PatientNotLinked."""
    return _by_ref(ref, ports)


def link_of_mrn(number: object, ports: LinkPorts) -> Link:
    """The live link of a patient number: for a desk that lost the reference. Raises PatientNotLinked, LayoutInvalid."""
    link = ports.links.by_number(number_digest(number_of(number), ports.key))
    if link is None:
        raise PatientNotLinked(f"this number is not linked at {ports.site.member_name}")
    return link


def patient_of_identifiers(identifiers: Iterable[tuple[str, str]], ports: LinkPorts) -> Address:
    """Whom these identifiers (system, value) of one person are linked to, by `system|value`, or by the bare `value` of our own.

    Raises PatientNotLinked, BundleNamesTwoPatients when they lead to different patients.
    """
    patients = _linked(identifiers, ports)
    if len(patients) > 1:
        raise BundleNamesTwoPatients("Its identifiers are linked to different patients here.")
    if not patients:
        raise PatientNotLinked(
            f"No identifier of the Bundle's patient is linked at {ports.site.member_name}, "
            "and no X-Consentry-Patient-Ref header names the patient."
        )
    return patients.pop()


def link_of(
    references: Iterable[str],
    identifiers: Iterable[tuple[str, str]],
    ports: LinkPorts,
    *,
    known: Link | None = None,
) -> Link:
    """The link of the one person whom these references (`Patient/<ref>`, also under this gateway's address) and identifiers
    name here; those that name nobody here are the sender's own affair. `known` was named otherwise, and is one of them.

    Raises PatientNotLinked, BundleNamesTwoPatients.
    """
    own = f"{ports.site.origin}/fhir/"
    refs = [one.removeprefix(own).removeprefix("Patient/") for one in references]
    named = [] if known is None else [known]
    named += [link for link in map(ports.links.by_ref, refs) if link is not None]
    named += _links(identifiers, ports)
    if len({link.patient for link in named}) > 1:
        raise BundleNamesTwoPatients("What it says of its patient is linked to different people here.")
    if not named:
        raise PatientNotLinked(
            f"Neither a reference (Patient/…), nor an identifier, nor an X-Consentry-Patient-Ref header names somebody linked "
            f"at {ports.site.member_name}."
        )
    return named[0]


def _linked(identifiers: Iterable[tuple[str, str]], ports: LinkPorts) -> set[Address]:
    return {link.patient for link in _links(identifiers, ports)}


def _links(identifiers: Iterable[tuple[str, str]], ports: LinkPorts) -> list[Link]:
    names = {name for system, value in identifiers for name in _names(system, value, ports)}
    found = [
        ports.links.by_number(number_digest(name, ports.key))
        for name in map(clean_number, sorted(names))
        if name is not None
    ]
    return [link for link in found if link is not None]


def _names(system: str, value: str, ports: LinkPorts) -> Iterator[str]:
    """The linked numbers that an identifier may mean. One with a `|` is `system|value`, split at the first; a bare one
    is this member's own, since another hospital gives the same number to somebody else."""
    if system and "|" not in system:
        yield f"{system}|{value}"
    if (not system or system in ports.mrn_systems) and "|" not in value:
        yield value


def _by_ref(ref: str, ports: LinkPorts) -> Link:
    link = ports.links.by_ref(ref)
    if link is None:
        raise PatientNotLinked(f"no such reference at {ports.site.member_name}")
    return link
