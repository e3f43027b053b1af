"""Trains four seeds as an array of jobs with submitit: python submitit_seeds.py. Where there is no Slurm, on this machine."""

import subprocess
import sys

import submitit


def train(seed: int) -> int:
    command = ["train", "--config", "gan.json", f"seed={seed}", "--into", f"results/gan-{seed}", "--workers", "1", "--quiet"]
    return subprocess.run(command, stdout=subprocess.DEVNULL).returncode


executor = submitit.AutoExecutor(folder="logs", cluster=sys.argv[1] if len(sys.argv) > 1 else None)
executor.update_parameters(timeout_min=10, cpus_per_task=1)
codes = [job.result() for job in executor.map_array(train, range(4))]
sys.exit(max(codes))
