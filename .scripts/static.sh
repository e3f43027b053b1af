# shellcheck shell=bash
# What ./package links into its program, and against which glibc: libraries, a system of an older Debian, and OpenBLAS without its
# start. The caller has sourced bootstrap.sh, and scratch is a folder that is kept.

older=bullseye # has glibc 2.31; what the program asks of it has been there since 2.27

# Swift's own folder, wherever it was installed and whatever leads there.
toolchain() {
  local resources
  resources=$(swift -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
  (cd "$resources/../.." && pwd)
}

# static_libraries: the libraries go into the program. As files of their own they would have to fit every system.
static_libraries() {
  local name file
  mkdir -p "$scratch/libraries"
  # OpenBLAS has functions in Fortran.
  [ -e "$(gcc -print-file-name=libgfortran.a)" ] || install_debian "libgfortran-$(gcc -dumpversion)-dev"
  for name in libstdc++.a libgfortran.a libpng16.a libz.a; do
    file=$(gcc -print-file-name="$name")
    [ -e "$file" ] || stop 69 "There is no $name here. Install libstdc++-$(gcc -dumpversion)-dev, libpng-dev and zlib1g-dev."
    ln -sfn "$(readlink -f "$file")" "$scratch/libraries/$name"
  done
  # The package manager asks pkg-config where they are, and puts the folder that it names before all others: with the system's, the
  # linker would find this system's C library there.
  mkdir -p "$scratch/pkgconfig"
  for name in libpng zlib; do
    printf 'Name: %s\nDescription: inside of the program\nVersion: %s\nLibs: -L%s %s\nCflags: %s\n' "$name" \
      "$(pkg-config --modversion "$name")" "$scratch/libraries" "$(pkg-config --libs-only-l "$name")" \
      "$(pkg-config --cflags "$name")" >"$scratch/pkgconfig/$name.pc"
  done
}

# debian_mirror: the address from which this machine has its own packages, if it is a Debian, or what MINIM_DEBIAN says.
debian_mirror() {
  local mirror=${MINIM_DEBIAN:-}
  # The names are apt-get's, not the shell's.
  # shellcheck disable=SC2016
  [ -n "$mirror" ] || mirror=$(apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(SITE)' 2>/dev/null |
    awk '$1 == "Debian" && $2 == "main" && !found { found = $3 } END { print found }')
  [ -n "$mirror" ] || stop 69 "The package is linked with the glibc of an older Debian, and this machine does not say where Debian's packages are.
Set MINIM_DEBIAN to the address of a mirror, and install debian-archive-keyring."
  echo "$mirror"
}

# older_system: sets system to a folder with the C library of that Debian, and what its linker needs. It is fetched once.
older_system() {
  local work=$scratch/$older.new keyring=/usr/share/keyrings/debian-archive-keyring.gpg archive link options
  system=$scratch/$older
  [ -d "$system" ] && return
  [ -e "$keyring" ] || install_debian debian-archive-keyring
  rm -rf "$work"
  mkdir -p "$work/apt/lists/partial" "$work/archives/partial" "$work/system"
  echo "deb [signed-by=$keyring] $(debian_mirror) $older main" >"$work/apt/sources.list"
  options=(-o "Dir::Etc::SourceList=$work/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null -o "Dir::State::Lists=$work/apt/lists"
    -o "Dir::Cache=$work" -o Dir::State::status=/dev/null -o Acquire::Check-Valid-Until=false -o APT::Sandbox::User=root)
  say "Fetching the C library of Debian $older..."
  (cd "$work/archives" && logged older.log apt-get "${options[@]}" update &&
    logged older.log apt-get "${options[@]}" download libc6 libc6-dev libgcc-10-dev gcc-10-base) ||
    stop 69 "The C library of Debian $older cannot be fetched$(network_problem older.log). What apt-get said is in $MINIM_BUILD/older.log."
  for archive in "$work"/archives/*.deb; do
    dpkg-deb -x "$archive" "$work/system"
    dpkg-deb -W --showformat='${Package} ${Version}\n' "$archive" >>"$work/system/packages.txt"
  done
  # Links into the system are to stay in it.
  while IFS= read -r link; do
    ln -sfn "$(realpath -m --relative-to="${link%/*}" "$work/system$(readlink "$link")")" "$link"
  done < <(find "$work/system" -type l -lname '/*')
  mv "$work/system" "$system"
  rm -rf "$work"
}

# sleeping_openblas: OpenBLAS as one object, with the functions that the program looks for by name, and without what would start it
# before main. OpenBLAS has kernels for each family of CPUs since 2003; the old ones use those of the closest family that stays, as they do
# where OpenBLAS is built for fewer (DYNAMIC_LIST).
sleeping_openblas() {
  local archive words=() family object=$scratch/libraries/openblas.o names=$MINIM_HOME/.scripts/static/openblas.txt
  archive=$(pkg-config --variable=libdir openblas)/libopenblas.a
  [ -e "$archive" ] || stop 69 "There is no $archive. Install libopenblas-pthread-dev."
  openblas_archive=$(readlink -f "$archive")
  while IFS= read -r family; do words+=(-u "$family"); done <"$names"
  for family in CORE2 PENRYN DUNNINGTON ATOM NANO OPTERON_SSE3 BARCELONA BOBCAT; do
    words+=(--defsym "gotoblas_$family=gotoblas_PRESCOTT")
  done
  for family in BULLDOZER PILEDRIVER STEAMROLLER EXCAVATOR; do
    words+=(--defsym "gotoblas_$family=gotoblas_SANDYBRIDGE")
  done
  ld.bfd -r -o "$object.whole" "${words[@]}" "$archive"
  objcopy -R .init_array -R .rela.init_array -R .fini_array -R .rela.fini_array --keep-global-symbols="$names" "$object.whole" "$object"
  rm "$object.whole"
}

# static_linking: sets linking to the words for swift build, and tells pkg-config of the libraries.
static_linking() {
  local name options=()
  [ "$(uname -m)" = x86_64 ] || stop 69 "./package makes archives for x86-64 only, and this machine is $(uname -m)."
  static_libraries
  export PKG_CONFIG_PATH=$scratch/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
  older_system
  sleeping_openblas
  "$(toolchain)/bin/clang" -O2 -fno-builtin -c "$MINIM_HOME/.scripts/static/glibc.c" -o "$scratch/libraries/glibc.o"
  linking=(-Xswiftc -use-ld=lld -Xswiftc "-L$scratch/libraries")
  for name in "--sysroot=$system" "--gcc-install-dir=$system/usr/lib/gcc/x86_64-linux-gnu/10" -static-libgcc; do
    linking+=(-Xswiftc -Xclang-linker -Xswiftc "$name")
  done
  options=("$scratch/libraries/openblas.o" "$scratch/libraries/glibc.o" -lgfortran --no-export-dynamic)
  while IFS= read -r name; do options+=("--export-dynamic-symbol=$name"); done <"$MINIM_HOME/.scripts/static/openblas.txt"
  for name in exp exp2 log log2 pow; do options+=("--wrap=$name"); done
  for name in "${options[@]}"; do linking+=(-Xlinker "$name"); done
}
