// What the list of findings shows, without a page: reading the data, filters, order, groups.

// Facets with one value, as they stand in the address of the page.
const FACETS = ["control", "namespace", "kind", "file", "framework", "requirement"];

/** Names for the places of a row, and what is derived from it once. */
function read(data) {
  const requirements = new Map();
  for (const framework of data.frameworks) {
    const all = new Set();
    for (const [id, , controls] of framework.requirements) {
      requirements.set(`${framework.id}/${id}`, new Set(controls));
      controls.forEach((control) => all.add(control));
    }
    requirements.set(framework.id, all);
  }
  const findings = data.findings.map((row, index) => {
    const [control, severity, state, resource, file, place, message, path, more] = row;
    const [kind, namespace, name] = data.resources[resource];
    return {
      index, control, severity, state, resource, file, message, path, more,
      line: place[0], column: place[1], endLine: place[2], endColumn: place[3],
      kind, namespace, name, isFolded: more.under !== undefined, text: "",
    };
  });
  return { ...data, findings, requirementControls: requirements };
}

/** What is searched in a finding, in lower case; made when it is first asked for. */
function textOf(report, finding) {
  if (finding.text === "") {
    const control = report.controls[finding.control];
    const parts = [
      finding.message, control.id, control.title, finding.kind, finding.namespace, finding.name,
      report.files[finding.file], finding.path, finding.more.container, finding.more.evidence,
    ];
    finding.text = parts.filter(Boolean).join("\n").toLowerCase();
  }
  return finding.text;
}

/** A query that asks for what counts. */
function plainQuery(report) {
  return {
    severities: new Set(report.severities.keys()),
    states: new Set([0]),
    control: "", namespace: null, kind: "", file: "", framework: "", requirement: "",
    text: "", folded: false, order: "severity",
  };
}

/** Whether a finding that counts is told by another at its place, which says more. */
function isUnderAnother(finding) {
  return finding.isFolded && finding.state === 0;
}

/** Whether such findings are left out; not where a control or a requirement is looked at, which owns them. */
function hidesFolded(query) {
  return !query.folded && query.control === "" && query.framework === "" && query.requirement === "";
}

/** Whether a finding fits all parts of a query, but for the part that is left out. */
function predicate(report, query, without) {
  const tests = [];
  const test = (part, isOn, fits) => {
    if (part !== without && isOn) {
      tests.push(fits);
    }
  };
  test("severities", query.severities.size < report.severities.length, (it) => query.severities.has(it.severity));
  test("states", query.states.size < report.states.length, (it) => query.states.has(it.state));
  test("folded", hidesFolded(query), (it) => !isUnderAnother(it));
  const position = report.controls.findIndex((control) => control.id === query.control);
  test("control", query.control !== "", (it) => it.control === position);
  test("namespace", query.namespace !== null, (it) => it.namespace === query.namespace);
  test("kind", query.kind !== "", (it) => it.kind === query.kind);
  const file = report.files.indexOf(query.file);
  test("file", query.file !== "", (it) => it.file === file);
  const controls = report.requirementControls.get(query.requirement || query.framework) ?? new Set();
  test("framework", (query.requirement || query.framework) !== "", (it) => controls.has(it.control));
  const words = query.text.toLowerCase().split(/\s+/).filter(Boolean);
  test("text", words.length > 0, (it) => {
    const text = textOf(report, it);
    return words.every((word) => text.includes(word));
  });
  return (finding) => tests.every((fits) => fits(finding));
}

// Orders: the group of a finding, and what comes first within equal groups. Findings come in the order of
// the report: by file and line.
const ORDERS = {
  severity: { name: "Severity", key: (report, it) => it.severity, label: (report, it) => report.severities[it.severity] },
  control: { name: "Control", key: (report, it) => report.controls[it.control].id, label: (report, it) => report.controls[it.control].id },
  resource: {
    name: "Resource",
    key: (report, it) => `${it.namespace}\n${it.kind}\n${it.name}`,
    label: (report, it) => resourceName(it),
  },
  namespace: { name: "Namespace", key: (report, it) => it.namespace, label: (report, it) => it.namespace || "no namespace named" },
  file: { name: "File", key: (report, it) => report.files[it.file], label: (report, it) => report.files[it.file] },
  state: { name: "State", key: (report, it) => it.state, label: (report, it) => report.states[it.state] },
};

