"""The bar: what it says of a run's files, in a terminal and in a notebook."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from minim_train import progress, train


def test_the_last_whole_line_counts(folder: Path) -> None:
    assert progress.of_run(folder, 100) == (0, "step 0/100")
    file = folder / "metrics.jsonl"
    file.write_text('{"step":10,"epoch":1,"nll":5}\n{"step":20,"epoch":2,"examples":9,"nll":4.25}\n{"step":30,"ep')
    assert progress.of_run(folder, 100) == (0.2, "step 20/100  nll 4.25")
    file.write_text('{"step":100,"nll":4}\n')
    assert progress.of_run(folder, 100) == (1, "evaluates, and checks the claims")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_has_a_bar_that_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    train("gan", training={"steps": 5_000}, optimizer={"learningRate": 1e-4})
    said = sys.stderr.getvalue()  # type: ignore[attr-defined]
    assert said.startswith("\r") and "-gan-s0-" in said and said.endswith("\r\033[K")
    monkeypatch.setattr(sys, "stderr", Terminal())
    train("gan", training={"steps": 20}, progress=False)
    assert sys.stderr.getvalue() == ""  # type: ignore[attr-defined]


def test_a_notebook_has_a_bar_that_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """IPython and its display, of which only what is called is here; the notebooks themselves are run elsewhere."""
    shown: list[dict[str, str]] = []
    handle = SimpleNamespace(update=lambda data, raw: shown.append(data))
    ipython, display = ModuleType("IPython"), ModuleType("IPython.display")
    ipython.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]

    def first(data: dict[str, str], **options: Any) -> SimpleNamespace:
        assert options == {"raw": True, "display_id": True}
        return handle

    display.display = first  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", display)
    with progress.Progress("a<b") as bar:
        bar.show(0.25, "step 1/4")
    assert shown[0]["text/html"] == '<progress value="0.2500" max="1"></progress> a&lt;b  step 1/4'
    assert shown[-1] == {"text/plain": ""}


def test_elsewhere_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    train("gan", training={"steps": 20})
    assert capsys.readouterr().err == ""
