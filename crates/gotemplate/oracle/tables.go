package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

var datasetNames = []string{"a", "vals", "go", "str", "null"}

var datasets = map[string]string{
	"a": `{"s":"text","empty":"","n":3,"zero":0,"neg":-4,"f":1.5,"t":true,"no":false,"null":null,"list":["a","b","c"],"nums":[1,2,3],` +
		`"mixed":[1,"x",null,true,[2]],"none":[],"map":{"b":2,"a":1,"c":{"d":"deep"}},"nomap":{},"objs":[{"name":"x","v":1},{"name":"y"},{"name":"z","v":null}],"html":"<a href=\"x\">'&</a>","uni":"héllo→"}`,
	"vals": `[0,1,-7,255,97,1234567,1.5,-0.25,1000000.0,1e21,1.0,0.000001,123456789.0,"héllo\n","","a\"b` + "`" + `","\u00a0\u200b","tab\t",true,false,null,[1,"a",null],[],{"k":"v","n":null,"a":[1.5]},{}]`,
	"go": `{"True":true,"I":17,"U16":16,"X":"x","S":"xyz","U":{"V":"v","TrueFalse":true},"V":"v","MSI":{"one":1,"two":2,"three":3},"MSIone":{"one":1},` +
		`"MSIEmpty":{},"SI":[3,4,5],"SIEmpty":[],"SB":[true,false],"SMSI":[{"one":1,"two":2},{"eleven":11}],"Empty0":null,"Empty1":3,"Empty2":"empty2","Empty3":[7,8],` +
		`"Str":"foozle","Err":"erroozle","NilOKFunc":null,"Tmpl":"tmpl","PI":23,"W":{"k":"w"},"FloatZero":0.0,"Float":1.5}`,
	"str":  `"just text"`,
	"null": `null`,
}

func table(data string, templates ...string) {
	for _, text := range templates {
		run(data, text, "")
	}
}

func tables() {
	table("a", language...)
	table("a", scopes...)
	table("a", calls...)
	table("a", failures...)
	table("a", syntax...)
	for _, missing := range []string{"zero", "error", "default"} {
		for _, text := range []string{"{{.x}}", "{{.x.y}}", "{{.null}}", "{{.null.x}}", "{{.map.x}}", "{{.map.c.x}}", "{{if .x}}a{{else}}b{{end}}",
			"{{$x := .x}}{{$x.y}}", "{{(smap \"a\" \"b\").x}}|{{(smap \"a\" \"b\").a}}", "{{index .map \"x\"}}", "{{(index .map \"x\").y}}", "{{with .x}}a{{else}}b{{end}}", "{{range .x}}a{{else}}b{{end}}"} {
			run("a", text, missing)
		}
	}
	for _, text := range []string{"{{.}}", "{{.x}}", "{{$}}", "{{$.x}}", "{{len .}}", "{{printf \"%v %T\" . .}}", "{{range .}}{{.}}{{else}}none{{end}}", "{{index . 0}}", "{{slice . 1 3}}", "{{if .}}y{{end}}", "{{.x.y}}"} {
		table("str", text)
		table("null", text)
		run("null", text, "error")
	}
	verbs := []string{"v", "T", "d", "s", "q", "x", "X", "o", "O", "b", "c", "U", "e", "E", "f", "F", "g", "G", "t", "w", "z", "%", "!", "é", "p"}
	flags := []string{"", "+", "-", "#", "0", " ", "5", "-8", "08", ".2", "8.3", "#+", "-#9", "+09.2", ".0", "# ", "#.3"}
	for _, verb := range verbs {
		for _, flag := range flags {
			if verb == "p" && flag != "" {
				continue
			}
			vals := "."
			if verb == "p" {
				vals = "(slice . 0 20)"
			}
			table("vals", fmt.Sprintf("{{range %s}}{{printf %s .}}|{{end}}", vals, strconv.Quote("%"+flag+verb)))
			table("null", fmt.Sprintf("{{range all}}{{printf %s .}} {{end}}", strconv.Quote("%"+flag+verb)))
		}
	}
	for _, format := range formats {
		table("a", "{{printf "+format+"}}")
	}
	operands := []string{"1", "2", "-1", "1.5", `"a"`, `"b"`, "true", "false", ".null", ".x", ".list", ".map", "nil", "(u8 3)", "(i64 3)", ".n", "'a'", "1+2i", "(bytes \"a\")", "named", "(strs)", "fn", "thing"}
	for i, op := range []string{"eq", "lt", "le", "ne", "gt", "ge"} {
		operands := operands
		if i > 1 {
			operands = operands[:len(operands)-10]
		}
		for _, left := range operands {
			for _, right := range operands {
				table("a", fmt.Sprintf("{{%s %s %s}}", op, left, right))
			}
		}
	}
	for _, fn := range []string{"len", "not", "print", "println", "html", "js", "urlquery", "ident", "upper", "half", "u8", "i64", "flag", "count", "cplx", "strs", "index", "slice", "call", "and", "or", "eq", "printf"} {
		for _, arg := range append(operands, ".uni", ".html", ".s", ".none", ".nomap", "$", ".", "(.list)", "(index .list 1)", "(1)", "0x10", "1e3", "`raw`", "ver", "(nothing)", "nothing") {
			table("a", "{{"+fn+" "+arg+"}}", "{{"+arg+" | "+fn+"}}")
		}
	}
	for _, item := range []string{".list", ".s", ".map", ".n", ".null", ".x", ".mixed", "nil", "(strs \"a\" \"b\")", "(smap \"a\" \"b\")", "(bytes \"abc\")"} {
		for _, at := range []string{"", "0", "1", "3", "-1", "90", `"a"`, `"zz"`, "nil", ".x", "1.5", "1 2", "2 1", "0 1 2", "1 1 0", "0 3 3", "0 90", `"c" "d"`, "(u8 1)", "true", "0 1 2 3", `"c" "d" 0`} {
			table("a", "{{index "+item+" "+at+"}}", "{{slice "+item+" "+at+"}}")
		}
	}
	numberTables()
}

