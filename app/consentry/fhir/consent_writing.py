"""Terms as a FHIR Consent: the inverse of `consent_reading` (N-1).

One permission is a root provision that says permit, the shape of IHE PCF Basic and Intermediate. Several are nested permits
under a root that says neither: R4 has no type there, and a typed root would say more than the terms do.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from consentry.domain import times
from consentry.domain.provisions import ANY, Provision
from consentry.domain.terms import Consent, in_words
from consentry.fhir.consent_codes import (
    AUTHORED_BY,
    CATEGORY_TAG,
    CONFIDENTIALITY,
    CONSENT_LOINC,
    INSTANCE,
    LOINC,
    MAX_USES,
    MEMBER_NAME,
    OURS,
    PARTICIPATION,
    PERMIT,
    POLICY,
    PRIVACY,
    REASONS,
    RECIPIENT,
    RECORD_TAG,
    ROLE,
    SCOPES,
    Names,
    coding,
    concept,
    member_reference,
)
from consentry.fhir.consent_elements import BEFORE_ALL
from consentry.fhir.consent_rules import WITHOUT_SUMMARY
from consentry.fhir.jsontext import Json


@dataclass(frozen=True)
class Said:
    """What a root provision says. `actors` as JSON; times in seconds, `end` exclusive and None for no expiration."""

    provisions: tuple[Provision, ...]
    actors: list[Json]
    start: int
    end: int | None
    max_uses: int


def from_terms(consent: Consent, names: Names, patient: dict[str, Json], proposed_at: int) -> dict[str, Json]:
    """The Consent of terms that were not proposed as one, without id and status; `patient` is a Reference."""
    terms = consent.terms
    own = member_reference(terms.recipient, terms.recipient_name)
    resource: dict[str, Json] = {
        "resourceType": "Consent",
        "scope": concept(SCOPES, PRIVACY),
        "category": [concept(LOINC, CONSENT_LOINC)],
        "patient": patient,
        "dateTime": times.iso(proposed_at),
        "performer": [patient],
        "organization": [own],
        "sourceAttachment": {
            "contentType": "text/plain; charset=utf-8",
            "language": "en",
            "data": b64encode("\n".join(in_words(consent)).encode()).decode("ascii"),
        },
        "policy": [{"uri": POLICY}],
    }
    if terms.roles != (ANY,):
        resource["contained"] = [_contained(role, own) for role in terms.roles]
    actors = (
        [actor(own)] if terms.roles == (ANY,) else [actor({"reference": f"#{one}"}) for one in terms.roles]
    )
    until = None if consent.valid_until == times.LATEST else consent.valid_until
    said = Said(terms.provisions, actors, consent.valid_from, until, terms.max_uses)
    return {**resource, "provision": root_provision(said, names)}


def as_sent(resource: dict[str, Json]) -> dict[str, Json]:
    """Without what a gateway says of a Consent: its id, status, version and our own extensions."""
    kept = {key: value for key, value in resource.items() if key not in ("id", "status", "meta", "extension")}
    meta = {
        key: one for key, one in resource.get("meta", {}).items() if key not in ("versionId", "lastUpdated")
    }
    others = [one for one in resource.get("extension", ()) if not str(one.get("url")).startswith(OURS)]
    return kept | {key: value for key, value in (("meta", meta), ("extension", others)) if value}


def agreed(resource: dict[str, Json], said: Said, names: Names, *, compiled: bool) -> dict[str, Json]:
    """A Consent as it was sent, but saying whom it is for and from when; `compiled`: and by its permissions alone, so that
    nobody is told what was denied."""
    shown = as_sent(resource)
    if compiled:
        # a narrative tells what was denied
        shown.pop("text", None)
        return {**shown, "provision": root_provision(said, names)}
    root = dict(resource["provision"])
    if "actor" not in root and not any("actor" in rule for rule in root.get("provision", ())):
        root["actor"] = said.actors
    if "start" not in root.get("period", {}):
        root["period"] = {**root.get("period", {}), "start": times.iso(said.start)}
    return {**shown, "provision": root}


def actor(reference: dict[str, Json]) -> dict[str, Json]:
    return {"role": concept(PARTICIPATION, RECIPIENT), "reference": reference}


def root_provision(said: Said, names: Names) -> dict[str, Json]:
    """`Consent.provision` of these permissions."""
    root: dict[str, Json] = {"period": _period(said.start, said.end), "actor": said.actors}
    if said.max_uses:
        # a decimal, since FHIR's integers end at 2³¹
        root["modifierExtension"] = [{"url": MAX_USES, "valueDecimal": said.max_uses}]
    if len(said.provisions) == 1:
        return {**root, **_rule(said.provisions[0], names)}
    return {**root, "provision": [_rule(one, names) for one in said.provisions]}


def _rule(one: Provision, names: Names) -> dict[str, Json]:
    dated = (one.data_from, one.data_until) != (ANY, ANY)
    unsaid = (WITHOUT_SUMMARY if dated else (ANY,),)
    found: dict[str, Json] = {
        "type": PERMIT,
        "purpose": [] if one.purposes == (ANY,) else [coding(REASONS, code) for code in one.purposes],
        "class": [] if one.categories in unsaid else [coding(CATEGORY_TAG, code) for code in one.categories],
        "securityLabel": [] if one.confidentiality == ANY else [coding(CONFIDENTIALITY, one.confidentiality)],
        "data": [*_data(AUTHORED_BY, one.authors, names), *_data(INSTANCE, one.records, names)],
    }
    if dated:
        start = None if one.data_from == ANY else times.seconds(one.data_from)
        end = None if one.data_until == ANY else times.seconds(one.data_until)
        found["dataPeriod"] = _period(start, end)
    return {key: value for key, value in found.items() if value}


def _data(meaning: str, values: tuple[str, ...], names: Names) -> list[Json]:
    if values == (ANY,):
        return []
    return [{"meaning": meaning, "reference": _referred(meaning, value, names)} for value in values]


def _referred(meaning: str, value: str, names: Names) -> dict[str, Json]:
    if meaning == INSTANCE:
        return {"type": "Bundle", "identifier": {"system": RECORD_TAG, "value": value}}
    address = next((one for one, name in names.members.items() if name == value), None)
    if address is not None:
        return member_reference(address, value)
    return {"type": "Organization", "identifier": {"system": MEMBER_NAME, "value": value}, "display": value}


def _period(start: int | None, end: int | None) -> dict[str, Json]:
    """FHIR counts the end in; ours is the first second outside."""
    found: dict[str, Json] = {} if start is None else {"start": times.iso(start)}
    if end is not None:
        found["end"] = BEFORE_ALL if end == times.EARLIEST else times.iso(end - 1)
    return found


def _contained(role: str, own: dict[str, Json]) -> dict[str, Json]:
    return {
        "resourceType": "PractitionerRole",
        "id": role,
        "organization": own,
        "code": [concept(ROLE, role)],
    }
