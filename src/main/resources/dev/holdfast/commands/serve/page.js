"use strict";
// Shows the state that the server sends again and again. Text of others is only ever set as text.

const byId = (id) => document.getElementById(id);
const rows = new Map();
let state = null;
let open = "";

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

const set = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

const age = (seconds) => {
  if (seconds < 60) return seconds + " s";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min";
  if (seconds < 172800) return Math.floor(seconds / 3600) + " h";
  return Math.floor(seconds / 86400) + " d";
};

const memory = (kilobytes) => {
  if (!kilobytes) return "-";
  return kilobytes < 10485760 ? Math.round(kilobytes / 1024) + " MB" : Math.round(kilobytes / 1048576) + " GB";
};

const look = (instance) =>
  instance.verdict !== "active" ? "bad" : ["ready", "running", "exec"].includes(instance.state) ? "good" : "warn";

const request = (path, method) => {
  const token = byId("token").value.trim();
  const headers = token ? { Authorization: "Bearer " + token } : {};
  return fetch(path, { method: method || "GET", headers, credentials: "same-origin", cache: "no-store" });
};

const say = (text) => { byId("said").textContent = text; };

const act = async (path, question) => {
  if (!byId("token").value.trim()) {
    say("This needs the token: it is in the file that serve has named at its start.");
    byId("token").focus();
    return;
  }
  if (!window.confirm(question)) return;
  say("Working.");
  try {
    const answer = await request(path, "POST");
    const body = await answer.json();
    say(answer.ok ? (body.actions_taken && body.actions_taken.join(". ")) || "Done." : body.error);
  } catch (problem) {
    say("The server did not answer; look whether it was done.");
  }
};

const newRow = (id) => {
  const row = make("tr");
  const head = make("th");
  head.scope = "row";
  const name = make("button", "name");
  name.type = "button";
  name.setAttribute("aria-expanded", "false");
  name.addEventListener("click", () => toggle(id));
  head.append(name);
  const cells = ["state", "age number", "memory number", "restarts number", "pid number", "user", "port number", "directories"]
    .map((className) => make("td", className));
  row.append(head, ...cells);
  return { row, name, cells, details: null };
};

const fill = (entry, instance) => {
  set(entry.name, instance.name);
  entry.name.title = instance.name;
  const texts = [
    instance.state,
    instance.verdict === "stale" ? "-" : age(instance.ageSeconds),
    memory(instance.memoryKilobytes),
    String(instance.restarts),
    String(instance.pid),
    instance.user,
    instance.port ? String(instance.port) : "-",
    instance.directories.join(", ") || "-",
  ];
  texts.forEach((text, i) => set(entry.cells[i], text));
  entry.cells[0].className = "state " + look(instance);
  entry.cells[7].title = instance.directories.join(", ");
};

const newDetails = (id, instance) => {
  const row = make("tr", "details");
  row.id = "details-" + id;
  const cell = make("td");
  cell.colSpan = 9;
  const facts = make("dl");
  const add = (term, text) => { if (text) facts.append(make("dt", "", term), make("dd", "", text)); };
  add("Description", instance.description);
  add("Instance", id);
  add("Started", instance.startTime);
  add("Version", instance.version);
  add("Lock file", instance.lockFile);
  cell.append(facts);
  if (state.allow_actions && ["active", "orphaned"].includes(instance.verdict)) {
    const actions = make("div", "actions");
    for (const [word, text] of [["restart", "Restart"], ["stop", "Stop"]]) {
      const button = make("button", "", text + " " + instance.name);
      button.type = "button";
      button.addEventListener("click", () => act("/api/" + word + "/" + encodeURIComponent(id), text + " " + instance.name + "?"));
      actions.append(button);
    }
    cell.append(actions);
  }
  for (const [key, title] of [["log", "Log"], ["history", "History"]]) {
    const heading = make("h3", "", title + " of " + instance.name);
    heading.id = key + "-of-" + id;
    const text = make("pre", key);
    text.tabIndex = 0;
    text.setAttribute("role", "region");
    text.setAttribute("aria-labelledby", heading.id);
    cell.append(heading, text);
  }
  const box = make("div");
  box.append(...cell.childNodes);
  cell.append(box);
  row.append(cell);
  return row;
};

const toggle = (id) => {
  const before = open;
  open = before === id ? "" : id;
  show(state);
};

const loadDetails = async (id) => {
  const answer = await request("/api/instances/" + encodeURIComponent(id));
  const entry = rows.get(id);
  if (!answer.ok || !entry || !entry.details) return;
  const details = await answer.json();
  const text = (className, lines, otherwise) =>
    set(entry.details.querySelector("pre." + className), lines.length ? lines.join("\n") : otherwise);
  text("log", details.log, "Nothing in " + details.logFile + ": only what was started in the background has a log there.");
  text("history", details.history, "Nothing is known.");
};

const byName = (a, b) => a.name.localeCompare(b.name, "en", { numeric: true }) || a.pid - b.pid;

