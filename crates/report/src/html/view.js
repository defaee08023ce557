// The list of findings, its filters, and what printing needs. Text reaches the page as text only.

// Rows that are made at a time: one screen and some more.
const ROWS = 60;

/** An element with attributes and children; texts become text nodes. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) {
      element.setAttribute(key, "");
    } else if (value !== false && value !== undefined) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== ""));
  return element;
}

function chip(word) {
  return make("span", { class: `chip ${word}` }, word);
}

function plural(number, word) {
  return `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
}

// ---- What one finding says

/** A label and what it says; nothing when there is nothing to say. */
function fact(label, ...content) {
  const told = content.flat().filter((part) => part !== undefined && part !== "");
  return told.length === 0 ? "" : make("div", {}, make("dt", {}, label), make("dd", {}, ...told));
}

/** The same, not on paper: what is printed with the controls would be there for each finding again. */
function factOnScreen(label, ...content) {
  const made = fact(label, ...content);
  if (made !== "") {
    made.className = "on-screen";
  }
  return made;
}

function code(text) {
  return make("code", {}, text);
}

/** Lines with their numbers, the place marked. */
function drawing(report, finding) {
  const { window } = finding.more;
  if (window !== undefined) {
    const [before, inside, after] = split(window.text, window.from, window.to);
    return codeBlock([[finding.line, before, inside, after, true]]);
  }
  const lines = report.lines[finding.file];
  const drawn = [];
  for (let number = Math.max(1, finding.line - 2); number <= finding.endLine + 2; number += 1) {
    const text = lines[number];
    if (text !== undefined) {
      drawn.push(drawnLine(finding, number, text));
    } else if (number > finding.line) {
      break;
    }
  }
  return codeBlock(drawn);
}

function drawnLine(finding, number, text) {
  if (number < finding.line || number > finding.endLine) {
    return [number, text, "", "", false];
  }
  const indent = text.length - text.trimStart().length;
  const from = number === finding.line ? finding.column - 1 : indent;
  const to = number === finding.endLine ? finding.endColumn - 1 : Infinity;
  return [number, ...split(text, from, to), true];
}

function codeBlock(lines) {
  if (lines.length === 0) {
    return "";
  }
  // Deeply nested places are far to the right; what all lines are indented by says nothing.
  const texts = lines.map(([, before, inside]) => before || inside);
  const indents = texts.filter((text) => text.trim() !== "").map((text) => text.length - text.trimStart().length);
  const indent = Math.min(...indents, Infinity);
  const dedented = lines.map(([number, before, inside, after, isMarked]) =>
    [number, before === "" ? before : before.slice(indent), before === "" ? inside.slice(indent) : inside, after, isMarked]);
  const rows = dedented.map(([number, before, inside, after, isMarked]) =>
    make("span", { class: isMarked ? "line marked" : "line" },
      make("span", { class: "number", "aria-hidden": "true" }, String(number)),
      before, inside === "" ? "" : make("mark", {}, inside), after, "\n"));
  return make("pre", { class: "source", tabindex: "0", "aria-label": "Source" }, ...rows);
}

function fixText([operation, path, value, isSafe]) {
  const words = { set: ["set ", code(path), " to ", code(value ?? "")], append: ["append ", code(value ?? ""), " to ", code(path)] };
  const note = isSafe ? " (cannot change what works)" : " (look first: it can change what works)";
  return make("li", {}, ...(words[operation] ?? [`${operation} `, code(path)]), make("span", { class: "note" }, note));
}

function reference(address) {
  const isWeb = /^https?:\/\//.test(address);
  return make("li", {}, isWeb ? make("a", { href: address, rel: "noopener noreferrer" }, address) : address);
}

function exceptionText(exception) {
  const owner = exception.owner === undefined ? "nobody named" : exception.owner;
  const expires = exception.expires === undefined ? "never expires" : `until ${exception.expires}`;
  return [exception.reason, make("span", { class: "note" }, ` (${owner}, ${expires}, written in `, code(exception.at), ")")];
}

/** The requirements that a control is evidence for, by framework. */
function requirementsOf(report, control) {
  return report.frameworks
    .map((framework) => {
      const own = framework.requirements.filter(([, , controls]) => controls.includes(control));
      return [framework.title, own.map(([id]) => id)];
    })
    .filter(([, ids]) => ids.length > 0)
    .map(([title, ids]) => make("li", {}, `${title}: ${ids.join(", ")}`));
}

function list(items) {
  return items.length === 0 ? "" : make("ul", {}, ...items);
}

