#!/usr/bin/env bash
# What action.yml runs: `run.sh find` says which version it wants and where that belongs, `run.sh expect`
# installs it there, unless it is there already, and checks the expectations. The inputs come from the
# environment, INPUT_FILE and its like; those of the workflow's user are never part of a command.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)

fail() {
  # GitHub shows this line at the step.
  printf '::error title=browser-cors::%s\n' "$*"
  exit 2
}

version=${INPUT_VERSION:-}
version=${version#v}
# Without a version, that of the action itself.
[ -n "$version" ] || version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)
[[ $version =~ ^[0-9][0-9A-Za-z.+-]*$ ]] || fail "version: \`$version\` is no version, such as 0.1.0"
folder=${RUNNER_TOOL_CACHE:?}/browser-cors/$version

case ${1:-} in
  find)
    printf 'version=%s\nfolder=%s\n' "$version" "$folder" >> "${GITHUB_OUTPUT:?}"
    exit
    ;;
  expect) ;;
  *) fail "run.sh: \`find\` or \`expect\` was expected" ;;
esac

command=$folder/browser-cors
if [ "$("$command" --version 2> /dev/null)" != "browser-cors $version" ]; then
  BROWSER_CORS_VERSION=$version BROWSER_CORS_INSTALL_DIR=$folder sh "$root/scripts/install/install.sh" ||
    fail "version $version could not be installed: the lines above say why"
fi

arguments=(--github)
[ -z "${INPUT_BASE:-}" ] || arguments+=(--base "$INPUT_BASE")
[ -z "${INPUT_ENGINES:-}" ] || arguments+=(--engine "$INPUT_ENGINES")
[ -z "${INPUT_WAIT:-}" ] || arguments+=(--wait "$INPUT_WAIT")
[ -z "${INPUT_JUNIT:-}" ] || arguments+=(--junit "$INPUT_JUNIT")
[ -z "${INPUT_SARIF:-}" ] || arguments+=(--sarif "$INPUT_SARIF")
# One argument a line.
while IFS= read -r argument; do
  argument=${argument%$'\r'}
  [ -z "$argument" ] || arguments+=("$argument")
done <<< "${INPUT_ARGUMENTS:-}"

status=0
"$command" expect "${arguments[@]}" -- "${INPUT_FILE:-cors.toml}" || status=$?
case $status in
  0) verdict=passed ;;
  1) verdict=failed ;;
  *) verdict=unjudged ;;
esac
echo "verdict=$verdict" >> "${GITHUB_OUTPUT:?}"
exit "$status"
