"""Linking on the patient's own device: the desk names the DID that it was shown, the patient's page finds the challenge there,
and the wallet signs it where it is (specification W-69)."""

from __future__ import annotations

from consentry.domain.addresses import Address
from consentry.errors import ChallengeUnknown, PatientNotLinked
from consentry.ports.desk_values import Link
from consentry.services.link import Begun, Complete, LinkPorts, complete


def waiting_for(patient: Address, ports: LinkPorts) -> tuple[Begun, ...]:
    """The challenges that name this patient, the oldest first."""
    return tuple(Begun(one.text, ref) for ref, one in ports.waiting.of(patient))


def accept(ref: str, signature: str, patient: Address, ports: LinkPorts) -> Link:
    """File the link that a desk began for this patient, and whose challenge the DID's controller signed.

    Raises ChallengeUnknown (also for somebody else's), SignatureInvalid, PatientAlreadyLinked.
    """
    begun = dict(ports.waiting.of(patient)).get(ref)
    if begun is None:
        raise ChallengeUnknown()
    return complete(Complete(ref, patient, signature, begun.by), ports)


def linked_since(patient: Address, ports: LinkPorts) -> int | None:
    """When the oldest of a person's live links here was signed, in seconds; None without one."""
    link = ports.links.by_patient(patient)
    return None if link is None else link.linked_at


def link_of_patient(patient: Address, ports: LinkPorts) -> Link:
    """The oldest of a person's live links: for a desk that was shown the DID. Raises PatientNotLinked."""
    link = ports.links.by_patient(patient)
    if link is None:
        raise PatientNotLinked(f"this person is not linked at {ports.site.member_name}")
    return link
