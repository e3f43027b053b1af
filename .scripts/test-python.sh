#!/usr/bin/env bash
# Tests the Python module and its wheel: test-python.sh [FOLDER]
# FOLDER is an unpacked archive of ./package; by default the newest archive in .build/package, or else a folder like one, with the
# programs of .build/release. The wheel is made of it and installed into an environment for each Python that is found of the two
# versions that count. The tests then use the installed module and its programs. All Python packages come from PyPI.
set -euo pipefail
# shellcheck source=.scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

fail() { stop 1 "test-python: $*"; }

# unpacked [FOLDER]: sets archive.
unpacked() {
  local packed
  if [ $# -gt 0 ]; then archive=$(readlink -f "$1") && return; fi
  packed=$(find "$MINIM_BUILD/package" -name "minim-*-linux-$(uname -m).tar.gz" 2>/dev/null | sort -V | tail -n 1)
  if [ -n "$packed" ]; then
    tar -C "$work" -xzf "$packed"
    archive=$work/$(basename "$packed" .tar.gz)
  else
    assemble
  fi
}

# The programs of the usual build need Swift's libraries, which are where they were built.
assemble() {
  local version
  build train
  build minim
  version=$("$MINIM_BUILD/release/minim" --version | awk 'NR == 1 { print $2 }')
  archive=$work/minim-$version-linux-$(uname -m)
  mkdir -p "$archive/bin" "$archive/share/minim"
  cp "$MINIM_BUILD"/release/{train,minim} "$archive/bin/"
  cp -r "$MINIM_HOME"/{configs,data} "$archive/share/minim/"
  cp "$MINIM_HOME"/{LICENSE,NOTICE} "$archive/"
}

# python_of VERSION: a Python of this version, from PATH or from pyenv.
python_of() {
  local file
  for file in "$(command -v "python$1" || true)" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python; do
    if [ -x "$file" ] && "$file" -m venv --help >/dev/null 2>&1; then echo "$file" && return; fi
  done
  return 1
}

# install PYTHON LIST: sets environment to a new one with the wheel and the packages of a list.
install() {
  environment=$work/$("$1" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
  say "Installing the wheel into $("$1" --version)..."
  "$1" -m venv "$environment"
  "$environment/bin/pip" install --quiet "$wheel" -r "$MINIM_HOME/Python/tests/$2"
}

# run_tests TEST...: all if none is named. No MINIM_HOME: the programs are those of the wheel.
run_tests() {
  (cd "$work" && env -u MINIM_HOME MINIM_WHEEL="$wheel" PATH="$environment/bin:$PATH" \
    "$environment/bin/python" -m pytest -p no:cacheprovider --rootdir="$MINIM_HOME/Python" "${@/#/$MINIM_HOME/Python/tests/}")
}

# Each in a folder of its own: a notebook works where it lies.
run_notebooks() {
  local notebook name
  for notebook in "$MINIM_HOME"/Python/notebooks/*.ipynb; do
    say "Running ${notebook##*/}..."
    name=$(basename "$notebook" .ipynb)
    mkdir "$work/$name"
    cp "$notebook" "$work/$name/"
    (cd "$work/$name" && env -u MINIM_HOME PATH="$environment/bin:$PATH" "$environment/bin/jupyter" nbconvert --to html --execute "$name.ipynb" \
      >"$work/$name.log" 2>&1) || fail "$name: $(tail -n 20 "$work/$name.log")"
    grep -q '"outputs": \[\]' "$notebook" && ! grep -q '"output_type"' "$notebook" || fail "$name: has outputs. Strip them."
  done
}

unpacked "$@"
wheel=$(python3 "$MINIM_HOME/.scripts/wheel.py" "$archive" --output "$work/wheels")
newest=$(python_of 3.11 || command -v python3) || fail "this needs Python 3."
# Everything with the newer Python, and the module with the oldest that it supports.
install "$newest" requirements-all.txt
run_tests ""
run_notebooks
"$environment/bin/mypy" --strict --ignore-missing-imports --cache-dir "$work/mypy" "$MINIM_HOME/Python/minim_train"
if oldest=$(python_of 3.9); then
  install "$oldest" requirements.txt
  run_tests test_{train,run,safetensors,sweeps,interrupt,progress,docs}.py
else
  say "SKIPPED: there is no Python 3.9 here."
fi
echo "The module, its notebooks and the wheel work: $(basename "$wheel"), $(stat -c %s "$wheel") bytes."
