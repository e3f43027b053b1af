#!/usr/bin/env bash
# Compares the kernels of 64-bit ARM with those of x86-64 bit by bit: Tests/KernelBits runs every kernel of the level neon under
# QEMU and those of avx2 here, in Float and in Double. NaN counts as NaN: its bits differ between the architectures. Two controls
# must be found: products that are rounded before they are added, and one wrong bit in each result.
set -euo pipefail
# shellcheck source=.scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"
cd "$MINIM_HOME"

fail() { stop 1 "test-arm: $*"; }

if [ "$(uname -m)" != x86_64 ] || ! grep -qw avx2 /proc/cpuinfo; then
  say "Kernels are compared on x86-64 with AVX2 only: skipped."
  exit 0
fi
require_swift
if ! { command -v aarch64-linux-gnu-gcc && command -v qemu-aarch64-static; } >/dev/null; then
  install_debian gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static
fi
# The compiler of the package manager, which comes with Swift.
clang=$(dirname "$(readlink -f "$(command -v swiftc)")")/clang
[ -x "$clang" ] || stop 69 "Minim's kernels are compiled by the clang that comes with Swift, and there is no $clang."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# compile FOLDER OPTION...: the kernels, as the package manager compiles them, and their cases.
compile() {
  local source options=(-std=gnu11 -O2 -Wall -Werror -ISources/CMinimKernels/include "${@:2}")
  mkdir "$work/$1"
  for source in Sources/CMinimKernels/*.c; do
    "$clang" "${options[@]}" -c "$source" -o "$work/$1/$(basename "$source" .c).o"
  done
  # Numbers for the kernels must be the same everywhere, so nothing is fused there.
  for source in Tests/KernelBits/*.c; do
    "$clang" "${options[@]}" -ffp-contract=off -c "$source" -o "$work/$1/case-$(basename "$source" .c).o"
  done
}
say "Compiling the kernels for both architectures..."
compile x86 &
x86=$!
compile arm --target=aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include
wait $x86
"$clang" "$work"/x86/*.o -o "$work/here"
aarch64-linux-gnu-gcc -static "$work"/arm/*.o -o "$work/there"

"$work/here" avx2 "$work/avx2"
"$work/here" avx2 "$work/spoiled" spoil
"$work/here" baseline "$work/baseline"
qemu-aarch64-static "$work/there" neon "$work/neon"

# differing FILE: the kernels and types whose results have other bits in FILE than in avx2's.
differing() { "$work/here" compare "$work/avx2" "$work/$1" | awk '$1 != "all" && $NF > 0 { print $1, $2 }'; }

# The baseline rounds products. What has no multiply-add must not differ, and everything else must.
fused="gemm map random adam sgd average weighted_sum"
expected=$(for kernel in $fused; do printf '%s Float\n%s Double\n' "$kernel" "$kernel"; done)
[ "$(differing baseline)" = "$expected" ] || fail "other kernels than expected tell the baseline from avx2:
$(differing baseline)"
spoiled=$(differing spoiled | wc -l) all=$("$work/here" compare "$work/avx2" "$work/avx2" | grep -cv '^all')
[ "$spoiled" -eq "$all" ] || fail "a wrong bit is found in $spoiled of $all kinds of results only."

"$work/here" compare "$work/avx2" "$work/neon" || fail "neon has other bits than avx2."
compared=$("$work/here" compare "$work/avx2" "$work/neon" | awk '$1 == "all" { print $3 }')
[ "$compared" -ge 10000000 ] || fail "only $compared results were compared."
say "neon under QEMU and avx2: the same bits in all $compared results, NaN as NaN. Both controls were found."
