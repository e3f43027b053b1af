#!/usr/bin/env bash
# Feeds damaged files to every reader of files, guided by the code that they reach: libFuzzer, under Address Sanitizer. What is
# undefined behavior in C is checked by Swift itself, and in the code around libpng by Undefined Behavior Sanitizer.
# .scripts/fuzz.sh [--seconds N] [--sanitizer address|undefined] [TARGET...]: one line for each target; exit status 1 if
# there is a finding, whose file .build/fuzz/TARGET/findings then has. All targets by default, a minute each. With
# MINIM_RELIABILITY=FILE the figures are added to that file too.
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"
cd "$MINIM_HOME"

usage() { stop 64 "$1
.scripts/fuzz.sh [--seconds N] [--sanitizer address|undefined] [TARGET...]; the targets: $(targets | xargs)"; }
targets() { for folder in Tests/Fuzzing/Seeds/*/; do basename "$folder"; done; }

seconds=60 sanitizer=address chosen=()
while [ $# -gt 0 ]; do
  case $1 in
    --seconds)
      seconds=${2-}
      [[ $seconds =~ ^[1-9][0-9]*$ ]] || usage "--seconds needs a number of seconds"
      shift 2 ;;
    --sanitizer)
      sanitizer=${2-}
      [[ $sanitizer =~ ^(address|undefined)$ ]] || usage "--sanitizer needs address or undefined"
      shift 2 ;;
    -*) usage "$1: there is no such option" ;;
    *)
      [ -d "Tests/Fuzzing/Seeds/$1" ] || usage "$1: there is no such target"
      chosen+=("$1")
      shift ;;
  esac
done
if [ ${#chosen[@]} -eq 0 ]; then mapfile -t chosen < <(targets); fi

# A build of its own: instrumented code is no use to anything else. The kernels in C, which read no file, stay as they are.
work=$MINIM_BUILD/fuzz
build() {
  # In one option: of several, Swift takes the last.
  local sanitizers=(-sanitize=fuzzer -Xcc -fsanitize=undefined -Xcc -fsanitize-trap=undefined) flags=() flag
  if [ "$sanitizer" = address ]; then
    # The library of Address Sanitizer brings the other along.
    sanitizers=(-sanitize=fuzzer,address -Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined)
  fi
  for flag in "${sanitizers[@]}"; do flags+=(-Xswiftc "$flag"); done
  MINIM_FUZZING=1 swift build -c release --scratch-path "$work/build-$sanitizer" --product MinimFuzzer "${flags[@]}" "$@"
}
require_swift
install_packages
build >&2
program=$(build --show-bin-path)/MinimFuzzer

# Swift's backtracer could outlive a finding. Freed memory is kept from reuse, but not so much that the limit of memory is reached.
# Nothing can leak from a program that never ends.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1:quarantine_size_mb=32 UBSAN_OPTIONS=print_stacktrace=1

# grouped NUMBER: with a comma between thousands.
grouped() { sed ':next; s/\B[0-9]\{3\}\>/,&/; t next' <<<"$1"; }

# isSlow TARGET FILE: whether an input takes too long again. On a busy machine any input can take a second.
isSlow() {
  local try
  for try in 1 2 3; do
    if MINIM_FUZZ_TARGET=$1 "$program" -timeout=1 "$2" >/dev/null 2>&1; then return 1; fi
  done
}

# Runs a target from its seeds and from what earlier runs have reached; sets `line`, `inputs`, and `found`, the number of findings.
fuzz() {
  local target=$1 folder=$work/$1 end=$((SECONDS + seconds)) status=0 edges file
  inputs=0
  local seeds=("Tests/Fuzzing/Seeds/$target") options=(-rss_limit_mb=512 -timeout=1 -max_len=4096 -print_final_stats=1)
  [ "$target" != config ] || seeds+=(configs)
  [ ! -f "Tests/Fuzzing/Dictionaries/$target.dict" ] || options+=(-dict="Tests/Fuzzing/Dictionaries/$target.dict")
  mkdir -p "$folder/corpus" "$folder/findings"
  # What has been found before is read again: as a finding, or as one more seed if that was fixed.
  find "$folder/findings" -type f -exec mv {} "$folder/corpus" \;
  while [ $SECONDS -lt "$end" ]; do
    status=0
    MINIM_FUZZ_TARGET=$target "$program" "${options[@]}" -max_total_time=$((end - SECONDS)) \
      -artifact_prefix="$folder/findings/" "$folder/corpus" "${seeds[@]}" >"$folder/log" 2>&1 || status=$?
    inputs=$((inputs + $(awk '/^stat::number_of_executed_units/ { count = $2 } END { print count + 0 }' "$folder/log")))
    file=$(find "$folder/findings" -name 'timeout-*')
    if [ -z "$file" ] || isSlow "$target" "$file"; then break; fi
    rm "$file"
    status=0
  done
  edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$folder/log" | tail -n 1)
  found=$(find "$folder/findings" -type f | wc -l)
  [ -n "$edges" ] || [ "$status" -ne 0 ] || stop 70 "$target: the program does not tell what code it reaches (see $folder/log)"
  # A program that ends without a file, because it cannot start, is a finding too.
  if [ "$status" -ne 0 ] && [ "$found" -eq 0 ]; then found=1; fi
  line="$target: $(grouped "$inputs") inputs in $seconds s, $(grouped "${edges:-0}") edges, $found findings"
  if [ "$found" -gt 0 ]; then line+=" (see $folder)"; fi
}

failed=false
for target in "${chosen[@]}"; do
  fuzz "$target"
  echo "$line"
  [ "$found" -eq 0 ] || failed=true
  [ -z "${MINIM_RELIABILITY-}" ] || printf '11\tfuzzers\t1\n11\tinputs\t%d\n11\tfindings\t%d\n' "$inputs" "$found" >>"$MINIM_RELIABILITY"
done
! $failed
