#!/usr/bin/env bash
# Plants the mistakes of Tests/Planted in a copy of the project and prints who notices each of them, a run or a test:
# .scripts/planted.sh [--all-tests | --no-tests] [NAME...]. Without --all-tests, tests are asked only about what runs do not
# notice. All mistakes are in one build. --plant-only stops before it: each mistake must still find its place.
set -euo pipefail
# shellcheck source=.scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"

copy=$MINIM_HOME/.build/planted
mkdir -p "$copy"
rm -rf "$copy"/{Sources,Tests,configs,data,docs,Examples,.scripts}
cp -a "$MINIM_HOME"/{Package.swift,Sources,Tests,configs,data,docs,Examples,README.md,train,minim,.scripts} "$copy"
# The copy has no repository: tests that look for one find the project's own.
swift "$MINIM_HOME/.scripts/planted.swift" plant "$copy"
if [ "${1-}" = --plant-only ]; then exit 0; fi
cd "$copy"
swift build -c release --product train
case " $* " in
  *" --no-tests "*) ;;
  *) swift test list -c release --disable-testable-imports >/dev/null ;;
esac
exec swift "$MINIM_HOME/.scripts/planted.swift" run "$copy" "$@"
