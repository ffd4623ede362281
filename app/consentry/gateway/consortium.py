"""Who belongs to the network, found out once for all who ask: nobody signs in for it (specification H-93)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import cast

from flask import Flask, current_app

from consentry.domain.ledger import CommitteeInfo, MemberInfo
from consentry.errors import ChainUnreachable, ConsentryError
from consentry.gateway.parts import Gateway
from consentry.services.kept import Kept

_NAME = "consentry-consortium"


@dataclass(frozen=True)
class Consortium:
    """The keepers' committee in force, if any, and everybody who was ever admitted."""

    committee: CommitteeInfo | None
    members: tuple[MemberInfo, ...]


def install(app: Flask, parts: Gateway, ticks: Callable[[], float] = time.monotonic) -> None:
    app.extensions[_NAME] = Kept(partial(_found, parts), _late, ticks)


def consortium() -> Consortium:
    """As it was found a moment ago. Raises what the Ledger did then."""
    told = cast(Kept[Consortium | ConsentryError], current_app.extensions[_NAME]).tell()
    if isinstance(told, ConsentryError):
        raise told.with_traceback(None)
    return told


def _late() -> Consortium | ConsentryError:
    return ChainUnreachable("the chain has not answered whoever asked before")


def _found(parts: Gateway) -> Consortium | ConsentryError:
    """What went wrong is kept as well: else all who wait would find it anew, one after another."""
    try:
        return Consortium(parts.ledger.committee(), parts.ledger.members())
    except ConsentryError as problem:
        return problem
