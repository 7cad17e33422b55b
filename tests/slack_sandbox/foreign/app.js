// Slack's own JavaScript framework as a client of the fake, in Socket Mode. It knows nothing of this project.
// Needs BASE_URL, CONTROL, BOT_TOKEN, APP_TOKEN. Ends with 0 if everything worked.
const assert = require("node:assert/strict");
const { App } = require("@slack/bolt");

const env = process.env;
const seen = [];
let checks = 0;

function ok(what) {
  checks += 1;
  console.log("ok  " + what);
}

async function fake(path, body) {
  const answer = await fetch(env.CONTROL + path, body ? { method: "POST", body: JSON.stringify(body) } : {});
  const data = await answer.json();
  assert.equal(answer.status, 200, JSON.stringify(data));
  return data;
}

async function until(test, what) {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await test()) return ok(what);
    await new Promise((go) => setTimeout(go, 25));
  }
  throw new Error("never happened: " + what);
}

async function main() {
  const app = new App({
    token: env.BOT_TOKEN,
    appToken: env.APP_TOKEN,
    socketMode: true,
    clientOptions: { slackApiUrl: env.BASE_URL, retryConfig: { retries: 0 } },
  });
  app.message(async ({ message, client }) => {
    seen.push(message);
    if (message.channel === "C0HELP") {
      await client.chat.postMessage({
        channel: "C0SUPPORT",
        text: "Dana waits",
        blocks: [
          { type: "section", text: { type: "mrkdwn", text: `<@${message.user}> waits: ${message.text}` } },
          { type: "actions", elements: [{ type: "button", action_id: "form", text: { type: "plain_text", text: "Open" }, value: "1" }] },
        ],
        metadata: { event_type: "reminder", event_payload: { key: "k1" } },
      });
    }
  });
  app.action("form", async ({ ack, body, client, respond }) => {
    await ack();
    await client.views.open({
      trigger_id: body.trigger_id,
      view: {
        type: "modal",
        callback_id: "form",
        title: { type: "plain_text", text: "Note" },
        submit: { type: "plain_text", text: "Save" },
        blocks: [
          {
            type: "input",
            block_id: "note",
            label: { type: "plain_text", text: "Note" },
            element: { type: "plain_text_input", action_id: "text" },
          },
        ],
      },
    });
    await respond({ text: "The form is open", replace_original: false });
  });
  app.view("form", async ({ ack, view }) => {
    const text = view.state.values.note.text.value;
    if (text === "?") await ack({ response_action: "errors", errors: { note: "Write more" } });
    else {
      seen.push(text);
      await ack();
    }
  });
  app.command("/realreply", async ({ ack, command }) => ack(`You asked for ${command.text}`));
  app.event("app_home_opened", async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: { type: "home", blocks: [{ type: "header", text: { type: "plain_text", text: "Nobody waits" } }] },
    });
  });
  app.error(async (error) => {
    console.error(error);
    process.exitCode = 1;
  });

  await app.start();
  await until(async () => (await fake("state")).connections === 1, "connected over Socket Mode");
  await fake("do", { who: "Dana", verb: "says", channel: "help", text: "Is anybody there?" });
  await until(() => seen.length === 1, "received a message event");
  let post;
  await until(async () => {
    const support = (await fake("state")).channels.find((channel) => channel.id === "C0SUPPORT");
    post = support.posts[0];
    return Boolean(post);
  }, "posted blocks and metadata with chat.postMessage");
  const person = async (id) => (await fake("state")).people.find((one) => one.id === id);
  await fake("do", { who: "Ana", verb: "clicks", channel: "C0SUPPORT", ts: post.ts, what: "Open" });
  await until(async () => (await person("U0ANA")).modals.length === 1, "opened a view with the click's trigger_id");
  await until(async () => (await person("U0ANA")).sees.some((one) => one.text === "The form is open"), "answered through response_url");
  await fake("do", { who: "Ana", verb: "submits", values: { Note: "?" } });
  assert.equal((await person("U0ANA")).modals[0].errors.note, "Write more");
  ok("answered a submission with errors");
  await fake("do", { who: "Ana", verb: "submits", values: { Note: "she called" } });
  assert.equal((await person("U0ANA")).modals.length, 0);
  assert.ok(seen.includes("she called"));
  ok("took the second submission, and the modal closed");
  const answered = await fake("do", { who: "Ben", verb: "slash", command: "/realreply", text: "help" });
  assert.equal(answered.acknowledged, true);
  assert.equal((await person("U0BEN")).sees[0].text, "You asked for help");
  ok("answered a slash command in its acknowledgement");
  await fake("do", { who: "Ben", verb: "opens_home" });
  await until(async () => (await person("U0BEN")).home !== null, "published an App Home");

  const info = await app.client.conversations.info({ channel: "C0HELP" });
  assert.equal(info.channel.is_ext_shared, true);
  const users = [];
  for await (const page of app.client.paginate("users.list", { limit: 2 })) users.push(...page.members);
  assert.ok(users.length >= 7);
  ok("paged through users.list");
  await new Promise((go) => setTimeout(go, 2100));
  const history = await app.client.conversations.history({ channel: "C0SUPPORT", include_all_metadata: true });
  assert.equal(history.messages[0].metadata.event_payload.key, "k1");
  ok("found its post by metadata in conversations.history, after the lag");
  await fake("socket", { verb: "disconnect", reason: "refresh_requested", close: true });
  await until(async () => (await fake("state")).connections === 1, "reconnected when told to");
  await fake("do", { who: "Omar", verb: "says", channel: "help", text: "Me too" });
  await until(() => seen.some((one) => one.text === "Me too"), "received an event on the new connection");
  await app.stop();
  const offences = await fake("offences");
  assert.deepEqual(offences, []);
  ok("no offences");
  console.log(checks + " checks passed");
}

main().then(
  () => process.exit(process.exitCode || 0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