const showInstances = (unsorted) => {
  const instances = [...unsorted].sort(byName);
  const wanted = byId("filter").value.trim().toLowerCase();
  const body = byId("instances");
  const seen = new Set();
  let at = 0;
  const place = (row) => {
    if (body.children[at] !== row) body.insertBefore(row, body.children[at] || null);
    at++;
  };
  for (const instance of instances) {
    const id = instance.instanceId;
    const text = [instance.name, instance.state, instance.user, instance.pid, ...instance.directories].join(" ").toLowerCase();
    if (wanted && !text.includes(wanted)) continue;
    seen.add(id);
    if (!rows.has(id)) rows.set(id, newRow(id));
    const entry = rows.get(id);
    fill(entry, instance);
    place(entry.row);
    entry.name.setAttribute("aria-expanded", String(open === id));
    if (open === id) {
      entry.details = entry.details || newDetails(id, instance);
      entry.name.setAttribute("aria-controls", entry.details.id);
      place(entry.details);
    } else if (entry.details) {
      entry.details.remove();
      entry.details = null;
      entry.name.removeAttribute("aria-controls");
    }
  }
  for (const [id, entry] of rows) {
    if (!seen.has(id)) {
      entry.row.remove();
      if (entry.details) entry.details.remove();
      rows.delete(id);
    }
  }
  set(byId("count"), wanted ? seen.size + " of " + instances.length : String(instances.length));
  byId("none").hidden = instances.length > 0;
  byId("table").hidden = seen.size === 0;
  byId("none-found").hidden = instances.length === 0 || seen.size > 0;
};

const showConflicts = (conflicts) => {
  const text = JSON.stringify(conflicts);
  const list = byId("conflicts");
  if (list.dataset.shown === text) return;
  list.dataset.shown = text;
  const who = (instance) => instance ? instance.server_name + " (pid " + instance.pid + ")" : "";
  list.replaceChildren(...conflicts.map((conflict) => {
    const item = make("li", conflict.is_conflict ? "is-conflict" : "");
    const head = make("p");
    head.append(make("strong", "", conflict.type.replace(/_/g, " ")), " (" + conflict.severity + "): "
      + [who(conflict.instance), who(conflict.other_instance)].filter(Boolean).join(" and "));
    const keys = conflict.differing_keys ? " Differs: " + conflict.differing_keys.join(", ") + "." : "";
    item.append(head, make("p", "dim", conflict.details + "." + keys), make("p", "", "What to do: " + conflict.recommendation));
    return item;
  }));
  byId("no-conflicts").hidden = conflicts.length > 0;
  byId("to-conflicts").hidden = conflicts.length === 0;
  set(byId("to-conflicts").firstChild, conflicts.length + (conflicts.length === 1 ? " conflict" : " conflicts"));
  set(byId("conflict-count"), conflicts.length ? String(conflicts.length) : "");
};

const show = (next) => {
  if (!next) return;
  state = next;
  const status = byId("status");
  status.className = next.status === "healthy" ? "good" : "bad";
  // What only takes its time comes last.
  const isWaiting = (reason) => reason.endsWith(" is starting");
  const reasons = [...next.reasons].sort((a, b) => isWaiting(a) - isWaiting(b));
  const more = next.reasons.length > 3 ? "; and " + (next.reasons.length - 3) + " more" : "";
  set(status, next.status + (next.reasons.length ? ": " + reasons.slice(0, 3).join("; ") + more : ""));
  document.title = (next.status === "healthy" ? "" : "! ") + "Holdfast";
  byId("token-form").hidden = !next.allow_actions;
  byId("resolve").hidden = !next.allow_actions;
  showInstances(next.instances);
  showConflicts(next.conflicts);
  set(byId("history"), next.history.join("\n") || "Nothing has happened yet.");
  if (open && rows.has(open)) loadDetails(open).catch(() => {});
};

/** Reads one stream to its end. By fetch, which can bring a token; an EventSource cannot. */
const follow = async () => {
  const answer = await request("/api/events");
  if (!answer.ok) throw new Error(answer.status === 401 ? "not allowed: reload the page, the token is the password" : "busy");
  set(byId("link"), "live");
  byId("link").className = "";
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const events = text.split("\n\n");
    text = events.pop();
    const last = events.filter((event) => event.startsWith("data: ")).pop();
    if (last) show(JSON.parse(last.slice(6)));
  }
};

const keepFollowing = async () => {
  for (;;) {
    try {
      await follow();
    } catch (problem) {
      set(byId("link"), "no connection (" + (problem.message || "gone") + "), trying again; what is shown is old");
      byId("link").className = "bad";
      byId("status").className = "dim";
      document.title = "? Holdfast";
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
};

byId("token-form").addEventListener("submit", (event) => event.preventDefault());
byId("filter").addEventListener("input", () => show(state));
byId("resolve").addEventListener("click", () => act("/api/resolve", "Clear away what killed launchers have left?"));
document.addEventListener("keydown", (event) => {
  const isTyping = ["INPUT", "TEXTAREA"].includes(event.target.tagName);
  if (event.key === "/" && !isTyping) {
    event.preventDefault();
    byId("filter").focus();
  } else if (event.key === "Escape" && open) {
    const entry = rows.get(open);
    toggle(open);
    if (entry) entry.name.focus();
  }
});
keepFollowing();
