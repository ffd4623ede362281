"""Patients ask this hospital to correct or erase what it wrote; its people see that and answer (W-42, W-43)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint

from consentry.domain import fields, times
from consentry.domain.addresses import Address, did
from consentry.domain.categories import Category, Confidentiality
from consentry.domain.petitions import ANSWERS, MOST_WORDS, Asked, State
from consentry.gateway import auth, body
from consentry.gateway.auditing import about_patient, about_records
from consentry.gateway.parts import gateway
from consentry.services import petitions
from consentry.services.petitions import Answer, Ask, Petition, Waiting

routes = Blueprint("petitions", __name__)


@routes.get("/api/retention")
def get_retention() -> dict[str, Any]:
    """For how long this member must keep records, in years from the later of a record's date and its anchor; public."""
    ports = gateway().petitions
    rules = [
        {"category": one.category, "years": one.years, "source": one.source}
        for one in petitions.keeping(ports)
    ]
    return {"jurisdiction": ports.jurisdiction or None, "rules": rules}


@routes.post("/api/petitions")
def post_petition() -> tuple[dict[str, Any], int]:
    patient, parts = auth.patient_side().patient, gateway()
    assert patient is not None
    asked = body.json_object("record", "category", "confidentiality", "asks", "words")
    command = Ask(
        patient,
        fields.hex_bytes(asked["record"], "record"),
        Category(fields.member_of(asked["category"], tuple(Category), "category")),
        Confidentiality(
            fields.member_of(asked["confidentiality"], tuple(Confidentiality), "confidentiality")
        ),
        Asked(fields.member_of(asked["asks"], tuple(Asked), "asks")),
        body.text(asked, "words", MOST_WORDS),
    )
    about_patient(patient)
    made = petitions.ask(command, parts.petitions)
    about_records([command.record_id])
    return _shown(made), 201


@routes.get("/api/petitions")
def get_petitions() -> dict[str, Any]:
    patient = auth.patient_side().patient
    assert patient is not None
    about_patient(patient)
    return {"petitions": [_shown(one) for one in petitions.petitions_of(patient, gateway().petitions)]}


@routes.get("/api/petitions/open")
def get_open() -> dict[str, Any]:
    """For those who answer for records: what waits here, the oldest first."""
    auth.author()
    parts = gateway()
    found = petitions.open_petitions(_reader(), parts.petitions)
    for patient, records in _by_patient(found.petitions).items():
        about_patient(patient)
        about_records(records)
    shown = [_waiting(one, parts.site.chain_id) for one in found.petitions]
    return {"petitions": shown, "more": found.more}


@routes.get("/api/petitions/count")
def get_count() -> dict[str, Any]:
    """How much waits here, for those who answer, without anything of it."""
    auth.author()
    return {"open": gateway().petitions.book.count_open()}


@routes.post("/api/petitions/<petition_id>/answer")
def post_answer(petition_id: str) -> dict[str, Any]:
    by, parts = auth.author(), gateway()
    asked = body.json_object("state", "words")
    state = State(fields.member_of(asked["state"], ANSWERS, "state"))
    name = fields.hex_bytes(petition_id, "petition", 16, 16)
    made = petitions.answer(Answer(name, state, body.text(asked, "words", MOST_WORDS), by), parts.petitions)
    about_patient(made.kept.patient)
    about_records([made.kept.record_id])
    return _shown(made)


def _reader() -> Address | None:
    """Whoever looks, or for whom a token's system does; None for a system by itself."""
    who = auth.caller()
    return who.practitioner if isinstance(who, auth.Client) else who.address


def _by_patient(found: Iterable[Waiting]) -> dict[Address, list[bytes]]:
    """Each patient's records: they leave an event of their own, since no trail is to name another patient's."""
    records: dict[Address, list[bytes]] = {}
    for one in found:
        records.setdefault(one.petition.kept.patient, []).append(one.petition.kept.record_id)
    return records


def _waiting(one: Waiting, chain_id: int) -> dict[str, Any]:
    category, confidentiality = one.place or (None, None)
    return _shown(one.petition) | {
        "patient": did(one.petition.kept.patient, chain_id),
        "category": category,
        "confidentiality": confidentiality,
        "standing": one.standing,
        "newer": None if one.newer is None else fields.to_hex(one.newer),
        "erased": one.erased,
        "carriedOut": one.carried_out,
        "law": None
        if one.law is None
        else {"until": times.iso(one.law.until), "source": one.law.rule.source},
    }


def _shown(petition: Petition) -> dict[str, Any]:
    kept = petition.kept
    return {
        "id": fields.to_hex(kept.petition_id),
        "record": fields.to_hex(kept.record_id),
        "asks": str(kept.asked),
        "words": petition.words,
        "askedAt": times.iso(kept.asked_at),
        "state": str(kept.state),
        "answer": petition.answer or None,
        "answeredAt": None if kept.answered_at is None else times.iso(kept.answered_at),
    }
