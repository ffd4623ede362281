"""Searching a patient's Consents (specification N-8). Each page asks the chain anew where they stand."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import Response, request

from consentry.domain.addresses import Address
from consentry.errors import PatientNotLinked, SearchInvalid
from consentry.fhir.search_match import matches
from consentry.fhir.search_query import parse_search, token
from consentry.gateway import auth
from consentry.gateway.auditing import about_patient
from consentry.gateway.fhir import search
from consentry.gateway.fhir.asking import SELF
from consentry.gateway.fhir.blueprint import routes
from consentry.gateway.fhir.consent import CONSENT
from consentry.gateway.fhir.public_pages import offset_of, page
from consentry.gateway.parts import gateway
from consentry.services.consent_resources import resources_of, resources_to_us
from consentry.services.link import link_of, patient_of_ref
from consentry.services.sign_in import Person

BY_NUMBER = "patient.identifier"


@routes.get("/fhir/Consent")
def get_consents() -> Response:
    return _search(None)


@routes.post("/fhir/Consent/_search")
def post_consents() -> Response:
    return _search(None)


@routes.get("/fhir/Patient/<fhir_id:ref>/Consent")
def get_consents_of(ref: str) -> Response:
    return _search(ref)


@routes.post("/fhir/Patient/<fhir_id:ref>/Consent/_search")
def post_consents_of(ref: str) -> Response:
    return _search(ref)


def _search(ref: str | None) -> Response:
    auth.permit(CONSENT, "s")
    own = _own()
    sent, start = offset_of(search.pairs())
    if own is None:
        sent, ref = _by_number(sent, ref)
    if own is not None and ref is None and not any(name.partition(":")[0] == "patient" for name, _ in sent):
        ref = SELF
    asked = parse_search(CONSENT, sent, search.context(ref))
    visible = resources_to_us if own is None else resources_of
    found = [one.resource for one in visible(_patient(asked.patient, own), gateway().consent_desk)]
    return page((one for one in found if matches(one, asked.criteria)), asked, start)


def _own() -> Address | None:
    """Whose side asks; None for the desk. Raises NotSignedIn, RoleUnfit."""
    who = auth.caller()
    if isinstance(who, Person) and who.patient is not None:
        return auth.person().patient
    auth.desk()
    return None


def _patient(ref: str, own: Address | None) -> Address:
    """Raises PatientNotLinked, also for a patient's side that names somebody else."""
    if ref == SELF and own is not None:
        return about_patient(own)
    found = about_patient(patient_of_ref(ref, gateway().links), ref)
    if own is not None and own != found:
        raise PatientNotLinked(f"no such reference at {gateway().site.member_name}")
    return found


def _by_number(sent: list[tuple[str, str]], ref: str | None) -> tuple[list[tuple[str, str]], str | None]:
    """The person whose number a body names: IHE asks for it, and numbers stand in no address.

    Raises SearchInvalid, PatientNotLinked, BundleNamesTwoPatients.
    """
    given = [value for name, value in sent if name == BY_NUMBER]
    if not given:
        return sent, ref
    if any(name == BY_NUMBER for name, _ in parse_qsl(request.query_string.decode("ascii", "replace"))):
        raise SearchInvalid(
            f"{BY_NUMBER}: numbers of patients stand in the body of a _search, never in addresses"
        )
    identifiers = [(one.system or "", one.code or "") for one in map(token, given)]
    link = link_of([] if ref is None else [ref], identifiers, gateway().links)
    return [pair for pair in sent if pair[0] != BY_NUMBER], link.ref
