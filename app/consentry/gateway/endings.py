"""What was asked under a sign-in is not told once that sign-in has ended (specification G-14)."""

from __future__ import annotations

from flask import Flask, Response, request

from consentry.errors import NotSignedIn
from consentry.gateway import auth, problems
from consentry.gateway.fhir import showing
from consentry.gateway.hardening import UNSAFE
from consentry.gateway.parts import gateway

_READING = ("/_search", "/$everything", "/api/index/entries", "/api/blobs")
"""By POST they read as by GET (R4 http.html#search, operations.html#executing)."""


def install(app: Flask) -> None:
    """Before the headers that every answer carries: an answer may be another one after this."""

    @app.after_request
    def withhold(response: Response) -> Response:
        reads = request.method not in UNSAFE or request.path.endswith(_READING)
        # What a request has changed is changed, and is told.
        if not reads or response.status_code >= 400:
            return response
        try:
            auth.require_going_on()
        except NotSignedIn as problem:
            gateway().shown.shown.forget(showing.holder())  # it may have been kept after all else was dropped
            return problems.answer_instead(response, problem)
        return response
