"""Trains one run."""

from __future__ import annotations

import json
import os
import secrets
import time
from pathlib import Path
from typing import Any

from . import overrides, program
from .run import Run


def train(
    config: overrides.Config,
    *,
    runs: str | os.PathLike[str] = "runs",
    into: str | os.PathLike[str] | None = None,
    start: Run | str | os.PathLike[str] | None = None,
    workers: int | None = None,
    progress: bool = True,
    **changes: Any,
) -> Run:
    """Trains a model to the end, checks its claims, and returns the run.

    Args:
        config: a path, the name of a config that comes with Minim, or a dict.
        runs: the folder of all runs, in which the run gets a new folder.
        into: this folder instead. The same call again goes on with the run, or finds it done.
        start: a run whose kept parameters this one starts from.
        workers: the number of threads, which no result depends on. None: all.
        progress: whether to show a bar in notebooks and terminals.
        changes: overrides of the config, ``training={"steps": 100}`` or ``**{"training.steps": 100}``.

    Raises:
        ConfigError: with all problems; nothing was started.
        DivergenceError: a number was not finite.
        ClaimError: an identity or a bound failed, or a statistical claim beyond doubt.
        MinimError: anything else, with the program's exit code and words.
        Stopped: control-C, after saving.
    """
    file, text = overrides.named(config)
    words = ["--config", file, *overrides.words(changes)]
    # The notes come again with the training.
    whole = json.loads(program.output("train", "--print-config", *words, text=text, notes=False))
    if workers is not None:
        words += ["--workers", str(workers)]
    if start is not None:
        words += ["--runs", str(runs), "--from", str(start.folder if isinstance(start, Run) else start)]
    folder = _new(Path(runs), whole["name"], whole["seed"]) if into is None else Path(into)
    folder.mkdir(parents=True, exist_ok=True)
    run = Run(folder)
    run._train([*words, "--into", run.folder], whole["training"]["steps"], text=text, shown=progress)
    return run


def _new(runs: Path, name: str, seed: int) -> Path:
    """A new folder with a name like those that the program gives, which is now the latest."""
    folder = runs / f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{name}-s{seed}-{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    try:
        link = runs / f".{folder.name}"
        link.symlink_to(folder.name)
        link.replace(runs / "latest")
    except OSError:  # where there are no links, commands find the newest run by its name
        pass
    return folder
