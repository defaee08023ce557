package main

import (
	"fmt"
	"math/rand"
	"strings"
)

// Random charts about what is hard to think through: merging, settings, globs, ignored files.
func random() []*testCase {
	source := rand.New(rand.NewSource(7))
	var all []*testCase
	add := func(kind string, count int, make func(*rand.Rand) *testCase) {
		for i := range count {
			c := make(source)
			c.Name = fmt.Sprintf("%s %d", kind, i)
			all = append(all, c)
		}
	}
	add("merging", 150, merging)
	add("settings", 350, settings)
	add("globs", 60, globs)
	add("ignored", 60, ignored)
	add("splits", 60, splits)
	return all
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.Intn(len(from))] }

// A map of YAML in flow style.
func tree(r *rand.Rand, depth int, keys []string) string {
	var entries []string
	for _, key := range keys {
		if r.Intn(3) == 0 {
			continue
		}
		value := pick(r, "1", "x", "null", "true", "[1, {a: null}]", "''", "{}")
		if depth > 0 && r.Intn(2) == 0 {
			value = tree(r, depth-1, []string{"a", "b", "c"})
		}
		entries = append(entries, key+": "+value)
	}
	return "{" + strings.Join(entries, ", ") + "}"
}

const show = "v: {{ toJson .Values }}\nc: {{ .Chart.Name }}\nd: {{ range .Chart.Dependencies }}{{ .Name }} {{ end }}\n"

// Charts in charts, with aliases, conditions, tags, globals and imports.
func merging(r *rand.Rand) *testCase {
	c := &testCase{Files: map[string]string{"templates/show.yaml": show}}
	var chart func(name, path string, depth int)
	chart = func(name, path string, depth int) {
		keys := []string{"a", "b", "global", "on"}
		var needs []string
		children := 0
		if depth > 0 {
			children = r.Intn(3)
		}
		for i := range children {
			child := fmt.Sprintf("%s%d", name, i)
			chart(child, path+"charts/"+child+"/", depth-1)
			keys = append(keys, child)
			for copy := range 1 + r.Intn(2) {
				need := fmt.Sprintf("- {name: %s, version: %s", child, pick(r, "1.0.0", "^1", "2.x", "'>0'"))
				if copy > 0 {
					need += ", alias: alias" + child
					keys = append(keys, "alias"+child)
				}
				if r.Intn(2) == 0 {
					need += ", condition: " + pick(r, "on", "a.b", child+".on", "'a,b,on'", "global.a")
				}
				if r.Intn(3) == 0 {
					need += ", tags: [" + pick(r, "t", "u", "t, u") + "]"
				}
				if r.Intn(3) == 0 {
					need += ", import-values: [" + pick(r, "a", "{child: a, parent: b}", "{child: global, parent: a.c}", "{child: exports.a, parent: .}") + "]"
				}
				if r.Intn(6) > 0 {
					needs = append(needs, need+"}\n")
				}
			}
		}
		file := fmt.Sprintf("apiVersion: v2\nname: %s\nversion: 1.0.0\n", name)
		if len(needs) > 0 {
			file += "dependencies:\n" + strings.Join(needs, "")
		} else if r.Intn(2) == 0 {
			file += "dependencies: []\n"
		}
		c.Files[path+"Chart.yaml"] = file
		keys = append(keys, "tags", "exports")
		values := ""
		for _, key := range keys {
			switch key {
			case "on":
				values += "on: " + pick(r, "true", "false", "null", "1") + "\n"
			case "tags":
				if r.Intn(3) == 0 {
					values += "tags: {t: " + pick(r, "true", "false") + ", u: " + pick(r, "true", "false", "x") + "}\n"
				}
			case "exports":
				values += "exports: {a: " + tree(r, 1, []string{"a", "b"}) + "}\n"
			default:
				if (key[0] == 'p' || len(key) > 6) && r.Intn(15) > 0 {
					values += key + ": " + tree(r, 2, []string{"a", "b", "global", "on"}) + "\n"
				} else if r.Intn(3) > 0 {
					values += key + ": " + pick(r, tree(r, 2, []string{"a", "b", "c", "on"}), tree(r, 1, []string{"a", "b", "global"}), "1", "null") + "\n"
				}
			}
		}
		c.Files[path+"values.yaml"] = values
		c.Files[path+"templates/show.yaml"] = show
	}
	chart("p", "", 2)
	c.Files["mine.yaml"] = strings.Join([]string{
		"a: " + tree(r, 2, []string{"a", "b", "c"}),
		"p0: " + pick(r, "{}", "{on: true}", tree(r, 2, []string{"a", "b", "global", "p00", "on"})),
		"global: " + pick(r, "null", tree(r, 2, []string{"a", "b", "c"})),
		"tags: " + pick(r, "{}", "{t: true}", "{t: false}"),
	}, "\n") + "\n"
	if r.Intn(3) > 0 {
		c.Args = append(c.Args, "-f", "@/mine.yaml")
	}
	if r.Intn(2) == 0 {
		c.Args = append(c.Args, "--set", pick(r, "p0.on=true", "p0.a=null", "global.a=null", "tags.u=true", "on=false", "p0.global.b=1"))
	}
	return c
}

