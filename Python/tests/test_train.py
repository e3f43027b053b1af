"""Training: where a run goes, what it takes from its arguments, and what it raises."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from minim_train import ClaimError, ConfigError, DivergenceError, MinimError, Problem, Run, overrides, program, train

GAN = {
    "name": "small-game",
    "model": {"name": "bilinear", "matrix": [1], "critic": [1], "generator": [0.5]},
    "data": {"name": "none"},
    "optimizer": {"name": "sgd", "learningRate": 0.1},
    "training": {"steps": 50},
    "precision": "float64",
    "expect": {"G0": "fails"},
}


def test_a_new_run_is_the_latest() -> None:
    run = train("gan", training={"steps": 20})
    assert run.status["state"] == "done" and run.status["step"] == 20
    assert run.folder.parent == Path("runs").resolve()
    assert os.readlink("runs/latest") == run.name
    assert Run("runs/latest").folder == run.folder


def test_a_dict_is_a_config() -> None:
    run = train(GAN, seed=np.int64(3))
    assert run.config["name"] == "small-game" and run.config["seed"] == 3
    assert "-small-game-s3-" in run.name
    assert run.config["training"]["steps"] == 50


def test_a_path_is_a_config(folder: Path) -> None:
    (folder / "mine.json").write_text(json.dumps(GAN))
    assert train(folder / "mine.json").config == train("mine").config


def test_nested_and_dotted_overrides_are_the_same() -> None:
    runs = [
        train("gan", training={"steps": 20}, optimizer={"learningRate": 0.05}, intervals={"log": 10}),
        train("gan", **{"training.steps": 20, "optimizer.learningRate": np.float64(0.05), "intervals.log": 10}),
    ]
    assert runs[0].config == runs[1].config
    assert runs[0].config["optimizer"]["learningRate"] == 0.05 and runs[0].config["intervals"]["log"] == 10


def test_no_argument_hides_a_key_of_a_config() -> None:
    keys = set(json.loads(program.output("minim", "schema"))["properties"])
    arguments = {name for name in train.__annotations__ if name not in ("config", "changes", "return")}
    assert arguments == {"runs", "into", "start", "workers", "progress"}
    assert "training" in keys and not arguments & keys


def test_the_same_folder_is_found_done_or_refused() -> None:
    run = train("gan", into="results/1", training={"steps": 20})
    before = (run.folder / "status.json").stat().st_mtime_ns
    assert train("gan", into="results/1", training={"steps": 20}).folder == run.folder
    assert (run.folder / "status.json").stat().st_mtime_ns == before
    with pytest.raises(ConfigError, match="another config") as caught:
        train("gan", into="results/1", training={"steps": 20}, seed=1, model={"noise": 0.1})
    assert caught.value.code == 78 and caught.value.problems == []


def test_a_run_starts_from_another(vae: Run) -> None:
    run = train("vae-linear", start=vae, training={"steps": 1}, optimizer={"learningRate": 1e-9})
    for name, value in vae.parameters.items():
        assert np.allclose(run.parameters[name], value, rtol=0, atol=1e-8)


def test_workers_change_no_bit(vae: Run) -> None:
    run = train("vae-linear", workers=1, training={"steps": 50})
    assert all(np.array_equal(run.parameters[name], value) for name, value in vae.parameters.items())


def test_a_wrong_config_names_every_problem(folder: Path) -> None:
    (folder / "bad.json").write_text('{\n  "model": { "name": "pixelcnn", "masks": ["A7", "B4"], "channels": "32" }\n}\n')
    with pytest.raises(ConfigError) as caught:
        train("bad.json", optimizer={"learning_rat": 0.1})
    assert caught.value.code == 78
    first, second, third = caught.value.problems
    assert (first.file, first.line, first.column, first.key) == ("bad.json", 2, 50, "model.masks[1]")
    assert "kernel size must be odd" in first.message
    assert (second.line, second.key) == (2, "model.channels") and 'got "32" (string)' in second.message
    assert third == Problem('unknown key. Did you mean "optimizer.learningRate"?', "optimizer.learning_rat")
    assert str(first).startswith("bad.json:2:50: model.masks[1]: ") and str(first) in str(caught.value)
    assert isinstance(caught.value, ValueError)
    assert not Path("runs").exists()


def test_a_wrong_dict_has_keys_and_no_lines() -> None:
    with pytest.raises(ConfigError) as caught:
        train({**GAN, "trainin": 3})
    assert caught.value.problems == [Problem('unknown key. Did you mean "training"?', "trainin")]


def test_a_config_that_is_not_there_or_not_json(folder: Path) -> None:
    with pytest.raises(ConfigError, match="not found") as caught:
        train("nowhere")
    assert caught.value.code == 66 and caught.value.problems[0].file == "nowhere"
    (folder / "cut.json").write_text('{"seed": 1,}')
    with pytest.raises(ConfigError) as caught:
        train("cut.json")
    assert (caught.value.problems[0].line, caught.value.problems[0].key) == (1, None)


def test_missing_data_and_an_occupied_folder(folder: Path) -> None:
    with pytest.raises(MinimError, match="no such file or folder") as caught:
        train("pixelcnn-folder", data={"path": "nowhere"})
    assert caught.value.code == 66 and caught.value.run is None
    (folder / "mine").mkdir()
    (folder / "mine" / "letter.txt").write_text("keep")
    with pytest.raises(MinimError, match="it holds letter.txt") as caught:
        train("gan", into="mine")
    assert caught.value.code == 73


def test_divergence_leaves_the_last_finite_parameters() -> None:
    with pytest.raises(DivergenceError, match="Diverged at step") as caught:
        train("gan", optimizer={"learningRate": 1e5})
    error = caught.value
    assert error.code == 3 and error.run.status["state"] == "diverged"
    assert 0 < error.step < 1000 and f"Diverged at step {error.step + 1}" in str(error)
    assert all(np.isfinite(value).all() for value in error.run.parameters.values())
    assert isinstance(error, ArithmeticError)


def test_a_claim_that_fails_beyond_doubt() -> None:
    """The identity G1 holds. A config that expects it to fail is contradicted beyond doubt."""
    with pytest.raises(ClaimError, match="An identity or a bound failed") as caught:
        train("gan", training={"steps": 20}, expect={"G1": "fails"})
    assert caught.value.code == 70
    assert caught.value.claims.keys() == {"G1"} and caught.value.run.status["state"] == "done"


def test_notes_of_the_program_are_passed_on(capsys: pytest.CaptureFixture[str]) -> None:
    train("vae-linear", training={"steps": 2}, data={"name": "ring"})
    assert "data.name=ring replaces linearGaussian" in capsys.readouterr().err


def test_words_are_json() -> None:
    words = overrides.words({"a": {"b": {"c": [1, "x"]}}, "expect": {}, "d": None, "e.f": True, "g": "é, 1"})
    assert words == ['a.b.c=[1, "x"]', "expect={}", "d=null", "e.f=true", 'g="é, 1"']


def test_programs_are_found_in_order(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "__file__", str(folder / "package" / "program.py"))
    monkeypatch.setenv("PATH", str(folder / "path"))
    monkeypatch.delenv("MINIM_HOME", raising=False)
    with pytest.raises(FileNotFoundError, match="MINIM_HOME"):
        program.find("train")
    for place in ("path/train", "home/train", "home/bin/minim", "package/bin/minim", "package/bin/train"):
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(0o755)
        monkeypatch.setenv("MINIM_HOME", str(folder / "home"))
        assert program.find("train") == str(file)
