// Slack's side of the page: what its channels, messages and forms look like. The rest is in /page/common.js.

let thread = null;
// Looking things up

const names = () => ({
  ...Object.fromEntries(Object.entries(state.apps)),
  ...Object.fromEntries(state.people.map((one) => [one.id, one.name])),
  USLACKBOT: "Slackbot",
});

function context(more) {
  return {
    names: names(),
    people: Object.fromEntries(state.people.map((one) => [one.id, one.name])),
    channels: Object.fromEntries(state.channels.filter((one) => one.kind !== "im").map((one) => [one.id, one.name])),
    groups: state.groups,
    ...more,
  };
}

function acting(where) {
  return (block, element, chosen) => {
    const exact = [block.block_id, element.action_id || ""];
    if (element.type === "button" || element.type === "workflow_button") return act("clicks", { ...where, what: exact });
    return act("chooses", { ...where, choice: chosen, where: exact });
  };
}

function tagOf(id) {
  const one = person(id);
  if (!one) return state.apps[id] ? "APP" : null;
  if (one.is_stranger) return state.teams[one.team];
  return one.guest ? "guest" : null;
}

// A channel

function bodyOf(message, where) {
  // What people write keeps the wire format in its text; only an app lays out blocks.
  const drawable = (message.blocks || []).length > 0 && Boolean(message.bot_id || message.app_id || message.kind);
  const body = drawable ? blocksOf(message.blocks, context({ act: acting(where) })) : mrkdwn(message.text || "", context({}));
  // Slack shows no such mark where an app changed the blocks.
  if (message.edited && !message.bot_id) (body.querySelector(".mrkdwn .mrkdwn") || body).append(make("span", "edited", " (edited)"));
  return body;
}

function reactionsOf(message, where) {
  const row = (message.reactions || []).map((one) => {
    const node = make("button", one.users.includes(me) ? "mine" : "", emoji(one.name) + " " + one.count);
    node.type = "button";
    node.title = one.users.map((id) => names()[id]).join(", ");
    node.onclick = () => act(one.users.includes(me) ? "unreacts" : "reacts", { ...where, name: one.name });
    return node;
  });
  return row.length ? make("div", "reactions", ...row) : null;
}

function toolsOf(message, where) {
  const tools = [
    tool("👀", "React with eyes", () => act("reacts", { ...where, name: "eyes" })),
    tool("✅", "React with a check mark", () => act("reacts", { ...where, name: "white_check_mark" })),
    tool("Reply", "Reply in a thread", () => {
      thread = message.thread_ts || message.ts;
      draw();
      $("text").focus();
    }),
    ...Object.entries(state.shortcuts).map(([id, label]) => tool(label, label, () => act("uses_shortcut", { ...where, callback_id: id }))),
  ];
  if (message.user === me && !message.bot_id) {
    tools.push(
      tool("Edit", "Edit your message", () => {
        const text = window.prompt("Your message", unescaped(message.text));
        if (text) act("edits", { ...where, text });
      }),
      tool("Delete", "Delete your message", () => act("deletes", where)),
    );
  }
  return make("div", "tools", ...tools);
}

function post(message, home) {
  const where = { channel: home.id, ts: message.ts };
  const reply = message.thread_ts && message.thread_ts !== message.ts;
  if (["channel_join", "channel_leave", "tombstone"].includes(message.subtype)) {
    return make("div", "post system", make("span", ""), mrkdwn(message.text, context({})));
  }
  const author = message.user || message.bot_id;
  const name = message.username || names()[message.user] || (message.bot_profile && message.bot_profile.name) || author;
  const tag = message.bot_id ? "APP" : tagOf(message.user);
  const files = (message.files || []).map((file) => make("div", "file", "📎 " + file.name));
  return make(
    "article",
    "post" + (reply ? " reply" : ""),
    face(author, name),
    make(
      "div",
      "",
      make("div", "", make("span", "who", name), tag ? make("span", "tag", tag) : null, make("time", "at", clock(message.ts))),
      bodyOf(message, where),
      ...files,
      reactionsOf(message, where),
    ),
    toolsOf(message, where),
  );
}

function onlyMine(seen) {
  const where = { channel: seen.channel, ts: seen.ts };
  const name = seen.kind === "failure" ? "Slackbot" : state.bot.name;
  return make(
    "article",
    "post" + (seen.kind === "dm" ? "" : " mine-only"),
    face(seen.kind === "failure" ? "USLACKBOT" : state.bot.id, name),
    make(
      "div",
      "",
      seen.kind === "dm" ? null : make("div", "only", "Only visible to you"),
      make("div", "", make("span", "who", name), make("span", "tag", "APP"), make("time", "at", clock(seen.ts))),
      bodyOf(seen, where),
    ),
  );
}

