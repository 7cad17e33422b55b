// Draws Block Kit blocks as DOM nodes: for the page of the fake, and for pictures of rendered messages.
// blocksOf(blocks, context) -> element. context: names (id -> name), channels (id -> name), groups, now,
// act(block, element, chosen) for buttons and choices, and form (true inside modals: inputs only collect).

const EMOJI = {
  eyes: "👀", white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", wave: "👋", palm_tree: "🌴", tada: "🎉",
  "+1": "👍", thumbsup: "👍", "-1": "👎", heart: "❤️", pray: "🙏", bell: "🔔", no_bell: "🔕", hourglass: "⌛", clock1: "🕐",
  hourglass_flowing_sand: "⏳", speech_balloon: "💬", memo: "📝", rocket: "🚀", fire: "🔥", sparkles: "✨", smile: "😄",
  slightly_smiling_face: "🙂", thinking_face: "🤔", raised_hands: "🙌", bulb: "💡", calendar: "📅", date: "📅", lock: "🔒",
  hand: "✋", raised_hand: "✋", zzz: "💤", gear: "⚙️", link: "🔗", question: "❓", exclamation: "❗", star: "⭐", clock3: "🕒",
  face_with_thermometer: "🤒", bus: "🚌", house: "🏠", busts_in_silhouette: "👥", bust_in_silhouette: "👤", arrow_right: "➡️",
  large_green_circle: "🟢", large_yellow_circle: "🟡", red_circle: "🔴", white_circle: "⚪", large_blue_circle: "🔵",
};

function emoji(name) {
  return EMOJI[name] || ":" + name + ":";
}

function unescaped(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function dateToken(token) {
  const [, seconds, format] = token.split("^");
  const when = new Date(Number(seconds) * 1000);
  const day = (options) => when.toLocaleDateString("en-GB", options);
  const parts = {
    date_num: when.toISOString().slice(0, 10),
    date: day({ day: "numeric", month: "long", year: "numeric" }),
    date_short: day({ day: "numeric", month: "short", year: "numeric" }),
    date_long: day({ weekday: "long", day: "numeric", month: "long", year: "numeric" }),
    time: when.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" }),
    time_secs: when.toLocaleTimeString("en-GB"),
    ago: "recently",
  };
  const from = (days) => new Date(Date.now() + days * 86400000).toDateString() === when.toDateString();
  const near = from(0) ? "today" : from(1) ? "tomorrow" : from(-1) ? "yesterday" : "";
  for (const name of ["date", "date_short", "date_long"]) parts[name + "_pretty"] = near || parts[name];
  const shown = format.replace(/\{(\w+)\}/g, (whole, name) => parts[name] || whole);
  return shown.charAt(0).toUpperCase() + shown.slice(1);
}

function tokenNode(inside, context) {
  const [target, label] = inside.split("|");
  if (target.startsWith("@")) return make("span", "mention", "@" + (context.names[target.slice(1)] || label || target.slice(1)));
  if (target.startsWith("#")) return make("span", "mention", "#" + (context.channels[target.slice(1)] || label || target.slice(1)));
  if (target.startsWith("!subteam^")) return make("span", "mention", "@" + (context.groups[target.slice(9)] || label || "group"));
  if (target.startsWith("!date^")) return make("time", "when", dateToken(target));
  if (target.startsWith("!")) return make("span", "mention", "@" + target.slice(1));
  const link = make("a", "", label ? unescaped(label) : unescaped(target));
  link.href = target.replaceAll("&amp;", "&");
  link.target = "_blank";
  link.rel = "noreferrer";
  return link;
}

const STYLES = [
  ["code", /`([^`\n]+)`/],
  ["b", /(?<![\w*])\*([^*\n]+)\*(?![\w*])/],
  ["i", /(?<![\w_])_([^_\n]+)_(?![\w_])/],
  ["s", /(?<![\w~])~([^~\n]+)~(?![\w~])/],
];

// One line of mrkdwn as nodes.
function inline(text, context) {
  const token = /<((?:[@#!]|https?:|mailto:)[^<>]+)>/.exec(text);
  let first = token ? { at: token.index, length: token[0].length, node: () => tokenNode(token[1], context) } : null;
  for (const [tag, pattern] of STYLES) {
    const found = pattern.exec(text);
    if (found && (!first || found.index < first.at)) {
      const held = found[1];
      first = {
        at: found.index,
        length: found[0].length,
        node: () => make(tag, "", ...(tag === "code" ? [unescaped(held)] : inline(held, context))),
      };
    }
  }
  if (!first) return [plainWithEmoji(text)];
  return [
    ...(first.at ? inline(text.slice(0, first.at), context) : []),
    first.node(),
    ...(first.at + first.length < text.length ? inline(text.slice(first.at + first.length), context) : []),
  ];
}

function plainWithEmoji(text) {
  return unescaped(text).replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] || whole);
}

// mrkdwn as a block of nodes: code fences, quotes, lines.
function mrkdwn(text, context) {
  const whole = make("div", "mrkdwn");
  text.split("```").forEach((part, number) => {
    if (number % 2) {
      whole.append(make("pre", "", unescaped(part.replace(/^\n|\n$/g, ""))));
      return;
    }
    let quote = null;
    part.split("\n").forEach((line, index, lines) => {
      const quoted = /^(&gt;|>) ?(.*)$/.exec(line);
      if (quoted) {
        if (!quote) whole.append((quote = make("blockquote", "")));
        quote.append(make("div", "", ...inline(quoted[2], context)));
        return;
      }
      quote = null;
      whole.append(...inline(line, context));
      const next = lines[index + 1];
      if (next !== undefined && !/^(&gt;|>)/.test(next)) whole.append(make("br"));
    });
  });
  return whole;
}

