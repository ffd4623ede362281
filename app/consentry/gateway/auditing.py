"""One audit event for each answer that reads or writes, on disk before the answer leaves (specification J-1 to J-4).

Routes say about whom and what they answer (`about_…`); who asks, what for and how it ended is taken from the request itself, so
that a refusal before any route leaves its event too. An answer whose event cannot be written is not given.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus

from flask import Flask, Response, request

from consentry.domain.addresses import Address
from consentry.domain.sessions import PatientSession
from consentry.errors import AuditUnwritable, NoGround
from consentry.fhir import audit_codes, audit_request, outcome
from consentry.fhir.audit_facts import Facts, Named, Outcome, Pattern, Problem
from consentry.fhir.audit_request import Asked
from consentry.fhir.merge import RECORD_TAG
from consentry.gateway import audit_names, audited, auth, problems
from consentry.gateway.audit_notes import About, notes
from consentry.gateway.parts import gateway
from consentry.gateway.request_id import opaque_id, request_id
from consentry.services import audit
from consentry.services.reading_session import Reader
from consentry.services.shown import ShownSet
from consentry.services.sign_in import Person
from consentry.services.witness import consent_ids

_NO_REFERENCES = ("self", "emergency")
_LOG = logging.getLogger(__name__)


def install(app: Flask) -> None:
    @app.after_request
    def write_down(response: Response) -> Response:
        try:
            events = _events(response)
            if events:
                audit.record(events, gateway().audit)
        except AuditUnwritable as problem:
            return problems.answer_instead(response, problem)
        except Exception as problem:
            # Whatever is wrong with an event, its answer stays here; the text may hold what was sent.
            told = {"request": opaque_id(), "error": type(problem).__name__}
            _LOG.error("request %(request)s: no audit event: %(error)s", told)
            return problems.answer_instead(response, AuditUnwritable())
        return response


def about_patient(patient: Address, ref: str = "") -> Address:
    """Whom the answer is about, and by which reference of this gateway. Somebody else than before gets an event of the own."""
    told = notes().current
    if told.patient not in (None, patient):
        notes().told.append(About(purpose=told.purpose, practitioner=told.practitioner))
        told = notes().current
    told.patient, told.ref = patient, ref or told.ref
    return patient


def about_no_ground(patient: Address, ref: str = "") -> None:
    """That nothing of this patient's was to be had, where the caller hears what hides it."""
    told = notes().current
    if told.own not in (None, patient):
        # another patient finds in the own trail what an id leaves there that is nobody's
        notes().told.append(About(purpose=told.purpose, practitioner=told.practitioner))
    about_patient(patient, "" if ref in _NO_REFERENCES else ref)
    notes().current.refused = True


def about_reader(reader: Reader) -> Reader:
    """Who reads and why; gives the reader who has keepers' receipts noted for this answer."""
    told = notes().current
    told.purpose, told.practitioner = reader.purpose, reader.practitioner
    session = reader.certificate.fields
    told.own = session.patient if isinstance(session, PatientSession) else None
    return replace(reader, witness=told.witness)


def about_opening(opening_id: bytes) -> None:
    """Under which break-glass opening it is read."""
    notes().current.opening = opening_id


def about_shown(shown: ShownSet) -> None:
    """That something is given again which a session was shown: under which grounds, by what keepers gave for it then."""
    about_patient(shown.patient, "" if shown.ref in _NO_REFERENCES else shown.ref)
    witness = notes().current.witness
    witness.requests = list(witness.requests or shown.requests)
    witness.grounds = list(witness.grounds or shown.grounds)


def about_data(kind: str, name: str = "", *, system: str = "") -> None:
    """What was read or written: a resource by the id that this gateway gave it, or by an identifier."""
    reference = f"{kind}/{name}" if name and not system else ""
    notes().current.data = Named(type=kind, reference=reference, system=system, value=name if system else "")


def about_records(record_ids: Iterable[bytes]) -> None:
    """Which records were published or taken back."""
    notes().current.records += record_ids


def each_by_itself() -> None:
    """The parts of this request (a batch) leave events of their own."""
    notes().by_parts = True


def _events(response: Response) -> list[Facts]:
    asked = _asked()
    if asked is None or (notes().by_parts and response.status_code < HTTPStatus.BAD_REQUEST):
        return []
    events = []
    _name_patient()
    for told in notes().told:
        rest = _rest(asked, told, response)
        events.append(rest)
        decision = _decision(rest, told)
        if decision is not None:
            events.append(decision)
    return events