function drawChannel(home) {
  const tops = home.posts.filter((one) => !one.thread_ts || one.thread_ts === one.ts);
  const items = tops.map((one) => ({
    ts: one.ts,
    nodes: [post(one, home), ...home.posts.filter((other) => other.thread_ts === one.ts && other.ts !== one.ts).map((other) => post(other, home))],
  }));
  for (const seen of mine().sees) if (seen.channel === home.id) items.push({ ts: seen.ts, nodes: [onlyMine(seen)] });
  items.sort((a, b) => Number(a.ts) - Number(b.ts));
  const nodes = items.flatMap((item) => item.nodes);
  const outsiders = home.members.map(person).filter((one) => one && (one.is_stranger || one.guest));
  const about = [home.purpose, outsiders.length ? "customers here: " + outsiders.map((one) => one.name).join(", ") : ""];
  frame((home.kind === "group" ? "🔒 " : "# ") + home.name, about.filter(Boolean).join(" · "), nodes, "Nothing has been said here yet.");
}

function direct() {
  const dms = state.channels.filter((one) => one.kind === "im").map((one) => one.id);
  return mine() ? mine().sees.filter((one) => one.kind === "dm" || dms.includes(one.channel) || !one.channel) : [];
}

function drawHome() {
  const view = mine().home;
  const body = view ? make("div", "home", blocksOf(view.blocks, context({ act: acting({ view: view.id }) }))) : null;
  frame(state.bot.name, `the App Home that ${mine().name} sees`, body ? [body] : [], "The bot hasn't published this home.");
}

function drawComposer() {
  const here = channel(place);
  $("composer").hidden = place === "home";
  $("text").placeholder = here ? `Write as ${mine().name} in ${here.name}` : `Run a command as ${mine().name}`;
  $("hint").textContent = `${state.commands.join(", ")} runs the bot's command. Enter sends, Shift+Enter starts a new line.`;
  $("answering").hidden = !thread;
  const stop = make("button", "", "stop");
  stop.type = "button";
  stop.onclick = () => {
    thread = null;
    draw();
  };
  const parent = here && here.posts.find((one) => one.ts === thread);
  $("answering").replaceChildren("Replying in the thread of “" + (parent ? plainWithEmoji(parent.text).slice(0, 60) : "") + "” ", stop);
}

// A modal

let shown = "";
function drawModal() {
  const stack = mine() ? mine().modals : [];
  const view = stack[stack.length - 1];
  $("curtain").hidden = !view;
  const key = view ? view.id + view.hash + JSON.stringify(view.errors || {}) : "";
  if (key === shown) return;
  shown = key;
  if (!view) return;
  const kept = {};
  for (const node of $("modal").querySelectorAll(".input")) kept[node.dataset.block] = node.read();
  const body = blocksOf(view.blocks, context({ form: true, errors: view.errors, act: acting({ view: view.id }) }));
  const close = make("button", "control", view.close ? view.close.text : "Cancel");
  close.type = "button";
  close.onclick = () => act("closes", { view: view.id });
  const send = view.submit ? make("button", "control primary", view.submit.text) : null;
  const form = make("form", "", make("h2", "", view.title.text), make("div", "inside", body), make("div", "feet", close, send));
  form.style.display = "contents";
  form.onsubmit = (event) => {
    event.preventDefault();
    const values = {};
    for (const node of form.querySelectorAll(".input")) {
      const value = node.read();
      if (value !== null && !(Array.isArray(value) && !value.length)) values[node.dataset.block] = value;
    }
    act("submits", { view: view.id, values });
  };
  $("modal").replaceChildren(form);
  if (view.errors) {
    for (const node of form.querySelectorAll(".input")) {
      const field = node.querySelector("input, textarea, select");
      if (field && kept[node.dataset.block]) field.value = kept[node.dataset.block];
    }
  }
  const first = form.querySelector("input, textarea, select");
  if (first) first.focus();
}

const platform = {
  name: "Slack",
  tagOf,
  own: () => state.channels.filter((one) => one.kind !== "im" && one.members.includes(me)),
  icon: (one) => (one.kind === "group" ? "🔒 " : "# "),
  mark: (one) => (one.shared_with.length ? make("span", "tag", "shared") : null),
  other: () => ["home", "messages"],
  apps: () => [
    entry("🏠 " + state.bot.name + " home", place === "home", () => goTo("home")),
    entry("💬 " + state.bot.name + " messages", place === "messages", () => goTo("messages"), unread("messages", direct().length)),
  ],
  entered(id) {
    thread = null;
    if (id === "home") act("opens_home", {});
  },
  draw() {
    drawModal();
    if (busy()) return;
    if (place === "home") drawHome();
    else if (place === "messages") {
      const about = `what only ${mine().name} sees`;
      frame(state.bot.name, about, direct().map(onlyMine), "The bot hasn't written to you. It only does when asked.");
    } else drawChannel(channel(place));
    drawComposer();
  },
  async send(text, here) {
    if (text.startsWith("/")) {
      const [command, ...rest] = text.split(" ");
      await act("slash", { command, text: rest.join(" "), ...(here ? { channel: here.id } : {}) });
    } else if (here) await act("says", { channel: here.id, text, ...(thread ? { thread } : {}) });
    else toast("The bot reads no direct messages. Try " + state.commands[0] + " help.");
  },
};

begin();
