# shellcheck shell=bash
# What the commands of Benchmarks/ share, on top of what all commands share.
# shellcheck source=.scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"

# Used by the commands.
# shellcheck disable=SC2034
BENCHMARKS=$MINIM_HOME/Benchmarks
# shellcheck disable=SC2034
BENCHMARKS_PROGRAM=$MINIM_HOME/.build/release/MinimBenchmarks

build_benchmarks() { build_beside Benchmarks MinimBenchmarks; }
