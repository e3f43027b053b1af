"""A sweep: runs of one config over values of some keys."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from . import errors, overrides, program
from .progress import Progress
from .run import Run, page
from .table import runs as table


class Sweep:
    """A sweep by its folder."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder).resolve()
        if not (self.folder / "sweep.json").exists():
            raise FileNotFoundError(f"{folder} is not the folder of a sweep: it has no sweep.json")

    def __repr__(self) -> str:
        return f"Sweep({str(self.folder)!r})"

    @property
    def runs(self) -> list[Run]:
        """Its runs, in the order of the values."""
        return [Run(config.parent) for config in sorted(self.folder.glob("[0-9]*/config.json"))]

    @property
    def table(self) -> Any:
        """Its runs with the keys that vary and the final metrics, as `minim_train.runs` gives them."""
        return table(self.folder)

    def resume(self, *, workers: int | None = None, progress: bool = True) -> Sweep:
        """Trains the runs that are not done."""
        count = len(program.output("train", "sweep", "--resume", self.folder, "--print").splitlines())
        done = self._done()
        words = ["sweep", "--resume", self.folder, "--quiet", *(["--workers", workers] if workers else [])]
        with Progress(self.folder.name, progress) as bar:

            def watch() -> None:
                now = self._done() - done
                bar.show(now / max(count, 1), f"{now} of {count} runs")

            try:
                code, _, said = program.run("train", *words, watch=watch)
            except KeyboardInterrupt:
                raise errors.Stopped(self) from None
        # Such a run is a result of a sweep, and the program names it.
        if code not in (0, errors.DIVERGED, errors.BUG):
            raise errors.error(code, said, self)
        sys.stderr.write(said)
        return self

    def _done(self) -> int:
        return sum(1 for _ in self.folder.glob("*/evaluation.json"))

    def _repr_html_(self) -> str:
        """The sweep's page."""
        return page(self.folder)


def sweep(
    config: overrides.Config,
    *,
    runs: str | os.PathLike[str] = "runs",
    workers: int | None = None,
    progress: bool = True,
    **values: Any,
) -> Sweep:
    """Trains all combinations of values, each run to the bits that it has alone.

    A list, tuple, range or array has the values of its key; a list that is one value is in a list of its own. Anything else is
    an override of all runs: ``sweep("gan", seed=range(5), optimizer={"learningRate": [0.1, 0.2]})``. A run that
    diverged, or with a claim that failed, is no error here: standard error and the row in ``table`` say so.

    Raises:
        ConfigError, MinimError, Stopped: as by `train`. ``Stopped.run`` is the sweep, and can be resumed.
    """
    with tempfile.TemporaryDirectory() as folder:
        grid = Path(folder, "grid.json")
        grid.write_text(overrides.encoded({key: _values(value) for key, value in overrides.flat(values)}), encoding="utf-8")
        file, text = overrides.named(config)
        words = ["sweep", "--plan", "--config", file, "--grid", grid, "--runs", runs]
        path = program.output("train", *words, text=text).rstrip("\n")
    return Sweep(path).resume(workers=workers, progress=progress)


def _values(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple, range)) or hasattr(value, "tolist") else [value]
