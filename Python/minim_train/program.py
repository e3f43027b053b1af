"""Finds the programs of Minim, and runs them so that control-C lets them save first."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Callable

from . import errors


def find(name: str) -> str:
    """The path of a program: in this package, else in the folder that MINIM_HOME names, else on PATH.

    One program may have both names, ``train`` and ``minim``. It then looks at the name that it is called by.
    """
    home = os.environ.get("MINIM_HOME")
    folders = [Path(__file__).parent / "bin", *([Path(home, "bin"), Path(home)] if home else [])]
    for path in (folder / file for folder in folders for file in (name, "minim")):
        if path.is_file() and os.access(path, os.X_OK):
            return str(path)
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError(
            f"there is no program {name!r}: this package was installed without programs, and neither MINIM_HOME nor "
            "PATH leads to one. Install the wheel, or set MINIM_HOME to the folder of Minim."
        )
    return found


def output(name: str, *words: object, text: str = "", notes: bool = True) -> str:
    """Runs a program and returns what it prints; its notes are passed on. An exit code other than 0 is an exception."""
    code, printed, said = run(name, *words, text=text)
    if code != 0:
        raise errors.error(code, said)
    if notes:
        sys.stderr.write(said)
    return printed


def run(name: str, *words: object, text: str = "", watch: Callable[[], None] = lambda: None) -> tuple[int, str, str]:
    """Runs a program to its end: exit code, standard output, standard error.

    ``text`` is its standard input. ``watch`` is called ten times per second. Whatever ends the wait lets the program save
    first. It has a session of its own, so that a control-C in a terminal, which is for all processes there, reaches it once:
    a second one would end it without saving.
    """
    with tempfile.TemporaryFile("w+") as given, tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        given.write(text)
        given.seek(0)
        command = [name, *map(str, words)]
        process = subprocess.Popen(
            command, executable=find(name), stdin=given, stdout=out, stderr=err, start_new_session=True
        )
        try:
            while _runs(process):
                watch()
        except BaseException as reason:
            _stop(process, signal.SIGINT if isinstance(reason, KeyboardInterrupt) else signal.SIGTERM)
            raise
        for file in (out, err):
            file.seek(0)
        return process.returncode, out.read(), err.read()


def _runs(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(0.1)
    except subprocess.TimeoutExpired:
        return True
    return False


def _stop(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Asks the program to save and end, and waits for it. A second control-C ends it at once."""
    process.send_signal(number)
    try:
        process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        process.wait()
