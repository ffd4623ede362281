"""Whom what is published is about: never two people, and somebody who is linked here."""

from __future__ import annotations

from flask import request

from consentry.errors import BundleNamesTwoPatients
from consentry.fhir.validate import ValidBundle
from consentry.gateway.auditing import about_patient
from consentry.gateway.fhir.conditions import Condition
from consentry.gateway.parts import gateway
from consentry.ports.desk_values import Link
from consentry.services.link import link_of, link_of_ref

PATIENT_REF = "X-Consentry-Patient-Ref"


def link_of_bundle(bundle: ValidBundle) -> Link:
    """Whom the caller's header names, or whom the bundle's references and identifiers do.

    Raises PatientNotLinked, BundleNamesTwoPatients.
    """
    links, clues = gateway().links, bundle.patient
    ref = request.headers.get(PATIENT_REF)
    named = link_of(clues.references, clues.identifiers, links) if ref is None else link_of_ref(ref, links)
    about_patient(named.patient, named.ref)
    if ref is not None:
        link_of(clues.references, clues.identifiers, links, known=named)
    return named


def require_about(condition: Condition, link: Link) -> None:
    """A condition about somebody else would never be met. Raises BundleNamesTwoPatients, PatientNotLinked."""
    if condition.patient is None:
        return
    if link_of([condition.patient], (), gateway().links).patient != link.patient:
        raise BundleNamesTwoPatients("The condition names another patient than the resource.")


def system_of(by: str) -> str:
    """What ids count within: one system, whoever uses it; people all enter by the same one. `by` is what `auth.desk` or
    `auth.author` gives."""
    return by.partition(" for ")[0] if by.startswith("client:") else "staff"
