#!/usr/bin/env bash
# Examples/OwnModel as somebody who has copied it: builds the package, and trains its model by the same loop as Minim's own.
set -euo pipefail
# shellcheck source=.scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"

example=$MINIM_HOME/Examples/OwnModel
build_beside Examples/OwnModel OwnModel

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$example"
own() { "$MINIM_HOME/.build/release/OwnModel" "$@" </dev/null; }
fail() { stop 1 "The example: $*"; }

for file in BernoulliMixture Majority Lion; do
  lines=$(wc -l <"Sources/OwnModel/$file.swift")
  [ "$lines" -le 60 ] || fail "$file.swift has $lines lines, and 60 are promised"
done
for workers in 1 2; do
  own train --config bernoulli-mixture.json --quiet --workers "$workers" --runs "$folder/$workers" >"$folder/said" ||
    fail "training ended with $?"
done
grep -q '5 claims: 5 hold' "$folder/said" || fail "its claim does not hold"
for file in metrics.jsonl samples/final.npy claims.json; do
  cmp "$folder/1/latest/$file" "$folder/2/latest/$file" || fail "one thread and two differ in $file"
done
[ -s "$folder/1/latest/report.html" ] || fail "there is no page"
own list --runs "$folder/1" | grep -q 'bernoulli-mixture.* 5 hold' || fail "list does not show the run"
own eval latest --runs "$folder/1" | grep -q '^nll ' || fail "eval does not know its metric"

code=0
own train --config bernoulli-mixture.json model.componets=3 2>"$folder/errors" || code=$?
[ "$code" = 78 ] || fail "a misspelled key ends with $code"
grep -q 'Did you mean "model.components"' "$folder/errors" || fail "a misspelled key is not answered with the right one"
# A run that has come to its end has nothing to train, and checks its claims again.
own train resume latest --quiet --runs "$folder/1" | grep -q '5 claims: 5 hold' || fail "its run cannot be resumed"

# Its data set and its optimizer: a run that is stopped in the middle and resumed ends with the bits of one that was not.
lion=(--config majority.json --quiet)
own train "${lion[@]}" --runs "$folder/whole" >/dev/null || fail "training on its data by its optimizer ended with $?"
own train "${lion[@]}" --runs "$folder/cut" >/dev/null
cut=$(readlink -f "$folder/cut/latest")
# Only the first checkpoint is left, as if the run had been killed soon after it.
find "$cut/checkpoints" -type f | sort | tail -n +2 | xargs rm
own train resume latest --quiet --workers 2 --runs "$folder/cut" >/dev/null || fail "its optimizer's run cannot be resumed"
for file in metrics.jsonl samples/final.npy; do
  cmp "$folder/whole/latest/$file" "$cut/$file" || fail "a resumed run differs in $file"
done
say "The example trains, checks its claim, and has the same bits on one thread, on two, and resumed with a data set and an optimizer of its own."
