#!/usr/bin/env bash
# Runs the recipes of docs/clusters.md with real engines on this machine: a Slurm of one host, GNU parallel, make, Snakemake, submitit
# and Optuna. Each is also stopped or killed in the middle, and so is a sweep of 10,000 runs, 20 times.
# Each sweep must have the table of one process that was never stopped, and no run may be trained twice.
# test-clusters.sh PART... runs some parts only: slurm, parallel, make, snakemake, submitit, optuna, kills.
set -euo pipefail
# shellcheck source=.scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"
require_swift
install_packages
build train

work=$(mktemp -d)
export MINIM_HOME PATH=$work/bin:$PATH SLURM_CONF=$work/slurm/slurm.conf
recipes=$MINIM_HOME/docs/recipes
mkdir "$work/bin"
ln -s "$MINIM_BUILD/release/train" "$work/bin/train"
cd "$work"

fail() { stop 1 "test-clusters: $*"; }

# plan NAME COUNT STEPS: makes a sweep of runs that write little, and sets its folder. One process trains the same runs in another folder,
# and seconds is the time that it took.
plan() {
  local name=$1 words=(--config gan.json --draws "$2" "training.steps=$3" dynamics.name=extragradient
    "optimizer.learningRate=uniform(0.001,0.01)" intervals.{log,checkpoint,samples,diagnostics}"=1000000" --quiet)
  sweep=$(train sweep --plan --runs "$work/$name-alone" "${words[@]}") seconds=$SECONDS
  train sweep --resume "$sweep" --quiet >/dev/null
  seconds=$((SECONDS - seconds))
  sweep=$(train sweep --plan --runs "$work/$name" "${words[@]}")
}

# same NAME: the table of the sweep of this name, apart from its own name, is that of the one of one process.
same() {
  local folder alone
  folder=$(find "$work/$1" -maxdepth 1 -name '*-sweep-*') alone=$(find "$work/$1-alone" -maxdepth 1 -name '*-sweep-*')
  train sweep --resume "$folder" --collect >/dev/null 2>"$work/collected"
  [ ! -s "$work/collected" ] || fail "$1: $(cat "$work/collected")"
  cmp <(sed "s|^$(basename "$folder")/||" "$folder/sweep.csv") <(sed "s|^$(basename "$alone")/||" "$alone/sweep.csv") ||
    fail "$1: the table is not that of one process."
}

# done_runs FOLDER: a line for each run that is done, with the time and the number of the file that says so. A run that is trained again
# writes another file.
done_runs() {
  { find "$1" -mindepth 2 -maxdepth 2 -name status.json -exec grep -lsF '"state":"done"' {} + || true; } |
    xargs -r stat -c '%n %i %.9Y'
}

# once NAME COUNT: so many runs of the sweep are done, and each has been since it was seen to be.
once() {
  done_runs "$sweep" >>"$work/$1.done"
  [ "$(done_runs "$sweep" | wc -l)" -eq "$2" ] || fail "$1: not all runs are done."
  [ "$(sort -u "$work/$1.done" | wc -l)" -eq "$2" ] || fail "$1: a run was trained again after it was done."
}

# kill_session NUMBER: kills all processes of a session.
kill_session() {
  local processes
  while processes=$(ps -o pid=,stat= -s "$1" | awk '$2 !~ /^Z/ { print $1 }') && [ -n "$processes" ]; do
    # shellcheck disable=SC2086
    kill -KILL $processes 2>/dev/null || true
    sleep 0.1
  done
}

# killed WHEN COMMAND...: starts a command, and kills it with all that it has started as soon as WHEN succeeds.
killed() {
  local when=$1 session
  shift
  setsid "$@" >"$work/killed" 2>&1 &
  session=$!
  until $when; do
    kill -0 "$session" 2>/dev/null || fail "$1 ended before it was killed: $(tail -n 20 "$work/killed")"
    sleep 0.1
  done
  kill_session "$session"
  wait "$session" 2>/dev/null || true
}

# Slurm without systemd: its own key, controller and node, all in one folder.
start_slurm() {
  local home=$work/slurm cpus host
  cpus=$(nproc) host=$(hostname -s)
  mkdir -p "$home/state" "$home/log" "$home/spool"
  cat >"$SLURM_CONF" <<END
ClusterName=minim
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$home/munge.socket
CredType=cred/munge
StateSaveLocation=$home/state
SlurmdSpoolDir=$home/spool
SlurmctldPidFile=$home/slurmctld.pid
SlurmdPidFile=$home/slurmd.pid
SlurmctldLogFile=$home/log/slurmctld.log
SlurmdLogFile=$home/log/slurmd.log
SlurmctldPort=16817
SlurmdPort=16818
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SchedulerType=sched/builtin
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
KillWait=10
MinJobAge=3600
JobCompType=jobcomp/none
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 CPUs=$cpus State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
  (umask 077 && head -c 128 /dev/urandom >"$home/munge.key")
  munged --key-file="$home/munge.key" --socket="$home/munge.socket" --pid-file="$home/munged.pid" \
    --log-file="$home/log/munged.log" --seed-file="$home/munge.seed" --force 2>"$home/log/munged.start"
  slurmctld -i
  slurmd -N n1
  for _ in $(seq 100); do
    [ "$(sinfo -h -o %T 2>/dev/null)" = idle ] && return
    sleep 0.2
  done
  fail "Slurm did not start: see $home/log"
}

