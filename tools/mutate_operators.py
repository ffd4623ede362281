"""Mutants of Solidity sources: one small mistake each, found on the compiler's syntax tree."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Node = dict[str, Any]

SWAPPED = {
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "==": "!=",
    "!=": "==",
    "&&": "||",
    "||": "&&",
    "+": "-",
    "-": "+",
    "*": "/",
    "/": "*",
    "%": "*",
    "<<": ">>",
    ">>": "<<",
    "&": "|",
    "|": "&",
    "+=": "-=",
    "-=": "+=",
}
KIND = {
    **dict.fromkeys(["<", "<=", ">", ">=", "==", "!="], "relational"),
    **dict.fromkeys(["&&", "||"], "boolean"),
    **dict.fromkeys(["+", "-", "*", "/", "%", "+=", "-="], "arithmetic"),
    **dict.fromkeys(["<<", ">>", "&", "|"], "bits"),
}


@dataclass(frozen=True)
class Mutant:
    """Replace the bytes `start` … `end` of the file by `replacement`."""

    path: str
    operator: str
    start: int
    end: int
    original: str
    replacement: str
    line: int
    code: str
    """The line it begins on, without white space around it."""
    nth: int = 0
    """Which of several of the same kind on the same text of a file."""

    @property
    def name(self) -> str:
        """What it changes, independent of line numbers: a key for results and notes."""
        before, after = " ".join(self.original.split()), " ".join(self.replacement.split())
        place = f" (no. {self.nth + 1})" if self.nth else ""
        return f"{self.path}: {self.operator}: `{before}` → `{after}` in `{self.code}`{place}".replace(
            "|", "¦"
        )

    def rank(self, seed: int) -> str:
        """Its place in the sample of a seed: the same whatever else changes."""
        return hashlib.sha256(f"{seed} {self.name}".encode()).hexdigest()

    def apply(self, source: bytes) -> bytes:
        return source[: self.start] + self.replacement.encode() + source[self.end :]


def mutants(path: str, source: bytes, tree: Node) -> list[Mutant]:
    """All mutants of a file, in the order of its text."""
    seen: dict[str, int] = {}
    found = []
    edits = sorted(set(_edits(source, tree)))
    for start, end, operator, replacement in edits:
        begin = source.rfind(b"\n", 0, start) + 1
        stop = source.find(b"\n", start)
        code = source[begin : stop if stop >= 0 else len(source)].decode().strip()
        one = Mutant(
            path,
            operator,
            start,
            end,
            source[start:end].decode(),
            replacement,
            source.count(b"\n", 0, start) + 1,
            code,
        )
        number = seen.get(one.name, 0)
        seen[one.name] = number + 1
        found.append(Mutant(**{**vars(one), "nth": number}))
    return found


def _edits(source: bytes, tree: Node) -> Iterator[tuple[int, int, str, str]]:
    for node, parents in _walk(tree, ()):
        start, end = _span(node)
        kind = node["nodeType"]
        if kind in {"BinaryOperation", "Assignment"} and node["operator"] in SWAPPED:
            left = _span(node.get("leftExpression") or node["leftHandSide"])[1]
            right = _span(node.get("rightExpression") or node["rightHandSide"])[0]
            at = source.find(node["operator"].encode(), left, right)
            if at >= 0:
                sign = node["operator"]
                yield at, at + len(sign), KIND[sign], SWAPPED[sign]
        elif kind == "IfStatement":
            condition = _span(node["condition"])
            if _reverts(node["trueBody"]) and not node.get("falseBody"):
                block = node["trueBody"]["nodeType"] == "Block"
                yield start, end if block else source.find(b";", end - 1) + 1, "check removed", "{}"
            yield *condition, "negated", f"!({source[slice(*condition)].decode()})"
        elif kind == "Conditional":
            yield (
                *_span(node["condition"]),
                "negated",
                f"!({source[slice(*_span(node['condition']))].decode()})",
            )
        elif kind == "ModifierInvocation" and node.get("kind") == "modifierInvocation":
            yield start, end, "modifier removed", ""
        elif kind in {"ExpressionStatement", "EmitStatement"}:
            semicolon = source.find(b";", end - 1)
            loop = (
                parents and parents[-1]["nodeType"] == "ForStatement" and parents[-1].get("body") is not node
            )
            if not loop:
                yield start, semicolon + 1, "statement removed", "{}"
        elif kind == "Literal" and node.get("kind") == "number" and source[start:end].isdigit():
            if not any(one["nodeType"] in {"ArrayTypeName", "InlineAssembly"} for one in parents):
                yield start, end, "constant", str(int(source[start:end]) + 1)
        elif kind == "FunctionCall":
            yield from _swapped_arguments(source, node)
        elif kind == "Return" and (node.get("expression") or {}).get("nodeType") == "Literal":
            expression = node["expression"]
            if expression.get("kind") == "bool":
                yield *_span(expression), "answer", "false" if expression["value"] == "true" else "true"


def _swapped_arguments(source: bytes, node: Node) -> Iterator[tuple[int, int, str, str]]:
    arguments = node.get("arguments", [])
    for one, other in zip(arguments, arguments[1:], strict=False):
        types = [argument.get("typeDescriptions", {}).get("typeString") for argument in (one, other)]
        first, second = (source[slice(*_span(argument))] for argument in (one, other))
        if types[0] == types[1] and first != second:
            between = source[_span(one)[1] : _span(other)[0]]
            yield _span(one)[0], _span(other)[1], "arguments swapped", (second + between + first).decode()
            return


def _reverts(body: Node) -> bool:
    if body["nodeType"] == "Block":
        return len(body["statements"]) == 1 and _reverts(body["statements"][0])
    return body["nodeType"] == "RevertStatement"


def _span(node: Node) -> tuple[int, int]:
    start, length, _ = (int(part) for part in node["src"].split(":"))
    return start, start + length


def _walk(node: Any, parents: tuple[Node, ...]) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Every node with those above it; assembly is left alone."""
    if isinstance(node, list):
        for one in node:
            yield from _walk(one, parents)
    elif isinstance(node, dict):
        above = parents
        if "nodeType" in node:
            if node["nodeType"] in {
                "InlineAssembly",
                "PragmaDirective",
                "EventDefinition",
                "ErrorDefinition",
            }:
                return
            yield node, parents
            above = (*parents, node)
        for key, value in node.items():
            if key not in {"typeDescriptions", "documentation"}:
                yield from _walk(value, above)
