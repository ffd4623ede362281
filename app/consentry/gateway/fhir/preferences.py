"""How a client wants its answer: `Prefer` (RFC 7240, R4 http.html#ops), `Accept` and `_format` (R4 http.html#mime-type)."""

from __future__ import annotations

from flask import request
from werkzeug.datastructures import MIMEAccept

from consentry.errors import NotAcceptable
from consentry.gateway.fhir.blueprint import routes

_JSON = frozenset(("application/fhir+json", "application/json", "application/json+fhir", "text/json", "json"))
_ANY = frozenset(("*/*", "application/*"))
_VERSIONS = frozenset(("", "4.0", "4.0.1"))
_MOST = 32


def preference(name: str, *known: str) -> str | None:
    """What `Prefer` says of this, if it is one of the known words; preferences are never errors (RFC 7240 §2)."""
    for one in ",".join(request.headers.getlist("Prefer")).split(",")[:_MOST]:
        key, _, value = one.partition(";")[0].partition("=")
        if key.strip().lower() == name and value.strip().strip('"') in known:
            return value.strip().strip('"')
    return None


def strict() -> bool:
    """Whether an unknown search parameter is an error (R4 search.html#errors); by default it is ignored and said."""
    return preference("handling", "strict", "lenient") == "strict"


@routes.before_request
def require_json() -> None:
    """Raises NotAcceptable."""
    asked = request.args.getlist("_format")
    if asked:
        # a plus sign in a query is a space
        if not all(_is_json(one.replace(" ", "+")) for one in asked):
            raise NotAcceptable()
    elif "Accept" in request.headers and not _accepts(request.accept_mimetypes):
        raise NotAcceptable()


def _accepts(accepted: MIMEAccept) -> bool:
    found = [value for value, quality in accepted if quality > 0]
    return any(_is_json(one) or one.partition(";")[0].strip() in _ANY for one in found)


def _is_json(text: str) -> bool:
    kind, *parameters = (one.strip() for one in text.lower().split(";"))
    named = dict(one.partition("=")[::2] for one in parameters)
    return kind in _JSON and named.get("fhirversion", "").strip('"') in _VERSIONS
