#!/usr/bin/env bash
# Makes the package and runs it where there is nothing else: in an empty root with glibc's own libraries, without shell,
# /dev and /sys. Its bits must be those of the usual build. ./test --all runs it.
set -euo pipefail
# shellcheck source=.scripts/bootstrap.sh
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/bootstrap.sh"
export SWIFT_BACKTRACE=enable=no
unset MINIM_KERNELS # the empty root has no environment either

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
bare=$work/root
training=(--config pixelcnn.json training.steps=50 --quiet)

fail() { stop 1 "test-package: $*"; }

# Twice the same bytes, 40 MB at most, and nothing left beside them.
make_package() {
  "$MINIM_HOME/package" --output "$work/first"
  "$MINIM_HOME/package" --output "$work/second" >/dev/null
  archive=$(compgen -G "$work/first/minim-*-linux-*.tar.gz")
  name=$(basename "$archive" .tar.gz)
  cmp "$archive" "$work/second/$name.tar.gz" || fail "a second package has other bytes."
  [ "$(stat -c %s "$archive")" -le 40000000 ] || fail "the archive has more than 40,000,000 bytes."
  [ "$(find "$work/first" -mindepth 1 | wc -l)" -eq 1 ] || fail "something beside the archive was left behind."
}

# Of libc6 the dynamic loader and the libraries, and the package. Folders are linked as Debian links them.
make_root() {
  local file
  mkdir -p "$bare/usr/lib" "$bare/usr/lib64" "$bare/usr/local/bin"
  ln -s usr/lib usr/lib64 "$bare"
  for file in $(dpkg-query -L libc6 | grep -E '^(/usr)?/lib(64|/[^/]*-linux-gnu)/[^/]*\.so[.0-9]*$'); do
    install -D "$file" "$bare$file"
  done
  tar -C "$bare" -xzf "$archive"
  home=$bare/$name
}

# What a file of the package asks for is in the package or glibc's.
check_libraries() {
  local file library
  for file in "$home"/bin/* "$home"/lib/*; do
    for library in $(readelf -d "$file" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
      [ -n "$(find "$home/lib" "$bare/usr/lib" "$bare/usr/lib64" -name "$library")" ] ||
        fail "${file#"$home/"} needs $library, which is neither in the package nor glibc's."
    done
  done
}

# inside COMMAND...: in the empty root, which gets a /proc: from there the loader knows where $ORIGIN is, and the program
# what its arguments are.
inside() {
  env -i PATH="/usr/local/bin:$PATH" unshare "${user[@]}" --mount --pid --fork --mount-proc --root="$bare" -- "$@"
}

# find_user: as root, or in a user namespace, which makes one of anybody.
find_user() {
  mkdir -p "$bare/proc"
  user=()
  unshare --mount --pid --fork --mount-proc true 2>/dev/null && return
  user=(--map-root-user)
  unshare --map-root-user --mount --pid --fork --mount-proc true 2>/dev/null
}

# By its path, by a symbolic link from another folder, and by PATH.
run_inside() {
  inside "/$name/bin/train" "${training[@]}" --runs path >/dev/null
  ln -s "/$name/bin/train" "$bare/usr/local/bin/train"
  ln -s "../../../$name/bin/minim" "$bare/usr/local/bin/minim"
  inside /usr/local/bin/train "${training[@]}" --runs link >/dev/null
  inside train "${training[@]}" --runs word >/dev/null
  inside minim doctor
  inside minim list --runs word
}

# Without /proc nothing runs, and where the loader is told what it misses the program says so and does not crash.
run_without_proc() {
  local code=0
  unshare "${user[@]}" env -i PATH="$PATH" LD_LIBRARY_PATH="/$name/lib" chroot "$bare" "/$name/bin/minim" list || code=$?
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
make_root
check_libraries
if ! find_user; then
  say "SKIPPED: this machine lets nobody into another root, so the package was made and looked at, but not run."
  exit
fi
run_inside
run_without_proc
"$MINIM_HOME/train" "${training[@]}" --runs "$work/usual" >/dev/null
for runs in path link word; do check_run "$runs"; done
echo "The package runs in an empty root, to the bits of the usual build."