/** `Deployment shop/web`. */
function resourceName(finding) {
  const name = finding.name || "(no name)";
  return finding.namespace ? `${finding.kind} ${finding.namespace}/${name}` : `${finding.kind} ${name}`;
}

function compare(left, right) {
  return left < right ? -1 : Number(left > right);
}

/** The findings that fit, in order, in groups: `{ label, findings }`. */
function select(report, query) {
  const order = ORDERS[query.order] ?? ORDERS.severity;
  const groups = new Map();
  const fits = predicate(report, query);
  for (const finding of report.findings) {
    if (fits(finding)) {
      const key = order.key(report, finding);
      const group = groups.get(key);
      if (group === undefined) {
        groups.set(key, { key, label: order.label(report, finding), findings: [finding] });
      } else {
        group.findings.push(finding);
      }
    }
  }
  const sorted = [...groups.values()].sort((left, right) => compare(left.key, right.key));
  for (const group of sorted) {
    // The worst first; equals stay as they are.
    group.findings.sort((left, right) => left.severity - right.severity);
  }
  return sorted;
}

/** How many findings each value of a part would show, everything else of the query as it is. */
function count(report, query, part, valueOf) {
  const counts = new Map();
  const fits = predicate(report, query, part);
  for (const finding of report.findings) {
    if (fits(finding)) {
      const value = valueOf(finding);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  return counts;
}

/** The query as the end of an address; what is as usual is left out. */
function toAddress(report, query) {
  const usual = plainQuery(report);
  const parts = new URLSearchParams();
  const words = (set, all) => [...set].sort().map((position) => all[position]).join(",");
  const same = (left, right) => left.size === right.size && [...left].every((it) => right.has(it));
  if (!same(query.severities, usual.severities)) {
    parts.set("severity", words(query.severities, report.severities));
  }
  if (!same(query.states, usual.states)) {
    parts.set("state", words(query.states, report.states));
  }
  for (const facet of FACETS) {
    if (query[facet] !== usual[facet]) {
      parts.set(facet, query[facet]);
    }
  }
  if (query.text !== "") {
    parts.set("text", query.text);
  }
  if (query.folded) {
    parts.set("folded", "yes");
  }
  if (query.order !== usual.order) {
    parts.set("order", query.order);
  }
  const text = parts.toString();
  return text === "" ? "findings" : `findings?${text}`;
}

/** The query of an address; `null` when it is none. What it does not know is left as usual. */
function fromAddress(report, address) {
  const [place, text] = address.replace(/^#/, "").split(/\?(.*)/s);
  if (place !== "findings") {
    return null;
  }
  const query = plainQuery(report);
  const parts = new URLSearchParams(text ?? "");
  const positions = (words, all) =>
    new Set(words.split(",").map((word) => all.indexOf(word)).filter((position) => position >= 0));
  if (parts.has("severity")) {
    query.severities = positions(parts.get("severity"), report.severities);
  }
  if (parts.has("state")) {
    query.states = positions(parts.get("state"), report.states);
  }
  for (const facet of FACETS) {
    if (parts.has(facet)) {
      query[facet] = parts.get(facet);
    }
  }
  query.text = parts.get("text") ?? "";
  query.folded = parts.get("folded") === "yes";
  if (Object.hasOwn(ORDERS, parts.get("order") ?? "")) {
    query.order = parts.get("order");
  }
  return query;
}

/** The part of a line from one column to another, in characters as columns count them: before, in, after. */
function split(line, from, to) {
  const characters = Array.from(line);
  const join = (start, end) => characters.slice(start, end).join("");
  return [join(0, from), join(from, to), join(to)];
}
