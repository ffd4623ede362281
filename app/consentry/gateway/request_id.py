"""Every request has an id, the caller's own if it is a plain one: in the answer, in errors and in audit events.

In the log, and at keepers, it stands where it says nothing; else another one stands there (specification H-53).
"""

from __future__ import annotations

import re

from flask import g, has_request_context, request

from consentry.telemetry.request_id import HEADER as HEADER
from consentry.telemetry.request_id import begin, opaque
from consentry.telemetry.request_id import new_id as new_id

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def request_id() -> str:
    if not has_request_context():
        return new_id()
    if "request_id" not in g:
        given = request.headers.get(HEADER, "")
        plain = _PLAIN.fullmatch(given)
        g.opaque_id = opaque(given if plain else "")
        g.request_id = given if plain else g.opaque_id
    return str(g.request_id)


def begin_request() -> None:
    """What follows belongs to this request; the entries of a batch to the whole batch's."""
    request_id()
    begin(g.opaque_id)


def opaque_id() -> str:
    """As logs and keepers know it."""
    request_id()
    return str(g.opaque_id)
