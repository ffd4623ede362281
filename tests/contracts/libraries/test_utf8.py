"""Texts that every reader can decode: the contract accepts what Python's decoder does (M-2)."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EDGES = ["7f", "c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbf", "f0908080", "f48fbfbf"]
ILL_FORMED = {
    "continuation alone": ["80", "bf", "4180", "c28080"],
    "cut off": ["c2", "e0a0", "f09080", "e5b882e7ab"],
    "no continuation": ["c241", "c2c2", "e0a041", "f0908041", "f0904180"],
    "longer than needed": ["c080", "c1bf", "e08080", "e09fbf", "f0808080", "f08fbfbf"],
    "surrogate": ["eda080", "edbfbf"],
    "beyond U+10FFFF": ["f4908080", "f5808080", "f8888080", "ff"],
}
checks = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
# leads and continuations next to each other far more often than in random bytes
tricky = st.lists(st.sampled_from(bytes.fromhex("41808f909fa0bfc1c2dfe0e1ecedeeeff0f1f3f4f5ff")), max_size=6)


def decodes(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize("text", ["", *EDGES, "".join(EDGES)])
def test_is_utf8_when_at_the_edges_of_the_ranges(libraries, text):
    """M-2"""
    assert libraries.isUtf8(bytes.fromhex(text))


@pytest.mark.parametrize("texts", ILL_FORMED.values(), ids=ILL_FORMED.keys())
def test_is_not_utf8_when_ill_formed(libraries, texts):
    """M-2"""
    for text in map(bytes.fromhex, texts):
        assert not decodes(text)
        assert not libraries.isUtf8(text)
        assert not libraries.isUtf8(b"Hospital " + text)


@checks
@given(text=st.one_of(tricky.map(bytes), st.binary(max_size=8), st.text(max_size=20).map(str.encode)))
def test_is_utf8_as_python_says_when_bytes_are_any(libraries, text):
    """M-2"""
    assert libraries.isUtf8(text) == decodes(text)
