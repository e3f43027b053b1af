"""The wheel, installed in each of the ways that people use. Each must train to the bits of the others."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, Dict, List, Tuple

import pytest

from minim_train import train

BASE = getattr(sys, "_base_executable", sys.executable)  # of the Python that this environment was made of


#: The folder of the commands, the Python that has the module, if any, and the environment that both need.
Installed = Tuple[Path, List[object], Dict[str, object]]


def call(*words: object, **environment: object) -> str:
    """Runs a command without what this environment has set."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "MINIM_HOME", "VIRTUAL_ENV")}
    kept.update({name: str(value) for name, value in environment.items()})
    done = subprocess.run([str(word) for word in words], env=kept, capture_output=True, text=True)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


def uv() -> str:
    return shutil.which("uv", path=str(Path(sys.executable).parent)) or pytest.skip("uv is not installed")


def in_venv(wheel: Path, home: Path) -> Installed:
    call(BASE, "-m", "venv", home)
    call(home / "bin" / "pip", "install", "--quiet", wheel)
    return home / "bin", [home / "bin" / "python"], {}


def for_user(wheel: Path, home: Path) -> Installed:
    place = {"PYTHONUSERBASE": home, "PIP_BREAK_SYSTEM_PACKAGES": 1, "PIP_ROOT_USER_ACTION": "ignore"}
    call(BASE, "-m", "pip", "install", "--quiet", "--no-warn-script-location", "--user", wheel, **place)
    return home / "bin", [BASE], place


def with_target(wheel: Path, home: Path) -> Installed:
    call(BASE, "-m", "pip", "install", "--quiet", "--target", home, wheel, PIP_ROOT_USER_ACTION="ignore")
    return home / "bin", [BASE], {"PYTHONPATH": home}


def with_uv(wheel: Path, home: Path) -> Installed:
    call(uv(), "venv", "--quiet", "--python", BASE, home)
    call(uv(), "pip", "install", "--quiet", "--python", home / "bin" / "python", wheel)
    return home / "bin", [home / "bin" / "python"], {}


def as_tool_of_uv(wheel: Path, home: Path) -> Installed:
    call(uv(), "tool", "install", "--quiet", "--python", BASE, wheel, UV_TOOL_DIR=home / "tools", UV_TOOL_BIN_DIR=home / "bin")
    return home / "bin", [], {}


def with_pipx(wheel: Path, home: Path) -> Installed:
    pipx = shutil.which("pipx", path=str(Path(sys.executable).parent)) or pytest.skip("pipx is not installed")
    call(pipx, "install", "--quiet", "--python", BASE, wheel, PIPX_HOME=home / "home", PIPX_BIN_DIR=home / "bin")
    return home / "bin", [], {}


@pytest.mark.parametrize("install", [in_venv, for_user, with_target, with_uv, as_tool_of_uv, with_pipx])
def test_commands_and_module(install: Callable[[Path, Path], Installed], wheel: Path, folder: Path) -> None:
    commands, python, environment = install(wheel, folder / "home")
    # The scripts find the package without help, but for --user, which the variable defines.
    alone = {name: value for name, value in environment.items() if name != "PYTHONPATH"}
    call(commands / "train", "--config", "gan.json", "training.steps=20", "--quiet", "--into", "runs/command", **alone)
    runs = json.loads(call(commands / "minim", "list", "--json", **alone))
    assert [(run["run"], run["state"]) for run in runs] == [("command", "done")]
    if python:
        code = 'from minim_train import train; train("gan", into="runs/module", training={"steps": 20})'
        call(*python, "-c", code, **environment)
    expected = (train("gan", training={"steps": 20}).folder / "metrics.jsonl").read_bytes()
    for run in ["command", *(["module"] if python else [])]:
        assert (folder / "runs" / run / "metrics.jsonl").read_bytes() == expected
