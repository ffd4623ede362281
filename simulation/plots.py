"""Small SVG plots: lines over the hours of a day on a logarithmic scale (specification H-64).

Colours differ in lightness too, each line has its own dashes and its name beside it; the words are in the tables as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 360, 80, 150, 44, 48
_STYLES: Final = (("#1b6ca8", ""), ("#b3541e", "7 4"), ("#3a7d44", "2 4"), ("#6b2d73", "10 3 2 3"))
_INK, _FAINT, _LIMIT = "#222222", "#d5d5d5", "#8a1c1c"


@dataclass(frozen=True)
class Line:
    """One value an hour; those below the scale are drawn at its foot."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Plot:
    """`title` stands above, `unit` at the scale, `says` is for who does not see it. `limit`: a value with its name."""

    title: str
    unit: str
    says: str
    lines: tuple[Line, ...]
    limit: tuple[float, str] | None = None
    least: float = 1.0

    def svg(self) -> bytes:
        root = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {WIDTH} {HEIGHT}"})
        root.attrib |= {"role": "img", "font-family": "sans-serif", "font-size": "12"}
        SubElement(root, "title").text = self.title
        SubElement(root, "desc").text = self.says
        SubElement(root, "rect", width=str(WIDTH), height=str(HEIGHT), fill="#ffffff")
        _text(root, LEFT, 22, self.title, size="15")
        scale = _Scale.around([*self._values(), self.least])
        self._grid(root, scale)
        names = []
        for line, (colour, dashes) in zip(self.lines, _STYLES, strict=False):
            points = [
                (_across(hour + 0.5, len(line.values)), scale.y(one)) for hour, one in enumerate(line.values)
            ]
            _line(root, points, colour, dashes)
            names.append((points[-1][1], line.name, colour))
        if self.limit is not None:
            height = scale.y(self.limit[0])
            _line(root, [(LEFT, height), (WIDTH - RIGHT, height)], _LIMIT, "1 3")
            names.append((height, self.limit[1], _LIMIT))
        for height, name, colour in _apart(names):
            _text(root, WIDTH - RIGHT + 6, height + 4, name, fill=colour)
        indent(root)
        return tostring(root, encoding="utf-8") + b"\n"

    def _values(self) -> list[float]:
        limit = [] if self.limit is None else [self.limit[0]]
        return [one for line in self.lines for one in line.values if one >= self.least] + limit

    def _grid(self, root: Element, scale: _Scale) -> None:
        for power in range(scale.low, scale.high + 1):
            height = scale.y(10.0**power)
            _line(root, [(LEFT, height), (WIDTH - RIGHT, height)], _FAINT, "")
            _text(root, LEFT - 8, height + 4, _number(10**power), anchor="end")
        for hour in range(0, 25, 4):
            place = _across(hour, 24)
            _text(root, place, HEIGHT - BOTTOM + 18, str(hour), anchor="middle")
        _text(root, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "hour of the day", anchor="middle")
        _text(root, LEFT, 38, self.unit)


@dataclass(frozen=True)
class _Scale:
    """Powers of ten."""

    low: int
    high: int

    @classmethod
    def around(cls, values: Sequence[float]) -> _Scale:
        return cls(floor(log10(min(values))), max(ceil(log10(max(values))), floor(log10(min(values))) + 1))

    def y(self, value: float) -> float:
        share = (log10(max(value, 10.0**self.low)) - self.low) / (self.high - self.low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)


def _across(at: float, of: int) -> float:
    return round(LEFT + (WIDTH - RIGHT - LEFT) * at / of, 1)


def _line(root: Element, points: Sequence[tuple[float, float]], colour: str, dashes: str) -> None:
    text = " ".join(f"{x},{y}" for x, y in points)
    drawn = {"points": text, "fill": "none", "stroke": colour}
    drawn["stroke-width"] = "1" if colour == _FAINT else "2"
    if dashes:
        drawn["stroke-dasharray"] = dashes
    SubElement(root, "polyline", drawn)


def _text(
    root: Element, x: float, y: float, words: str, *, anchor: str = "start", fill: str = _INK, size: str = ""
) -> None:
    placed = {"x": str(x), "y": str(y), "fill": fill, "text-anchor": anchor}
    if size:
        placed["font-size"] = size
    SubElement(root, "text", placed).text = words


def _apart(names: list[tuple[float, str, str]], least: float = 15.0) -> list[tuple[float, str, str]]:
    """Names that would lie on each other, one below the other."""
    placed: list[tuple[float, str, str]] = []
    for height, name, colour in sorted(names):
        above = placed[-1][0] + least if placed else height
        placed.append((max(height, above), name, colour))
    return placed


def _number(value: float) -> str:
    for unit, over in (("G", 10**9), ("M", 10**6), ("k", 10**3)):
        if value >= over:
            return f"{value / over:g} {unit}"
    return f"{value:g}"
