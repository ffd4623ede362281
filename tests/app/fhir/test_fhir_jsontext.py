"""Reading and writing JSON without loss (F-1, F-3)."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consentry.errors import NotJson
from consentry.fhir import jsontext

NAMES = st.text(min_size=1, max_size=8).filter(lambda text: text.isprintable())
LEAVES = st.one_of(
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9),
    st.text(max_size=20),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"a":1}x',
        b'{"a":1,"a":2}',
        b'{"a":{"b":1,"b":1}}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":"\xff"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\\ud800"}',
        b'{"\\udfff":1}',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":1e400}',
        b'{"a":1e99999999999999999999}',
        b'{"a":' + b"9" * 65 + b"}",
        b"[" * 100_000,
        b"[" * 70 + b"]" * 70,
    ],
)
def test_read_refuses_what_is_not_json(raw: bytes) -> None:
    """F-1"""
    with pytest.raises(NotJson):
        jsontext.read(raw, max_depth=64)


def test_refusal_never_repeats_the_text() -> None:
    """P-1: a parse error is logged and shown; what was sent is a patient's."""
    with pytest.raises(NotJson) as caught:
        jsontext.read('{"name": "梁爱丽", "name": 1}'.encode(), max_depth=8)
    assert "梁" not in caught.value.diagnostics and "name" not in caught.value.diagnostics.split()


@pytest.mark.parametrize(
    "literal", ["1.10", "0.000", "100", "-0.5", "0.00000001", "-0", "-0.0", "12345678901234567890.5"]
)
def test_decimal_keeps_its_digits(literal: str) -> None:
    """F-3: 1.10 is a more precise measurement than 1.1."""
    assert (
        jsontext.write(jsontext.read(f'{{"value":{literal}}}'.encode(), max_depth=4))
        == f'{{"value":{literal}}}'.encode()
    )


@pytest.mark.parametrize(("sent", "digits"), [("1E2", "1E+2"), ("1.50e3", "1.50E+3"), ("2e-2", "0.02")])
def test_exponent_keeps_value_and_precision(sent: str, digits: str) -> None:
    """F-3"""
    written = jsontext.write(jsontext.read(sent.encode(), max_depth=4)).decode()
    assert written == digits and Decimal(written).as_tuple() == Decimal(sent).as_tuple()


@given(TREES)
def test_write_then_read_is_identity(tree: object) -> None:
    """F-3"""
    raw = jsontext.write(tree)
    assert jsontext.read(raw, max_depth=64) == tree
    assert jsontext.write(jsontext.read(raw, max_depth=64)) == raw


@given(TREES)
def test_standard_parser_reads_what_we_write(tree: object) -> None:
    """F-3"""
    assert json.loads(jsontext.write(tree), parse_float=Decimal) == tree


def nested(depth: int, inner: str) -> bytes:
    return (
        ('{"a":[' * (depth // 2)) + ("[" * (depth % 2)) + inner + ("]" * (depth % 2)) + ("]}" * (depth // 2))
    ).encode()


@pytest.mark.parametrize("depth", range(1, 12))
@pytest.mark.parametrize("inner", ["1", "[]", "{}", '"[{[{[{[{"', '["\\ud83d\\ude00",1.10]'])
def test_nesting_is_counted_in_containers(depth: int, inner: str) -> None:
    """F-3: empty ones count, and brackets inside a text do not."""
    deep = depth + (inner[0] in "[{")
    for limit in range(deep - 2, deep + 2):
        if deep <= limit:
            assert jsontext.write(jsontext.read(nested(depth, inner), max_depth=limit)).startswith(
                (b"{", b"[")
            )
        else:
            with pytest.raises(NotJson, match="deeper"):
                jsontext.read(nested(depth, inner), max_depth=limit)


@pytest.mark.parametrize(
    "text", ['"\\ud800"', '["\\udc00\\ud800"]', '{"a":{"\\ud800":1}}', '{"a":["x","\\uDFFF"]}']
)
def test_half_of_a_pair_is_refused_wherever_it_stands(text: str) -> None:
    """F-3: in values and in names."""
    with pytest.raises(NotJson, match="surrogate"):
        jsontext.read(text.encode(), max_depth=5)


@pytest.mark.parametrize(
    "place", ["{}", "[{}]", "[1,{}]", '[{},"x"]', '{{"a":{}}}', '{{"a":{{"b":[1,{}]}},"c":2}}']
)
@pytest.mark.parametrize(
    "value", [0.1 + 0.2, 1.0, -2.5, 1e16, 1.5e300, 1e-7, -0.0, float("nan"), float("-inf")]
)
def test_float_is_never_written(place: str, value: float) -> None:
    """F-3: its digits are not those that somebody measured: 0.1 + 0.2 is 0.30000000000000004."""
    tree = json.loads(place.format("null"))

    def put(node: object) -> object:
        if isinstance(node, list):
            return [put(one) for one in node]
        if isinstance(node, dict):
            return {name: put(one) for name, one in node.items()}
        return value if node is None else node

    with pytest.raises(TypeError, match="no place"):
        jsontext.write(put(tree))


@pytest.mark.parametrize("text", [",1.5,", "[1.5]", ":1e+16}", '":0.1,', "12:00:00.5,", "urn:oid:1.2.3"])
def test_text_that_looks_like_a_float_is_written(text: str) -> None:
    """F-3"""
    tree = {"a": text, text: [Decimal("1.50"), 3]}
    assert jsontext.read(jsontext.write(tree), max_depth=4) == tree
