"""Sweeps: which runs they have, and what becomes of a run that diverges."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from minim_train import ConfigError, Sweep, overrides, sweep, train


def test_all_combinations_each_as_if_run_alone() -> None:
    result = sweep("gan", seed=range(2), optimizer={"learningRate": [0.1, 0.2]}, training={"steps": 30}, workers=2)
    assert [(run.config["seed"], run.config["optimizer"]["learningRate"]) for run in result.runs] == [
        (0, 0.1), (0, 0.2), (1, 0.1), (1, 0.2)
    ]  # fmt: skip
    assert Sweep("runs/latest").folder == result.folder
    alone = train("gan", seed=1, training={"steps": 30}, optimizer={"learningRate": 0.2})
    assert result.runs[3].metrics["value"].tolist() == alone.metrics["value"].tolist()
    assert [run.name for run in result.runs] == [f"{result.folder.name}/000{i}" for i in range(1, 5)]


def test_its_page_and_that_of_a_run() -> None:
    result = sweep({"model": {"name": "bilinear"}, "data": {"name": "none"}}, seed=(0, 1), training={"steps": 5})
    assert result._repr_html_().startswith("<iframe") and result.runs[0]._repr_html_().startswith("<iframe")


def test_a_run_that_diverges_is_a_row() -> None:
    pytest.importorskip("pandas")
    result = sweep("gan", optimizer={"learningRate": np.array([0.1, 1e5])})
    assert result.table.state.tolist() == ["done", "diverged"]
    assert result.table["optimizer.learningRate"].tolist() == [0.1, 1e5]


def test_a_list_in_a_list_is_one_value() -> None:
    result = sweep("gan", model={"generator": [[0.5], [0.25]], "critic": [[1]]}, training={"steps": 5})
    assert [run.config["model"]["generator"] for run in result.runs] == [[0.5], [0.25]]


def test_a_wrong_value_starts_nothing() -> None:
    with pytest.raises(ConfigError) as caught:
        sweep("gan", optimizer={"learningRate": [0.1, -1]})
    assert caught.value.problems[0].key == "optimizer.learningRate"
    assert not Path("runs").exists()


def test_a_folder_without_a_sweep(folder: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no sweep.json"):
        Sweep(folder)


def test_flat_keys() -> None:
    assert dict(overrides.flat({"a": {"b": 1, "c": {}}, "d.e": [2]})) == {"a.b": 1, "a.c": {}, "d.e": [2]}
