"""Searches for the learning rate of a model with Optuna, which asks, and is told the loss of each run: python optuna_search.py"""

import json
import subprocess
import sys

import optuna

CONFIG, TRIALS = "pixelcnn-two-layer.json", 8


def loss(trial: optuna.Trial) -> float:
    rate = trial.suggest_float("learningRate", 1e-4, 1e-1, log=True)
    folder = f"search/{trial.number:04d}"
    command = ["train", "--config", CONFIG, f"optimizer.learningRate={rate!r}", "training.steps=100", "--quiet"]
    end = subprocess.run([*command, "--into", folder], stdout=subprocess.DEVNULL)
    if end.returncode == 3:  # a number was not finite
        raise optuna.TrialPruned
    if end.returncode != 0:
        sys.exit(end.returncode)
    with open(f"{folder}/evaluation.json") as file:
        metrics = json.load(file)["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "nll")


study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=0))
study.optimize(loss, n_trials=TRIALS)
print(f"best: {study.best_params} with {study.best_value}")
