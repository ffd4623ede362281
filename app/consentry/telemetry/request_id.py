"""One id for one request, from the gateway through keepers to the receipts that it leaves (specification H-53).

A caller's own id is handed on and logged only where it says nothing: a UUID, or 16 or 32 hex digits with a letter among them, as
tracing makes them. What is digits alone may be a patient's number, and what is longer an address or a record's id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar
from typing import Final, ParamSpec, TypeVar
from uuid import uuid4

HEADER: Final = "X-Request-Id"
_HEX = re.compile(r"(?=[0-9]*[a-f])(?:[0-9a-f]{16}|[0-9a-f]{32})")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_CURRENT: ContextVar[str] = ContextVar("consentry-request", default="")
A = ParamSpec("A")
T = TypeVar("T")


def new_id() -> str:
    """One that whoever is asked next hands on too."""
    return str(uuid4())


def opaque(given: str) -> str:
    """The caller's own id where it says nothing; else a new one."""
    plain = given.lower()
    return plain if _HEX.fullmatch(plain) or _UUID.fullmatch(plain) else new_id()


def begin(request_id: str) -> None:
    """What follows in this thread belongs to the request with this opaque id."""
    _CURRENT.set(request_id)


def current() -> str:
    """The id of the request that is being answered, opaque; empty where none is."""
    return _CURRENT.get()


def with_current(headers: Mapping[str, str]) -> dict[str, str]:
    """These, and the id of the request for which somebody else is asked, if it is for one."""
    return {**headers, HEADER: current()} if current() else dict(headers)


class Threads(ThreadPoolExecutor):
    """Threads whose work belongs to the request of whoever gave it."""

    def submit(self, fn: Callable[A, T], /, *args: A.args, **kwargs: A.kwargs) -> Future[T]:
        request_id = current()

        def work() -> T:
            token = _CURRENT.set(request_id)
            try:
                return fn(*args, **kwargs)
            finally:
                _CURRENT.reset(token)

        return super().submit(work)
