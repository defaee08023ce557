// The part of the page's script that needs no page: `node --test`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const source = readFileSync(new URL("../../src/html/query.js", import.meta.url), "utf8");
const names = ["read", "plainQuery", "select", "count", "toAddress", "fromAddress", "split", "resourceName", "isUnderAnother"];
const page = new Function(`"use strict";${source}; return { ${names} };`)();

/** A report with a finding for each row: control, severity, state, resource, file, line, message. */
function report(rows) {
  return page.read({
    severities: ["critical", "high", "medium", "low"],
    states: ["new", "baselined", "excepted"],
    controls: [{ id: "b-control", title: "Second" }, { id: "a-control", title: "First" }],
    frameworks: [{ id: "some", title: "Some", requirements: [["1.1", "One", [0]], ["1.2", "Both", [0, 1]]] }],
    files: ["b.yaml", "a.yaml"],
    resources: [["Pod", "shop", "web", "v1"], ["Node", "", "", "v1"]],
    exceptions: [],
    lines: [],
    findings: rows.map(([control, severity, state, resource, file, line, message, more]) =>
      [control, severity, state, resource, file, [line, 1, line, 2], message, "spec", { fingerprint: "v1:0", ...more }]),
  });
}

const SAMPLE = report([
  [0, 2, 0, 0, 0, 1, "first"],
  [1, 0, 0, 1, 0, 2, "second thing"],
  [0, 3, 1, 0, 1, 3, "known"],
  [1, 1, 2, 0, 1, 4, "accepted"],
  [1, 2, 0, 0, 1, 5, "told by another", { under: 0 }],
]);

function asked(part) {
  return { ...page.plainQuery(SAMPLE), ...part };
}

function shown(part) {
  return page.select(SAMPLE, asked(part)).map((group) => [group.label, group.findings.map((it) => it.index)]);
}

test("what counts is shown, worst first, and what another stands for is not", () => {
  assert.deepEqual(shown({}), [["critical", [1]], ["medium", [0]]]);
  assert.deepEqual(shown({ folded: true }), [["critical", [1]], ["medium", [0, 4]]]);
});

test("states and severities are sets", () => {
  assert.deepEqual(shown({ states: new Set([1, 2]) }), [["high", [3]], ["low", [2]]]);
  assert.deepEqual(shown({ states: new Set([0, 1, 2]), severities: new Set([0]) }), [["critical", [1]]]);
  assert.deepEqual(shown({ severities: new Set() }), []);
});

test("a control and a requirement show all of their findings", () => {
  assert.deepEqual(shown({ control: "a-control" }), [["critical", [1]], ["medium", [4]]]);
  assert.deepEqual(shown({ requirement: "some/1.1" }), [["medium", [0]]]);
  assert.deepEqual(shown({ framework: "some" }), [["critical", [1]], ["medium", [0, 4]]]);
  assert.deepEqual(shown({ control: "unknown" }), []);
  assert.deepEqual(shown({ requirement: "some/9.9" }), []);
});

test("namespaces, kinds and files", () => {
  assert.deepEqual(shown({ namespace: "" }), [["critical", [1]]]);
  assert.deepEqual(shown({ namespace: "shop" }), [["medium", [0]]]);
  assert.deepEqual(shown({ kind: "Node" }), [["critical", [1]]]);
  assert.deepEqual(shown({ file: "a.yaml", states: new Set([1]) }), [["low", [2]]]);
});

test("all words of a text must be somewhere, in any case", () => {
  assert.deepEqual(shown({ text: "THING second" }), [["critical", [1]]]);
  assert.deepEqual(shown({ text: "b-control web" }), [["medium", [0]]]);
  assert.deepEqual(shown({ text: "second nothing" }), []);
  assert.deepEqual(shown({ text: "  " }), shown({}));
});

test("groups follow the order that was asked for", () => {
  const all = { states: new Set([0, 1, 2]), folded: true };
  assert.deepEqual(shown({ ...all, order: "control" }), [["a-control", [1, 3, 4]], ["b-control", [0, 2]]]);
  assert.deepEqual(shown({ ...all, order: "file" }), [["a.yaml", [3, 4, 2]], ["b.yaml", [1, 0]]]);
  assert.deepEqual(shown({ ...all, order: "resource" }), [["Node (no name)", [1]], ["Pod shop/web", [3, 0, 4, 2]]]);
  assert.deepEqual(shown({ ...all, order: "state" }).map(([label]) => label), ["new", "baselined", "excepted"]);
  assert.deepEqual(shown({ order: "namespace" }).map(([label]) => label), ["no namespace named", "shop"]);
});

test("counts leave their own part of the query out", () => {
  const query = asked({ severities: new Set([0]), file: "b.yaml" });
  const counts = page.count(SAMPLE, query, "severities", (it) => it.severity);
  assert.deepEqual([...counts].sort(), [[0, 1], [2, 1]]);
});

test("a query survives its address", () => {
  const queries = [
    {},
    { severities: new Set([0, 3]), text: "a&b=c?d#e" },
    { states: new Set([1]), namespace: "", order: "file" },
    { file: "dir/ü 1.yaml", folded: true },
    { requirement: "some/1.1" },
    { severities: new Set() },
  ];
  for (const part of queries) {
    const query = asked(part);
    assert.deepEqual(page.fromAddress(SAMPLE, `#${page.toAddress(SAMPLE, query)}`), query);
  }
  assert.equal(page.toAddress(SAMPLE, asked({})), "findings");
  assert.equal(page.fromAddress(SAMPLE, "#controls"), null);
});

test("what an address does not know is as usual", () => {
  const query = page.fromAddress(SAMPLE, "#findings?severity=dreadful,low&order=constructor&nothing=1");
  assert.deepEqual(query, asked({ severities: new Set([3]) }));
});

test("columns count characters", () => {
  assert.deepEqual(page.split("a🦀b", 1, 2), ["a", "🦀", "b"]);
  assert.deepEqual(page.split("ab", 1, Infinity), ["a", "b", ""]);
  assert.deepEqual(page.split("ab", 5, 9), ["ab", "", ""]);
});
