"""What was asked under a sign-in is not told once that sign-in has ended (specification G-14)."""

from __future__ import annotations

from flask import Flask, Response, request

from consentry.errors import NotSignedIn
from consentry.gateway import auth, problems
from consentry.gateway.hardening import UNSAFE

_SEARCH = "/_search"
"""A search by POST reads as one by GET does (R4 http.html#search)."""


def install(app: Flask) -> None:
    """Before the headers that every answer carries: an answer may be another one after this."""

    @app.after_request
    def withhold(response: Response) -> Response:
        reads = request.method not in UNSAFE or request.path.endswith(_SEARCH)
        # What a request has changed is changed, and is told.
        if not reads or response.status_code >= 400:
            return response
        try:
            auth.require_going_on()
        except NotSignedIn as problem:
            return problems.answer(problem)
        return response
