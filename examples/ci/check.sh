#!/usr/bin/env bash
# Fails on what this branch adds: `check.sh`, or `check.sh BRANCH` for another one than origin/main to be merged into.
set -euo pipefail
cd "$(git rev-parse --show-toplevel)"

target="${1:-origin/main}"
# Where the branch began: what others have merged since is not its doing.
BASE="$(git merge-base HEAD "$target")"
code=0
# Not `cargo origin`: an alias in the configuration of the project could stand in for it.
cargo-origin check --locked --base "$BASE" || code=$?
case "$code" in
  0) ;;
  1) printf 'The change violates the policy; origin.toml is where an exception goes.\n' >&2 ;;
  *) printf 'The check could not finish. That is no all-clear.\n' >&2 ;;
esac
exit "$code"
