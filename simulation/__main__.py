"""`make scale`: simulates three days, prints the tables, and writes them and the plots into docs/."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from simulation.days import AS_IT_IS, LOADS, OTHERWISE, simulated
from simulation.page import PAGE, written
from simulation.pictures import PICTURES, pictures
from simulation.report import Result, markdown, otherwise, sources, tables


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m simulation", description=__doc__)
    parser.add_argument("--print", action="store_true", help="print the tables, and write nothing")
    only = parser.parse_args().print
    results = [simulated(load, AS_IT_IS) for load in LOADS]
    others = [(name, simulated(load, rules)) for name, load, rules in OTHERWISE]
    found = [markdown(table) for table in (*tables(results), otherwise(others), sources())]
    print("\n\n".join(found))
    if not only:
        _write(results, found)


def _write(results: Sequence[Result], found: Sequence[str]) -> None:
    PAGE.write_text(written(PAGE.read_text("utf-8"), found), "utf-8")
    PICTURES.mkdir(exist_ok=True)
    for name, picture in pictures(results).items():
        Path(PICTURES / name).write_bytes(picture)


if __name__ == "__main__":
    main()
