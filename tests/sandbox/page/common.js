// What the pages of all sandboxes share: playing any part, a sidebar, a place, a composer. State is polled from /fake/state and
// drawn anew when it changed. A page brings `platform`: name, tagOf(id), own() its channels, icon(channel), mark(channel), apps()
// entries of the sidebar, other() places that are no channels, entered() and left() a place, draw(), send(text, channel).

const COLOURS = ["#b3563b", "#3c7a5b", "#6a5aa8", "#a8842c", "#32719b", "#9b4573", "#4f6d3a"];
const $ = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
let state = null;
let drawn = "";
let me = query.get("as") || sessionStorage.getItem("me") || "";
let place = query.get("in") || sessionStorage.getItem("place") || "";
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

function draw() {
  if (!state) return;
  drawSidebar();
  platform.draw();
}

// Whether drawing anew would close a menu that is open, or take away what somebody types.
function busy() {
  const at = document.activeElement;
  return at && $("posts").contains(at) && at.tagName === "SELECT";
}

// Looking things up

const person = (id) => state.people.find((one) => one.id === id);
const channel = (id) => state.channels.find((one) => one.id === id);
const mine = () => person(me);

function face(id, name) {
  const order = state.people.findIndex((one) => one.id === id);
  const node = make("span", "face", (name || "?").charAt(0).toUpperCase());
  node.style.background = id === state.bot.id ? "#12586b" : order < 0 ? "#66737f" : COLOURS[order % COLOURS.length];
  return node;
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

function unread(id, count) {
  const key = me + id;
  if (place === id) read[key] = count;
  const fresh = count - (read[key] || 0);
  return fresh > 0 ? make("span", "new", String(fresh)) : null;
}

function goTo(id) {
  place = id;
  sessionStorage.setItem("place", id);
  platform.entered(id);
  draw();
  $("posts").scrollTop = $("posts").scrollHeight;
  $("text").focus();
}

function become(id) {
  me = id;
  sessionStorage.setItem("me", id);
  if (channel(place) && !platform.own().some((one) => one.id === place)) place = "";
  platform.entered(place);
  draw();
}

function drawSidebar() {
  $("team").textContent = state.team.name;
  document.title = state.team.name + ": a sandbox";
  $("people").replaceChildren(
    ...state.people.map((one) => {
      const label = [face(one.id, one.name), one.name];
      const node = entry(label, one.id === me, () => become(one.id), make("span", "tag", platform.tagOf(one.id)));
      node.setAttribute("role", "radio");
      node.setAttribute("aria-checked", String(one.id === me));
      return node;
    }),
  );
  const own = platform.own();
  if (!place || (!own.some((one) => one.id === place) && !platform.other().includes(place))) place = own[0] ? own[0].id : platform.other()[0];
  $("channels").replaceChildren(
    ...own.map((one) =>
      entry(platform.icon(one) + one.name, place === one.id, () => goTo(one.id), unread(one.id, one.posts.length) || platform.mark(one)),
    ),
  );
  $("app").replaceChildren(...platform.apps());
  const up = state.connections > 0 || state.http_target;
  $("bot").replaceChildren(
    make("span", "dot " + (up ? "up" : "")),
    up ? state.bot.name + " is connected" : state.bot.name + " isn't connected",
  );
  const count = state.offences.length;
  $("offences").textContent = count ? `⚠ ${count} offence${count > 1 ? "s" : ""} against ${platform.name}'s rules` : "";
  $("offences").onclick = () => window.alert(state.offences.join("\n\n"));
}

// A place

function tool(label, title, go) {
  const node = make("button", "", label);
  node.type = "button";
  node.title = title;
  node.setAttribute("aria-label", title);
  node.onclick = go;
  return node;
}

function frame(title, about, nodes, empty) {
  $("title").textContent = title;
  $("about").textContent = about;
  const box = $("posts");
  const low = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
  box.replaceChildren(...(nodes.length ? nodes : [make("div", "empty", empty)]));
  if (low) box.scrollTop = box.scrollHeight;
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
  await platform.send(text, channel(place));
  $("posts").scrollTop = $("posts").scrollHeight;
};

function begin() {
  refresh().then(() => platform.entered(place));
  setInterval(refresh, 800);
}