function textNode(text, context) {
  if (!text) return null;
  return text.type === "mrkdwn" ? mrkdwn(text.text, context) : make("span", "plain", plainText(text.text));
}

function plainText(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] || whole);
}

function optionsOf(element, context) {
  const listed = (pairs) => pairs.map(([value, name]) => ({ value, name }));
  if (element.type.includes("users")) return listed(Object.entries(context.people || context.names));
  if (element.type.includes("conversations") || element.type.includes("channels")) return listed(Object.entries(context.channels));
  const options = [...(element.options || []), ...(element.option_groups || []).flatMap((group) => group.options)];
  return options.map((option) => ({ value: option.value, name: plainText(option.text.text) }));
}

function startOf(element) {
  const option = element.initial_option && element.initial_option.value;
  const many = (element.initial_options || []).map((one) => one.value);
  const ids = element.initial_users || element.initial_conversations || element.initial_channels;
  return {
    one: option || element.initial_user || element.initial_conversation || element.initial_channel || "",
    many: many.length ? many : ids || [],
  };
}

function confirmed(element) {
  const ask = element.confirm;
  return !ask || window.confirm(ask.title.text + "\n\n" + ask.text.text);
}

// A control. Its value, for forms, is read with node.read().
function control(block, element, context) {
  const act = (chosen) => !context.form && context.act && confirmed(element) && context.act(block, element, chosen);
  const start = startOf(element);
  const kind = element.type;
  let node;
  if (kind === "button" || kind === "workflow_button") {
    node = make("button", "control " + (element.style || ""), plainText(element.text.text));
    node.type = "button";
    node.onclick = () => {
      if (element.url) window.open(element.url, "_blank", "noreferrer");
      if (context.act && confirmed(element)) context.act(block, element, null);
    };
    return node;
  }
  if (kind === "radio_buttons" || kind === "checkboxes") {
    node = make("div", "choices");
    const group = "g" + Math.random();
    for (const { value, name } of optionsOf(element, context)) {
      const box = make("input");
      box.type = kind === "checkboxes" ? "checkbox" : "radio";
      box.name = group;
      box.value = value;
      box.checked = kind === "checkboxes" ? start.many.includes(value) : start.one === value;
      node.append(make("label", "", box, " " + name));
    }
    const picked = () => [...node.querySelectorAll("input:checked")].map((box) => box.value);
    node.read = () => (kind === "checkboxes" ? picked() : picked()[0] || null);
    node.onchange = () => act(node.read());
    return node;
  }
  if (kind === "overflow" || kind.endsWith("_select")) {
    node = make("select", "control " + (kind === "overflow" ? "overflow" : ""));
    const many = kind.startsWith("multi_");
    node.multiple = many;
    if (!many) {
      const hint = kind === "overflow" ? "⋯" : element.placeholder ? plainText(element.placeholder.text) : "Choose";
      node.append(new Option(hint, "", true, !start.one));
    }
    for (const { value, name } of optionsOf(element, context)) {
      node.append(new Option(name, value, false, many ? start.many.includes(value) : start.one === value));
    }
    node.read = () => (many ? [...node.selectedOptions].map((option) => option.value) : node.value || null);
    node.onchange = () => act(node.read());
    return node;
  }
  if (kind === "plain_text_input" && element.multiline) {
    node = make("textarea", "control");
    node.rows = 4;
  } else {
    node = make("input", "control");
    node.type = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local", number_input: "number", email_text_input: "email", url_text_input: "url" }[kind] || "text";
  }
  node.value = element.initial_value || element.initial_date || element.initial_time || localTime(element.initial_date_time);
  if (element.placeholder) node.placeholder = element.placeholder.text;
  const seconds = () => (node.value ? Math.floor(new Date(node.value).getTime() / 1000) : null);
  node.read = kind === "datetimepicker" ? seconds : () => node.value || null;
  node.onchange = () => act(node.read());
  return node;
}

