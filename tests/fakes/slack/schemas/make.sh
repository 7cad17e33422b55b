#!/bin/sh
# Makes slack.json again: make.sh DIRECTORY (npm installs there; keep it outside the tree).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cp "$here/types.ts" "$1/types.ts"
cd "$1"
echo '{"private": true}' > package.json
cat > tsconfig.json <<'END'
{"compilerOptions": {"module": "nodenext", "moduleResolution": "nodenext", "target": "es2022", "strict": true, "skipLibCheck": true}, "files": ["types.ts"]}
END
npm install --no-audit --no-fund @slack/types@3.2.0 @slack/web-api@8.2.0 ts-json-schema-generator@2.9.0 typescript@7.0.2
npx ts-json-schema-generator --path types.ts --tsconfig tsconfig.json --type '*' --no-type-check --jsDoc none --minify -o "$here/slack.json"
