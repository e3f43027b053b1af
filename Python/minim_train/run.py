"""A run: a folder of plain files. What is a property reads one of them; what is a method runs a program."""

from __future__ import annotations

import html
import json
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Iterable

import numpy as np

from . import errors, overrides, program, progress, safetensors

Array = np.ndarray[Any, Any]


class Run:
    """A run by its folder, such as ``Run("runs/latest")``."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder).resolve()
        if not self.folder.is_dir():
            raise FileNotFoundError(f"{folder} is not the folder of a run")

    @property
    def name(self) -> str:
        """The name that commands know it by: that of its folder, or SWEEP/0003."""
        parent = self.folder.parent
        return f"{parent.name}/{self.folder.name}" if (parent / "sweep.json").exists() else self.folder.name

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"Run({str(self.folder)!r})"

    @property
    def config(self) -> dict[str, Any]:
        """The config with every default."""
        return self._json("config.json")

    @property
    def status(self) -> dict[str, Any]:
        """``state`` (running, done, diverged, stopped or failed), ``step``, ``seconds``, ``loss``."""
        return self._json("status.json")

    @property
    def metrics(self) -> dict[str, Array]:
        """The metrics of training as columns, of which ``step`` is one. A step without a metric has NaN there."""
        with open(self.folder / "metrics.jsonl", encoding="utf-8") as file:
            rows = [json.loads(line) for line in file if line.endswith("\n")]
        names = dict.fromkeys(name for row in rows for name in row)
        return {name: np.array([_number(row.get(name)) for row in rows]) for name in names}

    @property
    def evaluation(self) -> dict[str, float]:
        """The final metrics, by the parameters that the run keeps; none before its end."""
        if not (self.folder / "evaluation.json").exists():
            return {}
        return {metric["name"]: _number(metric["value"]) for metric in self._json("evaluation.json")["metrics"]}

    @property
    def claims(self) -> dict[str, dict[str, Any]]:
        """The claims by their ids: theorem, measured, expected, verdict, control and more."""
        return {claim["id"]: claim for claim in self._json("claims.json")["claims"]}

    @property
    def samples(self) -> Array:
        """The samples that the run drew at its end, by the parameters that it keeps."""
        return np.load(self.folder / "samples" / "final.npy")  # type: ignore[no-any-return]

    @property
    def parameters(self) -> dict[str, Array]:
        """The parameters that the run keeps: the best or the last, and their running average if it has one."""
        kept = self._json("evaluation.json") if self.evaluation else {"step": self.status["checkpoint"]}
        file = self.folder / "checkpoints" / f"step-{kept['step']:08}.safetensors"
        return safetensors.read(file, "optimizer/average/") or safetensors.read(file, "parameters/")

    @property
    def gap(self) -> dict[str, Array]:
        """The gap of a VAE by split, as arrays with a name for each column; measured the first time."""
        if not self._gap_files:
            try:
                program.output("minim", "gap", self.folder, notes=False)
            except BaseException:  # one split without the others would be taken for all
                for file in self._gap_files:
                    file.unlink()
                raise
        tables = {file.stem[4:]: np.genfromtxt(file, delimiter=",", names=True) for file in self._gap_files}
        return {split: np.atleast_1d(table) for split, table in tables.items()}

    @property
    def _gap_files(self) -> list[Path]:
        return [file for file in sorted(self.folder.glob("gap-*.csv")) if "-step-" not in file.stem]

    def resume(self, *, progress: bool = True, **changes: Any) -> Run:
        """Goes on with a run that was stopped or killed, or trains it further: ``training={"steps": 400}``."""
        steps = dict(overrides.flat(changes)).get("training.steps", self.config["training"]["steps"])
        self._train(["resume", self.folder, *overrides.words(changes)], steps, shown=progress)
        return self

    def numpy_model(self, dtype: Any = np.float32) -> Any:
        """The trained model in plain NumPy. Its file ``model.py``, made to be read, stays in the run's folder."""
        file = self.folder / "model.py"
        program.output("minim", "export", self.folder, "--numpy", "--output", file)
        module = ModuleType(f"model of {self.name}")
        module.__file__ = str(file)
        exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), module.__dict__)
        return module.__dict__["Model"](dtype)

    def _train(self, words: Iterable[object], steps: int, *, text: str = "", shown: bool = True) -> None:
        """Runs ``train`` on this folder, and raises what became of it if it is not done."""
        with progress.Progress(self.name, shown) as bar:
            try:
                code, _, said = program.run(
                    "train", *words, "--quiet", text=text, watch=lambda: bar.show(*progress.of_run(self.folder, steps))
                )
            except KeyboardInterrupt:
                if not (self.folder / "status.json").exists():
                    raise
                raise errors.Stopped(self) from None
        if code != 0:
            raise errors.error(code, said, self)
        sys.stderr.write(said)

    def _json(self, name: str) -> dict[str, Any]:
        return json.loads((self.folder / name).read_text(encoding="utf-8"))  # type: ignore[no-any-return]

    def _repr_html_(self) -> str:
        """The run's page."""
        return page(self.folder)


def page(folder: Path) -> str:
    """The page of a run or a sweep in a frame of its own, whose styles and script reach nothing else in a notebook."""
    file = folder / "report.html"
    if not file.exists():
        program.output("minim", "report", folder)
    text = html.escape(file.read_text(encoding="utf-8"))
    return f'<iframe srcdoc="{text}" sandbox="allow-scripts" style="width: 100%; height: 40em; border: 0"></iframe>'


def _number(value: Any) -> Any:
    """A number of a file, where those that are not finite are words."""
    return float("nan" if value is None else value) if value is None or isinstance(value, str) else value
