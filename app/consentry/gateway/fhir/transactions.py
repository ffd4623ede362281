"""Transactions (R4 http.html#transaction): one publication, answered entry by entry (specification F-10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Response

from consentry.domain import fields
from consentry.errors import BundleNamesTwoPatients, BundleTypeUnsupported, ConditionInvalid, PatientNotLinked
from consentry.fhir import outcome, tables
from consentry.fhir.identity import local_id
from consentry.fhir.jsontext import Json
from consentry.fhir.merge import RECORD_TAG, reader_id
from consentry.fhir.requests import Asked, place_of
from consentry.fhir.validate import check_bundle
from consentry.gateway import auth
from consentry.gateway.auditing import about_records
from consentry.gateway.fhir.answers import REPRESENTATION, anchor_headers, anchored_at, fhir_response, new_at
from consentry.gateway.fhir.conditions import condition_of, versions_of
from consentry.gateway.fhir.preferences import preference
from consentry.gateway.fhir.subjects import link_of_bundle, require_about, system_of
from consentry.gateway.parts import gateway
from consentry.gateway.published import BESIDE, labels_of, shown
from consentry.ports.desk_values import Link
from consentry.services.publish import PublishedRecord
from consentry.services.resources import require_current
from consentry.services.transactions import Entry, Transacted, Transaction, transact

_LETTERS = {"POST": "c", "PUT": "u"}


@dataclass(frozen=True)
class _Answers:
    """What is said of each entry. `records`: by identity, the record that alone holds it."""

    done: Transacted
    link: Link
    records: Mapping[str, PublishedRecord]
    whole: bool
    anchored_at: str = ""

    @property
    def patient_ref(self) -> str:
        return f"Patient/{self.link.ref}"

    def entry(self, index: int, kind: str) -> dict[str, Any]:
        if kind == "Patient":
            return {"response": {"status": "200 OK", "location": self.patient_ref}}
        if index in self.done.existing:
            own = self.done.existing[index]
            return {"response": {"status": "200 OK"} | _place(kind, own.id, require_current(own).version)}
        if self.done.published is None:
            # it is kept with what refers to it, and that was there already
            return {"response": {"status": "200 OK"}}
        identity = self.done.identities[index]
        if identity not in self.records:
            # a copy lies in each record that refers to it
            name = reader_id(kind, gateway().site.member, "", local_id(identity))
            return {"response": {"status": "201 Created", "location": f"{kind}/{name}"}}
        return self._published(kind, local_id(identity), self.records[identity])

    def _published(self, kind: str, local: str, record: PublishedRecord) -> dict[str, Any]:
        name = reader_id(kind, gateway().site.member, fields.to_hex(record.first), local)
        new = record.created and record.version == 1
        when = new_at(record, self.anchored_at)
        status = "202 Accepted" if record.waiting else "201 Created" if new else "200 OK"
        said = {"url": RECORD_TAG, "valueUri": f"{RECORD_TAG}:{fields.to_hex(record.record_id)}"}
        response = {
            "extension": [said, *labels_of(record)],
            "status": status,
            **_place(kind, name, record.version),
            **({"lastModified": when} if when else {}),
        }
        if not self.whole:
            return {"response": response}
        found = shown(record, kind, name, self.patient_ref, gateway().site, when)
        return {"resource": found, "response": response}


def transaction(
    tree: dict[str, Json], asked: Sequence[Asked], by: str, replaces: tuple[bytes, ...] = ()
) -> Response:
    """Publish it, all or nothing; `by` is what `auth.desk` gives. Raises what `check_bundle` and `transact` do."""
    for one in asked:
        if one.method not in _LETTERS:
            raise BundleTypeUnsupported(expression=(f"{one.path}.method",))
    parts, bundle = gateway(), check_bundle(tree)
    kinds = [row["resource"]["resourceType"] for row in tree["entry"]]
    for kind, letter in sorted({(kinds[one.index], _LETTERS[one.method]) for one in asked}):
        if kind != "Patient":
            auth.permit(kind, letter)
            if replaces:
                auth.permit(kind, "u")
    link = link_of_bundle(bundle)
    entries = [_entry(one, tree["entry"][one.index]["resource"], link) for one in asked]
    if replaces:
        by = auth.author()
    command = Transaction(
        link.patient,
        tree,
        bundle,
        system_of(by),
        by,
        lambda kind: auth.permit(kind, "c"),
        auth.author,
        tuple(one for one in entries if one is not None),
        replaces,
    )
    done = transact(command, parts.author, parts.publishing)
    published = () if done.published is None else done.published.records
    about_records(one.record_id for one in published)
    records = {held.identity: one for one in published for held in one.draft.held}
    whole = preference("return", REPRESENTATION) is not None
    when = "" if done.published is None else anchored_at(done.published)
    answers = _Answers(done, link, records, whole, when)
    told = [answers.entry(index, kind) for index, kind in enumerate(kinds)]
    if done.published is not None and done.published.beside:
        told[0]["response"]["outcome"] = outcome.information(" ".join(BESIDE))
    response = fhir_response({"resourceType": "Bundle", "type": f"{tree['type']}-response", "entry": told})
    if done.published is not None:
        response.headers.update(anchor_headers(done.published))
    return response


def _entry(asked: Asked, resource: dict[str, Json], link: Link) -> Entry | None:
    """What it asks for besides being published. A supporting resource is copied to whoever refers to it, and so is written
    whether it is there or not."""
    place = place_of(asked, resource)
    if tables.is_context(place.type):
        return None
    one = Entry(asked.index, place.type, place.id, expected=versions_of(asked.if_match))
    if place.id is None and asked.method == "PUT":
        return replace(one, identifier=_identifier(place.query, asked, link))
    if asked.if_none_exist:
        return replace(one, identifier=_identifier(asked.if_none_exist, asked, link), unless=True)
    return one if place.id is not None else None


def _identifier(query: str, asked: Asked, link: Link) -> tuple[str | None, str]:
    try:
        condition = condition_of(query)
        if condition is None:
            raise ConditionInvalid("it names no identifier")
        require_about(condition, link)
    except (ConditionInvalid, BundleNamesTwoPatients, PatientNotLinked) as problem:
        problem.expression = (asked.path,)
        raise
    return condition.identifier


def _place(kind: str, name: str, version: int) -> dict[str, str]:
    return {"location": f"{kind}/{name}/_history/{version}", "etag": f'W/"{version}"'}
