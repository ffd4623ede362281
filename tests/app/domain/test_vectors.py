"""The shared vectors, run by the domain's readers and writers."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from consentry.domain import canonical, fields, merkle
from consentry.domain.directory import DirectoryDocument
from consentry.domain.entries import Entry, Manifest
from consentry.domain.headers import Header, Sealing, record_digest
from consentry.errors import LayoutInvalid
from tests.vectors import generate
from tests.vectors.files import load, named

CANONICAL, HEADERS, ENTRIES = load("canonical"), load("headers"), load("entries")
MANIFEST, DIRECTORY, MERKLE = load("manifest"), load("directory"), load("merkle")


def raw(text: str) -> bytes:
    """Canonical text as bytes; half a surrogate pair stays one, to be refused."""
    return text.encode("utf-8", "surrogatepass")


def test_vectors_are_what_the_code_gives() -> None:
    """L-1: the files are regenerated and compared byte for byte."""
    assert generate.main(["--check"]) == 0


@pytest.mark.parametrize("case", CANONICAL["valid"], ids=lambda case: repr(case["value"])[:30])
def test_canonical_form_is_the_same_everywhere(case: dict[str, Any]) -> None:
    """L-1."""
    written = canonical.dumps(case["value"])
    assert fields.to_base64(written) == case["bytes"]
    assert canonical.loads(written) == case["value"]
    assert fields.to_hex(canonical.keccak(written)) == case["keccak"]


@pytest.mark.parametrize("case", CANONICAL["refused"], ids=named(CANONICAL["refused"]))
def test_canonical_loads_refuses(case: dict[str, Any]) -> None:
    """L-1."""
    with pytest.raises(LayoutInvalid):
        canonical.loads(fields.base64_bytes(case["bytes"], "bytes", 0, 20_000))


@pytest.mark.parametrize("case", HEADERS["valid"])
def test_header_and_sealing_give_the_record_digest(case: dict[str, Any]) -> None:
    """L-2, L-3, L-4."""
    header, sealing = Header.parse(raw(case["header"])), Sealing.parse(raw(case["sealing"]))
    assert (header.to_bytes(), sealing.to_bytes()) == (raw(case["header"]), raw(case["sealing"]))
    assert fields.to_hex(header.hash()) == case["headerHash"]
    assert fields.to_hex(sealing.hash()) == case["sealingHash"]
    digest = record_digest(header.record_id, header.hash(), sealing.hash())
    assert fields.to_hex(digest) == case["recordDigest"]


REFUSED: list[tuple[str, Callable[[bytes], Any], list[dict[str, Any]]]] = [
    ("header", Header.parse, HEADERS["refusedHeaders"]),
    ("sealing", Sealing.parse, HEADERS["refusedSealings"]),
    ("manifest", Manifest.parse, MANIFEST["refused"]),
    ("directory", lambda text: DirectoryDocument.parse(text, DIRECTORY["required"]), DIRECTORY["refused"]),
]


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        pytest.param(parse, case["text"], id=f"{layout}: {case['why']}")
        for layout, parse, cases in REFUSED
        for case in cases
    ],
)
def test_parse_refuses_when_a_field_is_wrong(parse: Callable[[bytes], Any], text: str) -> None:
    """L-2, L-3, L-16, L-17: the field is named, its value is not repeated."""
    with pytest.raises(LayoutInvalid) as refused:
        parse(raw(text))
    assert refused.value.expression
    assert refused.value.expression[0] in refused.value.diagnostics


@pytest.mark.parametrize("case", ENTRIES["valid"])
def test_entry_is_padded_and_read_back(case: dict[str, Any]) -> None:
    """L-15."""
    plaintext = fields.base64_bytes(case["plaintext"], "plaintext", 4096, 2**16)
    entry = Entry.parse(plaintext)
    assert entry.to_plaintext() == plaintext
    assert len(plaintext) % 4096 == 0
    assert entry.header.to_bytes() == raw(case["header"])
    assert entry.sealing.to_bytes() == raw(case["sealing"])
    assert [fields.to_base64(share) for share in entry.shares] == case["shares"]
    assert fields.to_base64(entry.copy) == case["copy"]
    assert fields.to_hex(entry.record_digest()) == case["recordDigest"]


@pytest.mark.parametrize("case", ENTRIES["refused"], ids=named(ENTRIES["refused"]))
def test_entry_parse_refuses(case: dict[str, Any]) -> None:
    """L-15."""
    with pytest.raises(LayoutInvalid):
        Entry.parse(fields.base64_bytes(case["plaintext"], "plaintext", 0, 2**17))


@pytest.mark.parametrize("case", MANIFEST["valid"], ids=lambda case: str(len(case["text"])))
def test_manifest_gives_the_anchored_root(case: dict[str, Any]) -> None:
    """L-16."""
    manifest = Manifest.parse(raw(case["text"]))
    assert manifest.to_bytes() == raw(case["text"])
    assert fields.to_hex(manifest.root()) == case["root"]
    assert fields.to_hex(sha256(manifest.to_bytes()).digest()) == case["sha256"]


@pytest.mark.parametrize("case", DIRECTORY["valid"])
def test_directory_document_is_read_and_written_back(case: dict[str, Any]) -> None:
    """L-17."""
    document = DirectoryDocument.parse(raw(case["text"]), DIRECTORY["required"])
    assert document.to_bytes() == raw(case["text"])
    with pytest.raises(LayoutInvalid, match=r"directory\.categories\.allergy"):
        DirectoryDocument.parse(raw(case["text"]))


@pytest.mark.parametrize("tree", MERKLE["trees"], ids=lambda tree: str(len(tree["values"])))
def test_merkle_trees_prove_every_value(tree: dict[str, Any]) -> None:
    """L-5."""
    values = [fields.hex_bytes(value, "value") for value in tree["values"]]
    root = merkle.root(values)
    assert fields.to_hex(root) == tree["root"]
    for written in tree["proofs"]:
        proof = merkle.Proof.parse(written)
        assert proof == merkle.proof(values, proof.index)
        assert merkle.verify(root, values[proof.index], proof)


@pytest.mark.parametrize("case", MERKLE["refused"], ids=named(MERKLE["refused"]))
def test_merkle_verify_fails(case: dict[str, Any]) -> None:
    """L-5."""
    root, value = (fields.hex_bytes(text, "value") for text in (MERKLE["root"], case["value"]))
    assert not merkle.verify(root, value, merkle.Proof.parse(case["proof"]))
