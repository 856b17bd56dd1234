#!/usr/bin/env bash
# Makes a virtual environment with these packages: venv.sh FOLDER [ARGUMENT OF PIP...]. An environment
# that has been made from the same arguments is kept.
set -euo pipefail
folder=$1
shift
made="$(python3 --version) $*"
for argument; do
  [ ! -f "$argument" ] || made+=$(cat "$argument")
done
if [ -f "$folder/made" ] && [ "$made" = "$(cat "$folder/made")" ]; then
  exit
fi
rm -rf "$folder"
if ! python3 -c 'import ensurepip' 2> /dev/null; then
  # Debian packs it by itself.
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo --non-interactive)
  "${as_root[@]}" apt-get update --quiet
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends python3-venv
fi
python3 -m venv "$folder"
python=$folder/bin/python
[ -f "$python" ] || python=$folder/Scripts/python
[ "$#" = 0 ] || "$python" -m pip install --quiet --disable-pip-version-check "$@"
printf '%s' "$made" > "$folder/made"
