"""What the PyTorch and the JAX twins share: the start file, the CPUs, and where a masked kernel lives."""

import os
from typing import NamedTuple

import numpy as np
from safetensors import safe_open

USAGE = 64  # exit code for a wrong command line, as in sysexits.h


class Start(NamedTuple):
    """A start file: everything that has to be equal on both sides before the first step."""

    workload: str
    steps: int  # K: the check makes K updates and so sees K + 1 losses
    parameters: dict  # path -> array
    constants: dict  # path -> array: what is given and not trained
    data: np.ndarray | None  # [N, ...]
    batch: np.ndarray | None  # [B, ...], the fixed batch of the check
    noise: np.ndarray | None  # [K + 1, ...], the fixed noise of the check


def read_start(path):
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata() or {}
        tensors = {name: file.get_tensor(name) for name in file.keys()}
    parameters, constants = (
        {name.removeprefix(prefix): tensors[name] for name in tensors if name.startswith(prefix)}
        for prefix in ("parameters/", "constants/")
    )
    fixed = {name: tensors.get(name) for name in ("data", "batch", "noise")}
    return Start(metadata["workload"], int(metadata["steps"]), parameters, constants, **fixed)


def limit_cpus(count):
    """Keeps this process on the first `count` CPUs it may use.

    To be called before torch or jax is imported: both size their thread pools by what they see then.
    """
    allowed = sorted(os.sched_getaffinity(0))
    if not 1 <= count <= len(allowed):
        raise ValueError(f"--threads {count}: this process may use 1 to {len(allowed)} CPUs")
    os.sched_setaffinity(0, allowed[:count])


def live_taps(size, kind):
    """The number of live taps of a size x size kernel in reading order: all before the center, with it for mask B."""
    return size * size // 2 + {"A": 0, "B": 1}[kind]


def kernel_mask(size, kind):
    mask = np.zeros(size * size, np.float32)
    mask[: live_taps(size, kind)] = 1
    return mask.reshape(size, size)


def full_kernel(weight, size):
    """[taps, in, out], live taps only -> [size, size, in, out] with zeros where the mask is."""
    taps, inputs, outputs = weight.shape
    kernel = np.zeros((size * size, inputs, outputs), np.float32)
    kernel[:taps] = weight
    return kernel.reshape(size, size, inputs, outputs)
