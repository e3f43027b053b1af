"""Control-C saves: a real SIGINT to this process, and one to all processes of a terminal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from minim_train import Stopped, Sweep, sweep, train

CONFIG = {"steps": 20_000}


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """A shell that starts these tests in the background lets them ignore SIGINT, and so all that they start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def wait_for(condition: "callable[[], bool]", what: str) -> None:  # type: ignore[valid-type]
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise TimeoutError(what)


@contextmanager
def interrupted_when(condition: "callable[[], bool]") -> Iterator[None]:  # type: ignore[valid-type]
    def interrupt() -> None:
        wait_for(condition, "nothing to interrupt")
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    yield
    thread.join()


def has_metrics(folder: Path) -> bool:
    return any(file.stat().st_size > 0 for file in folder.glob("**/metrics.jsonl"))


def test_a_run_is_saved_and_goes_on_to_the_same_bits(folder: Path) -> None:
    with interrupted_when(lambda: has_metrics(folder / "runs")):
        with pytest.raises(Stopped, match=r"saved; to go on: Run\(.*\)\.resume\(\)") as caught:
            train("gan", training=CONFIG, optimizer={"learningRate": 1e-4})
    run = caught.value.run
    assert isinstance(caught.value, KeyboardInterrupt)
    assert run.status["state"] == "stopped" and run.status["exitCode"] == 130
    assert 0 < run.status["step"] < CONFIG["steps"]
    assert run.parameters.keys() == run.resume().parameters.keys()
    whole = train("gan", training=CONFIG, optimizer={"learningRate": 1e-4})
    assert run.status["state"] == "done"
    assert all(np.array_equal(run.parameters[name], value) for name, value in whole.parameters.items())


def test_a_sweep_is_saved(folder: Path) -> None:
    values = {"training": CONFIG, "optimizer": {"learningRate": 1e-4}, "seed": range(2)}
    with interrupted_when(lambda: has_metrics(folder / "runs")):
        with pytest.raises(Stopped) as caught:
            sweep("gan", workers=1, **values)
    result = caught.value.run
    assert isinstance(result, Sweep)
    assert [run.status["state"] for run in result.resume().runs] == ["done", "done"]


@pytest.mark.parametrize("times", [1, 2])
def test_a_terminal_interrupts_all_its_processes(folder: Path, times: int) -> None:
    """Python and its children are in one group, as those of a terminal are. The program gets the signal once nevertheless."""
    code = 'from minim_train import train\ntrain("pixelcnn", into="run", training={"steps": 1000000})'
    process = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: has_metrics(folder / "run"), "no metrics")
    for _ in range(times):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.02)
    said = process.communicate()[1]
    assert process.returncode in (-signal.SIGINT, 1) and "KeyboardInterrupt" in said or "Stopped: saved" in said
    status = json.loads((folder / "run" / "status.json").read_text())
    if times == 1:
        assert "Stopped: saved; to go on" in said
        assert status["state"] == "stopped" and status["exitCode"] == 130
    # Nothing trains any more, whatever was saved.
    before = (folder / "run" / "metrics.jsonl").stat().st_size
    time.sleep(0.5)
    assert (folder / "run" / "metrics.jsonl").stat().st_size == before


def test_python_that_is_asked_to_end_takes_the_program_along(folder: Path) -> None:
    code = (
        "import signal, sys\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(7))\n"
        'from minim_train import train\ntrain("pixelcnn", into="run", training={"steps": 1000000})'
    )
    process = subprocess.Popen([sys.executable, "-c", code])
    wait_for(lambda: has_metrics(folder / "run"), "no metrics")
    process.terminate()
    assert process.wait() == 7
    status = json.loads((folder / "run" / "status.json").read_text())
    assert status["state"] == "stopped" and status["exitCode"] == 143
