"""What can go wrong, with the details that the program tells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a config."""

    message: str
    key: str | None = None  # "model.masks[1]"
    file: str | None = None  # None for an override, and for a config that is a dict
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return ": ".join(part for part in (place, self.key, self.message) if part)


class MinimError(Exception):
    """A program ended with another exit code than 0. docs/clusters.md lists the codes."""

    def __init__(self, message: str, code: int, run: Any = None) -> None:
        super().__init__(message)
        self.code = code
        #: The run or the sweep, if one has begun.
        self.run = run


class ConfigError(MinimError, ValueError):
    """A config, an override or a file that it names is wrong, or it is not the config of the run in the folder."""

    def __init__(self, message: str, code: int, problems: list[Problem], run: Any = None) -> None:
        super().__init__("\n".join(map(str, problems)) or message, code, run)
        self.problems = problems


class DivergenceError(MinimError, ArithmeticError):
    """A number was not finite. The run's last checkpoint has the last finite parameters."""

    @property
    def step(self) -> int:
        """The last step with finite numbers."""
        return int(self.run.status["step"])


class ClaimError(MinimError):
    """An identity or a bound failed, or a statistical claim beyond doubt: a mistake of the model or of Minim."""

    @property
    def claims(self) -> dict[str, Any]:
        """The claims that failed, by their ids."""
        return {key: claim for key, claim in self.run.claims.items() if claim["verdict"] == "fails"}


class Stopped(KeyboardInterrupt):
    """Control-C, after the run was saved: ``run.resume()`` goes on. Like any other, it ends a loop of runs too."""

    def __init__(self, run: Any) -> None:
        super().__init__(f"saved; to go on: {run!r}.resume()")
        self.run = run


BAD_CONFIGURATION, DIVERGED, BUG = 78, 3, 70  # exit codes

_PROBLEM = re.compile(
    r"(?:override   (?P<override>[^=]+)=.*?|(?P<file>.*?)(?::(?P<line>\d+):(?P<column>\d+))?) +error  "
    r"(?:(?P<key>[\w.\[\]-]+): )?(?P<message>.*)"
)


def problems(text: str) -> list[Problem]:
    """The problems of a config, which the program writes one per line, in the manner of a compiler."""
    return [_problem(match) for match in map(_PROBLEM.fullmatch, text.splitlines()) if match]


def _problem(match: re.Match[str]) -> Problem:
    key = match["key"] or match["override"]
    if match["file"] in (None, "/dev/stdin"):  # a dict has no lines
        return Problem(match["message"], key)
    line, column = (int(match[name]) if match[name] else None for name in ("line", "column"))
    return Problem(match["message"], key, match["file"], line, column)


def error(code: int, text: str, run: Any = None) -> MinimError:
    """The exception for an exit code and what the program has said."""
    text = text.strip() or f"the program ended with {code}"
    found = problems(text)
    if found or code == BAD_CONFIGURATION:
        return ConfigError(text, code, found, run)
    kinds = {DIVERGED: DivergenceError, BUG: ClaimError}
    return kinds.get(code, MinimError)(text, code, run)
