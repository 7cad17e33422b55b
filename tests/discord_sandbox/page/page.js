// Discord's side of the page: what its channels, threads, messages, commands and forms look like. The rest is in /page/common.js.

const FORUM = 15;
const THREADS = [10, 11, 12];
let answering = null;
let picked = null;

// Looking things up

const names = () => ({ ...state.apps, ...Object.fromEntries(state.people.map((one) => [one.id, one.name])) });
const isTeam = (id) => Boolean(person(id)) && person(id).roles.includes("team");

function context(more) {
  return {
    names: names(),
    people: Object.fromEntries(state.people.map((one) => [one.id, one.name])),
    roles: state.roles,
    channels: Object.fromEntries(state.channels.filter((one) => one.kind !== 1).map((one) => [one.id, one.name])),
    ...more,
  };
}

const acting = (where) => (component, more) => act("presses", { ...where, custom_id: component.custom_id, kind: component.type, ...more });

// A channel

function reactionsOf(message, where) {
  const row = Object.entries(message.reactors).map(([emoji, users]) => {
    const own = users.includes(me);
    const node = make("button", own ? "mine" : "", `${emoji.split(":")[0]} ${users.length}`);
    node.type = "button";
    node.title = users.map((id) => names()[id]).join(", ");
    node.onclick = () => act(own ? "unreacts" : "reacts", { ...where, emoji });
    return node;
  });
  return row.length ? make("div", "reactions", ...row) : null;
}

function menusHere() {
  return state.commands.filter((one) => one.type === 3).map((one) => one.name);
}

function toolsOf(message, home, where) {
  const tools = [
    tool("👀", "React with eyes", () => act("reacts", { ...where, emoji: "👀" })),
    tool("✅", "React with a check mark", () => act("reacts", { ...where, emoji: "✅" })),
    tool("Reply", "Reply to this message", () => {
      answering = message.id;
      draw();
      $("text").focus();
    }),
  ];
  if (!THREADS.includes(home.kind) && home.kind !== 1) {
    tools.push(
      tool("Thread", "Open a thread on it", async () => {
        const there = channel(message.id);
        if (there) return goTo(there.id);
        const name = window.prompt("The thread's name", plain(message).slice(0, 60));
        if (!name) return;
        const made = await act("opens_thread", { channel: home.id, message: message.id, name });
        if (made.channel) goTo(made.channel);
      }),
    );
  }
  tools.push(...menusHere().map((name) => tool(name, "Apps: " + name, () => use(message, name, where))));
  if (message.author.id === me) {
    tools.push(
      tool("Edit", "Edit your message", () => {
        const text = window.prompt("Your message", message.content);
        if (text) act("edits", { ...where, text });
      }),
      tool("Delete", "Delete your message", () => act("deletes", where)),
    );
  }
  return make("div", "tools", ...tools);
}

async function use(message, name, where) {
  const hidden = !isTeam(me);
  if (hidden && !window.confirm(`${mine().name} isn't offered “${name}”. Send it all the same?`)) return;
  report(await act("uses_menu", { ...where, name, hidden }));
}

function report(answer) {
  if (answer.answered === false) toast("The application did not respond.");
  $("posts").scrollTop = $("posts").scrollHeight;
}

function plain(message) {
  return message.content || "a message";
}

function bodyOf(message, where) {
  const shown = context({ act: acting(where) });
  const nodes = [];
  if (message.flags & 128) nodes.push(make("div", "quoted", `${state.bot.name} is thinking…`));
  if (message.content) nodes.push(markdown(message.content, shown));
  nodes.push(...(message.embeds || []).map((one) => embedOf(one, shown)));
  nodes.push(...(message.components || []).map((one) => componentOf(one, shown)));
  nodes.push(...(message.attachments || []).map((one) => make("div", "file", (one.waveform ? "🎤 " : "📎 ") + one.filename)));
  for (const one of message.message_snapshots || []) nodes.push(make("div", "container", make("div", "quoted", "Forwarded"), markdown(one.message.content, shown)));
  if (message.poll) nodes.push(make("div", "container", make("b", "", "📊 " + message.poll.question.text)));
  if (message.sticker_items) nodes.push(make("div", "quoted", "(a sticker: " + message.sticker_items[0].name + ")"));
  if (message.edited_timestamp) nodes.push(make("span", "edited", "(edited)"));
  return nodes;
}

