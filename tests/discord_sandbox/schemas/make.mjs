// Makes sent.json and shown.json: see make.sh. Run in a folder with discord-api-spec and zod installed.
import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod/mini";

// What the app may send, and what the fake's own answers are tested against.
const SENT = [
  "MessageCreateRequest", "MessageEditRequestPartial",
  "ApplicationCommandAutocompleteCallbackRequest", "CreateMessageInteractionCallbackRequest",
  "ModalInteractionCallbackRequest", "UpdateMessageInteractionCallbackRequest",
  "IncomingWebhookRequestPartial", "IncomingWebhookUpdateRequestPartial",
  "ApplicationCommandUpdateRequest", "ApplicationCommandCreateRequest",
  "ApplicationFormPartial", "BotAccountPatchRequest", "CreatePrivateChannelRequest",
  "KeywordUpsertRequest",
];
const SHOWN = [
  "MessageResponse", "GuildWithCountsResponse", "GuildChannelResponse", "PrivateChannelResponse", "ThreadResponse",
  "ThreadsResponse", "GuildMemberResponse", "UserResponse", "GatewayBotResponse", "ApplicationCommandResponse",
  "InteractionCallbackResponse", "GuildRoleResponse", "MyGuildResponse", "ThreadMemberResponse",
  "KeywordRuleResponse",
];

const source = readFileSync("node_modules/discord-api-spec/build/discord-api-spec.zod.js", "utf8");
// Objects take no keys but those that are named: a wrong one is to be noticed.
writeFileSync("strict.mjs", source.replace("let zObject = z.object;", "let zObject = z.strictObject;"));
writeFileSync("loose.mjs", source);

// The API takes ids as numbers, too (docs.discord.com/developers/reference#id-serialization), and instants with any offset.
const SNOWFLAKE = { type: ["string", "integer"], pattern: "^(0|[1-9][0-9]*)$" };

function simpler(node) {
  if (Array.isArray(node)) return node.map(simpler);
  if (node === null || typeof node !== "object") return node;
  if (node.allOf?.length === 1 && Object.keys(node).length === 1) return simpler(node.allOf[0]);
  const plain = Object.fromEntries(Object.entries(node).filter(([key]) => key !== "$schema" && key !== "$id"));
  if (plain.format === "date-time") delete plain.pattern;
  for (const key of Object.keys(plain)) plain[key] = simpler(plain[key]);
  return plain;
}

async function make(file, wanted, target) {
  const spec = await import(file);
  const registry = z.registry();
  for (const [name, schema] of Object.entries(spec))
    if (name.endsWith("Schema") && schema?._zod) registry.add(schema, { id: name.slice(0, -"Schema".length) });
  const { schemas } = z.toJSONSchema(registry, {
    target: "draft-7", unrepresentable: "any", io: "input", uri: (id) => `#/definitions/${id}`,
  });
  const definitions = {};
  const reach = (name) => {
    if (name in definitions) return;
    definitions[name] = name === "SnowflakeType" && file === "./strict.mjs" ? SNOWFLAKE : simpler(schemas[name]);
    for (const found of JSON.stringify(definitions[name]).matchAll(/"#\/definitions\/(\w+)"/g)) reach(found[1]);
  };
  for (const name of wanted) {
    if (!schemas[name]) throw new Error(`there is no ${name} in the specification`);
    reach(name);
  }
  writeFileSync(target, JSON.stringify({ definitions }) + "\n");
}

await make("./strict.mjs", SENT, process.argv[2] + "/sent.json");
await make("./loose.mjs", SHOWN, process.argv[2] + "/shown.json");
