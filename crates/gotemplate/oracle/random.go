package main

import (
	"fmt"
	"math/rand"
	"strings"
)

// Random templates: half of them from the grammar, half of them tokens in any order.
func random() {
	random := &generator{rand.New(rand.NewSource(26))}
	for range 600 {
		run("a", random.list(2), "")
	}
	for range 650 {
		run("a", random.soup(), "")
	}
}

type generator struct{ *rand.Rand }

func (g *generator) pick(options ...string) string { return options[g.Intn(len(options))] }

func (g *generator) list(depth int) string {
	var text strings.Builder
	for range 1 + g.Intn(3) {
		text.WriteString(g.node(depth))
	}
	return text.String()
}

func (g *generator) node(depth int) string {
	left, right := g.pick("{{", "{{", "{{ ", "{{- "), g.pick("}}", "}}", " }}", " -}}")
	action := func(text string) string { return left + text + right }
	if depth == 0 {
		return g.pick("x", " ", "\n") + action(g.pipe(1))
	}
	switch g.Intn(10) {
	case 0:
		return g.pick("text", "\n", "  a\n", " - ")
	case 1:
		return action("if "+g.pipe(2)) + g.list(depth-1) + "{{end}}"
	case 2:
		return action("if "+g.pipe(2)) + g.list(depth-1) + "{{else if " + g.pipe(1) + "}}" + g.list(depth-1) + "{{else}}" + g.list(depth-1) + "{{end}}"
	case 3:
		return action("with "+g.pipe(2)) + g.list(depth-1) + "{{else}}" + g.list(depth-1) + "{{end}}"
	case 4:
		return action("range "+g.pick("", "$i, $e := ", "$e := ")+g.collection()) + g.pick("", "{{.}}", "{{if .}}{{break}}{{end}}", "{{if .}}{{continue}}{{end}}") + g.list(depth-1) + "{{end}}"
	case 5:
		return action("$x := " + g.pipe(2))
	case 6:
		return "{{$y := 1}}" + action("$y = "+g.pipe(2)) + "{{$y}}"
	case 7:
		name := g.pick("one", "two")
		return fmt.Sprintf("{{block %q %s}}%s{{end}}", name, g.word(1), g.list(0))
	default:
		return action(g.pipe(3))
	}
}

func (g *generator) collection() string {
	return g.pick(".list", ".nums", ".map", ".objs", ".mixed", ".n", ".none", ".x", "(list 1 2)", "(dict \"a\" .s)", ".s", "$.map.c", g.word(1))
}

func (g *generator) pipe(depth int) string {
	text := g.command(depth)
	for g.Intn(3) == 0 {
		text += " | " + g.pick("print", "len", "printf \"%v\"", "upper", "ident", "not", "html", "add 1", "list", "index .list", "eq 1", "or .x", "and 1", "printf \"%q\" \"a\"")
	}
	return text
}

func (g *generator) command(depth int) string {
	if depth == 0 || g.Intn(2) == 0 {
		return g.word(depth)
	}
	name := g.pick("print", "printf \"%v-%v\"", "add", "upper", "list", "dict \"k\"", "index", "slice", "len", "eq", "ne", "lt", "ge", "and", "or", "not", "ident", "count", "strs", "html", "call fn 1")
	for range 1 + g.Intn(3) {
		name += " " + g.word(depth-1)
	}
	return name
}

func (g *generator) word(depth int) string {
	if depth > 0 && g.Intn(4) == 0 {
		return "(" + g.pipe(depth-1) + ")" + g.pick("", "", ".a", ".c.d")
	}
	return g.pick(".", "$", ".s", ".n", ".f", ".t", ".no", ".x", ".null", ".list", ".map", ".map.a", ".map.c", ".map.c.d", ".objs", "1", "0", "2.5", "\"a\"", "`b`", "true", "nil", "'c'", ".uni", ".empty", ".mixed", "$.s", "$.map.b", ".name", ".v")
}

func (g *generator) soup() string {
	var text strings.Builder
	text.WriteString(g.pick("", "a\n", "{{if .t}}", "{{range .list}}"))
	for range 1 + g.Intn(3) {
		text.WriteString("{{" + g.pick("", "- ", " "))
		for range g.Intn(5) {
			text.WriteString(g.pick("if", "else", "end", "range", "with", "define", "template", "block", "break", "continue", "nil", ".", ".s", ".map.a", "$", "$x", "$x.y", "print", "len", "nofunc", "1", "1.5", "0x1", "1i", "\"a\"", "`b`", "'c'", "|", "(", ")", ",", ":=", "=", "+", "-", "!", "é", "\n", "true", "/*", "*/", "\"", "`", "'"))
			text.WriteString(g.pick(" ", " ", " ", "", "\n"))
		}
		text.WriteString(g.pick("}}", "}}", " }}", " -}}", "", "}"))
		text.WriteString(g.pick("", "b", "\n", "{{end}}"))
	}
	return text.String()
}
