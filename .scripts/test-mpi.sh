#!/usr/bin/env bash
# Trains a run of every model by one process without MPI and by 1, 2, 4 and 8 processes with it, which must come to the same bits,
# through stops and kills too. Then it lets things go wrong: a killed process, a stopped one, one with another program.
set -euo pipefail
# shellcheck source=.scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"
require_swift
install_packages
command -v mpirun >/dev/null && [ -e /usr/include/mpi.h ] || dpkg -s libopenmpi-dev >/dev/null 2>&1 ||
  install_debian libopenmpi-dev openmpi-bin
build train
scratch=$MINIM_BUILD/mpi
(cd "$MINIM_HOME" && swift build -c release --traits MPI --scratch-path "$scratch" --product train >"$MINIM_BUILD/mpi.log" 2>&1) ||
  stop 70 "The build with MPI fails: see $MINIM_BUILD/mpi.log"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
cd "$work"
export MINIM_HOME OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
alone=$MINIM_BUILD/release/train together=$scratch/release/train
mpi() { mpirun -q --oversubscribe --bind-to none --mca mpi_yield_when_idle 1 "$@"; }

fail() { stop 1 "test-mpi: $*"; }

# bits RUN: a hash of the numbers of the last checkpoint, without its header, which has a time, and of the metrics.
bits() {
  local last header
  last=$(find "$1/checkpoints" -name '*.safetensors' | sort | tail -n 1)
  header=$(od -An -t u8 -N 8 "$last" | tr -d ' ')
  { tail -c "+$((header + 9))" "$last" && cat "$1/metrics.jsonl"; } | sha256sum | cut -c 1-16
}

# One config of every model, short: batches of several shards, games, batch normalization, validation, pairs, consensus.
runs=(
  "pixelcnn training.steps=30" "pixelcnn-folder training.steps=30" "vae training.steps=40" "vae-linear training.steps=40"
  "vae-fixed-q training.steps=40" "realnvp training.steps=30" "realnvp-penguins training.steps=30"
  "gan training.steps=60" "gan dynamics.name=extragradient training.steps=60" "gan-dirac training.steps=60"
  "gan-ring training.steps=40" "simsiam training.steps=12" "simsiam-linear training.steps=60"
  "flow-matching training.steps=30" "flow-matching-transport training.steps=20" "diffusion-mixture training.steps=30"
  "realnvp-forward-reverse training.steps=30" "pixelcnn-gated training.steps=20" "simsiam-directpred training.steps=20"
)
for run in "${runs[@]}"; do
  read -ra words <<<"$run"
  arguments=(--config "${words[@]}" intervals.log=10 intervals.samples=1000000 --quiet)
  OMPI_COMM_WORLD_SIZE='' "$alone" "${arguments[@]}" --into "alone/$run" >/dev/null 2>log || fail "$run: $(cat log)"
  want=$(bits "alone/$run")
  for count in 1 2 4 8; do
    mpi -n $count "$together" "${arguments[@]}" --into "$count/$run" --workers 1 >/dev/null 2>log || fail "$run, $count: $(cat log)"
    [ "$(bits "$count/$run")" = "$want" ] || fail "$run: $count processes come to other bits."
  done
  say "$run: $want for one process and for 1, 2, 4 and 8 of MPI"
done

# pid RANK: the process of a rank of the job that runs.
pid() {
  local process
  for process in $(pgrep -f "^$together .*--into $folder"); do
    if tr '\0' '\n' <"/proc/$process/environ" 2>/dev/null | grep -qx "OMPI_COMM_WORLD_RANK=$1"; then echo "$process"; fi
  done
}

# begin COUNT: starts the run of `folder` and waits until it has trained for a moment.
begin() {
  mpi -n "$1" "$together" "${arguments[@]}" --into "$folder" --workers 1 >/dev/null 2>log &
  job=$!
  local before
  before=$(wc -l 2>/dev/null <"$folder/metrics.jsonl" || echo 0)
  for _ in $(seq 300); do
    [ "$(wc -l 2>/dev/null <"$folder/metrics.jsonl" || echo 0)" -le "$((before + 1))" ] || break
    sleep 0.1
  done
  sleep "0.$((RANDOM % 10))"
}

# finish: waits for the job and sets its exit code and how long it took to end, in tenths of a second.
finish() {
  local started
  started=$(date +%s%N)
  code=0
  wait "$job" || code=$?
  took=$((($(date +%s%N) - started) / 100000000))
}

arguments=(--config realnvp training.steps=3000 intervals.log=5 intervals.checkpoint=50 intervals.samples=1000000 --quiet)
"$alone" "${arguments[@]}" --into alone/kills >/dev/null
want=$(bits alone/kills)
folder=kills
for ranks in "4 3" "2 0" "3 1" "8 5"; do
  read -r count rank <<<"$ranks"
  begin "$count"
  kill -9 "$(pid "$rank")"
  finish
  [ $code -ne 0 ] && [ $took -lt 100 ] || fail "killed rank $rank of $count: exit code $code after $took tenths of a second"
  ! pgrep -f "^$together .*--into $folder" >/dev/null || fail "killed rank $rank of $count: others are left."
  say "killed rank $rank of $count: all ended within $((took + 1)) tenths of a second"
done
for ranks in "3 1" "2 0"; do
  read -r count rank <<<"$ranks"
  begin "$count"
  kill -TERM "$(pid "$rank")"
  # The launcher needs some time of its own after the run is saved.
  saved=0
  until grep -q '"state": *"stopped"' "$folder/status.json"; do
    [ $((saved += 1)) -le 20 ] || fail "stopped rank $rank of $count: not saved within 2 s: $(cat log)"
    sleep 0.1
  done
  finish
  [ $code -eq 143 ] || fail "stopped rank $rank of $count: $code, $(cat log)"
  say "stopped rank $rank of $count: saved within $((saved + 1)) tenths of a second, exit code 143 after $((saved + took + 1))"
done
mpi -n 2 "$together" "${arguments[@]}" --into "$folder" >/dev/null
[ "$(bits kills)" = "$want" ] || fail "a run that was killed and stopped has other bits."
say "killed four times and stopped twice, with 2 to 8 processes: the bits of the run that was not"

# refused CODE WORDS COMMAND...: a job that must end so, with these words, and no run.
refused() {
  local want=$1 words=$2
  code=0
  mpi "${@:3}" >/dev/null 2>log || code=$?
  [ $code -eq "$want" ] && grep -q "$words" log || fail "expected exit code $want and \"$words\", got $code: $(cat log)"
  say "refused: $(grep "$words" log | head -n 1)"
}
cp "$together" other && printf x >>other
new=("$together" --config gan --quiet --runs refused)
refused 78 "process 1 has another program" -n 1 "${new[@]}" : -n 1 "$work/other" "${new[@]:1}"
refused 78 "process 1 has another config" -n 1 "${new[@]}" seed=1 : -n 1 "${new[@]}" seed=2
refused 64 "built without MPI" -n 2 "$alone" "${new[@]:1}"
refused 64 "slice" -n 2 "$together" sweep --config gan seed=0..3
refused 66 "missing.json" -n 1 "${new[@]}" : -n 1 "$together" --config missing.json
