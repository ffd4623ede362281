"""Creating, correcting and withdrawing single resources (specification F-5 to F-9; R4 http.html)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from flask import Response

from consentry.domain.addresses import Address
from consentry.errors import (
    ConditionAmbiguous,
    ConditionInvalid,
    ResourceNotOwn,
    ResourceUnknown,
    VersionConflict,
)
from consentry.fhir import single
from consentry.fhir.jsontext import Json
from consentry.gateway import auth
from consentry.gateway.auditing import about_patient
from consentry.gateway.fhir import answers, sharing
from consentry.gateway.fhir.blueprint import routes
from consentry.gateway.fhir.bodies import resource_body
from consentry.gateway.fhir.conditions import Condition, chosen, expected_versions, unless_exists
from consentry.gateway.fhir.subjects import link_of_bundle, require_about, system_of
from consentry.gateway.parts import gateway
from consentry.services import resources
from consentry.services.link import link_of
from consentry.services.own_resources import OwnResource, of_identifier, own_resource
from consentry.services.resources import CreateResource, Existing, UpdateResource, WithdrawResource


@routes.post("/fhir/<fhir_written:kind>")
def post_resource(kind: str) -> Response:
    by = auth.desk()
    auth.permit(kind, "c")
    return _create(kind, resource_body(kind), unless_exists(), by, answers.existing)


@routes.put("/fhir/<fhir_written:kind>/<fhir_id:name>")
def put_resource(kind: str, name: str) -> Response:
    by = auth.author()
    auth.permit(kind, "u")
    resource = resource_body(kind)
    single.require_id(resource, name)
    return _update(kind, name, resource, by)


@routes.put("/fhir/<fhir_written:kind>")
def put_resource_by_identifier(kind: str) -> Response:
    """R4 http.html#cond-update: none is created, one is updated, several are an error."""
    by = auth.author()
    auth.permit(kind, "u")
    resource, condition = resource_body(kind), chosen()
    link = link_of_bundle(single.bundle_of(resource, _new_identity()))
    require_about(condition, link)
    own = _one(kind, condition, link.patient)
    if own is not None:
        single.require_id({"id": own.id} | resource, own.id)
        return _update(kind, own.id, resource, by)
    auth.permit(kind, "c")
    if "id" in resource:
        raise ResourceNotOwn()
    return _create(kind, resource, condition, by, _came_meanwhile)


@routes.delete("/fhir/<fhir_written:kind>/<fhir_id:name>")
def delete_resource(kind: str, name: str) -> Response:
    by = auth.author()
    auth.permit(kind, "d")
    return _withdraw(kind, name, by)


@routes.delete("/fhir/<fhir_written:kind>")
def delete_resource_by_identifier(kind: str) -> Response:
    by = auth.author()
    auth.permit(kind, "d")
    condition = chosen()
    if condition.patient is None:
        raise ConditionInvalid("it names no patient")
    link = link_of([condition.patient], (), gateway().links)
    own = _one(kind, condition, about_patient(link.patient, link.ref))
    if own is None:
        raise ResourceUnknown()
    return _withdraw(kind, own.id, by)


def _came_meanwhile(found: Existing) -> Response:
    """200 would be taken for its update."""
    raise VersionConflict("It was created meanwhile.")


def _create(
    kind: str,
    resource: dict[str, Json],
    unless: Condition | None,
    by: str,
    existing: Callable[[Existing], Response],
) -> Response:
    parts = gateway()
    bundle = single.bundle_of(resource, _new_identity())
    link = link_of_bundle(bundle)
    if unless is not None:
        require_about(unless, link)
    named = None if unless is None else unless.identifier
    command = CreateResource(kind, link.patient, bundle, system_of(by), named)
    done = resources.create(command, parts.author, parts.publishing)
    if isinstance(done, Existing):
        return existing(done)
    return answers.written(done, f"Patient/{link.ref}")


def _update(kind: str, name: str, resource: dict[str, Json], by: str) -> Response:
    parts = gateway()
    own = own_resource(kind, name, parts.author, parts.publishing)
    if own is None:
        raise ResourceNotOwn()
    bundle = single.bundle_of(resource, own.identity)
    link = link_of_bundle(bundle)
    if sharing.shares(own):
        done = sharing.change(own, resource, link, by)
    else:
        command = UpdateResource(kind, name, link.patient, bundle, system_of(by), by, expected_versions())
        done = resources.update(command, parts.author, parts.publishing)
    return answers.written(done, f"Patient/{link.ref}")


def _withdraw(kind: str, name: str, by: str) -> Response:
    parts = gateway()
    own = own_resource(kind, name, parts.author, parts.publishing)
    if own is not None:
        about_patient(own.patient)
    if own is not None and sharing.shares(own):
        sharing.leave_out(own, by)
        return Response(status=204)
    command = WithdrawResource(kind, name, by, expected_versions())
    resources.withdraw(command, parts.author, parts.publishing)
    return Response(status=204)


def _one(kind: str, condition: Condition, patient: Address) -> OwnResource | None:
    """Raises ConditionAmbiguous."""
    parts = gateway()
    found = of_identifier(patient, kind, condition.identifier, parts.author, parts.publishing)
    if len(found) > 1:
        raise ConditionAmbiguous()
    return found[0] if found else None


def _new_identity() -> str:
    """Random, so that nothing that is created is ever taken for something else."""
    return uuid4().urn