function answered(message) {
  const other = message.referenced_message;
  if (message.type !== 19 || !message.message_reference) return null;
  if (!other) return make("div", "quoted", "↱ a message that was deleted");
  return make("div", "quoted", `↱ ${names()[other.author.id] || other.author.username}: ${plain(other).slice(0, 70)}`);
}

function system(message) {
  const name = names()[message.author.id] || message.author.username;
  if (message.type === 18) return `${name} started a thread: ${message.content}`;
  if (message.type === 21) return "This thread is about a message in its channel.";
  if (message.type === 7) return `${name} came into the server.`;
  if (message.type === 6) return `${name} pinned a message.`;
  return null;
}

function post(message, home) {
  const where = { channel: home.id, message: message.id };
  const said = system(message);
  if (said) return make("div", "post system", make("span", ""), said);
  const name = (message.webhook_id && message.author.username) || names()[message.author.id] || message.author.username;
  const alone = Boolean(message.flags & 64);
  const tag = message.author.bot || message.webhook_id ? make("span", "tag", "APP") : isTeam(message.author.id) ? make("span", "tag role", "team") : null;
  const thread = message.thread && channel(message.id);
  const open = thread ? entry([`🧵 ${thread.name} (${thread.posts.length})`], false, () => goTo(thread.id)) : null;
  if (open) open.className = "control";
  return make(
    "article",
    "post" + (alone ? " mine-only" : ""),
    face(message.author.id, name),
    make(
      "div",
      "",
      alone ? make("div", "only", "Only you can see this") : null,
      answered(message),
      make("div", "", make("span", "who", name), tag, make("time", "at", clock(message.at))),
      ...bodyOf(message, where),
      open,
      reactionsOf(message, where),
    ),
    alone ? null : toolsOf(message, home, where),
  );
}

function drawChannel(home) {
  if (home.kind === FORUM) return drawForum(home);
  const alone = mine().sees.filter((one) => one.channel_id === home.id);
  const items = [...home.posts, ...alone].sort((a, b) => a.at - b.at || a.id.localeCompare(b.id));
  const customers = home.readers.map(person).filter((one) => one && !isTeam(one.id));
  const about = [
    home.topic,
    home.archived ? "archived" : "",
    home.tags.length ? "tags: " + home.tags.join(", ") : "",
    home.kind !== 1 && customers.length ? "customers here: " + customers.map((one) => one.name).join(", ") : "",
  ];
  const nodes = items.map((one) => post(one, home));
  const empty = home.kind === 1 ? "Write a command to the bot here, such as “waiting”." : "Nothing has been said here yet.";
  frame(platform.icon(home) + platform.nameOf(home), about.filter(Boolean).join(" · "), nodes, empty);
  if (THREADS.includes(home.kind)) $("about").append(" ", ...threadTools(home));
}

function threadTools(home) {
  const parent = channel(home.parent);
  const tags = parent ? parent.available : [];
  const tools = tags.map((name) =>
    tool((home.tags.includes(name) ? "☑ " : "☐ ") + name, "Tag " + name, async () => {
      const kept = home.tags.includes(name) ? home.tags.filter((one) => one !== name) : [...home.tags, name];
      await ask("happen", { what: "tags", channel: home.id, names: kept });
      refresh();
    }),
  );
  tools.push(
    tool(home.archived ? "Open again" : "Archive", "Archive the thread, or open it again", async () => {
      await ask("happen", { what: "archives", channel: home.id, archived: !home.archived });
      refresh();
    }),
  );
  for (const node of tools) node.className = "control";
  return tools;
}

function drawForum(home) {
  const threads = state.channels.filter((one) => one.parent === home.id && one.readers.includes(me));
  const nodes = threads.map((one) => {
    const node = entry([`💬 ${one.name}`, make("span", "quoted", ` ${one.posts.length} · ${one.tags.join(", ")}${one.archived ? " · archived" : ""}`)], false, () => goTo(one.id));
    node.className = "control";
    return make("div", "post", make("span", ""), node);
  });
  frame(platform.icon(home) + home.name, home.topic || "", nodes, "Nobody has posted here yet. The first line you write becomes the post's title.");
}

// Commands

