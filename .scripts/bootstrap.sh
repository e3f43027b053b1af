# shellcheck shell=bash
# What the commands of this folder share: find the project, install what a fresh machine lacks, build once, run.
# The caller's working directory stays, standard output stays clean, and only the program's own exit code and signals
# remain once it runs.

MINIM_HOME=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
export MINIM_HOME
# Where builds go; a checkout that nobody may write to has its own elsewhere.
MINIM_BUILD=$MINIM_HOME/.build
package_folder=$MINIM_HOME

say() { printf '%s\n' "$*" >&2; }

# stop CODE TEXT...: exit codes as in sysexits.h; 69 something is missing, 70 the build failed.
stop() {
  local code=$1
  shift
  say "$@"
  exit "$code"
}

# What the Swift toolchain itself stands on, in the names of Debian 12.
swift_packages="binutils gcc git libcurl4-openssl-dev libedit-dev libicu-dev libncurses-dev libpython3-dev \
libsqlite3-dev libstdc++-12-dev libxml2-dev pkg-config tzdata uuid-dev"

# Before anything is installed: a Swift that is missing, broken or too old.
require_swift() {
  local found said version packages="Swift itself needs these packages:
  sudo apt-get install -y $swift_packages"
  found=$(command -v swift) || stop 69 "Minim needs Swift 6.1 or newer, and there is no 'swift' on the PATH.
Get it from https://www.swift.org/install/linux/, then run this command again. $packages"
  said=$(swift --version 2>&1 </dev/null) || stop 69 "Minim needs Swift 6.1 or newer, and $found does not run:
  $(head -n 1 <<<"$said")
$packages"
  version=$(sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' <<<"$said" | head -n 1)
  [ -n "$version" ] || stop 69 "Minim needs Swift 6.1 or newer, and $found does not say its version: $(head -n 1 <<<"$said")"
  [ "$(printf '6.1\n%s\n' "$version" | sort -V | head -n 1)" = 6.1 ] ||
    stop 69 "Minim needs Swift 6.1 or newer, and $found is $version. Get a newer one from https://www.swift.org/install/linux/."
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
  mkdir -p "$MINIM_BUILD"
  # A broken list of some other source need not matter: the installation decides.
  with_progress update.log "Looking for packages" "${root[@]}" apt-get update || true
  with_progress install.log "Installing" "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y "$@" ||
    stop 69 "apt-get could not install $*$(network_problem install.log update.log). What it said is in $MINIM_BUILD/install.log."
}

# logged FILE COMMAND...: keeps the output in the build folder's FILE.
logged() {
  local log=$MINIM_BUILD/$1
  shift
  "$@" >"$log" 2>&1 </dev/null
}

# network_problem FILE...: says so if one of these logs tells of a network that is not there.
network_problem() {
  local log
  for log; do
    if grep -qsE 'Could not resolve|Temporary failure resolving|Could not connect|Cannot initiate the connection|unable to access|timed out|Network is unreachable' \
      "$MINIM_BUILD/$log"; then
      printf ': there seems to be no network'
      return
    fi
  done
}

# with_progress FILE TITLE COMMAND...: keeps the output in the build folder's FILE, and shows how far the command is: in one
# line that is redrawn on a terminal, in a plain line every few seconds elsewhere.
with_progress() {
  local log=$MINIM_BUILD/$1 title=$2
  shift 2
  "$@" 2>&1 </dev/null | show_progress "$log" "$title"
}

# in_short LINE: of a line of output what fits into a progress line; "[5/23] Compiling MinimNN Model.swift" is 5 of 23, MinimNN.
in_short() {
  if [[ $1 =~ ^\[([0-9]+)/([0-9]+)\]\ (Compiling\ )?([^ ]*) ]]; then
    echo "${BASH_REMATCH[1]} of ${BASH_REMATCH[2]}${BASH_REMATCH[3]:+, ${BASH_REMATCH[4]}}"
  else
    cut -d' ' -f1-3 <<<"${1%%: *}"
  fi
}

# show_progress LOG TITLE: the last line read says what is being done.
show_progress() {
  local log=$1 title=$2 line="" part="" doing="" started=$SECONDS code pause=5 due=5 live=false
  if [ -t 2 ] && [ "${TERM:-dumb}" != dumb ]; then live=true pause=0 due=0; fi
  : >"$log"
  while true; do
    code=0
    IFS= read -r -t 0.5 line || code=$?
    # After a pause the line has only begun.
    if [ "$code" -gt 128 ]; then
      part+=$line
    else
      line=$part$line part=""
      [ -z "$line" ] || { printf '%s\n' "$line" >>"$log" && doing=$(in_short "$line"); }
      [ "$code" -eq 0 ] || break
    fi
    if [ $((SECONDS - started)) -ge "$due" ]; then
      due=$((SECONDS - started + pause))
      line="$title: ${doing:+$doing, }$((SECONDS - started)) s"
      if $live; then printf '\r%.79s\033[K' "$line" >&2; else say "$line"; fi
    fi
  done
  if $live; then printf '\r\033[K' >&2; fi
}

# explain_build FILE: why a build failed, in as few lines as tell it, and stops.
explain_build() {
  local log=$MINIM_BUILD/$1 network
  network=$(network_problem "$1")
  if [ -n "$network" ]; then
    stop 69 "The build needs swift-argument-parser from GitHub$network. What git said is in $log."
  fi
  grep -aE '(error|fatal):' "$log" >&2 || tail -n 20 "$log" >&2
  stop 70 "The build failed; all that it said is in $log."
}

# is_built PRODUCT: no source is newer than the start of the last build. Folders count too, so that a deleted file does.
is_built() {
  local stamp=$MINIM_BUILD/$1.stamp
  [ -x "$MINIM_BUILD/release/$1" ] && [ -e "$stamp" ] &&
    [ -z "$(find "$MINIM_HOME/Package.swift" "$MINIM_HOME/Sources" -newer "$stamp" -print -quit)" ]
}

# A checkout that this user may not write to is built in the user's cache, one folder for each checkout. The package manager
# writes next to the manifest: there it is a link.
choose_build_folder() {
  local name item
  if [ -w "$MINIM_BUILD" ] || { [ ! -e "$MINIM_BUILD" ] && [ -w "$MINIM_HOME" ]; }; then return; fi
  name=$(printf '%s' "$MINIM_HOME" | cksum | cut -d' ' -f1)
  package_folder=${XDG_CACHE_HOME:-$HOME/.cache}/minim/checkout-$name
  mkdir -p "$package_folder/.build" 2>/dev/null ||
    stop 73 "Neither $MINIM_HOME nor $package_folder can be written to, and the build has to go somewhere.
Set XDG_CACHE_HOME to a folder that can."
  for item in Package.swift Sources Tests; do ln -sfn "$MINIM_HOME/$item" "$package_folder/$item"; done
  MINIM_BUILD=$package_folder/.build
}

build() {
  require_swift
  mkdir -p "$MINIM_BUILD"
  (
    flock 9 # a second command waits here for the first one's build
    if is_built "$1"; then exit 0; fi
    install_packages
    say "Building Minim once, which takes some minutes, in $MINIM_BUILD..."
    touch "$MINIM_BUILD/$1.started"
    with_progress build.log "Building Minim" \
      swift build -c release --package-path "$package_folder" --product "$1" || explain_build build.log
    mv "$MINIM_BUILD/$1.started" "$MINIM_BUILD/$1.stamp"
  ) 9>"$MINIM_BUILD/minim.lock"
}

# build_beside FOLDER PRODUCT: of another package of this project, in the project's own build folder, where every object of the
# library is there already.
build_beside() {
  require_swift
  mkdir -p "$MINIM_HOME/.build"
  (
    flock 9
    install_packages
    # What is to be built is on file for the package that was built last, which is another one now, and again afterward.
    with_progress "$2.log" "Building $2" swift build -c release --package-path "$MINIM_HOME/$1" --scratch-path "$MINIM_HOME/.build" \
      --product "$2" --disable-build-manifest-caching || explain_build "$2.log"
    rm -f "$MINIM_HOME/.build/release.yaml"
  ) 9>"$MINIM_HOME/.build/minim.lock"
}

# launch PRODUCT ARGUMENT...: becomes the program.
launch() {
  if ! is_built "$1"; then
    choose_build_folder
    is_built "$1" || build "$1"
  fi
  exec "$MINIM_BUILD/release/$1" "${@:2}"
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
