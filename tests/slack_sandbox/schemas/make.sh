#!/bin/sh
# Makes slack.json, events.json and interactions.json again: make.sh DIRECTORY (npm installs there; keep it outside the tree).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cp "$here/types.ts" "$here/events.ts" "$here/interactions.ts" "$1/"
cd "$1"
echo '{"private": true}' > package.json
cat > tsconfig.json <<'END'
{"compilerOptions": {"module": "nodenext", "moduleResolution": "nodenext", "target": "es2022", "strict": true, "skipLibCheck": true}, "files": ["types.ts", "events.ts", "interactions.ts"]}
END
npm install --no-audit --no-fund @slack/types@3.2.0 @slack/web-api@8.2.0 @slack/bolt@5.1.0 ts-json-schema-generator@2.9.0 typescript@7.0.2
generate() { npx ts-json-schema-generator --tsconfig tsconfig.json --no-type-check --jsDoc none --minify "$@"; }
generate --path types.ts --type '*' -o "$here/slack.json"
generate --path events.ts --type '*' --additional-properties -o "$here/events.json"
generate --path interactions.ts --type Interactions --additional-properties -o "$here/interactions.json"