/** Everything there is to know about a finding. */
function detail(report, finding) {
  const control = report.controls[finding.control];
  const { more } = finding;
  const leader = more.under === undefined ? undefined : report.findings[more.under];
  const place = `${report.files[finding.file]}:${finding.line}:${finding.column}`;
  const exception = more.exception === undefined ? undefined : report.exceptions[more.exception];
  return make("div", { class: "detail" },
    drawing(report, finding),
    make("dl", {},
      factOnScreen("Why", control.why),
      fact("What to change", control.remediation, list((more.fixes ?? []).map(fixText))),
      factOnScreen("Evidence", more.evidence === undefined ? "" : code(more.evidence)),
      fact("Path", code(finding.path)),
      factOnScreen("Written in", code(place)),
      fact("Made by", list((more.origins ?? []).map((origin) => make("li", {}, code(origin))))),
      fact("Rendered in", list((more.entries ?? []).map((entry) => make("li", {}, code(entry))))),
      fact("In the chain", list((more.related ?? []).map(([role, name]) => make("li", {}, `${role}: ${name}`)))),
      exception === undefined ? "" : fact("Accepted", exceptionText(exception)),
      leader === undefined ? "" : fact("Same place", `${report.controls[leader.control].id} says more`),
      factOnScreen("Requirements", list(requirementsOf(report, finding.control))),
      factOnScreen("Other names", (control.aliases ?? []).map(([peer, ids]) => `${peer} ${ids.join(", ")}`).join(" · ")),
      factOnScreen("References", list((control.references ?? []).map(reference))),
      factOnScreen("Fingerprint", code(more.fingerprint)),
    ));
}

// ---- The table

const COLUMNS = [
  ["severity", "Severity"],
  ["control", "Finding"],
  ["resource", "Resource"],
  ["file", "Where"],
];

/** The two rows of a finding; the second is filled when it is first opened. */
function findingRows(report, finding) {
  const control = report.controls[finding.control];
  const id = `detail-${finding.index}`;
  const button = make("button", { type: "button", "aria-expanded": "false", "aria-controls": id }, finding.message);
  const state = finding.state === 0 ? "" : chip(report.states[finding.state]);
  const container = finding.more.container === undefined ? "" : make("span", { class: "sub" }, `container ${finding.more.container}`);
  const row = make("tr", { class: "finding" },
    make("td", { class: "severity" }, chip(report.severities[finding.severity])),
    make("td", { class: "what" }, button, make("span", { class: "sub" }, control.id, " ", state)),
    make("td", { class: "resource" }, make("bdi", {}, resourceName(finding)), container),
    make("td", { class: "where" }, code(report.files[finding.file]), make("span", { class: "line-number" }, `:${finding.line}`)));
  const below = make("tr", { class: "below", id, hidden: true }, make("td", { colspan: String(COLUMNS.length) }));
  return [row, below];
}

function setOpen(report, row, isOpen) {
  const button = row.querySelector("button");
  const below = row.nextElementSibling;
  const cell = below.firstElementChild;
  if (isOpen && cell.childElementCount === 0) {
    cell.append(detail(report, report.findings[Number(below.id.replace("detail-", ""))]));
  }
  button.setAttribute("aria-expanded", String(isOpen));
  below.hidden = !isOpen;
}

/** The table, which grows as it is scrolled. */
function makeTable(report, onOrder) {
  const headers = COLUMNS.map(([order, name]) => {
    const button = make("button", { type: "button", "data-order": order }, name);
    button.addEventListener("click", () => onOrder(order));
    return make("th", { scope: "col", class: order }, button);
  });
  const table = make("table", { class: "findings" }, make("thead", {}, make("tr", {}, ...headers)));
  const more = make("button", { type: "button", class: "more", hidden: true });
  let waiting = [];

  table.addEventListener("click", (event) => {
    const row = event.target.closest("tr.finding");
    if (row !== null && (event.target.closest("button") !== null || getSelection().isCollapsed)) {
      setOpen(report, row, row.nextElementSibling.hidden);
    }
  });

  /** Makes the next rows, at most so many. */
  function grow(most) {
    let left = most;
    while (left > 0 && waiting.length > 0) {
      const group = waiting[0];
      if (group.body === undefined) {
        const title = make("th", { scope: "rowgroup", colspan: String(COLUMNS.length) },
          make("bdi", {}, group.label), make("span", { class: "count" }, plural(group.findings.length, "finding")));
        group.body = make("tbody", {}, make("tr", { class: "group" }, title));
        group.done = 0;
        table.append(group.body);
      }
      const part = group.findings.slice(group.done, group.done + left);
      group.body.append(...part.flatMap((finding) => findingRows(report, finding)));
      group.done += part.length;
      left -= part.length;
      if (group.done === group.findings.length) {
        waiting.shift();
      }
    }
    const rest = waiting.reduce((sum, group) => sum + group.findings.length - (group.done ?? 0), 0);
    more.hidden = rest === 0;
    more.textContent = `Show more (${rest.toLocaleString("en")} left)`;
  }
  more.addEventListener("click", () => grow(ROWS));
  new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) {
      grow(ROWS);
    }
  }, { rootMargin: "600px" }).observe(more);

  return {
    elements: [table, more],
    show(groups, order) {
      table.replaceChildren(table.tHead);
      headers.forEach((header) => {
        const isSorted = header.firstElementChild.dataset.order === order;
        header.setAttribute("aria-sort", isSorted ? "ascending" : "none");
      });
      waiting = groups;
      grow(ROWS);
    },
    showAll() {
      grow(Infinity);
      table.querySelectorAll("tr.finding").forEach((row) => setOpen(report, row, true));
    },
  };
}

