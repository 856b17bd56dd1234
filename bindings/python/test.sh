#!/usr/bin/env bash
# Tests the wheel that scripts/package.d/python built: installs it into an empty environment, runs the
# README's example as printed, then the suites. With --spark, runs the example with Spark instead.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
case $target in
  /*) ;;
  *) target=$PWD/$target ;;
esac
wheel=$(find "$target/packages/python" -name 'browser_cors-*.whl' 2> /dev/null || true)
[ -n "$wheel" ] || { echo "test.sh: there is no wheel: run scripts/package.d/python first" >&2; exit 1; }
work=$target/python
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
# Installs the wheel into an environment, in place of an older one.
install() { "$1/bin/python" -m pip install --quiet --force-reinstall --no-deps "$wheel"; }

if [ "${1:-}" = --spark ]; then
  if ! command -v java > /dev/null; then
    as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo --non-interactive)
    "${as_root[@]}" apt-get update --quiet
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends default-jre-headless
  fi
  "$here/venv.sh" "$work/spark" --requirement "$here/tests/requirements-spark.txt"
  install "$work/spark"
  cd "$here/tests"
  exec "$work/spark/bin/python" -m pytest -p no:cacheprovider test_spark.py
fi

rm -rf "$work/empty"
"$here/venv.sh" "$work/empty"
install "$work/empty"
[ "$("$work/empty/bin/python" -m pip list --format freeze | cut -d= -f1 | sort | xargs)" = "browser-cors pip setuptools" ] ||
  [ "$("$work/empty/bin/python" -m pip list --format freeze | cut -d= -f1 | sort | xargs)" = "browser-cors pip" ]
"$work/empty/bin/python" -c 'import browser_cors; browser_cors.page("https://app.example")'
"$work/empty/bin/browser-cors" --version

"$here/venv.sh" "$work/tests" --requirement "$here/tests/requirements.txt"
install "$work/tests"
bin=$work/tests/bin
rm -rf "$work/readme"
mkdir "$work/readme"
awk '/^```python$/ { on = 1; next } /^```$/ { if (on) exit } on' "$here/README.md" > "$work/readme/test_cors.py"
(cd "$work/readme" && "$bin/python" -m pytest -p no:cacheprovider)

cd "$here"
"$bin/ruff" format --no-cache --check .
"$bin/ruff" check --no-cache .
"$bin/mypy" --cache-dir "$work/mypy" browser_cors tests examples
cd tests
# The suites use what is installed, not what is beside them.
"$bin/python" -m mypy.stubtest browser_cors._native
"$bin/python" -m pytest -p no:cacheprovider "$@"
