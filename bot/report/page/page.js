"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const names = data.names, rows = data.waits, PAGE = 100;
  const list = document.getElementById("list"), more = document.getElementById("more");
  const count = document.getElementById("count"), form = document.getElementById("filter");
  let found = rows, shown = 0;
  // Everything people wrote goes in as text, never as markup.
  function node(tag, text, kind) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }
  function name(number) { return number < 0 ? "" : names[number]; }
  function fill(details, row) {
    const inside = node("div");
    if (row.q) inside.append(node("p", row.q, "quote"));
    if (row.l) {
      const link = node("a", "Open the conversation");
      link.href = row.l; link.rel = "noreferrer";
      const line = node("p"); line.append(link); inside.append(line);
    }
    const life = node("ol", undefined, "life");
    for (const line of row.t) life.append(node("li", name(line[0]) + ": " + line.slice(1).map(name).join("")));
    inside.append(life);
    if (row.e.length) inside.append(node("p", "Why it counts as a question: " + row.e.map(name).join("; ") + ".", "soft"));
    details.append(inside);
  }
  function draw(row) {
    const item = node("li"), details = node("details"), head = node("summary");
    const who = node("bdi", name(row.c));
    head.append(who, " waited " + name(row.w) + " in ", node("bdi", "#" + name(row.h)), " from " + row.d + ": " + data.how[row.s] + (row.n ? ", " + row.n + (row.n === 1 ? " reminder" : " reminders") : ""));
    details.append(head);
    details.addEventListener("toggle", function () { if (details.open && details.childElementCount === 1) fill(details, row); });
    item.append(details);
    return item;
  }
  function next() {
    const part = document.createDocumentFragment();
    for (const row of found.slice(shown, shown + PAGE)) part.append(draw(row));
    list.append(part);
    shown = Math.min(found.length, shown + PAGE);
    more.hidden = shown >= found.length;
    count.textContent = found.length === 0 ? "No wait fits." : "Showing " + shown + " of " + found.length + (found.length === 1 ? " wait." : " waits.");
  }
  function filter() {
    const text = form.elements.text.value.trim().toLowerCase(), how = form.elements.how.value, where = form.elements.where.value;
    found = rows.filter(function (row) {
      if (how !== "" && String(row.s) !== how) return false;
      if (where !== "" && String(row.h) !== where) return false;
      return !text || (name(row.c) + "\n" + (row.q || "")).toLowerCase().includes(text);
    });
    if (form.elements.order.value === "latest") found = found.slice().sort(function (a, b) { return b.o - a.o; });
    list.textContent = ""; shown = 0; next();
  }
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  more.addEventListener("click", function () {
    const first = shown; next();
    const to = list.children[first]; if (to) to.querySelector("summary").focus();
  });
  filter();
})();
