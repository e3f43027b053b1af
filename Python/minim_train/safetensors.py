"""Reads the tensors of a safetensors file: a length, a header in JSON with types, shapes and places, and the numbers."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

_TYPES = {"F32": "<f4", "F64": "<f8"}


def read(path: str | os.PathLike[str], prefix: str = "") -> dict[str, np.ndarray[Any, Any]]:
    """The tensors whose names begin with ``prefix``, by the rest of their names."""
    size = Path(path).stat().st_size
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= size - 8:
            raise ValueError(f"{path}: not a safetensors file, or cut off")
        header = json.loads(file.read(length))
        tensors = {}
        for name, entry in header.items():
            if name == "__metadata__" or not name.startswith(prefix):
                continue
            begin, end = entry["data_offsets"]
            if entry["dtype"] not in _TYPES or 8 + length + end > size:
                raise ValueError(f"{path}: {name} is cut off, or of type {entry['dtype']} and not F32 or F64")
            file.seek(8 + length + begin)
            # A copy: the array can be written to.
            numbers = np.frombuffer(bytearray(file.read(end - begin)), _TYPES[entry["dtype"]])
            tensors[name[len(prefix) :]] = numbers.reshape(entry["shape"])
    return tensors
