"""One benchmark workload in PyTorch or JAX: checks its losses, then trains on demand. README.md has the protocol."""

import argparse
import json
import sys
import time

from common import USAGE, limit_cpus, read_start

WORKLOADS = ("pixelcnn", "mlp", "vae", "realnvp", "simsiam", "gan", "svi", "flowmatching")
FORMS = {"torch": ("eager", "compile"), "jax": ("step", "loop", "expert-step", "expert-loop")}


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(USAGE, f"{self.prog}: {message}\n")


def parse_arguments():
    parser = Parser(prog="peer.py", description=__doc__)
    parser.add_argument("--system", required=True, choices=FORMS)
    parser.add_argument("--form", required=True, help="; ".join(f"{s}: {', '.join(f)}" for s, f in FORMS.items()))
    parser.add_argument("--workload", required=True, choices=WORKLOADS)
    parser.add_argument("--threads", required=True, type=int)
    parser.add_argument("--start", required=True, metavar="FILE.safetensors")
    arguments = parser.parse_args()

    forms = FORMS[arguments.system]
    if arguments.form not in forms:
        parser.error(f"--form {arguments.form}: {arguments.system} has {', '.join(forms)}")
    if arguments.form.startswith("expert") and arguments.workload != "pixelcnn":
        parser.error(f"--form {arguments.form}: only pixelcnn has it")
    try:
        limit_cpus(arguments.threads)
    except ValueError as error:
        parser.error(str(error))
    return arguments


def make_trainer(system, start, form, threads):
    """Imports only the system under test, and only now that the CPUs are limited."""
    if system == "torch":
        from torch_trainer import TorchTrainer

        return TorchTrainer(start, form, threads)
    from jax_trainer import JaxTrainer

    return JaxTrainer(start, form)


def say(**message):
    print(json.dumps(message), flush=True)


def main():
    arguments = parse_arguments()
    start = read_start(arguments.start)
    if start.workload != arguments.workload:
        sys.exit(f"peer.py: {arguments.start} is a start of {start.workload}, not of {arguments.workload}")

    trainer = make_trainer(arguments.system, start, arguments.form, arguments.threads)
    say(losses=trainer.check())

    trainer.reset()
    trainer.run(5)  # compiles what is still to compile
    say(ready=True)

    for line in sys.stdin:
        steps = int(line)
        begin = time.perf_counter()
        trainer.run(steps)
        say(seconds=time.perf_counter() - begin)


if __name__ == "__main__":
    main()
