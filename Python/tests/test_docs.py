"""docs/python.md: its example runs, and its tables name what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import minim_train

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "python.md").read_text(encoding="utf-8")


def test_the_example(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pandas")
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(example, "docs/python.md", "exec"), {})
    said = capsys.readouterr().out
    assert " holds (64, 5, 5)" in said
    assert "optimizer.learningRate expected a number > 0" in said


def test_every_name_is_on_the_page() -> None:
    names = set(minim_train.__all__) - {"Problem"}
    names |= {name for kind in (minim_train.Run, minim_train.Sweep) for name in vars(kind) if not name.startswith("_")}
    text = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    code = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", text))))
    assert names - {"name"} <= code, names - code
