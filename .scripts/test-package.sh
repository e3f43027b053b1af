#!/usr/bin/env bash
# Makes the package and runs it where there is nothing else: in an empty root with the libraries of this system's glibc, and in one with
# those of an older one, without shell, /dev and /sys. Its bits must be those of the usual build. ./test --all runs it.
set -euo pipefail
# shellcheck source=.scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"
export SWIFT_BACKTRACE=enable=no
unset MINIM_KERNELS # the empty root has no environment either

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
training=(--config pixelcnn.json training.steps=50 --quiet)

fail() { stop 1 "test-package: $*"; }

# Twice the same bytes, and nothing left beside them.
make_package() {
  "$MINIM_HOME/package" --output "$work/first"
  "$MINIM_HOME/package" --output "$work/second" >/dev/null
  archive=$(compgen -G "$work/first/minim-*-linux-*.tar.gz")
  package=$(basename "$archive" .tar.gz)
  cmp "$archive" "$work/second/$package.tar.gz" || fail "a second package has other bytes."
  [ "$(find "$work/first" -mindepth 1 | wc -l)" -eq 2 ] || fail "something other than the two archives was left behind."
}

# glibc_of older|this: the dynamic loader and the libraries of its glibc, each as PATH FILE.
glibc_of() {
  local file
  if [ "$1" = older ]; then
    for file in "$MINIM_HOME"/.build/static/*/lib64/* "$MINIM_HOME"/.build/static/*/lib/*/*.so*; do
      echo "${file#"$MINIM_HOME"/.build/static/*/} $file"
    done
  else
    for file in $(dpkg-query -L libc6 | grep -E '^(/usr)?/lib(64|/[^/]*-linux-gnu)/[^/]*\.so[.0-9]*$'); do echo "${file#/} $file"; done
  fi
}

# make_root older|this: sets bare to a root with this glibc and the package. Folders are linked as Debian links them.
make_root() {
  local name file
  bare=$work/$1
  mkdir -p "$bare/usr/lib" "$bare/usr/lib64" "$bare/usr/local/bin" "$bare/proc"
  ln -s usr/lib usr/lib64 "$bare"
  while read -r name file; do install -D "$file" "$bare/$name"; done < <(glibc_of "$1")
  tar -C "$bare" -xzf "$archive"
  home=$bare/$package
}

# What the program asks for is glibc's.
check_libraries() {
  local library
  for library in $(readelf -d "$home/bin/train" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
    [ -n "$(find "$bare/usr/lib" "$bare/usr/lib64" -name "$library")" ] || fail "the program needs $library, which is not glibc's."
  done
}

# inside COMMAND...: in the empty root, which gets a /proc: from there the program knows where it is, and what its arguments are.
inside() {
  env -i PATH="/usr/local/bin:$PATH" unshare "${user[@]}" --mount --pid --fork --mount-proc --root="$bare" -- "$@"
}

# find_user: as root, or in a user namespace, which makes one of anybody.
find_user() {
  user=()
  unshare --mount --pid --fork --mount-proc true 2>/dev/null && return
  user=(--map-root-user)
  unshare --map-root-user --mount --pid --fork --mount-proc true 2>/dev/null
}

# By its path, by a symbolic link from another folder, and by PATH.
run_inside() {
  inside "/$package/bin/train" "${training[@]}" --runs path >/dev/null
  ln -s "/$package/bin/train" "$bare/usr/local/bin/train"
  ln -s "../../../$package/bin/minim" "$bare/usr/local/bin/minim"
  inside /usr/local/bin/train "${training[@]}" --runs link >/dev/null
  inside train "${training[@]}" --runs word >/dev/null
  inside minim doctor
  inside minim list --runs word
}

# Without /proc nothing runs, and the program says so and does not crash.
run_without_proc() {
  local code=0
  unshare "${user[@]}" env -i PATH="$PATH" chroot "$bare" "/$package/bin/minim" list || code=$?
  [ "$code" -eq 66 ] || fail "without /proc minim ends with $code instead of 66."
}

# check_run RUNS: the run in this folder of the empty root has all its files, and the bits of the usual build.
check_run() {
  local run=$bare/$1/latest usual=$work/usual/latest file
  local checkpoint=checkpoints/step-00000050.safetensors
  for file in metrics.jsonl samples/final.npy samples/step-00000050.png; do
    cmp "$run/$file" "$usual/$file" || fail "$1: $file is not that of the usual build."
  done
  # The header has times; the length before it says where the numbers begin.
  cmp --ignore-initial=$((8 + $(od -An -t u8 -N 8 "$usual/$checkpoint"))) "$run/$checkpoint" "$usual/$checkpoint" ||
    fail "$1: the parameters are not those of the usual build."
  [ -s "$run/report.html" ] || fail "$1: there is no report.html."
  [ "$(grep -c '"verdict": "holds"' "$run/claims.json")" -eq 6 ] || fail "$1: not all six claims hold."
}

make_package
if ! find_user; then
  say "SKIPPED: this machine lets nobody into another root, so the package was made, but not run."
  exit
fi
"$MINIM_HOME/train" "${training[@]}" --runs "$work/usual" >/dev/null
for glibc in this older; do
  make_root "$glibc"
  check_libraries
  run_inside
  run_without_proc
  for runs in path link word; do check_run "$runs"; done
done
echo "The package runs in empty roots, to the bits of the usual build."
