# shellcheck shell=bash
# What the commands of this folder share: find the project, install what a fresh machine lacks, build once, run.
# The caller's working directory stays, standard output stays clean, and only the program's own exit code and signals
# remain once it runs.

MINIM_HOME=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
export MINIM_HOME

say() { printf '%s\n' "$*" >&2; }

# stop CODE TEXT...: exit codes as in sysexits.h; 69 something is missing, 70 the build failed.
stop() {
  local code=$1
  shift
  say "$@"
  exit "$code"
}

require_swift() {
  command -v swift >/dev/null || stop 69 "Minim needs Swift 6.1 or newer, and there is no 'swift' on the PATH.
Get it from https://www.swift.org/install/linux/, then run this command again."
}

# The Debian packages that this machine lacks.
missing_packages() {
  command -v pkg-config >/dev/null || echo pkg-config
  pkg-config --exists openblas 2>/dev/null || echo libopenblas-dev
  pkg-config --exists libpng 2>/dev/null || echo libpng-dev
}

install_packages() {
  local packages
  mapfile -t packages < <(missing_packages)
  [ ${#packages[@]} -eq 0 ] || install_debian "${packages[@]}"
}

# install_debian PACKAGE...: or says what to do, and stops.
install_debian() {
  local root=() advice="Minim needs $*. Install with:
  sudo apt-get update && sudo apt-get install -y $*"
  command -v apt-get >/dev/null || stop 69 "$advice
or what your system calls them; there is no apt-get here."
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || stop 69 "$advice"
    root=(sudo -n)
  fi
  say "Installing $*..."
  mkdir -p "$MINIM_HOME/.build"
  # A broken list of some other source need not matter: the installation decides.
  logged update.log "${root[@]}" apt-get update || true
  logged install.log "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y "$@" ||
    stop 69 "$advice"
}

# logged FILE COMMAND...: keeps the output in .build/FILE and shows it only if the command fails.
logged() {
  local log=$MINIM_HOME/.build/$1 code=0
  shift
  "$@" >"$log" 2>&1 </dev/null || code=$?
  [ "$code" -eq 0 ] || cat "$log" >&2
  return "$code"
}

# is_built PRODUCT: no source is newer than the start of the last build. Folders count too, so that a deleted file does.
is_built() {
  local stamp=$MINIM_HOME/.build/$1.stamp
  [ -x "$MINIM_HOME/.build/release/$1" ] && [ -e "$stamp" ] &&
    [ -z "$(find "$MINIM_HOME/Package.swift" "$MINIM_HOME/Sources" -newer "$stamp" -print -quit)" ]
}

build() {
  require_swift
  mkdir -p "$MINIM_HOME/.build"
  (
    flock 9 # a second command waits here for the first one's build
    if is_built "$1"; then exit 0; fi
    install_packages
    say "Building Minim once (about a minute)..."
    touch "$MINIM_HOME/.build/$1.started"
    logged build.log swift build -c release --package-path "$MINIM_HOME" --product "$1" ||
      stop 70 "The build failed; what it said is above and in $MINIM_HOME/.build/build.log."
    mv "$MINIM_HOME/.build/$1.started" "$MINIM_HOME/.build/$1.stamp"
  ) 9>"$MINIM_HOME/.build/minim.lock"
}

# build_beside FOLDER PRODUCT: of another package of this project, in the project's own build folder, where every object of the
# library is there already.
build_beside() {
  require_swift
  mkdir -p "$MINIM_HOME/.build"
  (
    flock 9
    install_packages
    say "Building $2..."
    # What is to be built is on file for the package that was built last, which is another one now, and again afterward.
    logged "$2.log" swift build -c release --package-path "$MINIM_HOME/$1" --scratch-path "$MINIM_HOME/.build" \
      --product "$2" --disable-build-manifest-caching ||
      stop 70 "The build failed; what it said is above and in $MINIM_HOME/.build/$2.log."
    rm -f "$MINIM_HOME/.build/release.yaml"
  ) 9>"$MINIM_HOME/.build/minim.lock"
}

# launch PRODUCT ARGUMENT...: becomes the program.
launch() {
  is_built "$1" || build "$1"
  exec "$MINIM_HOME/.build/release/$1" "${@:2}"
}

# python_environment FOLDER LIST: a virtual environment with the Python packages of a list, made once for each version of it.
python_environment() {
  cmp -s "$2" "$1/requirements.txt" && return 0
  if ! command -v python3 >/dev/null; then
    say "This needs Python 3."
    return 69
  fi
  say "Installing $(cut -d= -f1 "$2" | paste -sd' ') into $1..."
  if ! python3 -m venv "$1"; then
    say "python3 -m venv failed (Debian: apt-get install python3-venv)."
    return 69
  fi
  "$1/bin/pip" install --quiet -r "$2" && cp "$2" "$1/requirements.txt"
}
