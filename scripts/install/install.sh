#!/bin/sh
# Installs the command browser-cors on Linux and macOS, and on Windows in Git Bash:
#
#   curl -LsSf https://github.com/OWNER/browser-cors/releases/latest/download/install.sh | sh
#
# Downloads the archive of a release, and installs nothing unless its SHA-256 checksum is right.
# Reads from the environment:
#   BROWSER_CORS_VERSION      the version, such as 0.1.0 [default: the latest release]
#   BROWSER_CORS_INSTALL_DIR  where to put the command [default: ~/.local/bin]
#   BROWSER_CORS_RELEASES     where the releases are, for a mirror; may be a file: URL
set -eu

say() { printf '%s\n' "$*" >&2; }
fail() {
  say "browser-cors was not installed: $*"
  exit 1
}
has() { command -v "$1" > /dev/null 2>&1; }

# Prints the target of Rust whose binary runs here.
target() {
  system=$(uname -s)
  machine=$(uname -m)
  case $machine in
    x86_64 | amd64) machine=x86_64 ;;
    arm64 | aarch64) machine=aarch64 ;;
    *) fail "there is no binary for the processor $machine: install Rust, and build it with cargo" ;;
  esac
  case $system in
    Linux) echo "$machine-unknown-linux-musl" ;;
    Darwin) echo "$machine-apple-darwin" ;;
    # Windows runs the binaries of x86_64 on arm64 as well.
    MINGW* | MSYS* | CYGWIN*) echo "x86_64-pc-windows-msvc" ;;
    *) fail "there is no binary for $system: install Rust, and build it with cargo" ;;
  esac
}

# Downloads the URL $1 into the file $2.
download() {
  if has curl; then
    curl --fail --silent --show-error --location --retry 3 --output "$2" "$1"
  elif has wget; then
    wget --quiet --tries=3 --output-document="$2" "$1"
  else
    fail "neither curl nor wget is here: install one of them"
  fi || fail "$1 could not be downloaded: is $version a release that has a binary for $target?"
}

# Prints the SHA-256 checksum of the file $1.
checksum() {
  if has sha256sum; then
    sha256sum "$1"
  elif has shasum; then
    shasum -a 256 "$1"
  elif has openssl; then
    openssl dgst -sha256 -r "$1"
  else
    fail "nothing here computes checksums: install sha256sum, shasum or openssl"
  fi | cut -c 1-64
}

main() {
  [ "$#" = 0 ] || fail "no argument was expected, and \`$1\` is one: use BROWSER_CORS_VERSION and its like"
  releases=${BROWSER_CORS_RELEASES:-https://github.com/OWNER/browser-cors/releases}
  version=${BROWSER_CORS_VERSION:-latest}
  case $version in
    latest) from=$releases/latest/download ;;
    *) from=$releases/download/v${version#v} ;;
  esac
  to=${BROWSER_CORS_INSTALL_DIR:-${HOME:?is not set: set BROWSER_CORS_INSTALL_DIR}/.local/bin}
  target=$(target)
  name=browser-cors-$target
  case $target in
    *-windows-*) archive=$name.zip command=browser-cors.exe ;;
    *) archive=$name.tar.gz command=browser-cors ;;
  esac

  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  trap 'exit 1' HUP INT TERM
  download "$from/SHA256SUMS" "$folder/SHA256SUMS"
  expected=$(sed -n "s/^\([0-9a-f]\{64\}\)  $archive\$/\1/p" "$folder/SHA256SUMS")
  [ -n "$expected" ] || fail "$from/SHA256SUMS has no checksum of $archive"
  download "$from/$archive" "$folder/$archive"
  actual=$(checksum "$folder/$archive")
  [ "$actual" = "$expected" ] ||
    fail "$from/$archive has the checksum $actual, and SHA256SUMS says $expected: do not use it"

  case $archive in
    *.zip) unzip -q "$folder/$archive" -d "$folder" ;;
    *) tar -xzf "$folder/$archive" -C "$folder" ;;
  esac || fail "$archive could not be unpacked"
  mkdir -p "$to" || fail "$to cannot be made: set BROWSER_CORS_INSTALL_DIR to another folder"
  # First beside the old one, so that there is never half a command.
  if ! cp "$folder/$name/$command" "$to/.$command.new" || ! mv -f "$to/.$command.new" "$to/$command"; then
    fail "$to cannot be written to: set BROWSER_CORS_INSTALL_DIR to another folder"
  fi
  say "$("$to/$command" --version) is installed as $to/$command"
  case :${PATH:-}: in
    *:"$to":*) ;;
    *) say "$to is not in your PATH: add it, or call the command by its whole path" ;;
  esac
}

main "$@"
