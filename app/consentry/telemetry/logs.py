"""What gateways and keepers write to their log: lines for people, or one JSON object a line (specification H-51, H-52).

A line's words stand in the code. What is filled in has a name (`_LOG.info("… %(code)s", {"code": …})`), and JSON holds it only
if the name is in `FIELDS` and the value looks as it should; everything else stays out, whatever a library or a defect wrote.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from consentry.telemetry.request_id import current

OURS: Final = "consentry"
SERVERS: Final = frozenset(("gunicorn",))
"""Libraries whose words are written, though not what they fill in."""
_CODE = re.compile(r"[a-z][a-z0-9-]{0,63}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
FIELDS: Final = MappingProxyType(
    {
        "request": re.compile(r"[0-9a-f-]{16,64}"),
        "method": re.compile(r"[A-Z]{1,10}"),
        "route": re.compile(r"/[A-Za-z0-9_<>:/.$-]{0,120}|\(no route\)"),
        "status": re.compile(r"[1-5][0-9][0-9]"),
        "ms": _NUMBER,
        "code": _CODE,
        "error": _NAME,
        "at": re.compile(r"[A-Za-z0-9_./:; -]{1,4000}"),
        "count": _NUMBER,
        "seconds": _NUMBER,
        "block": _NUMBER,
        "rpc_code": _NUMBER,
        "port": re.compile(r"[0-9]{1,5}"),
        "node": re.compile(r"[A-Za-z0-9.:\[\]-]{1,260}"),
        "former": re.compile(r"[A-Za-z0-9.:\[\]-]{1,260}"),
        "transaction": re.compile(r"0x[0-9a-f]{64}"),
        "keeper": re.compile(r"0x[0-9a-f]{40}"),
        "subject": re.compile(r"[a-z ]{1,60}"),
        "channel": _CODE,
    }
)
"""By name, what a value looks like: none of them can hold a sentence, a purpose or a date of birth."""
_PLACE = re.compile(r"%\((\w+)\)[-#0 +]*\d*(?:\.\d+)?[a-z]")


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


class TextFormatter(logging.Formatter):
    """For people. Of an exception its kind and place alone: its own words may hold what was sent."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # where another form leaves what it wrote, with the exception's words
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802 – the library's name
        error, at = _failure(ei)
        return f"{error} at {at}"


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
        }
        if current():
            line["request"] = current()
        if record.exc_info:
            line |= _allowed(dict(zip(("error", "at"), _failure(record.exc_info), strict=True)))
        if record.name.split(".", 1)[0] == OURS and isinstance(record.args, Mapping):
            line |= _allowed(record.args)
        return json.dumps(line, ensure_ascii=True)


def offer(parser: ArgumentParser) -> None:
    """The option that a process has for it."""
    parser.add_argument(
        "--log-format",
        choices=[str(one) for one in LogFormat],
        default=str(LogFormat.TEXT),
        help="lines for people (text), or one JSON object a line",
    )


def set_up(log_format: LogFormat) -> None:
    """Of this process, to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if log_format is LogFormat.JSON else TextFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


def _event(record: logging.LogRecord) -> str:
    """The words without what is filled in. A library's that fills nothing in may have written anything into them."""
    words, library = str(record.msg), record.name.split(".", 1)[0]
    if library == OURS or (library in SERVERS and record.args):
        return _PLACE.sub(lambda place: f"{{{place[1]}}}" if place[1] in FIELDS else "…", words)
    return "a library's words"


def _allowed(values: Mapping[str, object]) -> dict[str, object]:
    """What may be written, as it is: a number stays one."""
    found: dict[str, object] = {}
    for name, value in values.items():
        shape = FIELDS.get(name)
        told = round(value, 3) if isinstance(value, float) else value
        if shape is not None and isinstance(told, str | int | float) and shape.fullmatch(str(told)):
            found[name] = told
    return found


def _failure(failure: Any) -> tuple[str, str]:
    """Its kind, and where it was raised."""
    kind, _, trace = failure if isinstance(failure, tuple) else (None, None, None)
    at = "; ".join(f"{one.filename}:{one.lineno}" for one in traceback.extract_tb(trace))
    return getattr(kind, "__name__", "unknown"), at or "unknown"
