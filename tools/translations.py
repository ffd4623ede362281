"""Write the catalogues of `app/consentry/gateway/translations` anew from the error tree, keeping what is translated; `--check`
only compares. New texts come in untranslated: a test names them."""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from consentry.gateway.languages import FOLDER, LANGUAGES, codes


def catalogue(path: Path, locale: str) -> bytes:
    """The .po file of all texts there are now."""
    known = Catalog(locale=locale)
    if path.exists():
        with path.open("rb") as source:
            known = read_po(source, locale=locale)
    found = Catalog(locale=locale, fuzzy=False, project="Consentry", charset="utf-8")
    for code, error in sorted(codes().items()):
        for text in (error.summary, error.next_step):
            message = known.get(text)
            found.add(text, message.string if message else "", auto_comments=[code])
    written = BytesIO()
    write_po(written, found, omit_header=True, width=125)
    header = f'msgid ""\nmsgstr ""\n"Language: {locale}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    return header.encode() + written.getvalue()


def main() -> int:
    stale = []
    for locale in LANGUAGES[1:]:
        path = FOLDER / locale / "LC_MESSAGES" / "messages.po"
        text = catalogue(path, locale)
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        elif not path.exists() or path.read_bytes() != text:
            stale.append(path.name)
    if stale:
        print("a catalogue is not what the code says: run `tools/translations.py`", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
