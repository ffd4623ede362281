"""The languages of what a gateway tells people: English, and what `translations/` holds (specification W-18).

English texts stand in the code and are the keys. Catalogues are read from their .po files when the process starts: nothing has
to be compiled before, and none is older than its source.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, has_request_context, request
from flask_babel import Babel, Domain, get_locale

from consentry.errors import ConsentryError, by_code

FOLDER = Path(__file__).with_name("translations")
ENGLISH, CHINESE = "en", "zh"
LANGUAGES = (ENGLISH, CHINESE)
HEADER = "X-Consentry-Language"
_TREE = "consentry.errors."


def install(app: Flask) -> None:
    """Choose the language of each answer, and say that it was chosen."""
    Babel(app, default_locale=ENGLISH, locale_selector=language)

    @app.after_request
    def say(response: Response) -> Response:
        response.vary.update((HEADER, "Accept-Language"))
        return response


def language() -> str:
    """The one that the page's own switch names, else the browser's best."""
    named = request.headers.get(HEADER, "").lower()
    if named in LANGUAGES:
        return named
    wanted = (tag.split("-")[0].lower() for tag, quality in request.accept_languages if quality > 0)
    return next((one for one in wanted if one in LANGUAGES), ENGLISH)


def words(problem: ConsentryError | type[ConsentryError]) -> tuple[str, str]:
    """What happened, and what to do next, in the caller's language."""
    return told(problem.summary), told(problem.next_step)


def codes() -> dict[str, type[ConsentryError]]:
    """What a gateway or a keeper may answer; errors of the command line are not among them."""
    return {code: kind for code, kind in by_code().items() if kind.__module__.startswith(_TREE)}


def told(text: str) -> str:
    """An English text of ours in the caller's language; as it is where nobody asked over HTTP, or where there is no other."""
    return str(_DOMAIN.gettext(text)) if has_request_context() else text


@cache
def catalogue(locale: str) -> NullTranslations:
    """Every text in this language."""
    path = FOLDER / locale / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=locale))
    compiled.seek(0)
    return Translations(compiled)


class _Catalogues(Domain):
    """Flask-Babel's, on catalogues that are not files."""

    def get_translations(self) -> Any:
        return catalogue(str(get_locale()))


_DOMAIN = _Catalogues()
