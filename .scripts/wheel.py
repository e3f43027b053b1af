#!/usr/bin/env python3
"""Makes a wheel of an unpacked archive of ./package: .scripts/wheel.py FOLDER [--output DIR] [--platform TAG]

A wheel is a ZIP archive with some metadata (packaging.python.org, "Binary distribution format"), so nothing but Python is
needed to make one. The program, its configs and its data lie in the package, where Python finds them however the wheel is
installed. The commands train and minim are two scripts that become the program.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import re
import sys
import zipfile
from pathlib import Path

PACKAGE = "minim_train"
COMMANDS = ("train", "minim")
MODULE = Path(__file__).resolve().parent.parent / "Python" / PACKAGE
MACHINES = {62: "x86_64", 183: "aarch64"}  # e_machine of ELF
OLDEST = 17  # manylinux tags begin with glibc 2.17

# pip writes its Python into the first line. `find_spec` imports nothing, so the command starts without NumPy.
SCRIPT = """#!python
import os, sys
from importlib.util import find_spec

# "pip install --target" puts the package next to the folder of this script.
sys.path.append(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
package = os.path.dirname(find_spec("{package}").origin)
os.execv(os.path.join(package, "bin", "{program}"), sys.argv)
"""

METADATA = """Metadata-Version: 2.4
Name: {package}
Version: {version}
Summary: Tiny generative models, trained on the CPU in seconds and checked against their theory
Author: The Minim authors
License-Expression: Apache-2.0
{licenses}
Keywords: generative models,PixelCNN,VAE,normalizing flow,diffusion,GAN,SimSiam
Classifier: Environment :: Console
Classifier: Intended Audience :: Education
Classifier: Intended Audience :: Science/Research
Classifier: Operating System :: POSIX :: Linux
Classifier: Programming Language :: Python :: 3
Classifier: Topic :: Scientific/Engineering :: Artificial Intelligence
Classifier: Typing :: Typed
Requires-Python: >=3.9
Requires-Dist: numpy
Description-Content-Type: text/markdown

Trains a small PixelCNN, VAE, flow, diffusion model, GAN or SimSiam on the CPU, and checks theorems about the result.

```python
from minim_train import train

run = train("pixelcnn", training={{"steps": 100}})
run.evaluation, run.claims, run.samples
```

The same from a shell: `train --config pixelcnn.json`, `minim list`.
"""


class Wheel:
    """The files of a wheel by name, with their modes."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[bytes, int]] = {}

    def add(self, name: str, content: bytes, mode: int = 0o644) -> None:
        self.files[name] = (content, mode)

    def add_folder(self, name: str, folder: Path) -> None:
        for file in folder.rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                self.add(f"{name}/{file.relative_to(folder).as_posix()}", file.read_bytes())

    def write(self, path: Path, information: str) -> None:
        """Writes the same bytes for the same files: in the order of their names, the information last, without times."""
        names = sorted(self.files, key=lambda name: (name.startswith(information), name))
        record = f"{information}/RECORD"
        rows = [f"{name},sha256={digest(self.files[name][0])},{len(self.files[name][0])}" for name in names]
        self.add(record, "".join(f"{row}\n" for row in [*rows, f"{record},,"]).encode())
        with zipfile.ZipFile(path, "w") as archive:
            for name in [*names, record]:
                content, mode = self.files[name]
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.create_system, entry.external_attr = 3, (0o100000 | mode) << 16  # a plain file of Unix
                archive.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)


def digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def platform(elves: list[bytes]) -> str:
    """The tag of the oldest glibc that has every symbol version that the programs and libraries name."""
    machine = int.from_bytes(elves[0][18:20], "little")
    if machine not in MACHINES:
        sys.exit(f"wheel.py: expected programs for {' or '.join(MACHINES.values())}, found ELF machine {machine}")
    versions = {int(minor) for elf in elves for minor in re.findall(rb"\0GLIBC_2\.(\d+)(?:\.\d+)?(?=\0)", elf)}
    return f"manylinux_2_{max(versions | {OLDEST})}_{MACHINES[machine]}"


def programs(folder: Path) -> dict[str, bytes]:
    """The file of each command, under the name that it has in the wheel. One program may be both commands."""
    found = {name: (folder / name).read_bytes() for name in COMMANDS}
    return {"minim": found["minim"]} if found["train"] == found["minim"] else found


def make(archive: Path, output: Path, tag: str | None) -> Path:
    name = re.fullmatch(r"minim-(\d+(?:\.\d+)+[a-z0-9.]*)-linux-\w+", archive.resolve().name)
    if not name or not (archive / "share/minim/configs").is_dir():
        sys.exit(f"wheel.py: {archive}: expected the unpacked archive of ./package, minim-VERSION-linux-MACHINE")
    version, wheel = name[1], Wheel()
    wheel.add_folder(PACKAGE, MODULE)
    wheel.add_folder(f"{PACKAGE}/share", archive / "share")
    wheel.add_folder(f"{PACKAGE}/lib", archive / "lib")
    elves = programs(archive / "bin")
    for program, content in elves.items():
        wheel.add(f"{PACKAGE}/bin/{program}", content, 0o755)
    for command in COMMANDS:
        script = SCRIPT.format(package=PACKAGE, program=command if command in elves else "minim")
        wheel.add(f"{PACKAGE}-{version}.data/scripts/{command}", script.encode(), 0o755)
    information = f"{PACKAGE}-{version}.dist-info"
    licenses = [archive / "LICENSE", archive / "NOTICE", *sorted((archive / "licenses").glob("*"))]
    for file in licenses:
        wheel.add(f"{information}/licenses/{file.relative_to(archive).as_posix()}", file.read_bytes())
    lines = "\n".join(f"License-File: {file.relative_to(archive).as_posix()}" for file in licenses)
    wheel.add(f"{information}/METADATA", METADATA.format(package=PACKAGE, version=version, licenses=lines).encode())
    libraries = [file.read_bytes() for file in (archive / "lib").glob("*")]
    tag = f"py3-none-{tag or platform([*elves.values(), *libraries])}"
    about = f"Wheel-Version: 1.0\nGenerator: minim\nRoot-Is-Purelib: false\nTag: {tag}\n"
    wheel.add(f"{information}/WHEEL", about.encode())
    output.mkdir(parents=True, exist_ok=True)
    path = output / f"{PACKAGE}-{version}-{tag}.whl"
    wheel.write(path, information)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path, help="the unpacked archive")
    parser.add_argument("--output", type=Path, default=Path("."), help="where to put the wheel")
    parser.add_argument("--platform", help="the platform's tag; by default from the symbols that the programs need")
    arguments = parser.parse_args()
    print(make(arguments.folder, arguments.output, arguments.platform))


if __name__ == "__main__":
    main()
