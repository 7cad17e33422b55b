#!/bin/sh
# Makes sent.json and shown.json again: make.sh DIRECTORY (npm installs there; keep it outside the tree).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cp "$here/make.mjs" "$1/"
cd "$1"
echo '{"private": true}' > package.json
npm install --no-audit --no-fund discord-api-spec@10.0.266135 zod@4.6.7
node make.mjs "$here"
