"""Configs and overrides as the programs take them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any, Union

#: A path, the name of a config that comes with Minim, or a dict.
Config = Union[str, "os.PathLike[str]", Mapping[str, Any]]


def flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted keys with their values: ``{"training": {"steps": 9}}`` and ``{"training.steps": 9}`` are the same."""
    for key, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def words(values: Mapping[str, Any]) -> list[str]:
    """The words ``key=value`` of a command line."""
    return [f"{key}={encoded(value)}" for key, value in flat(values)]


def named(config: Config) -> tuple[str, str]:
    """What follows ``--config``, and the standard input: a dict goes there."""
    return ("/dev/stdin", encoded(config)) if isinstance(config, Mapping) else (os.fspath(config), "")


def encoded(value: Any) -> str:
    """A value in JSON; those of NumPy too."""
    return json.dumps(value, ensure_ascii=False, default=lambda array: array.tolist())
