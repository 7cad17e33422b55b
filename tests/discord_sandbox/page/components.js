// Draws Discord's markup, embeds, components and forms as DOM nodes.
// context: names (id -> name), roles, channels, act(component, values) for what is pressed and chosen.

const INLINE = new RegExp(
  [
    "\\\\(?<sign>[^0-9A-Za-z\\s])",
    "<@!?(?<who>\\d+)>",
    "<@&(?<role>\\d+)>",
    "<#(?<channel>\\d+)>",
    "<t:(?<at>\\d+)(?::(?<form>[a-zA-Z]))?>",
    "<a?:(?<emoji>\\w+):\\d+>",
    "\\[(?<label>(?:\\\\.|[^\\]\\\\])+)\\]\\(<?(?<url>https?://[^)>\\s]+)>?\\)",
    "<?(?<link>https?://[^\\s<>]+)>?",
    "`(?<code>[^`\\n]+)`",
    "\\*\\*(?<bold>(?:\\\\.|[^*\\\\])+)\\*\\*",
    "\\*(?<italic>(?:\\\\.|[^*\\\\])+)\\*",
    "~~(?<struck>(?:\\\\.|[^~\\\\])+)~~",
  ].join("|"),
  "gs",
);

function moment(seconds, form) {
  const when = new Date(seconds * 1000);
  if (form === "R") {
    const away = (Date.now() - when) / 1000;
    const [unit, size] = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]].find(([, size]) => Math.abs(away) >= size) || ["second", 1];
    const count = Math.round(Math.abs(away) / size);
    const said = `${count} ${unit}${count === 1 ? "" : "s"}`;
    return away >= 0 ? said + " ago" : "in " + said;
  }
  const time = { hour: "2-digit", minute: "2-digit" };
  if (form === "t") return when.toLocaleTimeString("en-GB", time);
  return when.toLocaleString("en-GB", { day: "numeric", month: "long", year: "numeric", ...time });
}

function anchor(url, ...inside) {
  const node = make("a", "", ...inside);
  node.href = url;
  node.target = "_blank";
  node.rel = "noreferrer";
  return node;
}

function inline(text, context) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    if (found.index > from) nodes.push(text.slice(from, found.index));
    from = found.index + found[0].length;
    const { sign, who, role, channel, at, form, emoji, label, url, link, code, bold, italic, struck } = found.groups;
    if (sign) nodes.push(sign);
    else if (who) nodes.push(make("span", "call", "@" + (context.names[who] || "unknown-user")));
    else if (role) nodes.push(make("span", "call", "@" + (context.roles[role] || "unknown-role")));
    else if (channel) nodes.push(make("span", "call", "#" + (context.channels[channel] || "unknown")));
    else if (at) nodes.push(make("span", "when", moment(Number(at), form || "f")));
    else if (emoji) nodes.push(":" + emoji + ":");
    else if (url) nodes.push(anchor(url, ...inline(label, context)));
    else if (link) nodes.push(anchor(link, link));
    else if (code) nodes.push(make("code", "", code));
    else if (bold) nodes.push(make("b", "", ...inline(bold, context)));
    else if (italic) nodes.push(make("i", "", ...inline(italic, context)));
    else if (struck) nodes.push(make("s", "", ...inline(struck, context)));
  }
  if (from < text.length) nodes.push(text.slice(from));
  return nodes;
}

