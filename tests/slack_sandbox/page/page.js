// Play any part in the workspace. State is polled from /fake/state and drawn anew when it changed.

const COLOURS = ["#b3563b", "#3c7a5b", "#6a5aa8", "#a8842c", "#32719b", "#9b4573", "#4f6d3a"];
const $ = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
let state = null;
let drawn = "";
let me = query.get("as") || sessionStorage.getItem("me") || "";
let place = query.get("in") || sessionStorage.getItem("place") || "";
let thread = null;
const read = {};

async function ask(path, body) {
  const answer = await fetch("/fake/" + path, body ? { method: "POST", body: JSON.stringify(body) } : {});
  const data = await answer.json();
  if (!answer.ok) toast(data.error);
  return data;
}

async function act(verb, more) {
  const answer = await ask("do", { who: me, verb, ...more });
  await refresh();
  return answer;
}

let fading = 0;
function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => ($("toast").hidden = true), 4500);
}

async function refresh() {
  const text = await (await fetch("/fake/state")).text().catch(() => "");
  if (!text) return;
  const fresh = JSON.parse(text);
  const key = text.replace(/"now": [\d.]+/, "");
  state = fresh;
  if (!state.people.some((person) => person.id === me)) me = state.people[0] ? state.people[0].id : "";
  if (key === drawn) return;
  drawn = key;
  draw();
}

// Looking things up

const person = (id) => state.people.find((one) => one.id === id);
const channel = (id) => state.channels.find((one) => one.id === id);
const mine = () => person(me);
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

function face(id, name) {
  const order = state.people.findIndex((one) => one.id === id);
  const node = make("span", "face", (name || "?").charAt(0).toUpperCase());
  node.style.background = id === state.bot.id ? "#12586b" : order < 0 ? "#66737f" : COLOURS[order % COLOURS.length];
  return node;
}

function tagOf(id) {
  const one = person(id);
  if (!one) return state.apps[id] ? "APP" : null;
  if (one.is_stranger) return state.teams[one.team];
  return one.guest ? "guest" : null;
}

function clock(ts) {
  return new Date(Number(ts) * 1000).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

// The sidebar

function entry(label, on, go, ...more) {
  const node = make("button", on ? "on" : "", ...(Array.isArray(label) ? label : [label]), ...more);
  node.type = "button";
  node.onclick = go;
  return node;
}

function goTo(id) {
  place = id;
  thread = null;
  sessionStorage.setItem("place", id);
  if (id === "home") act("opens_home", {});
  draw();
  $("posts").scrollTop = $("posts").scrollHeight;
  $("text").focus();
}

function become(id) {
  me = id;
  sessionStorage.setItem("me", id);
  const here = channel(place);
  if (here && !here.members.includes(me)) place = "";
  if (place === "home") act("opens_home", {});
  thread = null;
  draw();
}

function unread(id, count) {
  const key = me + id;
  if (place === id) read[key] = count;
  const fresh = count - (read[key] || 0);
  return fresh > 0 ? make("span", "new", String(fresh)) : null;
}

function drawSidebar() {
  $("team").textContent = state.team.name;
  document.title = state.team.name + ": a sandbox workspace";
  $("people").replaceChildren(
    ...state.people.map((one) => {
      const node = entry([face(one.id, one.name), one.name], one.id === me, () => become(one.id), make("span", "tag", tagOf(one.id)));
      node.setAttribute("role", "radio");
      node.setAttribute("aria-checked", String(one.id === me));
      return node;
    }),
  );
  const own = state.channels.filter((one) => one.kind !== "im" && one.members.includes(me));
  if (!place || (channel(place) === undefined && !["home", "messages"].includes(place))) place = own[0] ? own[0].id : "home";
  $("channels").replaceChildren(
    ...own.map((one) =>
      entry(
        (one.kind === "group" ? "🔒 " : "# ") + one.name,
        place === one.id,
        () => goTo(one.id),
        unread(one.id, one.posts.length) || (one.shared_with.length ? make("span", "tag", "shared") : null),
      ),
    ),
  );
  $("app").replaceChildren(
    entry("🏠 " + state.bot.name + " home", place === "home", () => goTo("home")),
    entry("💬 " + state.bot.name + " messages", place === "messages", () => goTo("messages"), unread("messages", direct().length)),
  );
  const up = state.connections > 0 || state.http_target;
  $("bot").replaceChildren(
    make("span", "dot " + (up ? "up" : "")),
    up ? state.bot.name + " is connected" : state.bot.name + " isn't connected",
  );
  const count = state.offences.length;
  $("offences").textContent = count ? `⚠ ${count} offence${count > 1 ? "s" : ""} against Slack's rules` : "";
  $("offences").onclick = () => window.alert(state.offences.join("\n\n"));
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

function tool(label, title, go) {
  const node = make("button", "", label);
  node.type = "button";
  node.title = title;
  node.setAttribute("aria-label", title);
  node.onclick = go;
  return node;
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

function frame(title, about, nodes, empty) {
  $("title").textContent = title;
  $("about").textContent = about;
  const box = $("posts");
  const low = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
  box.replaceChildren(...(nodes.length ? nodes : [make("div", "empty", empty)]));
  if (low) box.scrollTop = box.scrollHeight;
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

function draw() {
  if (!state) return;
  drawSidebar();
  drawModal();
  // Redrawing would close a menu that is open; wait until it is closed.
  if (document.activeElement && $("posts").contains(document.activeElement) && document.activeElement.tagName === "SELECT") return;
  if (place === "home") drawHome();
  else if (place === "messages") {
    frame(state.bot.name, `what only ${mine().name} sees`, direct().map(onlyMine), "The bot hasn't written to you. It only does when asked.");
  } else drawChannel(channel(place));
  drawComposer();
}

// On a phone the sidebar opens by the button, and closes once something in it was chosen.

function openSide(open) {
  $("side").classList.toggle("open", open);
  $("menu").setAttribute("aria-expanded", String(open));
}

$("menu").onclick = () => openSide(!$("side").classList.contains("open"));
$("side").addEventListener("click", (event) => event.target.closest("nav button") && openSide(false));
document.querySelector("main").addEventListener("click", (event) => event.target.id !== "menu" && openSide(false));

// The guide is open until it was closed once; on a phone it has to be asked for.

$("guide").open = innerWidth > 720 ? sessionStorage.getItem("guide") !== "closed" : false;
$("guide").ontoggle = () => sessionStorage.setItem("guide", $("guide").open ? "open" : "closed");

function tick() {
  $("now").textContent = new Date().toLocaleTimeString("en-GB");
}

tick();
setInterval(tick, 1000);

$("text").onkeydown = (event) => {
  if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    $("composer").requestSubmit();
  }
};

$("composer").onsubmit = async (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  $("text").value = "";
  const here = channel(place);
  if (text.startsWith("/")) {
    const [command, ...rest] = text.split(" ");
    await act("slash", { command, text: rest.join(" "), ...(here ? { channel: here.id } : {}) });
  } else if (here) await act("says", { channel: here.id, text, ...(thread ? { thread } : {}) });
  else toast("The bot reads no direct messages. Try " + state.commands[0] + " help.");
  $("posts").scrollTop = $("posts").scrollHeight;
};

refresh().then(() => place === "home" && act("opens_home", {}));
setInterval(refresh, 800);
