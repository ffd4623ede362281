"""Exact reverts: the custom error's name and every value in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from brownie.exceptions import VirtualMachineError


@contextmanager
def reverts_with(name: str, *values: Any) -> Iterator[None]:
    """The block must end in the custom error `name` with exactly these values."""
    with pytest.raises(VirtualMachineError) as caught:
        yield
    shown = str(caught.value.revert_msg)
    expected = f"{name}: {', '.join(_text(value) for value in values)}" if values else f"{name}:"
    assert _normal(shown) == _normal(expected)


def _text(value: Any) -> str:
    """A value as Brownie 1.22 writes it: 32-byte words as Python bytes, everything else plainly."""
    shown = str(getattr(value, "address", value))
    return repr(bytes.fromhex(shown[2:])) if shown.startswith("0x") and len(shown) == 66 else shown


def _normal(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().rstrip(":").lower()