func numberTables() {
	for _, number := range []string{"0", "-0", "+0", "1", "+1", "-1", "007", "08", "0o17", "0O17", "0b101", "0B2", "0x1F", "0X1f", "-0x1f", "1_000", "1__0", "_1", "1_", "0_7", "0x_1", "0b_1", "1.", ".5", "-.5", "1.5", "1e3", "1E3", "1e+3", "1e-3", "1e", "1.5e2", "0x1p4", "0x1.8p1", "0x.8p1", "0x1P-2", "0x1.8", "1_0.5", "1._5", "1i", "1.5i", "0i", "-1i", "1+2i", "1-2i", "1.5+2.5i", "1+2", "1+0i", "3+0i", "1e3i", "0x1i", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "1e19", "1e400", "99999999999999999999", "0.1", "1e6", "123456.0", "100000000000000000000.0", "'a'", "'\\n'", "'\\''", "'é'", "'ab'", "''", "'\\x41'", "'\\101'", "'\\u00e9'", "'\\q'", "1abc", "0xg", "1.2.3", "--1", "+-1", "1+", "+", "-", ".", "0e0", "1e5", "0xe1", "0x1e+1", "1_000.000_1", "'\"'", "0b1e3"} {
		table("null", "{{printf \"%T %v\" "+number+" "+number+"}}", "{{add "+number+" 1}}", "{{half "+number+"}}", "{{u8 "+number+"}}", "{{cplx "+number+"}}")
	}
	for _, text := range []string{`"a"`, `"\n\t\\\""`, `"\a\b\f\r\v"`, `"\x41"`, `"\101"`, `"\u00e9"`, `"\U0001F600"`, `"\'"`, `"\q"`, `"\x4"`, `"\400"`, `"\ud800"`, `"unclosed`, "\"new\nline\"", "`raw \\n`", "`raw\nline`", "`unclosed", `""`, "``", `"a" "b"`, `"a".b`, `("a").b`, `"{{"`, `"}}"`, "'}}'", `"a}}b"`} {
		table("null", "{{"+text+"}}", "{{printf \"%q\" "+text+"}}", "{{len "+text+"}}")
	}
}

