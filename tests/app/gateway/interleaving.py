"""What somebody else does between two steps of a request."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager

import pytest

from tests.app.gateway.people import Hospital


def before_it_writes(hospital: Hospital, act: Callable[[], object], patch: pytest.MonkeyPatch) -> None:
    """The next time that this hospital is about to write, `act` is done first, by another thread: once it was found what is
    there, and before anything is decided where publishing is exclusive."""
    book = hospital.gateway.publishing.publications
    exclusive = book.exclusive

    def later() -> AbstractContextManager[None]:
        patch.setattr(book, "exclusive", exclusive)
        with ThreadPoolExecutor(1) as other:
            other.submit(act).result()
        return exclusive()

    patch.setattr(book, "exclusive", later)