function offered() {
  const found = [];
  const walk = (path, options, depth) => {
    const inner = (options || []).filter((one) => one.type < 3);
    if (!inner.length) return false;
    for (const one of inner) if (!walk([...path, one.name], one.options, depth + 1)) found.push({ path: [...path, one.name].join(" "), about: one.description, options: one.options || [] });
    return true;
  };
  for (const command of state.commands.filter((one) => one.type === 1)) {
    if (!walk([command.name], command.options, 0)) found.push({ path: command.name, about: command.description, options: command.options || [] });
  }
  return found;
}

function fieldOf(option, path) {
  const id = "option-" + option.name;
  let field;
  if (option.choices || option.type === 7) {
    field = make("select", "control");
    field.append(new Option("—", ""));
    const choices = option.choices ? option.choices.map((one) => [one.value, one.name]) : state.channels.filter((one) => one.kind !== 1 && one.readers.includes(me)).map((one) => [one.id, "#" + one.name]);
    for (const [value, label] of choices) field.append(new Option(label, value));
  } else {
    field = make("input", "control");
    field.maxLength = option.max_length || 300;
    if (option.autocomplete) {
      const list = make("datalist", "");
      list.id = id + "-list";
      field.setAttribute("list", list.id);
      const complete = async () => {
        const others = picked.read(option.name);
        const got = await ask("do", { who: me, verb: "completes", path, option: option.name, typed: field.value, others, channel: place });
        list.replaceChildren(...(got.choices || []).map((one) => new Option(one.name, one.value)));
      };
      field.onfocus = complete;
      field.oninput = complete;
      return [field, list];
    }
  }
  return [field];
}

function pick(command, words) {
  const fields = {};
  const inputs = command.options.map((option, number) => {
    const [field, list] = fieldOf(option, command.path);
    field.required = Boolean(option.required);
    if (words[number] && field.tagName === "INPUT") field.value = number === command.options.length - 1 ? words.slice(number).join(" ") : words[number];
    fields[option.name] = [option, field];
    const label = make("label", "input", make("span", "label", option.name, option.required ? make("em", "", " *") : null), make("small", "", option.description), field);
    if (list) label.append(list);
    return label;
  });
  picked = {
    path: command.path,
    read(except) {
      const given = {};
      for (const [name, [option, field]] of Object.entries(fields)) if (name !== except && field.value) given[name] = option.type === 4 ? Number(field.value) : field.value;
      return given;
    },
    missing: () => Object.entries(fields).filter(([, [, field]]) => field.required && !field.value).map(([name]) => name),
  };
  $("text").value = "/" + command.path;
  $("commands").replaceChildren(make("div", "", make("b", "", "/" + command.path), " " + command.about), make("div", "fields", ...inputs));
  $("commands").hidden = false;
  const first = $("commands").querySelector("input, select");
  (first || $("text")).focus();
}

function drawOffers() {
  const text = $("text").value;
  if (!text.startsWith("/")) {
    picked = null;
    $("commands").hidden = true;
    return;
  }
  if (picked && text.startsWith("/" + picked.path)) return;
  picked = null;
  if (!isTeam(me)) {
    $("commands").replaceChildren(make("small", "", `${mine().name} isn't offered any command. What you send goes to the bot as it stands.`));
    $("commands").hidden = false;
    return;
  }
  const wanted = text.slice(1).toLowerCase().split(" ").filter(Boolean);
  const fits = offered().filter((one) => wanted.every((word) => one.path.includes(word)));
  const exact = offered().find((one) => text.slice(1).startsWith(one.path + " "));
  const shown = exact ? [exact] : fits;
  $("commands").replaceChildren(
    ...shown.slice(0, 40).map((one) => {
      const node = make("button", "offer", make("b", "", "/" + one.path), make("small", "", one.about));
      node.type = "button";
      node.onclick = () => pick(one, exact ? text.slice(one.path.length + 2).split(" ").filter(Boolean) : []);
      return node;
    }),
  );
  $("commands").hidden = !shown.length;
}

async function run(text, here) {
  const known = offered().find((one) => text.slice(1) === one.path || text.slice(1).startsWith(one.path + " "));
  const path = picked ? picked.path : known ? known.path : text.slice(1);
  if (picked && picked.missing().length) return toast("Still to be filled in: " + picked.missing().join(", "));
  let options = picked ? picked.read() : {};
  if (!picked && known && known.options.length) {
    const words = text.slice(known.path.length + 1).trim();
    if (words) options = { [known.options[0].name]: words };
  }
  picked = null;
  $("commands").hidden = true;
  report(await act("slash", { path, options, channel: here ? here.id : place, hidden: !isTeam(me) }));
}

