#!/bin/sh
# Drives the fake with Slack's own @slack/bolt. Opt-in: needs node and npm, and installs into a temporary folder.
# run.sh [FOLDER]   (a FOLDER is kept, so that the next run needs no installation)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
python=${PYTHON:-$root/.venv/bin/python}
if [ $# -gt 0 ]; then folder=$1; mkdir -p "$folder"; else folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; fi
if [ ! -d "$folder/node_modules/@slack/bolt" ]; then
  echo '{"private": true}' > "$folder/package.json"
  (cd "$folder" && npm install --no-audit --no-fund --loglevel=error @slack/bolt@5.1.0)
fi
rm -f "$folder/where.json"
cp "$here/app.js" "$folder/app.js"
cd "$root"
"$python" -m tests.slack_sandbox --json > "$folder/where.json" &
fake=$!
tries=0
while [ ! -s "$folder/where.json" ] && [ $tries -lt 100 ]; do tries=$((tries + 1)); sleep 0.1; done
at() { "$python" -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$folder/where.json" "$1"; }
status=0
BASE_URL=$(at base_url) CONTROL=$(at control) BOT_TOKEN=$(at bot_token) APP_TOKEN=$(at app_token) node "$folder/app.js" || status=$?
kill "$fake"
wait "$fake" || true
exit "$status"
