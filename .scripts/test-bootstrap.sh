#!/usr/bin/env bash
# What the commands say before there is a program to run: about Swift, about packages, about the build. The toolchain, the
# package manager and apt-get are played by scripts, in a checkout with nothing in it. ./test runs it.
set -euo pipefail
# shellcheck source=.scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
chmod 755 "$work"
checkout=$work/checkout fakes=$work/fakes tools=$work/tools

fail() {
  [ ! -s "$work/errors" ] || sed 's/^/  | /' "$work/errors" >&2
  stop 1 "test-bootstrap: $*"
}

# The only commands that the scripts find, beside those that are played.
make_tools() {
  local tool
  mkdir "$tools"
  for tool in bash env dirname readlink sed head tail grep cut sort find mkdir touch mv cat cksum flock id ln sleep mktemp rm chmod; do
    ln -s "$(command -v "$tool")" "$tools/$tool"
  done
}

make_checkout() {
  mkdir -p "$checkout/.scripts" "$checkout/Sources" "$checkout/Tests"
  cp "$MINIM_HOME/train" "$checkout/"
  cp "$MINIM_HOME/.scripts/bootstrap.sh" "$checkout/.scripts/"
  touch "$checkout/Package.swift" "$checkout/Sources/main.swift"
}

# fake NAME SCRIPT: plays a command.
fake() {
  mkdir -p "$fakes"
  printf '#!%s\n%s\n' "$(command -v bash)" "$2" >"$fakes/$1"
  chmod 755 "$fakes/$1"
}

# A Swift of a version, whose build runs a script with the program's path in $program.
fake_swift() {
  fake swift "case \$1 in
  --version) echo 'Swift version $1 (swift-$1-RELEASE)' ;;
  build)
    while [ \$# -gt 0 ]; do
      [ \"\$1\" != --package-path ] || folder=\$2
      shift
    done
    mkdir -p \"\$folder/.build/release\"
    program=\$folder/.build/release/train
    $2 ;;
esac"
}

# run EXPECTED_CODE: ./train, what it says in $work/output and $work/errors.
run() {
  local code=0
  "${as_user[@]}" env -i PATH="$fakes:$tools" HOME="$work/home" "$checkout/train" word >"$work/output" 2>"$work/errors" || code=$?
  [ "$code" = "$1" ] || fail "$2: exit code $code instead of $1"
}

says() { grep -qF -- "$1" "$work/errors" || fail "it does not say: $1"; }
lines() { [ "$(wc -l <"$work/errors")" -le "$1" ] || fail "it says more than $1 lines"; }
nothing_installed() { [ ! -e "$work/installed" ] || fail "it installs before it knows whether there is a Swift"; }

as_user=()
make_tools
make_checkout
fake pkg-config 'exit 1'
fake sudo 'exec "${@:2}"'
fake apt-get "touch '$work/installed'; for n in {1..25}; do echo \"Err:\$n http://deb.debian.org Could not resolve host\"; done; exit 100"

run 69 "without Swift"
says "6.1 or newer" && says "libstdc++-12-dev" && nothing_installed

fake swift 'echo "swift: error while loading shared libraries: libxml2.so.2" >&2; exit 127'
run 69 "with a broken Swift"
says "libxml2.so.2" && says "6.1 or newer" && says "libxml2-dev" && nothing_installed

fake swift 'echo "no version at all"'
run 69 "with another swift"
says "no version at all" && nothing_installed

fake_swift 5.10.1 'exit 1'
run 69 "with an old Swift"
says "6.1 or newer" && says "is 5.10" && nothing_installed

fake_swift 6.10 'exit 1'
run 69 "without a network for packages"
says "Installing libopenblas-dev libpng-dev" && says "there seems to be no network" && lines 2

fake pkg-config 'exit 0'
fake_swift 6.1 'for n in {1..30}; do echo "remote: try $n"; done
    echo "error: Failed to clone repository https://github.com/apple/swift-argument-parser:"
    echo "fatal: unable to access: Could not resolve host: github.com"; exit 1'
run 69 "without a network for the dependency"
says "swift-argument-parser" && says "there seems to be no network" && lines 3

fake_swift 6.3 'for n in {1..30}; do echo "[$n/99] Compiling"; done; echo "a.swift:3:1: error: no such thing"; exit 1'
run 70 "with a mistake in the source"
says "a.swift:3:1: error: no such thing" && says ".build/build.log" && lines 4

fake_swift 6.3 'echo "[12/40] Compiling MinimNN Model.swift"; printf "[13/40] Com"; sleep 1.2; echo "piling MinimTraining"
    printf "#!%s\necho \"runs \$1\"\n" "$BASH" >"$program"; chmod 755 "$program"; sleep 6'
run 0 "with all that it needs"
says "Building Minim: 13 of 40, MinimTraining, "
grep -qx 'runs word' "$work/output" || fail "standard output is not the program's alone"
run 0 "a second time"
[ ! -s "$work/errors" ] || fail "a second run builds again"
touch "$checkout/Sources/main.swift"

# A checkout that the user may only read is built in the user's own cache.
mkdir "$work/home"
if [ "$(id -u)" -eq 0 ]; then
  chown 65534 "$work/home"
  as_user=(setpriv --reuid=65534 --clear-groups)
  ln -s "$(command -v setpriv)" "$tools/"
fi
chmod -R a+rX "$checkout"
chmod -R a-w "$checkout"
fake_swift 6.3 'echo "[1/2] Compiling"; printf "#!%s\necho \"runs \$1\"\n" "$BASH" >"$program"; chmod 755 "$program"'
run 0 "of a checkout that cannot be written to"
says "$work/home/.cache/minim/checkout-"
run 0 "of that checkout a second time"
[ ! -s "$work/errors" ] || fail "a second run builds again"
chmod a-w "$work/home/.cache/minim"/checkout-*/.build
rm -rf "$work/home/.cache"
chmod a-w "$work/home"
run 73 "of a checkout and a cache that cannot be written to"
says "XDG_CACHE_HOME"

say "The commands tell what is missing before they install anything, and what they build."
