"""Every test works in a folder of its own, with the real programs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import minim_train
from minim_train import Run


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def vae(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A finished run, which tests only read."""
    folder = tmp_path_factory.mktemp("vae")
    return minim_train.train("vae-linear", into=folder / "run", training={"steps": 50})


@pytest.fixture(scope="session")
def wheel() -> Path:
    """The wheel that was installed for these tests."""
    if "MINIM_WHEEL" not in os.environ:
        pytest.skip("MINIM_WHEEL names no wheel")
    return Path(os.environ["MINIM_WHEEL"])
