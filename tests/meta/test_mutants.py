"""The mutator of tools/mutate.py on a syntax tree of one line, and what the deep checks read out of outputs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

from contracts_deep import covered
from mutate_operators import mutants

SOURCE = b"function f() onlyOwner { if (a < 10 && b) revert E(a, c); emit F(); x = a + a; return true; }"


def node(name: str, text: str, /, nth: int = 0, **more: Any) -> dict[str, Any]:
    start = -1
    for _ in range(nth + 1):
        start = SOURCE.index(text.encode(), start + 1)
    return {"nodeType": name, "src": f"{start}:{len(text)}:0", **more}


def tree() -> dict[str, Any]:
    less = node(
        "BinaryOperation",
        "a < 10",
        operator="<",
        leftExpression=node("Identifier", "a <"),
        rightExpression=node("Literal", "10", kind="number"),
    )
    less["leftExpression"]["src"] = less["src"].split(":")[0] + ":1:0"
    both = node(
        "BinaryOperation",
        "a < 10 && b",
        operator="&&",
        leftExpression=less,
        rightExpression=node("Identifier", "b)"),
    )
    both["rightExpression"]["src"] = f"{SOURCE.index(b'b)')}:1:0"
    numbers = {"typeDescriptions": {"typeString": "uint256"}}
    error = node(
        "FunctionCall",
        "E(a, c)",
        arguments=[node("Identifier", "a, c", **numbers), node("Identifier", "c)", **numbers)],
    )
    for one in error["arguments"]:
        one["src"] = one["src"].split(":")[0] + ":1:0"
    check = node(
        "IfStatement",
        "if (a < 10 && b) revert E(a, c)",
        condition=both,
        trueBody=node("RevertStatement", "revert E(a, c)", errorCall=error),
    )
    emitted = node("EmitStatement", "emit F()")
    answer = node("Return", "return true", expression=node("Literal", "true", kind="bool", value="true"))
    modifier = node("ModifierInvocation", "onlyOwner", kind="modifierInvocation")
    return {
        "nodeType": "FunctionDefinition",
        "src": "0:1:0",
        "modifiers": [modifier],
        "body": [check, emitted, answer],
    }


def test_each_operator_makes_its_mistake() -> None:
    found = mutants("contracts/a.sol", SOURCE, tree())
    texts = {(one.operator, one.apply(SOURCE).decode()) for one in found}
    whole = SOURCE.decode()
    for operator, before, after in [
        ("relational", "a < 10", "a <= 10"),
        ("boolean", "&&", "||"),
        ("constant", "10", "11"),
        ("negated", "a < 10 && b", "!(a < 10 && b)"),
        ("check removed", "if (a < 10 && b) revert E(a, c);", "{}"),
        ("arguments swapped", "E(a, c)", "E(c, a)"),
        ("modifier removed", "onlyOwner", ""),
        ("statement removed", "emit F();", "{}"),
        ("answer", "true", "false"),
    ]:
        assert (operator, whole.replace(before, after, 1)) in texts, operator
    assert len(found) == 9


def test_a_sample_depends_on_seed_and_text_alone() -> None:
    first, again = (mutants("contracts/a.sol", SOURCE, tree()) for _ in range(2))
    assert [one.rank(4) for one in first] == [one.rank(4) for one in again]
    assert [one.rank(4) for one in first] != [one.rank(5) for one in first]
    assert len({one.name for one in first}) == len(first)


def test_coverage_counts_our_contracts_only() -> None:
    rows = [
        "| contracts/a.sol | 50.00% (1/2) |",
        "| contracts/mocks/b.sol | 0.00% (0/9) |",
        "| Total | 9% (1/11) |",
    ]
    assert covered(rows) == "contracts: 50.0 % of 2 lines"
    assert covered([]) == "no coverage"
