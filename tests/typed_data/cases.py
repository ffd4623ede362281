"""Random messages for a struct, the same in every run: texts of many scripts, empty ones, empty lists, greatest numbers."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from tests.typed_data.structs import Types, typed

CASES = 20
TEXTS = (
    "",
    "any",
    "0x",
    "0x1234",
    "0x" + "ab" * 32,
    "1234567890",
    "true",
    "null",
    "2026-03-01T09:30:00Z",
    "City Hospital 市立医院",
    "Clinique Sante\u0301 / Santé",
    "مستشفى المدينة",
    "\u202eסוף",
    "👩🏽‍⚕️🧬",
    '"quoted" \\ back\nline\ttab',
    "\u0000\u0001",
    "n" * 400,
)
_INTEGER = re.compile(r"uint(\d+)")
_BYTES = re.compile(r"bytes(\d+)")


def cases_of(primary: str, types: Types, domain_name: str = "Consentry") -> list[dict[str, Any]]:
    """`CASES` typed data; integers are Python's. The first has the least of everything, the second the most."""
    made = []
    for number in range(CASES):
        random = Random(f"{primary} {number}")
        extreme = {0: 0, 1: 1}.get(number)
        domain = {
            "name": domain_name if number % 3 else _text(random, None),
            "version": "1",
            "chainId": random.choice((1, 1337, 31337, 2**31 - 1)),
            "verifyingContract": _address(random),
        }
        if number % 4 == 3:
            del domain["verifyingContract"]  # as sessions have it
        made.append(typed(primary, types, domain, _struct(primary, types, random, extreme)))
    return made


def portable(value: Any) -> Any:
    """The same with numbers too great for JSON as decimal text, as wallets accept them."""
    if isinstance(value, dict):
        return {key: portable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [portable(one) for one in value]
    return str(value) if isinstance(value, int) and value > 2**53 - 1 else value


def _struct(name: str, types: Types, random: Random, extreme: int | None) -> dict[str, Any]:
    return {member["name"]: _value(member["type"], types, random, extreme) for member in types[name]}


def _value(kind: str, types: Types, random: Random, extreme: int | None) -> Any:
    if kind.endswith("[]"):
        length = random.randrange(4) if extreme is None else 4 * extreme
        return [_value(kind[:-2], types, random, extreme) for _ in range(length)]
    if kind in types:
        return _struct(kind, types, random, extreme)
    if kind == "string":
        return _text(random, extreme)
    if kind == "address":
        return _address(random) if extreme is None else "0x" + ("00", "ff")[extreme] * 20
    if kind == "bytes":
        return "0x" + (random.randbytes(random.randrange(100)) if extreme is None else bytes(extreme)).hex()
    if kind == "bool":
        return random.random() < 0.5
    if match := _INTEGER.fullmatch(kind):
        most = 2 ** int(match[1]) - 1
        return random.choice((0, 1, most, random.randrange(most))) if extreme is None else extreme * most
    size = int(_BYTES.fullmatch(kind)[1])  # type: ignore[index]  # any other kind is new: say how to draw it
    return "0x" + (random.randbytes(size) if extreme is None else bytes([255 * extreme]) * size).hex()


def _text(random: Random, extreme: int | None) -> str:
    return random.choice(TEXTS) if extreme is None else TEXTS[-1 * extreme]


def _address(random: Random) -> str:
    return "0x" + random.randbytes(20).hex()
