"""Log lines: for people, or JSON of allowed values alone (H-51, H-52)."""

from __future__ import annotations

import ast
import io
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from consentry.telemetry import request_id
from consentry.telemetry.logs import FIELDS, JsonFormatter, TextFormatter

PACKAGE = Path(__file__).resolve().parents[3] / "app" / "consentry"
SECRET = "MRN-4711 of Alice"
ALWAYS = {"time", "level", "logger", "event"}
UNWRITTEN = {"why", "ref"}
"""Names that people see and JSON leaves out: words of a node or an error, and how a gateway calls a person."""


@pytest.fixture
def stream() -> Iterator[tuple[logging.Handler, io.StringIO]]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    loggers = [logging.getLogger(name) for name in ("consentry.tried", "gunicorn.error", "somebody")]
    for one in loggers:
        one.addHandler(handler)
        one.setLevel(logging.INFO)
        one.propagate = False
    request_id.begin("")
    yield handler, written
    for one in loggers:
        one.removeHandler(handler)
        one.propagate = True


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(one) for one in written.getvalue().splitlines()]


def test_json_holds_what_is_allowed_alone(stream: tuple[logging.Handler, io.StringIO]) -> None:
    """H-51, H-52: by name and by look."""
    handler, written = stream
    handler.setFormatter(JsonFormatter())
    log = logging.getLogger("consentry.tried")
    request_id.begin("0123456789abcdef")
    log.info(
        "%(method)s %(route)s took %(ms).0f ms",
        {"method": "GET", "route": "/fhir/Patient/<ref>", "ms": 12.3456},
    )
    log.warning("%(code)s of %(patient)s", {"code": "no-ground", "patient": SECRET})
    log.warning("waits: %(code)s", {"code": SECRET})
    log.warning("waits: %s", SECRET)
    first, second, third, fourth = lines(written)
    assert first == first | {
        "level": "info",
        "logger": "consentry.tried",
        "event": "{method} {route} took {ms} ms",
        "request": "0123456789abcdef",
        "method": "GET",
        "route": "/fhir/Patient/<ref>",
        "ms": 12.346,
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", first["time"])
    assert second["code"] == "no-ground" and second["event"] == "{code} of …"
    assert third.keys() == fourth.keys() == ALWAYS | {"request"}
    assert SECRET not in written.getvalue()


@pytest.mark.parametrize("formatter", [JsonFormatter(), TextFormatter()], ids=["json", "text"])
def test_an_exception_tells_its_kind_and_place(
    stream: tuple[logging.Handler, io.StringIO], formatter: logging.Formatter
) -> None:
    """H-52: not its words, nor those of what it came from."""
    handler, written = stream
    handler.setFormatter(formatter)
    for name in ("consentry.tried", "somebody"):
        try:
            raise ValueError(SECRET)
        except ValueError:
            logging.getLogger(name).exception("it failed")
    assert written.getvalue().count("ValueError") == 2 and "test_logs.py:" in written.getvalue()
    assert SECRET not in written.getvalue()


def test_json_takes_no_words_of_libraries(stream: tuple[logging.Handler, io.StringIO]) -> None:
    """H-51: of the server its words, and not what they are about."""
    handler, written = stream
    handler.setFormatter(JsonFormatter())
    logging.getLogger("somebody").warning(f"cannot read {SECRET}")
    logging.getLogger("gunicorn.error").info("Invalid request from ip=%s: %s", "192.0.2.7", SECRET)
    logging.getLogger("gunicorn.error").info(SECRET)
    assert [one["event"] for one in lines(written)] == [
        "a library's words",
        "Invalid request from ip=%s: %s",
        "a library's words",
    ]


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(
                ("_LOG.", "logging.getLogger(__name__).")
            ):
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node


def words_of(call: ast.Call, place: str) -> str:
    """The line's words, which stand in the code; a name for them counts too."""
    if isinstance(call.args[0], ast.Name):
        text = (PACKAGE / place.split(":")[0]).read_text("utf-8")
        found = re.search(rf'^{call.args[0].id} = "(.*)"$', text, re.MULTILINE)
        assert found, place
        return found[1]
    assert isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str), place
    return call.args[0].value


@pytest.mark.parametrize(("place", "call"), [pytest.param(*one, id=one[0]) for one in calls()])
def test_each_line_names_what_it_fills_in(place: str, call: ast.Call) -> None:
    """H-51: by names that are allowed, or that JSON is known to leave out."""
    words = words_of(call, place)
    assert len(call.args) <= 2 and {one.arg for one in call.keywords} <= {"exc_info"}, place
    assert "%" not in re.sub(r"%\(\w+\)[.\d]*[sdrf]", "", words), place
    named = set(re.findall(r"%\((\w+)\)", words))
    assert named <= FIELDS.keys() | UNWRITTEN, place
    assert bool(named) == (len(call.args) == 2), place
