"""How sensitive the encounters are that a publication refers to and does not hold (specification F-5).

In a psychiatric encounter everything is at least as sensitive (`fhir.placing`, rule 2), also what arrives later: the author's
book knows in which category the encounter's record is.
"""

from __future__ import annotations

import re
from dataclasses import replace

from consentry.fhir.classify import Classification
from consentry.fhir.naming import LOCAL
from consentry.fhir.placing import outside_encounters
from consentry.fhir.validate import ValidBundle
from consentry.ports.versions import UNNAMED, Version
from consentry.services.corrections import Source
from consentry.services.own_resources import own_resource
from consentry.services.publish_ports import Author, PublishPorts

_TYPED = re.compile(r"(?:^|/)(Encounter/([A-Za-z0-9\-.]{1,64}))$")


def surrounded(bundle: ValidBundle, source: Source, author: Author, ports: PublishPorts) -> ValidBundle:
    """The bundle, with what the book knows of encounters that are in other records."""
    places = source.places()
    around: dict[str, Classification] = {}
    for literal in outside_encounters(bundle):
        for one in _records(literal, source, author, ports):
            if one.place in places:
                category, grade = places[one.place]
                known = around.get(literal, Classification(category, grade, labelled=True))
                around[literal] = known.raised(category, grade)
    return replace(bundle, around=around) if around else bundle


def _records(literal: str, source: Source, author: Author, ports: PublishPorts) -> list[Version]:
    """By the id that readers see, and by the sender's own name for it, as `naming` makes it."""
    typed, found = _TYPED.search(literal), []
    if typed is not None:
        own = own_resource("Encounter", typed[2], author, ports)
        if own is not None and own.record is not None:
            found.append(own.record)
    names = [literal] if literal.startswith(("http://", "https://")) else []
    names += [] if typed is None else [f"{LOCAL}encounter:{literal} {typed[1]}"]
    keyed = [source.name("resource", one) for one in names]
    return [*found, *ports.publications.versions.related(UNNAMED, keyed)] if keyed else found