// ---- The filters

/** A button that is on or off, with a count. */
function toggle(word, onClick) {
  const number = make("span", { class: "count" });
  const button = make("button", { type: "button", class: `toggle ${word}`, "aria-pressed": "false" }, word, " ", number);
  button.addEventListener("click", onClick);
  return {
    button,
    set(isOn, count) {
      button.setAttribute("aria-pressed", String(isOn));
      number.textContent = count.toLocaleString("en");
    },
  };
}

/** A choice of one value, or all. `values` are pairs of value and label. */
function choice(label, all, values, onChange) {
  const options = [make("option", { value: "-1" }, all)];
  options.push(...values.map(([, text], index) => make("option", { value: String(index) }, text)));
  const select = make("select", {}, ...options);
  const none = -1;
  select.addEventListener("change", () => {
    const position = Number(select.value);
    onChange(position === none ? undefined : values[position][0]);
  });
  return {
    element: make("label", { class: "choice" }, make("span", {}, label), select),
    set(value) {
      select.value = String(values.findIndex(([known]) => known === value));
    },
  };
}

/** Values of findings with their counts, in order of their labels. */
function counted(report, valueOf, labelOf = (value) => value) {
  const counts = new Map();
  report.findings.forEach((finding) => counts.set(valueOf(finding), (counts.get(valueOf(finding)) ?? 0) + 1));
  const pairs = [...counts].map(([value, number]) => [value, `${labelOf(value)} (${number.toLocaleString("en")})`]);
  return pairs.sort((left, right) => compare(left[1], right[1]));
}

function frameworkValues(report) {
  return report.frameworks.flatMap((framework) => [
    [framework.id, framework.title],
    ...framework.requirements.map(([id, title]) => [`${framework.id}/${id}`, `\u2003${id} ${title}`]),
  ]);
}

function makeFilters(report, change) {
  const flip = (set, position) => {
    const flipped = new Set(set);
    if (!flipped.delete(position)) {
      flipped.add(position);
    }
    return flipped;
  };
  const severities = report.severities.map((word, position) =>
    toggle(word, () => change((query) => ({ severities: flip(query.severities, position) }))));
  const states = report.states.map((word, position) =>
    toggle(word, () => change((query) => ({ states: flip(query.states, position) }))));
  const occurs = new Set(report.findings.map((finding) => finding.state));
  const pick = (facet, none) => (value) => change(() => ({ [facet]: value ?? none }));
  const choices = {
    control: choice("Control", "All controls", counted(report, (it) => report.controls[it.control].id), pick("control", "")),
    namespace: choice("Namespace", "All namespaces", counted(report, (it) => it.namespace, (name) => name || "none named"), pick("namespace", null)),
    kind: choice("Kind", "All kinds", counted(report, (it) => it.kind), pick("kind", "")),
    file: choice("File", "All files", counted(report, (it) => report.files[it.file]), pick("file", "")),
  };
  const frameworks = choice("Framework", "All requirements", frameworkValues(report), (value) =>
    change(() => (value?.includes("/") ? { framework: "", requirement: value } : { framework: value ?? "", requirement: "" })));
  const orders = Object.entries(ORDERS).map(([id, order]) => [id, order.name]);
  const order = make("select", {}, ...orders.map(([id, name]) => make("option", { value: id }, name)));
  order.addEventListener("change", () => change(() => ({ order: order.value })));
  const text = make("input", { type: "search", placeholder: "Search findings", "aria-label": "Search findings", autocomplete: "off", spellcheck: "false" });
  text.addEventListener("input", () => change(() => ({ text: text.value })));
  const reset = make("button", { type: "button", class: "plain" }, "Reset");
  reset.addEventListener("click", () => change(() => plainQuery(report)));

  const elements = make("div", { class: "filters", role: "search", "aria-label": "Filter the findings" },
    make("div", { class: "row" }, text,
      make("div", { role: "group", "aria-label": "Severity", class: "toggles" }, ...severities.map((it) => it.button)),
      make("div", { role: "group", "aria-label": "State", class: "toggles" },
        ...states.filter((_, position) => position === 0 || occurs.has(position)).map((it) => it.button))),
    make("div", { class: "row" },
      ...Object.values(choices).map((it) => it.element),
      report.frameworks.length > 0 ? frameworks.element : "",
      make("label", { class: "choice" }, make("span", {}, "Group and sort by"), order),
      reset));
  return {
    elements,
    text,
    set(query) {
      const bySeverity = count(report, query, "severities", (it) => it.severity);
      severities.forEach((it, position) => it.set(query.severities.has(position), bySeverity.get(position) ?? 0));
      const byState = count(report, query, "states", (it) => it.state);
      states.forEach((it, position) => it.set(query.states.has(position), byState.get(position) ?? 0));
      Object.entries(choices).forEach(([facet, it]) => it.set(query[facet]));
      frameworks.set(query.requirement || query.framework);
      order.value = query.order;
      if (text.value !== query.text) {
        text.value = query.text;
      }
    },
  };
}

