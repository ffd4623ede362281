"""How the demo speaks: numbered steps with what was seen, transaction, gas and time; a step that differs ends it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from consentry.domain.ledger import TxReceipt
from consentry.errors import ConsentryError


class StepDiffers(ConsentryError):
    """The demo saw something else than it promises."""

    code = "demo-differs"
    next_step = "Look at the step that is named, and at the logs of the network."
    summary = "The demo saw something else than it promises."


@dataclass
class Telling:
    """Writes the report to stdout; green and bold only on a terminal."""

    step: int = 0
    started: float = field(default_factory=time.monotonic)
    colour: bool = field(default_factory=sys.stdout.isatty)

    def heading(self, text: str) -> None:
        self._line("")
        self._line(self._bold(text))

    @contextmanager
    def tell(self, title: str) -> Iterator[Step]:
        """One step; prints it with its time when it went well, and names it when it did not."""
        self.step += 1
        step = Step()
        began = time.monotonic()
        try:
            yield step
        except BaseException:
            self._line(f"  {self._mark('✗', 31)} {self.step:2d}  {title}")
            for detail in step.details:
                self._line(f"         {detail}")
            raise
        seconds = time.monotonic() - began
        self._line(f"  {self._mark('✓', 32)} {self.step:2d}  {title}  {self._faint(f'{seconds:.2f} s')}")
        for detail in step.details:
            self._line(f"         {detail}")

    def end(self) -> None:
        seconds = time.monotonic() - self.started
        self._line("")
        self._line(f"{self.step} steps, all as promised, in {seconds:.0f} s.")

    def _line(self, text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def _mark(self, sign: str, colour: int) -> str:
        return f"\x1b[{colour}m{sign}\x1b[0m" if self.colour else sign

    def _bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.colour else text

    def _faint(self, text: str) -> str:
        return f"\x1b[2m{text}\x1b[0m" if self.colour else text


@dataclass
class Step:
    """What a step saw."""

    details: list[str] = field(default_factory=list)

    def saw(self, text: str) -> None:
        self.details.append(text)

    def transaction(self, what: str, digest: str, gas: int, block: int) -> None:
        self.saw(f"{what}: transaction {digest[:10]}…{digest[-4:]}, block {block}, {gas:,} gas")

    def transactions(self, what: str, receipts: list[TxReceipt]) -> None:
        gas = sum(receipt.gas_used for receipt in receipts)
        blocks = f"{receipts[0].block}–{receipts[-1].block}"
        self.saw(f"{what}: {len(receipts)} transactions, blocks {blocks}, {gas:,} gas in all")

    def expect(self, condition: bool, otherwise: str) -> None:  # noqa: FBT001 – an assertion reads best this way
        """End the demo unless the condition holds."""
        if not condition:
            raise StepDiffers(otherwise)
