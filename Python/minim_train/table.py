"""All runs of a folder as a table."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import program
from .run import Run


def runs(folder: str | os.PathLike[str] = "runs", *columns: str) -> Any:
    """The runs in a folder, those of its sweeps too, or the runs of one sweep.

    A data frame if pandas is installed: ``run`` (a `Run`), model, state, step, loss, what varies in a sweep, ``columns`` (keys
    of the config), and the final metrics. Otherwise a list of `Run`.
    """
    rows = list(_rows(Path(folder), columns))
    try:
        import pandas
    except ImportError:
        return [row["run"] for row in rows]
    return pandas.DataFrame(rows)


def _rows(folder: Path, columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    is_sweep = (folder / "sweep.json").exists()
    words: list[object] = [folder.resolve()] if is_sweep else ["--runs", folder]
    if columns:
        words += ["--columns", ",".join(columns)]
    for row in json.loads(program.output("minim", "list", "--json", *words)):
        path = folder / Path(row["run"]).name
        if row.pop("kind") == "sweep":
            yield from _rows(path, columns)
        else:
            run = Run(path)
            # First what the list has, which no metric of the same name replaces.
            yield {**row, **run.evaluation, **row, "run": run}
