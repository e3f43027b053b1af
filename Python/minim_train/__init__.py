"""Tiny generative models, trained on the CPU and checked against their theory.

    from minim_train import train
    run = train("pixelcnn", training={"steps": 100})
    run.evaluation["nll"], run.claims["P2"]["verdict"], run.samples.shape
"""

from .errors import ClaimError, ConfigError, DivergenceError, MinimError, Problem, Stopped
from .run import Run
from .sweeps import Sweep, sweep
from .table import runs
from .training import train

__all__ = [
    "ClaimError", "ConfigError", "DivergenceError", "MinimError", "Problem", "Run", "Stopped", "Sweep", "runs", "sweep",
    "train",
]  # fmt: skip