// An instant as the browser's own element for one holds it: by the clock here, to the minute.
function localTime(seconds) {
  if (!seconds) return "";
  const at = new Date(seconds * 1000);
  return new Date(seconds * 1000 - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

function richText(node, context) {
  const inner = (node.elements || []).map((part) => richText(part, context));
  const style = node.style && typeof node.style === "object" ? node.style : {};
  switch (node.type) {
    case "rich_text": return make("div", "mrkdwn", ...inner);
    case "rich_text_list": return make(node.style === "ordered" ? "ol" : "ul", "", ...inner.map((part) => make("li", "", part)));
    case "rich_text_quote": return make("blockquote", "", ...inner);
    case "rich_text_preformatted": return make("pre", "", ...inner);
    // Text in rich text is literal: no markup, no tokens. (Slack: rich text block, "text" element.)
    case "text": {
      const drawn = make(style.code ? "code" : "span", "literal", node.text);
      if (style.bold) drawn.style.fontWeight = "600";
      if (style.italic) drawn.style.fontStyle = "italic";
      if (style.strike) drawn.style.textDecoration = "line-through";
      return drawn;
    }
    case "date": return make("time", "when", dateToken("!date^" + node.timestamp + "^" + node.format));
    case "link": return tokenNode(node.url + "|" + (node.text || node.url), context);
    case "user": return tokenNode("@" + node.user_id, context);
    case "emoji": return document.createTextNode(emoji(node.name));
    default: return make("span", "", ...inner);
  }
}

function blockNode(block, context) {
  switch (block.type) {
    case "header": return make("h3", "header", plainText(block.text.text));
    case "divider": return make("hr", "");
    case "section": {
      const fields = block.fields ? make("div", "fields", ...block.fields.map((field) => make("div", "", textNode(field, context)))) : null;
      const side = block.accessory ? make("div", "accessory", elementNode(block, block.accessory, context)) : null;
      return make("div", "section", make("div", "body", textNode(block.text, context), fields), side);
    }
    case "context": return make("div", "context", ...block.elements.map((part) => elementNode(block, part, context)));
    case "actions": return make("div", "actions", ...block.elements.map((part) => elementNode(block, part, context)));
    case "input": {
      const field = control(block, block.element, { ...context, form: context.form && !block.dispatch_action });
      const label = make("label", "label", plainText(block.label.text), block.optional ? make("small", "", " (optional)") : null);
      const node = make("div", "input", label, field, block.hint ? make("small", "hint", plainText(block.hint.text)) : null);
      const wrong = (context.errors || {})[block.block_id];
      if (wrong) node.append(make("div", "error", wrong));
      node.dataset.block = block.block_id || "";
      node.read = field.read;
      return node;
    }
    case "image": return make("div", "image", "🖼 " + block.alt_text);
    case "markdown": return mrkdwn(block.text, context);
    case "rich_text": return richText(block, context);
    default: return make("div", "unknown", "[" + block.type + "]");
  }
}

function elementNode(block, element, context) {
  if (element.type === "image") return make("span", "", "🖼 " + element.alt_text);
  if (element.type === "mrkdwn" || element.type === "plain_text") return textNode(element, context);
  return control(block, element, context);
}

function blocksOf(blocks, context) {
  return make("div", "blocks", ...blocks.map((block) => blockNode(block, context)));
}
