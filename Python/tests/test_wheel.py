"""The wheel: what is in it, and that .scripts/wheel.py makes the same bytes of the same archive."""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path
from types import ModuleType

import pytest

from minim_train import program

MAKER = Path(__file__).resolve().parents[2] / ".scripts" / "wheel.py"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    specification = importlib.util.spec_from_file_location("wheel_maker", MAKER)
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def archive(folder: Path) -> Path:
    """An archive in which bash plays the program of both names: it tells the name that it was called by."""
    root = folder / "minim-1.2.3-linux-x86_64"
    for name in ("bin", "share/minim/configs", "lib", "licenses"):
        (root / name).mkdir(parents=True)
    for name in ("train", "minim"):
        shutil.copy(shutil.which("bash") or "", root / "bin" / name)
    for name in ("share/minim/configs/a.json", "LICENSE", "NOTICE", "licenses/zlib.txt"):
        (root / name).write_text(name)
    return root


def make(archive: Path, *words: str) -> Path:
    output = subprocess.run([sys.executable, MAKER, archive, *words], check=True, capture_output=True, text=True).stdout
    return Path(output.strip())


def check_record(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        record = next(name for name in names if name.endswith(".dist-info/RECORD"))
        rows = list(csv.reader(archive.read(record).decode().splitlines()))
        assert names[-1] == record and sorted(names) == sorted(row[0] for row in rows) and len(set(names)) == len(names)
        for name, digest, size in rows:
            content = archive.read(name)
            if name == record:
                assert (digest, size) == ("", "")
                continue
            expected = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")
            assert (digest, size) == (f"sha256={expected}", str(len(content))), name


def test_the_wheel_that_these_tests_use(wheel: Path) -> None:
    check_record(wheel)
    version = program.output("minim", "--version").split()[1]
    name, found, python, abi, platform = wheel.stem.split("-")
    assert (name, found, python, abi) == ("minim_train", version, "py3", "none")
    assert re.fullmatch(r"manylinux_2_\d+_(x86_64|aarch64)", platform)
    with zipfile.ZipFile(wheel) as archive:
        metadata = Parser().parsestr(archive.read(f"minim_train-{version}.dist-info/METADATA").decode())
        about = Parser().parsestr(archive.read(f"minim_train-{version}.dist-info/WHEEL").decode())
        for file in metadata.get_all("License-File"):
            assert archive.getinfo(f"minim_train-{version}.dist-info/licenses/{file}").file_size > 0
    assert metadata["Version"] == version and metadata["Requires-Python"] == ">=3.9"
    assert metadata.get_all("Requires-Dist") == ["numpy"] and metadata["License-Expression"] == "Apache-2.0"
    assert about["Tag"] == f"py3-none-{platform}" and about["Root-Is-Purelib"] == "false"


def test_the_same_archive_makes_the_same_bytes(archive: Path) -> None:
    first, second = make(archive, "--output", "first"), make(archive, "--output", "second")
    assert first.name == second.name and first.read_bytes() == second.read_bytes()
    check_record(first)


def test_one_program_is_both_commands(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(make(archive)) as wheel:
        modes = {entry.filename: entry.external_attr >> 16 for entry in wheel.infolist()}
        wheel.extractall(folder / "site")
    assert [name for name in modes if "/bin/" in name] == ["minim_train/bin/minim"]
    assert {oct(mode) for name, mode in modes.items() if "/bin/" in name or "/scripts/" in name} == {"0o100755"}
    assert {oct(mode) for name, mode in modes.items() if name.endswith(".json")} == {"0o100644"}
    (folder / "site" / "minim_train" / "bin" / "minim").chmod(0o755)
    for command in ("train", "minim"):
        script = folder / "site" / "bin" / command
        script.parent.mkdir(exist_ok=True)
        shutil.copy(folder / "site" / "minim_train-1.2.3.data" / "scripts" / command, script)
        # Without site-packages, where the package of these tests is: as after "pip install --target".
        words = [sys.executable, "-S", script, "-c", 'echo "$0"']
        said = subprocess.run(words, check=True, capture_output=True, text=True)
        assert said.stdout == f"{script}\n"


def test_two_programs_stay_two(archive: Path) -> None:
    shutil.copy(shutil.which("ls") or "", archive / "bin" / "train")
    with zipfile.ZipFile(make(archive)) as wheel:
        names = wheel.namelist()
        assert b'"bin", "train"' in wheel.read("minim_train-1.2.3.data/scripts/train")
    assert {"minim_train/bin/train", "minim_train/bin/minim"} < set(names)


def test_the_tag_is_that_of_the_symbols(archive: Path, maker: ModuleType) -> None:
    objdump = shutil.which("objdump") or pytest.skip("there is no objdump to compare with")
    said = subprocess.run([objdump, "-p", archive / "bin" / "minim"], check=True, capture_output=True, text=True).stdout
    newest = max(int(minor) for minor in re.findall(r"GLIBC_2\.(\d+)", said))
    assert f"manylinux_2_{max(newest, 17)}_" in make(archive).name
    elf = b"\x7fELF".ljust(18, b"\0") + b"\xb7\0" + b"\0GLIBC_2.9\0GLIBC_2.27\0GLIBC_2.3.4\0"
    assert maker.platform([elf]) == "manylinux_2_27_aarch64"
    assert make(archive, "--platform", "manylinux_2_28_x86_64").name.endswith("-manylinux_2_28_x86_64.whl")


def test_what_is_no_archive_is_refused(archive: Path, folder: Path, maker: ModuleType) -> None:
    said = subprocess.run([sys.executable, MAKER, folder], capture_output=True, text=True)
    assert said.returncode == 1 and "expected the unpacked archive" in said.stderr
    with pytest.raises(SystemExit, match="x86_64 or aarch64"):
        maker.platform([bytes(20)])
