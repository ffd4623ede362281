"""What a person or a program gets to see: tables and sentences, or with --json one JSON value on stdout.

No colour and no progress where nobody looks: both need a terminal. Everything shown passes `clean`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from consentry.cli.answers import clean, json_text

# In a pipe nothing is wrapped: a line is a row.
_PIPE_WIDTH = 4000


def console(stream: TextIO) -> Console:
    """A console on the stream; colours only if it is a terminal, whatever the environment says."""
    terminal = stream.isatty()
    return Console(
        file=stream,
        force_terminal=terminal,
        no_color=None if terminal else True,
        width=None if terminal else _PIPE_WIDTH,
        highlight=False,
        markup=False,
        emoji=False,
    )


class Output:
    """Where a command says what it did. `as_json` is set by --json."""

    def __init__(self) -> None:
        self.as_json = False
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure is not None:  # a terminal that cannot show a sign gets its code instead
                reconfigure(errors="backslashreplace")

    def result(self, value: Any, tell: Callable[[], object]) -> None:
        """The value as JSON, or what `tell` prints for people."""
        if self.as_json:
            sys.stdout.write(json_text(value) + "\n")
        else:
            tell()

    def say(self, text: str) -> None:
        """A line on stdout, for people only."""
        if not self.as_json:
            indent = text[: len(text) - len(text.lstrip(" "))]
            console(sys.stdout).print(Text(indent + clean(text, 4000)), soft_wrap=True)

    def note(self, text: str) -> None:
        """A line on stderr: never part of a result."""
        console(sys.stderr).print(Text(clean(text, 4000)), soft_wrap=True)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        made = Table(box=SIMPLE_HEAD, pad_edge=False)
        for name in columns:
            made.add_column(name, overflow="fold")
        for row in rows:
            made.add_row(*(Text(clean("–" if cell is None else cell)) for cell in row))
        console(sys.stdout).print(made)

    @contextmanager
    def working(self, what: str) -> Iterator[Callable[[str], None]]:
        """Show that something takes long, on a terminal; the function that is handed out changes the words."""
        if not sys.stderr.isatty():
            yield lambda words: None
            return
        with console(sys.stderr).status(Text(what)) as status:
            yield lambda words: status.update(Text(clean(words)))
