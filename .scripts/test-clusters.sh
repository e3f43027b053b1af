#!/usr/bin/env bash
# Runs the recipes of docs/clusters.md with real engines on this machine: a Slurm of one host, GNU parallel, make, Snakemake, submitit
# and Optuna.
# Each sweep must have the table of one process.
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

# plan NAME ARGUMENT...: makes a sweep and sets its folder.
plan() {
  sweep=$(train sweep --plan --runs "$work/$1" "${@:2}")
}

# same NAME: the table of the sweep of this name, apart from its own name, is that of the one of one process.
same() {
  local folder one
  folder=$(find "$work/$1" -maxdepth 1 -name '*-sweep-*') one=$(find "$work/one" -maxdepth 1 -name '*-sweep-*')
  train sweep --resume "$folder" --collect >/dev/null 2>"$work/collected"
  [ ! -s "$work/collected" ] || fail "$1: $(cat "$work/collected")"
  cmp <(sed "s|^$(basename "$folder")/||" "$folder/sweep.csv") <(sed "s|^[^/]*/||" "$one/sweep.csv") ||
    fail "$1: the table is not that of one process."
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
  local file
  scancel --quiet --user root 2>/dev/null || true
  for file in slurmd slurmctld munged; do
    if [ -f "$work/slurm/$file.pid" ]; then kill "$(cat "$work/slurm/$file.pid")" 2>/dev/null || true; fi
  done
  rm -rf "$work"
}
trap stop_all EXIT
trap 'exit 130' INT TERM

# Four tasks over 1,000 runs, near their time limit after some seconds, and queued again.
slurm() {
  [ "$(id -u)" -eq 0 ] || { say "Slurm: not run, since only root can start one here" && return; }
  command -v slurmctld munged >/dev/null || install_debian slurm-wlm munge
  start_slurm
  plan slurm "${words[@]}"
  # The shortest limit of Slurm is a minute, and the signal may come a minute early.
  SWEEP=$sweep sbatch --quiet --export=ALL --time=1 --signal=B:USR1@50 "$recipes/array.sbatch"
  local waited=0 restarts=0
  while [ -n "$(squeue -h -o %i)" ]; do
    [ $((waited += 5)) -lt 1200 ] || fail "the array has not ended after $waited s: $(squeue)"
    restarts=$(grep -c requeue "$work/slurm/log/slurmctld.log" || true)
    # A task that is queued again waits for two minutes, unless it is told to begin.
    for job in $(squeue -h -t PENDING -r -o %i); do scontrol update JobId="$job" StartTime=now 2>/dev/null || true; done
    sleep 5
  done
  [ "$restarts" -ge 2 ] || fail "$restarts tasks were queued again, and there should be two at least."
  same slurm
  say "Slurm: 4 tasks over $count runs, queued again $restarts times: the table of one process ($waited s)"
}

with_parallel() {
  command -v parallel >/dev/null || install_debian parallel
  plan parallel "${words[@]}"
  train sweep --resume "$sweep" --print | head -n 100 | parallel --will-cite -j 4 >/dev/null
  train sweep --resume "$sweep" --quiet >/dev/null
  same parallel
  say "GNU parallel: 100 commands, and the rest by one process"
}

# Each run as that of a sweep over the same seeds, and nothing the second time.
targets() { # NAME COMMAND...
  local name=$1 seed before
  shift
  mkdir "$work/$name"
  (cd "$work/$name" && "$@" >log 2>&1) || fail "$name: $(tail -n 20 "$work/$name/log")"
  before=$(find "$work/$name/results" -name '*.safetensors' -exec sha256sum {} + | sort)
  (cd "$work/$name" && "$@" >>log 2>&1) || fail "$name, again: $(tail -n 20 "$work/$name/log")"
  [ "$before" = "$(find "$work/$name/results" -name '*.safetensors' -exec sha256sum {} + | sort)" ] ||
    fail "$name: the second time has changed a run."
  for seed in 0 1 2 3; do
    cmp "$work/$name/results/gan-$seed/metrics.jsonl" "$work/alone/gan-$seed/metrics.jsonl" || fail "$name: seed $seed"
  done
  say "$name: 4 runs, each as it is alone, and none twice"
}

# Optuna asks for eight runs, of which the best must be better than the worst.
search() {
  mkdir "$work/search"
  (cd "$work/search" && "$workflows/bin/python" "$recipes/optuna_search.py" >log 2>&1) || fail "Optuna: $(tail -n 20 "$work/search/log")"
  [ "$(find "$work/search/search" -name evaluation.json | wc -l)" -eq 8 ] || fail "Optuna: there are not eight runs."
  say "Optuna: 8 runs, $(tail -n 1 "$work/search/log")"
}

count=1000
words=(--config gan.json dynamics.name=extragradient "seed=0..$((count - 1))" training.steps=60000 intervals.log=1000 --quiet)
plan one "${words[@]}"
train sweep --resume "$sweep" --quiet >/dev/null
for seed in 0 1 2 3; do train --config gan.json "seed=$seed" --into "$work/alone/gan-$seed" --quiet >/dev/null; done
slurm
with_parallel
targets make make -j 4 -f "$recipes/Makefile"
workflows=${XDG_CACHE_HOME:-$HOME/.cache}/minim/workflows
python_environment "$workflows" "$MINIM_HOME/Tests/Fixtures/workflows.txt" || fail "there are no Python packages to test with."
targets Snakemake "$workflows/bin/snakemake" --cores 2 --snakefile "$recipes/Snakefile"
targets submitit "$workflows/bin/python" "$recipes/submitit_seeds.py" local
search
