"""What a run's files say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import minim_train
from minim_train import Run, program, safetensors, train


def test_files_become_values(vae: Run) -> None:
    assert vae.config["model"]["name"] == "vae" and vae.config["training"]["steps"] == 50
    assert vae.status["state"] == "done"
    assert vae.metrics["step"].tolist() == [50]
    assert vae.metrics["negativeELBO"][-1] == vae.status["loss"]["negativeELBO"]
    assert vae.evaluation["trainingGap"] == pytest.approx(
        vae.evaluation["trainingLogProb"] - vae.evaluation["trainingELBO"], abs=1e-12
    )
    assert vae.claims["T1"]["verdict"] == "holds" and vae.claims["T1"]["control"]["fails"]
    assert vae.samples.shape[1:] == (4,)
    assert repr(vae) == f"Run({str(vae.folder)!r})" and str(vae) == vae.name == "run"


def test_parameters_are_those_of_the_manifest(vae: Run) -> None:
    layout = json.loads((vae.folder / "manifest.json").read_text())["layout"]
    assert {entry["path"]: tuple(entry["shape"]) for entry in layout} == {
        name: value.shape for name, value in vae.parameters.items()
    }
    assert {value.dtype for value in vae.parameters.values()} == {np.dtype("float64")}


def test_parameters_are_the_averaged_ones_if_there_are_any() -> None:
    run = train("vae-linear", training={"steps": 20}, optimizer={"averageDecay": 0.9})
    raw = safetensors.read(run.folder / "checkpoints/step-00000020.safetensors", "parameters/")
    assert raw.keys() == run.parameters.keys()
    assert not np.array_equal(raw["encoder.0.weight"], run.parameters["encoder.0.weight"])


def test_metrics_have_a_column_for_each_name(folder: Path) -> None:
    (folder / "metrics.jsonl").write_text('{"step":1,"nll":2.5}\n{"step":2,"nll":"Infinity","other":null}\n{"step":3,"n')
    metrics = Run(folder).metrics
    assert metrics["step"].tolist() == [1, 2] and metrics["nll"].tolist() == [2.5, np.inf]
    assert np.isnan(metrics["other"]).all()


def test_the_gap_is_measured_once(vae: Run) -> None:
    gap = vae.gap["training"]
    assert gap["amortization"].shape == (8,)
    whole = gap["logProb"] - gap["encoderBound"]
    assert np.allclose(whole, gap["approximation"] + gap["amortization"], atol=1e-12)
    time = (vae.folder / "gap-training.csv").stat().st_mtime_ns
    assert np.array_equal(vae.gap["training"], gap)
    assert (vae.folder / "gap-training.csv").stat().st_mtime_ns == time


def test_the_page_is_in_a_frame(vae: Run) -> None:
    page = vae._repr_html_()
    assert page.startswith('<iframe srcdoc="&lt;!') and page.endswith("</iframe>")
    assert "T1" in page and page.count("<") == 2  # all of the page is escaped


def test_the_model_in_numpy(vae: Run) -> None:
    if "--numpy" not in program.output("minim", "export", "--help"):
        pytest.skip("this version exports no model as NumPy")
    model = vae.numpy_model(np.float64)
    assert (vae.folder / "model.py").exists()
    assert model.parameters.keys() == vae.parameters.keys()
    for name, value in vae.parameters.items():
        assert np.array_equal(model.parameters[name], value)
    assert np.allclose(model.sample(len(vae.samples)), vae.samples, atol=1e-6)
    assert np.isfinite(model.losses(vae.samples)).all()


def test_a_finished_run_is_trained_further(vae: Run) -> None:
    short = train("gan", training={"steps": 50})
    assert short.resume(training={"steps": 100}) is short
    whole = train("gan", training={"steps": 100})
    assert short.status["step"] == 100 and whole.parameters.keys() == short.parameters.keys()
    assert all(np.array_equal(short.parameters[name], value) for name, value in whole.parameters.items())


def test_a_folder_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError, match="runs/nothing is not the folder of a run"):
        Run("runs/nothing")


def test_runs_are_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    pandas = pytest.importorskip("pandas")
    first = train("gan", training={"steps": 20})
    second = train("vae-linear", training={"steps": 20})
    sweep = minim_train.sweep("gan", seed=range(2), training={"steps": 20})
    table = minim_train.runs("runs", "optimizer.name")
    assert isinstance(table, pandas.DataFrame) and len(table) == 4
    assert [run.folder for run in table.run] == [run.folder for run in (first, second, *sweep.runs)]
    assert table["optimizer.name"].tolist() == ["sgd", "adam", "sgd", "sgd"]
    assert table.norm[0] == first.evaluation["norm"] and np.isnan(table.norm[1])
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    assert [run.name for run in minim_train.runs()] == [run.name for run in table.run]
    assert [run.name for run in minim_train.runs(sweep.folder)] == [f"{sweep.folder.name}/000{i}" for i in (1, 2)]
