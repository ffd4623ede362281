"""docs/scale.md: its tables are those of the simulator, its figures name their sources, its plots can be read (H-64, H-68)."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from simulation.days import AS_IT_IS, LOADS, OTHERWISE, simulated
from simulation.page import BEGIN, END, PAGE, tables_of, written
from simulation.pictures import PICTURES, pictures
from simulation.plots import Line, Plot
from simulation.prices import GAS, KEEPERS, ROOT, figures
from simulation.report import markdown, size, sources, tables
from simulation.workload import Load

SVG = "{http://www.w3.org/2000/svg}"
MOST_BYTES = 100_000


def shown() -> str:
    return tables_of(PAGE.read_text("utf-8"))


def cells(page: str) -> dict[tuple[str, str], list[str]]:
    """The cells of each row, by the table's title and the row's name."""
    found, title = {}, ""
    for line in page.splitlines():
        if line.startswith("### "):
            title = line[4:]
        elif line.startswith("| "):
            name, *rest = (one.strip() for one in line.strip("|").split("|"))
            found[title, name] = rest
    return found


def test_page_has_the_tables_that_the_simulator_prints() -> None:
    """H-64, H-68: the smallest day is simulated anew; `make scale` writes the others with it."""
    told = cells(shown())
    for title, head, rows in tables([simulated(LOADS[0], AS_IT_IS)]):
        assert told[title, head[0]] == [f"{load.interactions:,}" for load in LOADS]
        for name, value in rows:
            assert told[title, name][0] == value, f"{title}, {name}: run `make scale`"
    assert [name for name, *_ in OTHERWISE] == [row for title, row in told if title == "Other rules"][2:]


def test_every_figure_names_its_source() -> None:
    """H-68: on the page as well."""
    assert markdown(sources()) in shown()
    assert len(figures()) > 15 and all(
        what and value and len(source) > 10 for what, value, source in figures()
    )
    named = {source.split(",")[0].split(":")[0] for _, _, source in figures() if source.startswith("docs/")}
    assert len(named) > 2 and all((ROOT / one).exists() for one in named)


def test_gas_is_read_from_what_make_gas_wrote() -> None:
    """H-68: each kind of transaction has its price there."""
    known = json.loads((ROOT / "docs" / "gas.json").read_text("utf-8"))["gas"]
    assert {one.value for one in GAS.values()} <= set(known.values())
    assert GAS["anchor"].value == known["anchor 100 records"]


def test_line_goes_through_what_was_measured() -> None:
    """H-68: one item took 11.22 ms, each of a hundred 1.17."""
    assert KEEPERS.ms(1, 1) == pytest.approx(11.22)
    assert KEEPERS.ms(1, 100) == pytest.approx(117)


def test_plots_can_be_read() -> None:
    """H-64: those of the page, and those that would be written now, are small SVG with words for who does not see them."""
    page, made = PAGE.read_text("utf-8"), pictures([simulated(Load(5_000), AS_IT_IS)])
    assert {one.name for one in PICTURES.glob("scale-*.svg")} == made.keys()
    for name, fresh in made.items():
        assert f"(images/{name})" in page
        for raw in ((PICTURES / name).read_bytes(), fresh):
            root = ElementTree.fromstring(raw)
            assert len(raw) < MOST_BYTES and root.get("role") == "img"
            assert root.findtext(f"{SVG}title") and root.findtext(f"{SVG}desc")
        named = [one.text for one in ElementTree.parse(PICTURES / name).iter(f"{SVG}text")]
        assert {f"{load.interactions:,}" for load in LOADS} <= set(named)


def test_plot_puts_a_larger_value_higher_and_keeps_names_apart() -> None:
    """H-64: what lies below the scale is drawn at its foot."""
    plot = Plot(
        "t", "u", "s", (Line("low", (0.0, 1.0)), Line("high", (90.0, 100.0)), Line("too", (90.0, 99.0)))
    )
    root = ElementTree.fromstring(plot.svg())
    lines = [
        one.get("points", "").split() for one in root.iter(f"{SVG}polyline") if one.get("stroke-width") == "2"
    ]
    low, high, _ = ([float(point.split(",")[1]) for point in line] for line in lines)
    assert low[0] == low[1] > high[0] > high[1]
    heights = sorted(
        float(one.get("y", "")) for one in root.iter(f"{SVG}text") if one.text in ("low", "high", "too")
    )
    assert all(below - above >= 15 for above, below in zip(heights, heights[1:], strict=False))


def test_only_what_stands_between_the_marks_is_written() -> None:
    """H-64."""
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert written(page, ["new", "newer"]) == f"before\n{BEGIN}\nnew\n\nnewer\n{END}\nafter\n"
    for bad in ("", BEGIN, END + BEGIN, page + page):
        with pytest.raises(ValueError, match="marks"):
            written(bad, ["new"])


@pytest.mark.parametrize(
    ("count", "told"),
    [(0, "0 B"), (999.4, "999 B"), (999.6, "1 kB"), (13_424, "13.4 kB"), (2.5e15, "2.5e+03 TB")],
)
def test_sizes_are_told_in_three_digits(count: float, told: str) -> None:
    """H-64."""
    assert size(count) == told


def test_rules_of_the_other_days_change_one_thing_each() -> None:
    """H-67: so that the page can say what it is that helps."""
    changed = [rules for _, _, rules in OTHERWISE]
    assert AS_IT_IS in changed and len(set(changed)) == len(changed)
    assert replace(changed[3], receipts_a_commit=128, commit_at_receipts=100) == AS_IT_IS