def _name_patient() -> None:
    """Whom the address names, if no route came so far as to say it: attempts concern the patient as well."""
    told = notes().current
    if told.patient is not None or not problems.is_fhir(request.path):
        return
    named = audit_request.patient_named(request.path, request.args.items(multi=True))
    who = auth.known()
    link = gateway().links.links.by_ref(named) if named else None
    if named == "self" and isinstance(who, Person):
        told.patient = who.patient
    elif link is not None:
        told.patient, told.ref = link.patient, named


def _asked() -> Asked | None:
    """None for what leaves no event."""
    endpoint = request.endpoint or ""
    if request.method == "OPTIONS" or audited.is_silent(endpoint):
        return None
    if endpoint == "" and not problems.is_fhir(request.path):
        return None
    if endpoint in audited.AUDITED:
        pattern, subtypes, kind = audited.AUDITED[endpoint]
        rule = "" if request.url_rule is None else request.url_rule.rule
        return Asked(pattern, subtypes, kind, "", f"{request.method} {rule}")
    if problems.is_fhir(request.path):
        path = request.path.removeprefix("/fhir")
        return audit_request.asked(request.method, path, request.args.items(multi=True))
    return None


def _rest(asked: Asked, told: About, response: Response) -> Facts:
    site, problem = gateway().site, _problem(response)
    served, data = tuple(dict.fromkeys(told.witness.served)), _data(asked, told, response)
    return Facts(
        event_id=audit.new_event_id(),
        recorded=gateway().clock.now(),
        pattern=asked.pattern,
        subtypes=asked.subtypes,
        outcome=_outcome(response.status_code),
        request_id=request_id(),
        origin=site.origin,
        member=audit_names.member(site),
        client=audit_names.client(auth.known()),
        address=request.remote_addr or "unknown",
        user=audit_names.user(auth.known(), told.practitioner, told.patient),
        purpose=told.purpose,
        patient=_patient(told, data),
        data=data,
        query=asked.query,
        records=tuple(map(audit_names.hex_of, dict.fromkeys(told.records[: audit.MOST_RECORDS]))),
        problem=problem,
        requests=tuple(audit_names.hex_of(one) for one in dict.fromkeys(told.witness.requests)),
        receipts=audit_names.receipts(served[: audit.MOST_RECEIPTS]),
        more_receipts=max(len(served) - audit.MOST_RECEIPTS, 0),
    )


def _decision(rest: Facts, told: About) -> Facts | None:
    """That keepers gave something, or that nothing was to be had from them (J-2)."""
    refused = told.refused or isinstance(notes().problem, NoGround)
    decided = told.witness.requests if rest.outcome is Outcome.SUCCESS else refused
    if rest.user is None or rest.patient is None or not decided:
        return None
    by_consent = told.opening is None and rest.user.type == "Practitioner"
    return replace(
        rest,
        event_id=audit.new_event_id(),
        pattern=Pattern.DECISION,
        subtypes=(audit_codes.BY_CONSENT if by_consent else audit_codes.BY_ROLE,),
        data=None,
        grounds=audit_names.grounds(_consents(told), told.opening, rest.user),
        receipts=(),
        more_receipts=0,
    )


def _patient(told: About, data: Named | None) -> Named | None:
    if told.patient is not None:
        return audit_names.patient(told.patient, told.ref)
    entities = [f"{RECORD_TAG}|{audit_names.hex_of(one)}" for one in told.records[:1]]
    entities += [data.reference] if data is not None and data.reference else []
    found = (audit.patient_of(one, gateway().audit) for one in entities)
    own = None if told.own is None else audit_names.patient(told.own, "")
    return next((one for one in found if one is not None), own)


def _consents(told: About) -> tuple[bytes, ...]:
    parts = gateway()
    return consent_ids(told.witness.grounds, parts.site.chain_id, parts.consents.registry)


def _problem(response: Response) -> Problem | None:
    if response.status_code < HTTPStatus.BAD_REQUEST:
        return None
    problem = notes().problem or problems.of_status(response.status_code, request.path)
    issue = outcome.operation_outcome(problem)["issue"][0]["code"]
    return Problem(problem.code, issue, problem.summary)


def _outcome(status: int) -> Outcome:
    if status < HTTPStatus.BAD_REQUEST:
        return Outcome.SUCCESS
    serious = status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) or status >= 500
    return Outcome.SERIOUS if serious else Outcome.MINOR


def _data(asked: Asked, told: About, response: Response) -> Named | None:
    """What was read or written; of what failed the type alone, since an id that is none of ours may be anything."""
    if told.data is not None:
        return told.data
    created = audit_names.of_location(response.headers.get("Location", ""))
    if created is not None or not asked.type:
        return created
    if asked.id and response.status_code < HTTPStatus.BAD_REQUEST:
        return audit_names.resource(asked.type, asked.id)
    return Named(type=asked.type, display=asked.type)