var formats = []string{
	`"%d"`, `"%d %d" 1`, `"%d" 1 2`, `"%d" 1 "x" nil`, `"%!" 1`, `"%"`, `"%%"`, `"100%"`, `"%5%"`, `"%-"`, `"%z" 3`, `"%d" "s"`, `"%s" 3`, `"%s" .list`, `"%d" .list`, `"%q" .list`, `"%v" .map`, `"%s" .map`, `"%+v" .map`, `"%#v" .map`, `"%#v" .mixed`, `"%x" "hello"`, `"% x" "hello"`, `"%# x" "hello"`, `"%X" "hello"`, `"%.3x" "hello"`, `"%20x|" "hi"`, `"%-20x|" "hi"`,
	`"%[2]d %[1]d" 1 2`, `"%[1]d %d" 1 2`, `"%[3]d" 1`, `"%[0]d" 1`, `"%[x]d" 1`, `"%[1" 1`, `"%[]d" 1`, `"%[1]" 1`, `"%[2]*[1]d|" 7 5`, `"%[1]2d" 1`, `"%[1].2d" 1`, `"%*d|" 5 42`, `"%-*d|" 5 42`, `"%*d|" -5 42`, `"%*d|" "x" 42`, `"%*d" 5`, `"%.*f|" 2 3.14159`, `"%.*f|" -2 3.14159`, `"%.*f|" "x" 3.14`, `"%*.*f|" 8 2 3.14159`, `"%.[2]*[1]f|" 3.14159 2`, `"%9999999d|" 3`, `"%.9999999d|" 3`, `"%*d|" 9999999 3`,
	`"%s %s" "a"`, `"%s" nil`, `"%d" nil`, `"%v" nil`, `"%T" nil`, `"%t" nil`, `"%s" .x`, `"%d" .x`, `"%v" .x`, `"%T %T %T %T %T %T %T" .s .n .f .t .list .map .x`, `"%v %v" .null .x`, `"%06d|%6d|%-6d|%+d|% d" 42 42 42 42 42`, `"%06d|%06.3d" -42 -42`, `"%x %X %#x %#X" 255 255 255 255`, `"%o %#o %O" 8 8 8`, `"%b %#b" 5 5`, `"%c%c" 72 0x1F600`, `"%q %+q %#q" 'x' 'é' 'x'`, `"%U %#U" 0x1F600 0x1F600`, `"%e %E" 1234.5678 0.00012`, `"%g %G" 1e20 1e-7`, `"%8.2f|%-8.2f|%08.2f|%+.2f" 3.14159 3.14159 3.14159 3.14159`, `"%6.2f%%" 12.345`, `"%t %v" true false`, `"%5t|%-7t|" true false`, `"%5s|%-5s|%.2s|%5.1s|" "ab" "ab" "abc" "abc"`, `"%q" "a\"b\n"`, `"%+q" "é"`, "\"%#q\" \"a`b\"", `"%#q" "ab"`, `"%10q|" "a"`, `"%v" 1e6`, `"%v %v %v" 100000.0 1000000.0 21000000.0`, `"%v" 1e-5`, `"%6v|%-6v|%06v" 1.5 1.5 1.5`, `"%.3v" 3.14159`, `"%.3v" "abcdef"`, `"%5v|" .nums`, `"%05d|" .nums`, `"%x" .nums`, `"%s" true`, `"%d" 1.5`, `"%f" 1`, `"%s" 1+2i`, `"%v %.1f %+v" 1+2i 1+2i 1+2i`, `"%c" 1114112`, `"%c" -1`, `"%U" -1`, `"%x" -255`, `"%x" 3.5`, `"%X" -1.25`, `"%.2x" 3.14159`, `"%b" 1.5`, `"%#g|%#.3g|%#e|%#f" 1.0 1.0 1.0 1.0`, `"%08.3f|% f|%+08.2f" -3.14159 2.5 2.5`, `.s`, `.n`, `.x`, `.s 1`, `"" 1`, `nil`,
}

// Every template in the tests of Go's own package, run on data of the same names.
func gosTests() {
	for _, pattern := range []string{"text/template/*_test.go", "text/template/parse/*_test.go"} {
		files, err := filepath.Glob(filepath.Join(runtime.GOROOT(), "src", pattern))
		if err != nil || len(files) == 0 {
			panic("no tests of Go")
		}
		for _, file := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				panic(err)
			}
			ast.Inspect(parsed, func(node ast.Node) bool {
				if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
					if text, err := strconv.Unquote(literal.Value); err == nil && strings.Contains(text, "{{") && !strings.Contains(text, "slice .SI 4 5") {
						table("go", text)
					}
				}
				return true
			})
		}
	}
}