stop_all() {
  local file process
  for process in $(jobs -p); do kill_session "$process"; done
  scancel --quiet --user root 2>/dev/null || true
  for file in slurmd slurmctld munged; do
    if [ -f "$work/slurm/$file.pid" ]; then kill "$(cat "$work/slurm/$file.pid")" 2>/dev/null || true; fi
  done
  rm -rf "$work"
}
trap stop_all EXIT
trap 'exit 130' INT TERM

# Four tasks over 1,000 runs, near their time limit before their slice is done, saved, and queued again.
slurm() {
  [ "$(id -u)" -eq 0 ] || { say "Slurm: not run, since only root can start one here" && return; }
  command -v slurmctld munged >/dev/null || install_debian slurm-wlm munge
  plan slurm 1000 80000
  start_slurm
  local array job started=$SECONDS
  # The shortest limit of Slurm is a minute. It looks at limits every 30 seconds, and gives a signal that much earlier: here the first
  # time that it looks at a task.
  array=$(SWEEP=$sweep sbatch --parsable --export=ALL --time=1 --signal=B:USR1@50 "$recipes/array.sbatch")
  while [ -n "$(squeue -h -o %i)" ]; do
    [ $((SECONDS - started)) -lt 1200 ] || fail "the array has not ended after $((SECONDS - started)) s: $(squeue)"
    # A task that is queued again waits for two minutes, unless it is told to begin.
    for job in $(squeue -h -t PENDING -r -o %i); do scontrol update JobId="$job" StartTime=now 2>/dev/null || true; done
    done_runs "$sweep" >>"$work/slurm.done"
    sleep 5
  done
  restarts_of "$array"
  once slurm 1000
  same slurm
  say "Slurm: 4 tasks over 1000 runs, queued again $restarts times: the table of one process ($((SECONDS - started)) s)"
}

# restarts_of ARRAY: sets how often its tasks were queued again. All must have ended well, and two have been queued again at least.
restarts_of() {
  local tasks
  tasks=$(scontrol show job "$1")
  [ "$(grep -c 'JobState=COMPLETED' <<<"$tasks")" -eq 4 ] || fail "not all tasks ended well: $tasks"
  [ "$(grep -c 'Restarts=[1-9]' <<<"$tasks")" -ge 2 ] || fail "fewer than two tasks were queued again: $tasks"
  restarts=$(($(sed -n 's/.*Restarts=\([0-9]*\).*/\1/p' <<<"$tasks" | paste -sd+)))
  [ "$(cat "$work"/sweep-?.log | grep -c '^Stopped and saved')" -eq "$restarts" ] || fail "a task was queued again that had not saved."
}

# The first hundred commands are killed with GNU parallel, and given to it again.
with_parallel() {
  command -v parallel >/dev/null || install_debian parallel
  plan parallel 1000 100
  local killed commands="train sweep --resume $sweep --print | head -n 100 | parallel --will-cite -j 4"
  killed some_done bash -c "$commands"
  done_runs "$sweep" >"$work/parallel.done"
  killed=$(wc -l <"$work/parallel.done")
  bash -c "$commands" >/dev/null
  done_runs "$sweep" >>"$work/parallel.done"
  train sweep --resume "$sweep" --quiet >/dev/null
  once parallel 1000
  same parallel
  say "GNU parallel: 100 commands, killed after $killed runs, 100 again, and the rest by one process"
}

some_done() { [ "$(done_runs "$sweep" | wc -l)" -ge 20 ]; }

# alone: trains the runs of the recipes without an engine, for longer than their config says, so that there is time to kill them.
alone() {
  local seed
  mkdir "$work/alone"
  cat >"$work/alone/gan.json" <<'END'
{
  "name": "gan",
  "model": { "name": "bilinear", "noise": 0.1 },
  "dynamics": { "name": "extragradient" },
  "data": { "name": "none" },
  "optimizer": { "name": "sgd", "learningRate": 0.1 },
  "training": { "steps": 20000 },
  "precision": "float64",
  "expect": { "G0": "fails" }
}
END
  for seed in 0 1 2 3; do (cd "$work/alone" && train --config gan.json "seed=$seed" --into "gan-$seed" --quiet >/dev/null); done
}

