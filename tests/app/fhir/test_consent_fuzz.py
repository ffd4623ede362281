"""Consents that somebody damaged: each is read or refused by a typed error that repeats nothing (N-4)."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from consentry.domain.terms import validate
from consentry.errors import ConsentryError, NotJson
from consentry.fhir import jsontext
from consentry.fhir.consent_elements import about
from consentry.fhir.consent_reading import read_consent
from consentry.fhir.consent_showing import SIGNATURE, signature
from tests.app.fhir.consent_samples import NAMES, NOW, TABLE, consent, expand
from tests.app.fhir.test_consent_refusals import role
from tests.vectors.samples import terms

MARK = "zq7f"
"""Stands in every value that is put in: no message may hold it."""
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", MARK, f"Patient/{MARK}", f"#{MARK}", "permit", "deny", "any", "2022", "0x" + "11" * 32]
    ),
)
NAMED = st.sampled_from(
    [
        "type",
        "provision",
        "code",
        "system",
        "reference",
        "identifier",
        "extension",
        "start",
        "end",
        "url",
        "colour",
        "_type",
    ]
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMED, inner, max_size=3),
    max_leaves=6,
)
WHOLE = [
    consent(expand(row["provision"]), contained=role(), **expand(row.get("changes", {})))
    for row in TABLE["accepted"]
]


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    rows = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in rows:
        yield (*path, key)
        yield from places(value, (*path, key))


@st.composite
def damaged(draw: Any) -> dict[str, Any]:
    whole = copy.deepcopy(draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(sorted(places(whole), key=str)))
        above = whole
        for step in path[:-1]:
            above = above[step]
        if draw(st.booleans()):
            above[path[-1]] = draw(VALUES)
        elif isinstance(above, dict):
            above[draw(NAMED)] = draw(VALUES)
            if draw(st.booleans()):
                del above[path[-1]]
    return whole


@given(resource=damaged())
@settings(max_examples=400, deadline=None)
def test_damaged_consent_is_read_or_refused(resource: dict[str, Any]) -> None:
    """N-4: whatever it is, nothing but our own errors escapes; what is read can be signed."""
    try:
        tree = jsontext.read(json.dumps(resource).encode(), max_depth=64)
        if tree.get("resourceType") != "Consent":
            return  # routes look at it first
        draft = read_consent(tree, NAMES, NOW)
    except NotJson:
        return
    except ConsentryError as problem:
        assert problem.status == 422, problem
        assert MARK not in f"{problem.diagnostics} {problem.expression}", problem
        return
    validate(terms(*draft.provisions, roles=draft.roles, max_uses=draft.max_uses))
    about(tree["patient"])


@given(extension=VALUES)
@settings(max_examples=100, deadline=None)
def test_damaged_signature_is_refused(extension: Any) -> None:
    """N-6"""
    value = extension if isinstance(extension, dict) else {"data": extension}
    resource = {"extension": [{"url": SIGNATURE, "valueSignature": value}]}
    try:
        found = signature(resource)
    except ConsentryError as problem:
        assert problem.status == 422
    else:
        assert found.startswith("0x")
