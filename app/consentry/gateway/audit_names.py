"""How an audit event names people, systems and receipts (specification J-3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from consentry.domain import fields
from consentry.domain.addresses import Address
from consentry.fhir.audit_facts import Named, ReceiptName
from consentry.gateway.auth import Client
from consentry.ports.keeper_values import Served
from consentry.services.audit import ACCOUNT
from consentry.services.sign_in import Person, Role, Site

CLIENT, CONSENT, OPENING = "urn:consentry:client", "urn:consentry:consent", "urn:consentry:opening"
_CONSENT_ID = re.compile(r"[0-9a-f]{64}")
_LOCATION = re.compile(r"(?:.*/fhir/)?([A-Z][A-Za-z]{1,40})/([A-Za-z0-9\-.]{1,64})(?:/_history/[^/]+)?")


def member(site: Site) -> Named:
    return Named("Organization", f"Organization/{site.member}", ACCOUNT, site.member, site.member_name)


def client(who: Person | Client | None) -> Named:
    """The program that asks; of a person's nothing is known."""
    if isinstance(who, Client):
        return Named(type="Device", system=CLIENT, value=who.name, display=who.name)
    return Named(display="the browser or program of the person" if who else "a caller whom nobody knows")


def user(who: Person | Client | None, practitioner: Address | None, about: Address | None) -> Named | None:
    """Who reads or writes by that program. An account of the patient's side is named to the patient's side alone; one that is
    on another patient's side to nobody."""
    if isinstance(who, Client):
        named = who.practitioner if practitioner is None else practitioner
        return None if named is None else _practitioner(named)
    if who is None or who.role is Role.STAFF:
        return None if who is None else _practitioner(who.address)
    if about not in (None, who.patient):
        return Named("Person", "", ACCOUNT, who.address, "somebody not of the patient's side", private=True)
    if who.address == who.patient:
        return Named("Patient", "", ACCOUNT, who.address, "the patient", private=True)
    return Named("RelatedPerson", "", ACCOUNT, who.address, "a representative of the patient", private=True)


def patient(address: Address, ref: str) -> Named:
    """By the reference that this gateway's users know, if it was asked by one; the account is the patient's side's alone."""
    return Named("Patient", f"Patient/{ref}" if ref else "", ACCOUNT, address, private=True)


def grounds(consents: Iterable[bytes], opening: bytes | None, reader: Named) -> tuple[Named, ...]:
    """What a decision was made by. A consent's id leads to its patient on chain, an opening's does not."""
    if opening is not None:
        return (Named(system=OPENING, value=hex_of(opening), display="an emergency opening"),)
    if reader.type != "Practitioner":
        return (Named(display="the patient's own side, as the chain names it"),)
    return tuple(map(consent, dict.fromkeys(consents)))


def consent(consent_id: bytes) -> Named:
    """Its id leads to its patient on chain, so that it is the patient's side's alone."""
    return Named("Consent", f"Consent/{consent_id.hex()}", CONSENT, hex_of(consent_id), private=True)


def resource(kind: str, name: str) -> Named:
    """By the id that this gateway gave it."""
    if kind == "Consent" and _CONSENT_ID.fullmatch(name):
        return consent(bytes.fromhex(name))
    return Named(type=kind, reference=f"{kind}/{name}")


def receipts(served: Sequence[Served]) -> tuple[ReceiptName, ...]:
    return tuple(ReceiptName(one.keeper, one.seq, hex_of(one.value)) for one in served)


def of_location(location: str) -> Named | None:
    """What an answer says it made."""
    found = _LOCATION.fullmatch(location)
    return None if found is None else resource(found[1], found[2])


def hex_of(raw: bytes) -> str:
    return fields.to_hex(raw)


def _practitioner(account: Address) -> Named:
    return Named("Practitioner", f"Practitioner/{account}", ACCOUNT, account)
