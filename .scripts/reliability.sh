#!/usr/bin/env bash
# Shows how reliable the project is, as a table with the figure that each row has reached: .scripts/reliability.sh [--long]
# [--prove] [ROW...]. The short form takes a quarter of an hour. --long has all kills, flipped bits and faults, half an hour of
# fuzzing and the whole suite under the sanitizers: hours. --prove plants in a copy, for each row, a mistake that it must notice.
set -euo pipefail
# shellcheck source=.scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"
cd "$MINIM_HOME"

long=false prove=false chosen=()
for word in "$@"; do
  case $word in
    --long) long=true ;;
    --prove) prove=true ;;
    [1-9] | 1[0-6]) chosen+=("$word") ;;
    *) stop 64 "$word: expected --long, --prove or the number of a row, 1 to 16" ;;
  esac
done
is_chosen() { [ ${#chosen[@]} -eq 0 ] || [[ " ${chosen[*]} " == *" $1 "* ]]; }

work=$MINIM_BUILD/reliability
export MINIM_RELIABILITY=$work/records SWIFT_BACKTRACE=enable=no
mkdir -p "$work"
: >"$MINIM_RELIABILITY"
if $long; then export MINIM_ALL_TESTS=1; fi

tests() {
  swift test -c release --disable-testable-imports --explicit-target-dependency-import-check error --skip-build --filter "$1"
}

# Row 11. In the long form half an hour in all.
fuzz() {
  local targets
  targets=$(find Tests/Fuzzing/Seeds -mindepth 1 -maxdepth 1 -type d | wc -l)
  .scripts/fuzz.sh --seconds $(($($long && echo 1800 || echo 60) / targets + 1))
}

# A batch that several threads share.
manyShards="vae-linear batch.examples=64 batch.drawing=independent"

# Row 15. The short form trains a game, a net with batch statistics and a VAE with more threads than there are cores; the long
# one has the whole suite.
sanitize() {
  if $long; then
    swift test -c release --disable-testable-imports --sanitize=thread --scratch-path .build/thread \
      --filter 'MinimParallelTests|MinimNNTests|MinimTrainingTests'
    ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 swift test -c release --disable-testable-imports \
      --sanitize=address --scratch-path .build/address
    printf '15\tsuites under sanitizers\t2\n' >>"$MINIM_RELIABILITY"
  fi
  local runs config
  runs=$(mktemp -d)
  swift build --sanitize=thread --scratch-path "$MINIM_BUILD/thread-train" --product train
  for config in gan gan-dirac simsiam-linear "$manyShards" vae-fixed-q; do
    # shellcheck disable=SC2086
    TSAN_OPTIONS=halt_on_error=1:exitcode=66 "$MINIM_BUILD/thread-train/debug/train" --config $config --workers 3 --quiet \
      --runs "$runs" training.steps=40 intervals.samples=20
    printf '15\truns under Thread Sanitizer\t1\n' >>"$MINIM_RELIABILITY"
  done
  rm -rf "$runs"
}

# sums ROW: what its tests have recorded.
sums() {
  awk -F '\t' -v row="$1" '
    $1 == row { if (!($2 in sum)) names[++count] = $2; sum[$2] += $3 }
    END { for (i = 1; i <= count; i++) printf "%s%d %s", (i > 1 ? ", " : ""), sum[names[i]], names[i] }
  ' "$MINIM_RELIABILITY"
}

# lacks ROW "LEAST what"...: the counts that were not reached; "none of what" for what must not be there.
lacks() {
  local row=$1 need least what count
  shift
  for need in "$@"; do
    read -r least what <<<"$need"
    count=$(awk -F '\t' -v row="$row" -v what="$what" '$1 == row && $2 == what { sum += $3 } END { print sum + 0 }' \
      "$MINIM_RELIABILITY")
    if [ "$least" = none ]; then
      [ "$count" -eq 0 ] || echo -n " ($count $what)"
    else
      [ "$count" -ge "$least" ] || echo -n " ($count of $least $what)"
    fi
  done
}

failed=()
# row NUMBER TEXT COMMAND "LEAST what"...: runs the command that records the figures, and prints the row.
row() {
  local number=$1 text=$2 command=$3 verdict=holds missing started=$SECONDS
  is_chosen "$number" || return 0
  $command >"$work/$number.log" 2>&1 || verdict="FAILS, see $work/$number.log"
  missing=$(lacks "$number" "${@:4}")
  [ -z "$missing" ] || verdict="FAILS$missing, see $work/$number.log"
  [ "$verdict" = holds ] || failed+=("$number")
  printf '%2d  %s\n    %s; %s (%d s)\n' "$number" "$text" "$(sums "$number")" "$verdict" $((SECONDS - started))
}
filter() { tests "${patterns[$1]}"; }

declare -A patterns=(
  [1]='GradientTests|EveryModelTests/gradients\(' [2]='PrecisionTests|gradientsInFloat'
  [3]='workersOfTraining|workersOfEvaluation|BitIdentityTests/machines|EveryModelBitsTests/machines'
  [4]='BitIdentityTests/intervals|EveryModelBitsTests/intervals' [5]='RandomKillTests|ProcessDeathTests'
  [6]='FaultTests' [7]='SignalTests|InterruptibleTests|ResumeTests/signals' [8]='ProcessTests|LookingTests|RunFolderCommandTests/page'
  [9]='DamagedRunTests|DamagedCheckpointTests|SafetensorsTests' [10]='HostilePNGTests|SafetensorsTests|IDXTests|NPYReadingTests|NPZTests|CSVTests|JSONParserTests' [12]='EveryKeyTests|WrongConfigurationTests'
  [13]='InjectedNonFiniteTests|NonFiniteTests|divergence' [14]='SameSecondTests|aRunHasOneWriter' [16]='SoakTests'
)
kills=50 flips=500
if $long; then kills=1000 flips=10000; fi

table() {
  row 1 "derivatives of every operation and of every model's objective agree with differences in Double, within 1e-6" \
    "filter 1" "340 cases of operations" "32 objectives"
  row 2 "derivatives in Float agree with those in Double, within 1e-4 of each tensor" \
    "filter 2" "340 operations" "33 objectives"
  row 3 "the same bits for 1, 2, 3 and 7 workers, on every kernel level with fused multiply-add and for every BLAS" \
    "filter 3" "39 runs with other workers, kernels and BLAS"
  row 4 "the same bits for other intervals, and on a terminal" "filter 4" "26 runs with other intervals or on a terminal"
  row 5 "killed at random moments and resumed: the bits of the run that was not" "filter 5" "$kills kills at random moments" "$((kills / 50)) in the beginning" \
    "$((kills / 50)) in the training" "$((kills / 50)) in the ending" "30 deaths at a call"
  row 6 "a call of the system fails: a clean error or success, and valid checkpoints" "filter 6" "220 faults at calls"
  row 7 "SIGTERM and SIGINT: saved and out within 2 s" \
    "filter 7" "2 signals in training" "2 signals in evaluation" "none answers after more than 2 s"
  row 8 "disk full, folder not writable, pipe broken, streams closed: exit 74, 73 or 0, with words" \
    "filter 8" "13 commands without a place to write" "10 commands whose reader is gone"
  row 9 "checkpoints cut at every byte, or with a bit flipped: refused" "filter 9" "1000 checkpoints cut at every byte" "$flips bits flipped in the numbers of a checkpoint"
  row 10 "hostile files (safetensors, npy, npz, IDX, CSV, PNG, JSON): refused with the reason, in bounded memory and time" "filter 10" "50 safetensors files" "180 arrays and tables" "50 PNG files" "50 JSON files"
  row 11 "fuzzers of every reader, with Address and Undefined Behavior Sanitizer" fuzz \
    "18 fuzzers" "100000 inputs" "none findings"
  row 12 "wrong configs: path, line and column, and the right suggestion for one letter in 95 %" \
    "filter 12" "1400 values of another type or out of range" "800 keys with one wrong letter" "200 keys that are there twice"
  row 13 "numbers that are not finite: the run ends with 3, names the step and the place, and keeps finite parameters" \
    "filter 13" "13 parameters" "13 steps too long" "5 examples"
  row 14 "64 runs at once, two writers, a reader: folders of their own, the second refused, no effect" \
    "filter 14" "64 runs at once" "1 second writers refused" "1 readers during a run"
  row 15 "Thread and Address Sanitizer: no report" sanitize "5 runs under Thread Sanitizer"
  row 16 "a long run takes no more memory in its second half" "filter 16" "200000 steps"
}

# Each row's mistake, which must be noticed: by the row's tests, by the fuzzer, or by Thread Sanitizer.
proof() {
  local copy=$MINIM_BUILD/planted number status=0
  if [ ${#chosen[@]} -eq 0 ]; then chosen=({1..16}); fi
  local names=()
  # No test can see what only Thread Sanitizer sees.
  for number in "${chosen[@]}"; do
    if [ "$number" != 15 ]; then names+=("row-$(printf '%02d' "$number")"); fi
  done
  if [ ${#names[@]} -eq 0 ]; then names=(--plant-only); else names=(--all-tests "${names[@]}"); fi
  env -u MINIM_ALL_TESTS -u MINIM_RELIABILITY .scripts/planted.sh "${names[@]}" || status=1
  local choose="swift .scripts/planted.swift number $copy"
  if is_chosen 11; then
    if PLANTED=$($choose row-11) "$copy/.scripts/fuzz.sh" --seconds 30 csv >"$work/prove-11.log" 2>&1; then
      echo "row-11: the fuzzer notices nothing" && status=1
    else
      echo "row-11: noticed by the fuzzer"
    fi
  fi
  if is_chosen 15; then
    (cd "$copy" && swift build --sanitize=thread --scratch-path .build/thread-train --product train) >"$work/prove-15.log" 2>&1
    # shellcheck disable=SC2086
    if PLANTED=$($choose row-15) TSAN_OPTIONS=halt_on_error=1:exitcode=66 MINIM_HOME=$copy \
      "$copy/.build/thread-train/debug/train" --config $manyShards --workers 3 --quiet --runs "$work/runs" training.steps=40 \
      >>"$work/prove-15.log" 2>&1 || ! grep -q 'SUMMARY: ThreadSanitizer' "$work/prove-15.log"; then
      echo "row-15: Thread Sanitizer notices nothing" && status=1
    else
      echo "row-15: noticed by Thread Sanitizer"
    fi
    rm -rf "$work/runs"
  fi
  return $status
}

require_swift
install_packages
if $prove; then
  proof
  exit
fi
built() { swift test list -c release --disable-testable-imports --explicit-target-dependency-import-check error; }
built >"$work/build.log" 2>&1 || stop 70 "The tests do not build: see $work/build.log"
started=$SECONDS
table
if [ ${#failed[@]} -gt 0 ]; then
  echo "FAILED: rows ${failed[*]} ($((SECONDS - started)) s)"
  exit 1
fi
echo "All rows hold ($((SECONDS - started)) s)"