// ---- The page

/** The list with its filters in place of what readers without scripts see. */
function explore(report, place) {
  let query = fromAddress(report, location.hash) ?? plainQuery(report);
  const status = make("p", { class: "status", role: "status" });
  const unfold = make("button", { type: "button", class: "plain" });
  const filters = makeFilters(report, (part) => apply({ ...query, ...part(query) }));
  const table = makeTable(report, (order) => apply({ ...query, order }));
  unfold.addEventListener("click", () => apply({ ...query, folded: !query.folded }));

  function show() {
    const groups = select(report, query);
    const shown = groups.reduce((sum, group) => sum + group.findings.length, 0);
    const folded = count(report, query, "folded", isUnderAnother).get(true) ?? 0;
    filters.set(query);
    status.textContent = `${plural(shown, "finding")} of ${report.findings.length.toLocaleString("en")}. `;
    unfold.hidden = folded === 0 || !(hidesFolded(query) || query.folded);
    unfold.textContent = query.folded
      ? `Fold ${folded.toLocaleString("en")} under others at the same place`
      : `Show ${folded.toLocaleString("en")} more that others at the same place stand for`;
    table.show(groups, query.order);
  }

  function apply(next) {
    query = next;
    history.replaceState(null, "", `#${toAddress(report, query)}`);
    show();
  }

  addEventListener("hashchange", () => {
    const asked = fromAddress(report, location.hash);
    if (asked !== null) {
      query = asked;
      show();
      document.getElementById("findings").scrollIntoView();
    }
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, select, textarea") !== null;
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      filters.text.focus();
    }
  });
  show();
  place.append(filters.elements, make("div", { class: "status-line" }, status, unfold), ...table.elements);
  place.hidden = false;
  return { showAll: table.showAll, show };
}

/** Links of the page that ask for findings, as addresses. */
function resolveLinks() {
  for (const link of document.querySelectorAll("a[data-query]")) {
    const [facet, value] = link.dataset.query.split(/=(.*)/s);
    link.setAttribute("href", `#findings?${new URLSearchParams([[facet, value]])}`);
  }
}

/** The element that the end of an address names, as it stands or decoded. */
function targetOf(name) {
  try {
    return document.getElementById(name) ?? document.getElementById(decodeURIComponent(name));
  } catch {
    return null; // Not every text is an encoded one.
  }
}

/** Opens what a link leads into. */
function openTarget() {
  const target = targetOf(location.hash.slice(1));
  for (let at = target; at !== null; at = at.parentElement) {
    if (at.tagName === "DETAILS") {
      at.open = true;
    }
  }
  target?.querySelector("li > details")?.setAttribute("open", "");
  target?.scrollIntoView();
}

function bindTheme() {
  const button = document.getElementById("theme");
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const tell = () => {
    button.textContent = isDark() ? "Light" : "Dark";
  };
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    tell();
  });
  tell();
  button.hidden = false;
}

/** On paper everything is open, and as before afterwards. */
function bindPrinting(list) {
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open]):not(.quiet)")];
    closed.forEach((it) => it.setAttribute("open", ""));
    list?.showAll();
  });
  addEventListener("afterprint", () => {
    closed.forEach((it) => it.removeAttribute("open"));
    list?.show();
  });
}

function main() {
  const report = read(JSON.parse(document.getElementById("data").textContent));
  const place = document.getElementById("explorer");
  resolveLinks();
  bindTheme();
  bindPrinting(place === null ? null : explore(report, place));
  addEventListener("hashchange", openTarget);
  if (location.hash !== "") {
    openTarget();
  }
}

main();