const LINES = [
  [/^#{1,3} /, (rest, context) => make("h3", "", ...inline(rest, context))],
  [/^-# /, (rest, context) => make("div", "small", ...inline(rest, context))],
  [/^> /, (rest, context) => make("blockquote", "", ...inline(rest, context))],
  [/^[-*] /, (rest, context) => make("div", "item", ...inline(rest, context))],
];

function markdown(text, context) {
  const box = make("div", "text");
  for (const line of text.split("\n")) {
    const known = LINES.find(([start]) => start.test(line));
    box.append(known ? known[1](line.replace(known[0], ""), context) : make("div", "", ...(line ? inline(line, context) : ["\u00a0"])));
  }
  return box;
}

const STYLES = { 1: "primary", 3: "good", 4: "danger" };

function buttonOf(component, context) {
  if (component.url) return anchor(component.url, make("button", "control", component.label || "Open"));
  const node = make("button", "control " + (STYLES[component.style] || ""), component.label || (component.emoji || {}).name || "…");
  node.type = "button";
  node.disabled = Boolean(component.disabled);
  node.onclick = () => context.act(component, {});
  return node;
}

function optionsOf(component, context) {
  if (component.type === 3) return component.options.map((one) => [one.value, one.label, one.description]);
  if (component.type === 8) return Object.entries(context.channels);
  return Object.entries(component.type === 6 ? context.roles : context.people);
}

function menuOf(component, context) {
  const node = make("select", "control");
  node.setAttribute("aria-label", component.placeholder || "Choose");
  const first = make("option", "", component.placeholder || "Choose");
  first.value = "";
  node.append(first);
  for (const [value, label, description] of optionsOf(component, context)) {
    const option = make("option", "", description ? `${label} (${description})` : label);
    option.value = value;
    node.append(option);
  }
  node.onchange = () => {
    if (node.value) context.act(component, { values: [node.value] });
    node.value = "";
    node.blur();
  };
  return node;
}

function componentOf(component, context) {
  const inside = (component.components || []).map((one) => componentOf(one, context));
  switch (component.type) {
    case 1:
      return make("div", "buttons", ...inside);
    case 2:
      return buttonOf(component, context);
    case 3: case 5: case 6: case 7: case 8:
      return menuOf(component, context);
    case 9:
      return make("div", "section", make("div", "", ...inside), component.accessory ? componentOf(component.accessory, context) : null);
    case 10:
      return markdown(component.content, context);
    case 14:
      return make("hr", "rule");
    case 17: {
      const node = make("div", "container", ...inside);
      if (component.accent_color) node.style.borderLeftColor = "#" + component.accent_color.toString(16).padStart(6, "0");
      return node;
    }
    default:
      return make("div", "quoted", `(a component of type ${component.type})`);
  }
}

function embedOf(embed, context) {
  const fields = (embed.fields || []).map((one) => make("div", "", make("b", "", one.name), markdown(one.value, context)));
  const title = embed.title ? make("b", "", embed.url ? anchor(embed.url, embed.title) : embed.title) : null;
  const node = make("div", "container embed", title, embed.description ? markdown(embed.description, context) : null, ...fields);
  if (embed.footer) node.append(make("div", "quoted", embed.footer.text));
  if (embed.color) node.style.borderLeftColor = "#" + embed.color.toString(16).padStart(6, "0");
  return node;
}

// One input of a form; `read()` gives what was filled in, null where nothing may be said of it.
function inputOf(label, context) {
  const element = label.component;
  const required = element.required !== false;
  const node = make("label", "input", make("span", "label", label.label, required ? make("em", "", " *") : null));
  if (label.description) node.append(make("small", "", label.description));
  let read;
  if (element.type === 4) {
    const field = make(element.style === 2 ? "textarea" : "input", "control");
    field.value = element.value || "";
    field.placeholder = element.placeholder || "";
    field.required = required;
    if (element.max_length) field.maxLength = element.max_length;
    node.append(field);
    read = () => field.value;
  } else if (element.type === 22) {
    const boxes = element.options.map((one) => {
      const box = make("input", "");
      box.type = "checkbox";
      box.value = one.value;
      box.checked = Boolean(one.default);
      return [box, make("label", "", box, " " + one.label)];
    });
    node.append(make("div", "boxes", ...boxes.map(([, shown]) => shown)));
    read = () => boxes.filter(([box]) => box.checked).map(([box]) => box.value);
  } else {
    const field = make("select", "control");
    const known = (element.default_values || []).map((one) => one.id);
    field.append(new Option(element.placeholder || "—", ""));
    for (const [value, said] of optionsOf(element, context)) field.append(new Option(said, value));
    const chosen = (element.options || []).filter((one) => one.default).map((one) => one.value);
    field.value = [...chosen, ...known][0] || "";
    field.required = required;
    node.append(field);
    read = () => (field.value ? field.value : null);
  }
  node.dataset.name = element.custom_id;
  node.read = read;
  return node;
}
