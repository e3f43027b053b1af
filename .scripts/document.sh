#!/usr/bin/env bash
# The documentation of the library as a DocC archive, from the modules of the last release build: .scripts/document.sh [FOLDER].
# A warning fails it: a link that leads nowhere, a parameter that is not documented.
set -euo pipefail
# shellcheck source=.scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"
cd "$MINIM_HOME"

output=${1:-.build/documentation}
built=.build/release
symbols=.build/symbols
[ -e "$built/Modules/MinimCommand.swiftmodule" ] ||
  stop 69 "The documentation is made of the built modules: swift build -c release first."

c_modules=(-Xcc "-fmodule-map-file=$built/CMinimKernels.build/module.modulemap")
for map in Sources/*/module.modulemap; do c_modules+=(-Xcc "-fmodule-map-file=$map"); done
rm -rf "$symbols" "$output"
mkdir -p "$symbols" "$output"
for module in Kernels Parallel Files Configuration Drawing Autodiff Data NN Models Training Command ""; do
  swift symbolgraph-extract -module-name "Minim$module" -I "$built/Modules" "${c_modules[@]}" \
    -minimum-access-level public -skip-synthesized-members -output-dir "$symbols"
done
docc=$(dirname "$(readlink -f "$(command -v swift)")")/docc
[ -x "$docc" ] || docc=docc
"$docc" convert Sources/Minim/Minim.docc --additional-symbol-graph-dir "$symbols" --output-path "$output" \
  --fallback-display-name Minim --fallback-bundle-identifier minim --warnings-as-errors \
  --transform-for-static-hosting
say "Documentation: $output"
