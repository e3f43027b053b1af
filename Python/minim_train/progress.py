"""A bar that shows how far a run is: in a notebook, in a terminal, or nowhere."""

from __future__ import annotations

import html
import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

_WIDTH = 30


class Progress:
    """Draws a share of 1 and a text wherever somebody can see it; it is gone when the work is done."""

    def __init__(self, title: str, shown: bool = True) -> None:
        self._title = title
        self._notebook = _notebook_display() if shown else None
        self._terminal = shown and self._notebook is None and sys.stderr.isatty()

    def show(self, share: float, text: str) -> None:
        text = f"{self._title}  {text}"
        if self._notebook is not None:
            bar = f'<progress value="{share:.4f}" max="1"></progress> {html.escape(text)}'
            self._notebook.update({"text/html": bar, "text/plain": text}, raw=True)
        elif self._terminal:
            full = round(share * _WIDTH)
            print(f"\r{'█' * full}{'░' * (_WIDTH - full)} {text}\033[K", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        if self._notebook is not None:
            self._notebook.update({"text/plain": ""}, raw=True)
        elif self._terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _notebook_display() -> Any:
    """A place in the output of a notebook's cell; None outside of notebooks."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if not hasattr(shell, "kernel"):
        return None
    return import_module("IPython.display").display({"text/plain": ""}, raw=True, display_id=True)


def of_run(folder: Path, steps: int) -> tuple[float, str]:
    """How far a run is by the last whole line of its metrics, and that line in words."""
    try:
        with open(folder / "metrics.jsonl", "rb") as file:
            file.seek(max(0, file.seek(0, 2) - 4096))
            lines = file.read().split(b"\n")[:-1]
        row = json.loads(lines[-1])
    except (OSError, IndexError, ValueError):  # nothing yet, or a line that is longer than what was read
        return 0, f"step 0/{steps}"
    if row["step"] >= steps:
        return 1, "evaluates, and checks the claims"
    name, value = next(item for item in row.items() if item[0] not in ("step", "epoch", "examples"))
    return row["step"] / steps, f"step {row['step']}/{steps}  {name} {float(value):.4g}"
