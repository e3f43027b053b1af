#!/usr/bin/env bash
# The documentation of the library, from the modules of the last release build: .scripts/document.sh [--update] [FOLDER].
# The articles of Sources/Minim/Minim.docc and the lectures of docs/lectures are part of it.
# A DocC archive that any web server can show, with each page as Markdown too. A warning fails it: a link that leads nowhere, a
# parameter that is not documented. So does a docs/api.md that is not what the sources say; --update writes it.
# MINIM_MODULES names another build than .build/release, whose documentation is made and nothing else.
set -euo pipefail
# shellcheck source=.scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"

update=false
if [ "${1-}" = --update ]; then
  update=true
  shift
fi
output=$(realpath -m "${1:-$MINIM_HOME/.build/documentation}")
cd "$MINIM_HOME"
built=${MINIM_MODULES:-.build/release}
symbols=.build/symbols
catalog=.build/Minim.docc
[ -e "$built/Modules/MinimCommand.swiftmodule" ] ||
  stop 69 "The documentation is made of the built modules: swift build -c release first."

# The order of keys in what is written, which is that of sets, must be the same each time.
export SWIFT_DETERMINISTIC_HASHING=1
c_modules=(-Xcc "-fmodule-map-file=$built/CMinimKernels.build/module.modulemap")
for map in Sources/*/module.modulemap; do c_modules+=(-Xcc "-fmodule-map-file=$map"); done
rm -rf "$symbols" "$output"
mkdir -p "$symbols" "$output"
for module in Kernels Parallel Files Configuration Drawing Autodiff Data NN Models Training Command ""; do
  swift symbolgraph-extract -module-name "Minim$module" -I "$built/Modules" "${c_modules[@]}" \
    -minimum-access-level public -skip-synthesized-members -output-dir "$symbols"
done
# One catalog of the articles and the lectures. A lecture names others by their files, as on any page of Markdown; DocC names pages.
rm -rf "$catalog"
cp -r Sources/Minim/Minim.docc "$catalog"
cp docs/lectures/*.png docs/lectures/*.svg "$catalog"
for lecture in docs/lectures/*.md; do
  sed -E 's/\]\(([a-z-]+)\.md\)/](doc:\1)/g' "$lecture" >"$catalog/${lecture##*/}"
done
docc=$(dirname "$(readlink -f "$(command -v swift)")")/docc
[ -x "$docc" ] || docc=docc
"$docc" convert "$catalog" --additional-symbol-graph-dir "$symbols" --output-path "$output" \
  --fallback-display-name Minim --fallback-bundle-identifier minim --warnings-as-errors \
  --transform-for-static-hosting --enable-experimental-markdown-output
say "Documentation: $output. To read it: python3 -m http.server -d $output, then http://localhost:8000/documentation/minim."
[ -z "${MINIM_MODULES-}" ] || exit 0

swift .scripts/api.swift "$symbols" >"$symbols/api.md"
if $update; then
  cp "$symbols/api.md" docs/api.md
elif ! cmp -s "$symbols/api.md" docs/api.md; then
  diff docs/api.md "$symbols/api.md" | head -n 20 >&2 || true
  stop 1 "docs/api.md is not what the sources say. To write it anew: .scripts/document.sh --update"
fi
