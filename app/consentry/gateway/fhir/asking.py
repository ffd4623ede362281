"""Who asks, about whom and why: from the sign-in or token, the address and the headers of a request."""

from __future__ import annotations

from flask import request
from werkzeug.datastructures import MultiDict

from consentry.domain.addresses import Address, address
from consentry.domain.openings import Opening
from consentry.domain.purposes import Purpose
from consentry.errors import HeaderInvalid, LayoutInvalid, PatientNotLinked
from consentry.gateway import auth
from consentry.gateway.auditing import about_opening, about_patient, about_reader
from consentry.gateway.auth import Client
from consentry.gateway.emergency import id_of
from consentry.gateway.parts import gateway
from consentry.services import opening_desk
from consentry.services.link import patient_of_ref
from consentry.services.reading import Which
from consentry.services.reading_session import Reader

SELF = "self"
EMERGENCY = "emergency"
"""In place of the reference of a patient who is known here by an opening alone."""
PRACTITIONER = "X-Consentry-Practitioner"
PURPOSE = "X-Consentry-Purpose"
HISTORY = "_history"
OPENING = "X-Consentry-Opening"


def reader_patient_opening(ref: str) -> tuple[Reader, Address, Opening | None]:
    """Who reads, whose record `Patient/<ref>` is, and the opening that the request names, if any.

    Raises NotSignedIn, RoleUnfit, HeaderInvalid, PatientNotLinked, ReadingSessionMissing, OpeningNotHeld.
    """
    if OPENING not in request.headers:
        asking = reader()
        return asking, patient_of(ref), None
    parts = gateway()
    asking = about_reader(parts.sessions.readers.of(auth.staff(), Purpose.ETREAT))
    kept = opening_desk.in_force(id_of(_header(OPENING)), parts.openings)
    about_opening(kept.opening_id)
    if ref != EMERGENCY and patient_of_ref(ref, parts.links) != kept.patient:
        raise HeaderInvalid(f"{OPENING}: names an opening of another patient")
    about_patient(kept.patient, "" if ref == EMERGENCY else ref)
    return asking, kept.patient, kept.opening


def reader() -> Reader:
    """Who reads and why, whoever the patient is. Raises NotSignedIn, RoleUnfit, HeaderInvalid, ReadingSessionMissing."""
    who = auth.caller()
    if isinstance(who, Client):
        return about_reader(_system_reader(who))
    auth.person()
    opened = Purpose.ETREAT if OPENING in request.headers else None
    purpose = _purpose() if PURPOSE in request.headers else opened
    return about_reader(gateway().sessions.readers.of(who, purpose))


def which(named: MultiDict[str, str]) -> Which:
    """The versions that `_history` asks for. Raises HeaderInvalid."""
    asked = named.getlist(HISTORY)
    if asked not in ([], ["true"], ["false"]):
        raise HeaderInvalid(f"{HISTORY}: must be true or false, once")
    return Which.ALL if asked == ["true"] else Which.NEWEST


def patient_of(ref: str) -> Address:
    """Whose reference it is here; `self` for the caller's own. Raises PatientNotLinked."""
    who = auth.caller()
    own = None if isinstance(who, Client) else who.patient
    if ref != SELF:
        found = patient_of_ref(ref, gateway().links)
        if own not in (None, found):
            # a patient's side does not learn who else is known here
            raise PatientNotLinked(f"no such reference at {gateway().site.member_name}")
        return about_patient(found, ref)
    if own is None:
        raise PatientNotLinked("`self` is for a patient; staff names the patient's reference")
    return about_patient(own)


def _system_reader(client: Client) -> Reader:
    """A hospital system names for whom it asks, and why: by its token, or with each request. Never by both, unless alike."""
    practitioner = client.practitioner
    if practitioner is None or PRACTITIONER in request.headers:
        practitioner = _practitioner()
    purpose = client.purpose
    if purpose is None or PURPOSE in request.headers:
        purpose = _purpose()
    for header, bound, named in (
        (PRACTITIONER, client.practitioner, practitioner),
        (PURPOSE, client.purpose, purpose),
    ):
        if bound not in (None, named):
            raise HeaderInvalid(f"{header}: names another one than the token is bound to")
    return gateway().system.reader(practitioner, purpose, client.token_digest)


def _practitioner() -> Address:
    try:
        return address(_header(PRACTITIONER))
    except LayoutInvalid:
        raise HeaderInvalid(f"{PRACTITIONER}: must be an account, 0x and 40 hex digits") from None


def _purpose() -> str:
    purpose = _header(PURPOSE)
    if purpose not in frozenset(Purpose):
        raise HeaderInvalid(f"{PURPOSE}: must be one of {', '.join(Purpose)}")
    return purpose


def _header(name: str) -> str:
    value = request.headers.get(name)
    if not value:
        raise HeaderInvalid(f"{name}: is missing; a system names who asks and why with each request")
    return value