# Each run as it is alone, though the engine is killed in the middle, and nothing the next time.
targets() { # NAME COMMAND...
  local name=$1 folder=$work/$1 seed before
  shift
  [ -d "$work/alone" ] || alone
  mkdir "$folder"
  cp "$work/alone/gan.json" "$folder"
  results=$folder/results
  killed has_checkpoint env -C "$folder" "$@"
  [ "$(done_runs "$results" | wc -l)" -lt 4 ] || fail "$name: all runs were done before it was killed."
  env -C "$folder" "$@" >"$folder/log" 2>&1 || fail "$name: $(tail -n 20 "$folder/log")"
  before=$(find "$results" -name '*.safetensors' -exec sha256sum {} + | sort)$(done_runs "$results" | sort)
  env -C "$folder" "$@" >>"$folder/log" 2>&1 || fail "$name, again: $(tail -n 20 "$folder/log")"
  [ "$before" = "$(find "$results" -name '*.safetensors' -exec sha256sum {} + | sort)$(done_runs "$results" | sort)" ] ||
    fail "$name: the next time has changed a run."
  for seed in 0 1 2 3; do as_alone "$results/gan-$seed" "$work/alone/gan-$seed" || fail "$name: seed $seed"; done
  say "$name: 4 runs, killed in the middle, each as it is alone, and none twice"
}

has_checkpoint() { [ -n "$(find "$results" -name '*.safetensors' -print -quit 2>/dev/null)" ]; }

# numbers CHECKPOINT: what follows the header, which has the time that the run took.
numbers() { tail -c "+$(($(od -An -t u8 -N 8 "$1" | tr -d ' ') + 9))" "$1"; }

# as_alone RUN RUN: both have the same metrics and the same numbers in the last checkpoint.
as_alone() {
  local last=checkpoints/step-00020000.safetensors
  cmp "$1/metrics.jsonl" "$2/metrics.jsonl" && cmp "$1/evaluation.json" "$2/evaluation.json" &&
    cmp <(numbers "$1/$last") <(numbers "$2/$last")
}

# Optuna asks for eight runs, of which the best must be better than the worst.
search() {
  mkdir "$work/search"
  (cd "$work/search" && "$workflows/bin/python" "$recipes/optuna_search.py" >log 2>&1) || fail "Optuna: $(tail -n 20 "$work/search/log")"
  [ "$(find "$work/search/search" -name evaluation.json | wc -l)" -eq 8 ] || fail "Optuna: there are not eight runs."
  say "Optuna: 8 runs, $(tail -n 1 "$work/search/log")"
}

# Two processes train a sweep of 10,000 runs together. Both are killed 20 times, at random moments.
kills() {
  local first second runs counts="" started
  plan kills 10000 100
  started=$SECONDS
  for runs in $(shuf -i 1-9900 -n 20 | sort -n); do
    start_two
    until_begun "$runs"
    sleep "0.$(printf %03d $((RANDOM % 1000)))"
    kill -KILL "$first" "$second"
    wait "$first" "$second" 2>/dev/null || true
    done_runs "$sweep" >"$work/kills.now"
    cat "$work/kills.now" >>"$work/kills.done"
    counts+=" $(wc -l <"$work/kills.now")"
  done
  start_two
  { wait "$first" && wait "$second"; } || fail "kills: $(tail "$work/kills.log")"
  once kills 10000
  same kills
  say "10000 runs, killed 20 times with so many done:$counts: the table of one process ($((SECONDS - started)) s, and one process $seconds s)"
  rm -rf "$work/kills" "$work/kills-alone"
}

# until_begun COUNT: waits until the sweep has so many runs, done or not.
until_begun() {
  while [ "$(find "$sweep" -mindepth 1 -maxdepth 1 -type d | wc -l)" -lt "$1" ]; do
    kill -0 "$first" "$second" 2>/dev/null || fail "kills: both processes ended before $1 runs: $(tail "$work/kills.log")"
    sleep 0.1
  done
}

# start_two: sets first and second to processes that train the sweep.
start_two() {
  setsid train sweep --resume "$sweep" --quiet >>"$work/kills.log" 2>&1 &
  first=$!
  setsid train sweep --resume "$sweep" --quiet >>"$work/kills.log" 2>&1 &
  second=$!
}

# with_python: the Python packages of the recipes.
with_python() {
  workflows=${XDG_CACHE_HOME:-$HOME/.cache}/minim/workflows
  python_environment "$workflows" "$MINIM_HOME/Tests/Fixtures/workflows.txt" || fail "there are no Python packages to test with."
}

# part NAME
part() {
  case $1 in
    slurm) slurm ;;
    parallel) with_parallel ;;
    make) targets make make -j 4 -f "$recipes/Makefile" ;;
    # A Snakemake that was killed leaves the lock of its folder.
    snakemake) with_python && targets Snakemake "$workflows/bin/snakemake" --nolock --cores 2 --snakefile "$recipes/Snakefile" ;;
    submitit) with_python && targets submitit "$workflows/bin/python" "$recipes/submitit_seeds.py" local ;;
    optuna) with_python && search ;;
    kills) kills ;;
    *) fail "there is no part $1." ;;
  esac
}

[ $# -gt 0 ] || set -- slurm parallel make snakemake submitit optuna kills
for name; do part "$name"; done
