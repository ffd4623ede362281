"""How FHIR content maps onto Consentry's categories. The tables are in `data/`; this page says what they
mean.

* visit: Encounter, EpisodeOfCare, Appointment, Communication; Observations of history, examination, surveys
* laboratory: Observation `laboratory`, DiagnosticReport (v2-0074 LAB, HM, CH, MB …), Specimen; LOINC 11502-2
* vitals: Observation `vital-signs`, or one of the vital signs' LOINC codes
* imaging: ImagingStudy, Media, DiagnosticReport RAD, CT, NMR, RUS …; LOINC 18748-4 and LP29684-5
* medication, allergy, problem, procedure, immunization, device: the FHIR types of that name, their requests
* document: Composition, DocumentReference, clinical notes by LOINC (11488-4, 34117-2 …)
* care-plan: CarePlan, Goal, ServiceRequest …; billing: Coverage, Claim, ExplanationOfBenefit …
* psychiatry: labels PSY, PSYTHPN, MH, BH …; ICD-10 F (less F1); ATC N05A, N06A; LOINC 34788-0 and its like
* substance: labels ETH, ETHUD, OPIOIDUD, SUD; ICD-10 F10 to F19 (not tobacco), K70 …; ATC N07BB, N07BC
* sexual-health: labels STD, SEX; ICD-10 A50 to A64, Z30 …; ATC G03A
* hiv: label HIV; ICD-10 B20 to B24, Z21 …; ATC J05AR …; LOINC 56888-1 …
* violence: labels SDV, VIO, MST; ICD-10 T74, T76, X85 to Y09; LOINC 76499-3 … (HARK)
* genetics: labels GDIS, SCA; v2-0074 GE; LOINC 81247-9 …; interpretation only, sequences are level 4
* emergency: advance directives (LOINC 42348-3, Consent scope `adr`), RelatedPerson (contacts)
* consent: FHIR Consent

A resource's *desk* (the ordinary category) follows from its type and its category codings. Its *sensitivity*
(psychiatry to genetics) follows from every coding and every coded text in it, wherever it stands: a reason, a
section, a contained resource. The tables are a floor, not a terminology server: a sender that labels its data
(`meta.security`) is always believed.
"""

from __future__ import annotations

from consentry.domain.categories import Category, stricter
from consentry.fhir import tables, tree
from consentry.fhir.jsontext import Json

ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_ACT_CODE_SYSTEMS = (ACT_CODE, "http://hl7.org/fhir/v3/ActCode", "urn:oid:2.16.840.1.113883.5.4")
_DESK_PATHS = ("category", "code", "type", "scope")
_FREE_TEXT = frozenset(("note", "text", "dosage", "dosageInstruction", "item"))


def desk(resource: dict[str, Json], default: Category) -> Category:
    """The ordinary category: the strictest that its category, type and scope codings name, else the type's
    own."""
    known = tables.category_codes()
    found = [
        known[key]
        for path in _DESK_PATHS
        for concept in tree.at(resource, path)
        if isinstance(concept, dict)
        for coding in tree.at(concept, "coding")
        if (key := (str(coding.get("system")), str(coding.get("code")))) in known
    ]
    if not found:
        return default
    strictest = found[0]
    for category in found[1:]:
        strictest = stricter(strictest, category)
    return strictest


def sensitivities(inside: tree.Objects) -> frozenset[Category]:
    """Every sensitive category that one of these objects of a resource points to."""
    found: set[Category] = set()
    texts: list[str] = []
    for element, node in inside:
        if isinstance(node.get("code"), str) and "system" in node:
            found.update(_of_coding(str(node["system"]), node["code"]))
        for key in ("display", "text", "title"):
            if isinstance(node.get(key), str) and element not in _FREE_TEXT:
                texts.append(node[key])
    return frozenset(found | _of_words("\n".join(texts)))  # no word that is looked for goes over a line


def label_of(coding: dict[str, Json]) -> tables.Label | None:
    """What an HL7 v3 sensitivity label asks for; None if the coding is none or unknown."""
    if coding.get("system") not in _ACT_CODE_SYSTEMS:
        return None
    return tables.labels().get(str(coding.get("code")))


def _of_coding(system: str, code: str) -> set[Category]:
    label = label_of({"system": system, "code": code})
    if label is not None:
        return {label.category} if label.category else set()
    table = tables.sensitive_codes()
    kind = table.systems.get(system)
    if kind is None:
        return set()
    category = table.codes.get(kind, {}).get(code)
    prefixes = table.prefixes.get(kind, {})
    plain = code.upper()
    for length in range(len(plain), 0, -1):
        if category is None and plain[:length] in prefixes:
            category = prefixes[plain[:length]]
            break
    return {category} if category else set()


def _of_words(text: str) -> set[Category]:
    lowered = text.casefold()
    return {
        category
        for word, pattern, category in tables.sensitive_codes().words
        if word in lowered and pattern.search(lowered)
    }