// A form

let shownForm = "";
function drawModal() {
  const modal = mine() ? mine().modal : null;
  $("curtain").hidden = !modal;
  const key = modal ? me + modal.key : "";
  if (key === shownForm) return;
  shownForm = key;
  if (!modal) return;
  const inputs = modal.components.filter((one) => one.type === 18).map((one) => inputOf(one, context({})));
  const close = make("button", "control", "Cancel");
  close.type = "button";
  close.onclick = () => act("dismisses", {});
  const form = make("form", "", make("h2", "", modal.title), make("div", "inside", ...inputs), make("div", "feet", close, make("button", "control primary", "Submit")));
  form.style.display = "contents";
  form.onsubmit = async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(inputs.map((one) => [one.dataset.name, one.read()]));
    report(await act("submits", { given }));
  };
  $("modal").replaceChildren(form);
  const first = form.querySelector("input, textarea, select");
  if (first) first.focus();
}

function drawComposer() {
  const here = channel(place);
  const forum = here && here.kind === FORUM;
  $("text").placeholder = forum ? `A new post by ${mine().name}: its title, then the question` : `Write as ${mine().name} in ${here ? platform.nameOf(here) : ""}`;
  $("hint").textContent = "/ lists the bot's commands. Enter sends, Shift+Enter starts a new line.";
  $("answering").hidden = !answering;
  const parent = here && here.posts.find((one) => one.id === answering);
  const stop = make("button", "", "stop");
  stop.type = "button";
  stop.onclick = () => {
    answering = null;
    draw();
  };
  $("answering").replaceChildren("Replying to “" + (parent ? plain(parent).slice(0, 60) : "") + "” ", stop);
  const activity = state.presence && (state.presence.activities || [state.presence.game])[0];
  $("presence").textContent = activity ? activity.state || activity.name || "" : "";
}

const platform = {
  name: "Discord",
  tagOf: (id) => (isTeam(id) ? "team" : null),
  own() {
    const seen = state.channels.filter((one) => one.kind !== 4 && one.kind !== 1 && one.readers.includes(me));
    const tops = seen.filter((one) => !THREADS.includes(one.kind));
    return tops.flatMap((one) => [one, ...seen.filter((other) => other.parent === one.id && (!other.archived || other.id === place))]);
  },
  nameOf: (one) => (one.kind === 1 ? state.bot.name : one.name),
  icon: (one) => (THREADS.includes(one.kind) ? "\u2003↳ " : one.kind === FORUM ? "🗨 " : one.kind === 2 ? "🔊 " : one.kind === 1 ? "💬 " : "# "),
  mark: (one) => (state.people.every((other) => one.readers.includes(other.id)) ? null : make("span", "tag", "private")),
  direct: () => state.channels.find((one) => one.kind === 1 && one.readers.includes(me)),
  other: () => [platform.direct() ? platform.direct().id : ""],
  apps() {
    const dm = platform.direct();
    return dm ? [entry("💬 " + state.bot.name, place === dm.id, () => goTo(dm.id), unread(dm.id, dm.posts.length))] : [];
  },
  entered() {
    answering = null;
    picked = null;
    $("commands").hidden = true;
    const here = channel(place);
    if (here && here.kind === 1 && platform.direct()) place = platform.direct().id;
  },
  draw() {
    drawModal();
    if (busy()) return;
    const here = channel(place);
    if (here) drawChannel(here);
    drawComposer();
  },
  async send(text, here) {
    if (text.startsWith("/")) return run(text, here);
    if (!here) return;
    if (here.kind === FORUM) {
      const [title, ...rest] = text.split("\n");
      const made = await act("posts", { forum: here.id, title, text: rest.join("\n").trim() || title });
      if (made.channel) goTo(made.channel);
      return;
    }
    await act("says", { channel: here.id, text, ...(answering ? { reply_to: answering } : {}) });
    answering = null;
    draw();
  },
};

$("text").oninput = () => {
  drawOffers();
  if (channel(place) && !$("text").value.startsWith("/")) typing();
};

let typed = 0;
function typing() {
  if (Date.now() - typed < 8000) return;
  typed = Date.now();
  ask("do", { who: me, verb: "types", channel: place });
}

begin();
