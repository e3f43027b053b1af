# shellcheck shell=bash
# What the commands of Benchmarks/ share, on top of what all commands share.
# shellcheck source=.scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"

BENCHMARKS=$MINIM_HOME/Benchmarks
# Used by the commands.
# shellcheck disable=SC2034
BENCHMARKS_PROGRAM=$BENCHMARKS/.build/release/MinimBenchmarks

build_benchmarks() {
  require_swift
  mkdir -p "$MINIM_HOME/.build"
  install_packages
  say "Building the benchmarks..."
  logged benchmarks.log swift build -c release --package-path "$BENCHMARKS" ||
    stop 70 "The build failed; what it said is above and in $MINIM_HOME/.build/benchmarks.log."
}
