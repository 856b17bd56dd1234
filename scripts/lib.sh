# What the scripts in this folder share. They source it with `root` set to the repository.
# shellcheck shell=bash
# shellcheck disable=SC2034 # the scripts that source this use these

target=${CARGO_TARGET_DIR:-$root/target}
case $target in
  /* | [A-Za-z]:*) ;;
  *) target=$root/$target ;;
esac
packages=$target/packages

# The exit status if this machine cannot build or test something, whatever is done to it.
CANNOT=3

has() { command -v "$1" > /dev/null; }
say() { printf '%s\n' "$*" >&2; }
fail() {
  say "${0##*/}: $*"
  exit 1
}
cannot() {
  say "${0##*/}: this machine cannot do it: $*"
  exit "$CANNOT"
}

# Installs packages of Debian, as root or by sudo. Arguments: what they are for, then the packages.
debian() {
  local purpose=$1
  shift
  has apt-get || cannot "$purpose needs $*, and there is no apt-get to install that with"
  local as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo --non-interactive)
  say "installing $* for $purpose"
  {
    "${as_root[@]}" apt-get update --quiet &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "$@"
  } > "$target/apt.log" 2>&1 || {
    tail -n 5 "$target/apt.log" >&2
    cannot "$purpose needs $*, which apt-get could not install"
  }
}

# The version of all packages, which only Cargo.toml says.
version() { sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1; }

# Makes a virtual environment of Python: a folder, then what to install, as arguments of pip. One that was
# made of the same is kept.
environment() {
  local folder=$1 made argument
  shift
  made="$(python3 --version) $*"
  for argument; do
    [ ! -f "$argument" ] || made+=$(cat "$argument")
  done
  if [ -f "$folder/made" ] && [ "$made" = "$(cat "$folder/made")" ]; then
    return
  fi
  mkdir -p "$target"
  python3 -c 'import ensurepip' 2> /dev/null || debian "environments of Python" python3-venv
  python3 -m venv --clear "$folder"
  [ "$#" = 0 ] || "$(environment_bin "$folder")/python" -m pip install --quiet --disable-pip-version-check "$@"
  printf '%s' "$made" > "$folder/made"
}

# Where the commands of a virtual environment are.
environment_bin() { if [ -d "$1/Scripts" ]; then printf '%s' "$1/Scripts"; else printf '%s' "$1/bin"; fi; }

# Installs the linters into cargo's target folder, and puts them into the PATH.
linters() {
  local folder=$target/linters
  mkdir -p "$target"
  if [ ! -x "$folder/bin/pip" ]; then
    python3 -m venv "$folder" > /dev/null 2>&1 || {
      debian "the linters" python3-venv
      python3 -m venv --clear "$folder"
    }
  fi
  "$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$root/scripts/lint.txt"
  PATH=$folder/bin:$PATH
}