// What flags set, and what is wrong with them.
func settings(r *rand.Rand) *testCase {
	c := &testCase{Files: map[string]string{
		"Chart.yaml":          chartfile,
		"values.yaml":         "a: {b: 1, c: [x, {d: 2}]}\nl: [1, [2, 3], {k: v}]\nn: null\ns: text\n",
		"templates/show.yaml": "v: {{ toJson .Values }}\n",
		"file.txt":            "of a file\n",
	}}
	for range 1 + r.Intn(2) {
		flag := pick(r, "--set", "--set", "--set", "--set-string", "--set-json", "--set-literal", "--set-file")
		var text strings.Builder
		for i := range 1 + r.Intn(3) {
			if i > 0 {
				text.WriteString(",")
			}
			text.WriteString(pick(r, "a", "l", "x", "y", "z", "new", `do\.t`, "a.c", "l[1]", pick(r, "n", "s", "")))
			for range r.Intn(4) {
				if r.Intn(12) == 0 {
					text.WriteString(pick(r, "[-1]", "[x]", ".", "[", "[]", `\,`, "[ 1]"))
				} else {
					text.WriteString(pick(r, ".b", ".c", "[0]", "[1]", "[3]", ".k", ".d"))
				}
			}
			if r.Intn(12) == 0 {
				continue
			}
			text.WriteString("=")
			switch flag {
			case "--set-json":
				text.WriteString(pick(r, "1", `"x"`, "null", "[1,2]", `{"k": [1.5, null]}`, "", " 1 ", "tru", "1e400", `"é"`))
			case "--set-file":
				text.WriteString(pick(r, "@/file.txt", "@/file.txt", "@/file.txt", "nowhere"))
			default:
				text.WriteString(pick(r, "1", "-1", "+1", "0", "00", "01", "0x1", "1.5", "true", "FALSE", "null", "NULL", "text", "",
					"{a,b}", "{}", "{a", "{1,true,null}", "a b", `x\,y`, `a\`, "a=b", "9223372036854775808", "é", "[1]", "a.b", "{a,{b}}", "}"))
			}
		}
		c.Args = append(c.Args, flag, text.String())
	}
	return c
}

// Patterns of .Files.Glob.
func globs(r *rand.Rand) *testCase {
	c := &testCase{Files: map[string]string{"Chart.yaml": chartfile}}
	for _, name := range []string{"a", "b.txt", "f/a.txt", "f/b.yaml", "f/g/a.txt", "f/g/h/c", "x-1.conf", "x-2.conf", "f/.hidden", "[x]", "a,b"} {
		c.Files[name] = name
	}
	var text strings.Builder
	for i := range 12 {
		var pattern strings.Builder
		// Helm's library has its own opinion of `***`, and of letters that are several bytes long.
		for range 1 + r.Intn(4) {
			if strings.HasSuffix(pattern.String(), "*") {
				pattern.WriteString(pick(r, "/", "a", ".txt", "g"))
				continue
			}
			pattern.WriteString(pick(r, "*", "**", "?", "f", "/", "a", "b", ".txt", "[ab]", "[!a]", "[a-c]", "{a,b}", "{*.txt,x*}", "x-", `\\*`, "g"))
		}
		fmt.Fprintf(&text, "p%d: {{ $l := list %q }}{{ range $n, $_ := .Files.Glob %q }}{{ $l = append $l $n }}{{ end }}{{ toJson $l }}\n", i, pattern.String(), strings.ReplaceAll(pattern.String(), `\\`, `\`))
	}
	c.Files["templates/show.yaml"] = text.String()
	return c
}

// Patterns of .helmignore.
func ignored(r *rand.Rand) *testCase {
	c := &testCase{Files: map[string]string{
		"Chart.yaml":          chartfile,
		"templates/show.yaml": "f: {{ $l := list }}{{ range $n, $_ := .Files }}{{ $l = append $l $n }}{{ end }}{{ toJson $l }}\n",
	}}
	for _, name := range []string{"a", "b.txt", "f/a.txt", "f/b.yaml", "f/g/a.txt", "g/h", ".x", "é.txt", "templates/.hidden.yaml"} {
		c.Files[name] = "x: 1\n"
	}
	for range 1 + r.Intn(4) {
		line := pick(r, "", "", "", "!", "/", "# ", " ")
		for range 1 + r.Intn(3) {
			line += pick(r, "*", "?", "f", "/", "a", "b", ".txt", "[ab]", "[^a]", "[a-c]", "g", "*", "h", pick(r, `\`, "[", "**", "x"))
		}
		c.Files[".helmignore"] += line + pick(r, "\n", "\n", "/\n", "\\r\n")
	}
	c.Files[".helmignore"] = strings.ReplaceAll(c.Files[".helmignore"], "\\r", "\r")
	return c
}

// Texts that are split into manifests.
func splits(r *rand.Rand) *testCase {
	c := &testCase{Files: map[string]string{"Chart.yaml": chartfile}}
	for i := range 1 + r.Intn(2) {
		var text strings.Builder
		for range 2 + r.Intn(8) {
			text.WriteString(pick(r, "---\n", "--- \n", "---\r\n", " ---\n", "---a: 1\n", "--- # c\n", "# comment\n", "\n", "   \n",
				"kind: Service\n", "kind: Pod\n", "kind: Zed\n", "kind: Abc\n", "a: {b: c}\n", "metadata: {annotations: {helm.sh/hook: test}}\n",
				"metadata: {annotations: {helm.sh/hook: 'pre-install, post-install'}}\n", "metadata: {annotations: {helm.sh/hook: nope}}\n",
				"t: |\n  ---\n  x\n", "n: [1, 2]\n", "---\n", pick(r, "----\n", "...\n", "kind: 5\n", "kind: [x]\n")))
		}
		c.Files[fmt.Sprintf("templates/%d.yaml", i)] = text.String()
	}
	return c
}
