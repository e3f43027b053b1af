"""The reader of checkpoints, against files that are written here byte by byte."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from minim_train import safetensors


def write(path: Path, tensors: dict[str, np.ndarray], cut: int = 0) -> Path:
    header, numbers = {"__metadata__": {"step": "1"}}, b""
    for name, value in tensors.items():
        kind = {"float32": "F32", "float64": "F64", "int64": "I64"}[str(value.dtype)]
        place = [len(numbers), len(numbers) + value.nbytes]
        header[name] = {"dtype": kind, "shape": list(value.shape), "data_offsets": place}
        numbers += value.tobytes()
    text = json.dumps(header).encode()
    content = len(text).to_bytes(8, "little") + text + numbers
    path.write_bytes(content[: len(content) - cut])
    return path


def test_both_types_and_every_shape(folder: Path) -> None:
    random = np.random.default_rng(0)
    tensors = {
        "a/matrix": random.normal(size=(2, 3)).astype("float32"),
        "a/number": np.array(1.5),
        "b/empty": np.zeros((0, 4)),
        "b/vector": random.normal(size=7),
    }
    found = safetensors.read(write(folder / "x", tensors))
    assert found.keys() == tensors.keys()
    for name, value in tensors.items():
        assert found[name].dtype == value.dtype and found[name].shape == value.shape
        assert np.array_equal(found[name], value)
    found["b/vector"][0] = 0  # may be written to
    assert safetensors.read(folder / "x", "a/").keys() == {"matrix", "number"}


def test_what_is_not_one_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="cut off"):
        safetensors.read(write(folder / "cut", {"a": np.zeros(9)}, cut=1))
    with pytest.raises(ValueError, match="I64 and not F32 or F64"):
        safetensors.read(write(folder / "integers", {"a": np.zeros(9, "int64")}))
    (folder / "other").write_bytes(b"\xff" * 20)
    with pytest.raises(ValueError, match="not a safetensors file"):
        safetensors.read(folder / "other")
