// Writes what Kubernetes' own converter makes of YAML texts: ../converter.jsonl.
//
// Regenerate, in this folder: go run . > ../converter.jsonl
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"sigs.k8s.io/yaml"
)

type row struct {
	Yaml  string          `json:"yaml"`
	Json  json.RawMessage `json:"json,omitempty"`
	Error bool            `json:"error,omitempty"`
}

func words() []string {
	var all []string
	for _, w := range []string{"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "t", "f", "o", "none", "nil", "yesterday", "nobody", "only", "truth"} {
		b := []byte(w)
		upper, title := []byte(w), []byte(w)
		for i := range b {
			upper[i] = b[i] - 32
		}
		title[0] = b[0] - 32
		mixed := append([]byte{}, b...)
		mixed[len(b)-1] -= 32
		all = append(all, w, string(upper), string(title), string(mixed))
	}
	return append(all, "~", "~x", "", ".nan", ".NaN", ".NAN", ".Nan", ".inf", ".Inf", ".INF", ".iNF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", "+.nan", "-.nan", "Infinity", "-Infinity", "+inf", "-inf", "<<", "=")
}

func numbers() []string {
	var all []string
	bodies := []string{
		"0", "00", "1", "7", "8", "9", "08", "09", "010", "0777", "0888", "01.5", "0o777", "0O17", "0o8", "0x1F", "0X1f", "0xg", "0x", "0b101", "0B11", "0b2", "0b", "0o",
		"1_000", "_1", "1_", "1__0", "0x_1", "0b1_0", "0_7", "12_34.5_6", "1e3", "1E3", "1e+3", "1e-3", "1e", "1e+", "1.", "1.0", "1.5", "0.1", ".5", ".", "..", ".5e1", ".e1", "1.e1", "1.2.3", "1..2", ".1_0",
		"1e20", "1e21", "1e22", "1e308", "1e309", "1e-400", "123456789012345680000", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616",
		"0x7fffffffffffffff", "0x8000000000000000", "0xffffffffffffffff", "0x10000000000000000", "0b1111111111111111111111111111111111111111111111111111111111111111", "0777777777777777777777", "01777777777777777777777", "02000000000000000000000",
		"1:30", "12:30:45", "190:20:30.15", "1,000", "0x1p4", "0x1.8p1", "100m", "1Gi", "1e3Gi", "0.5Gi", "10.0.0.1", "10.0.0.0/8", "1.25", "1.20", "1.10", "v1", "1d", "0e0", "0.0", "00.0", "1e0", "5.0e-1", "3.0e2",
		"99999999999999999999.0", "0.30000000000000004", "1.7976931348623157e308", "4.9e-324", "123456789.123456789", "1e15", "1e16", "1e17", "9007199254740993", "9007199254740993.0", "0.000001", "0.0000001", "1.5e300", "0_", "0__0", "0b_1", "0xdead_beef", "1_0_0",
	}
	for _, sign := range []string{"", "-", "+"} {
		for _, body := range bodies {
			all = append(all, sign+body)
		}
	}
	return append(all, "--1", "+-1", "-+1", "- 1x", "1 2", "-", "+", "-x", "+x", "1-2", "1+2", "0x-1", "0o-7", "0b-1", "-0b-1", "0b+1", "-0b+1", "0-1", "--0b1",
		"2001-12-14", "2001-1-1", "2001-12-14T21:59:43Z", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10", "2001-12-14 21:59:43.10 -5", "2001-13-14", "20011214", "2001-12", "0001-01-01", "12:00")
}

func tagged() []string {
	var all []string
	for _, tag := range []string{"!!str", "!!int", "!!float", "!!bool", "!!null", "!!binary", "!!timestamp", "!local", "!", "!<tag:yaml.org,2002:str>", "!<tag:yaml.org,2002:int>", "!!seq", "!!map", "!!unknown"} {
		for _, text := range []string{"1", "1.5", "true", "yes", "null", "~", "", "abc", "aGVsbG8=", "aGVs bG8=", "!", "0x10", "2001-12-14", "\"1\"", "'true'", "\"\"", "\"aGVsbG8=\"", "'null'", "1e400", "07", "1.0"} {
			all = append(all, tag+" "+text)
		}
	}
	return append(all, "!!str |\n  1\n", "!!int |-\n  1", "!!binary |\n  aGVs\n  bG8=\n", "!!str [1]", "!!map {a: 1}", "!!seq [1]", "!!map [1]", "!!int {a: 1}", "!x {a: 1}", "!!str {a: 1}", "!!null {a: 1}", "!!null [1]")
}

func quoted() []string {
	return []string{
		`"1"`, `'1'`, `"true"`, `''`, `""`, `"a\nb"`, `'a\nb'`, `'it''s'`, `"\x41\u00e9\U0001F600"`, `"\"q\""`, `"a\
  b"`, "\"a\n  b\"", "\"a\n\n  b\"", "'a\n  b'", "a\n  b", "a\n\n  b", `"\/"`, `"\e\0\a\b\t\v\f\r\N\_\L\P"`, `"\q"`, `"tab	in"`, "é", "日本", "'x' # c", "x # c", "x#c", "'a: b'", "a:b", "http://x:80/y", "a, b", "x]", "x}", "?x", ":x", "-x", "*x", "%x", "@x", "`x`", "!x", "&a x",
		"|\n  a\n  b\n", "|-\n  a\n  b\n", "|+\n  a\n\n", ">\n  a\n  b\n", ">-\n  a\n\n  b\n", ">+\n  a\n\n", "|2\n    a\n", "|\n\n  a\n", "|\n  a\n   b\n  c\n", ">\n  a\n   b\n  c\n", ">\n  a\n\n   b\n\n  c\n", "|\n", "|-\n", "|+\n", ">\n\n\n", "|\n  a", "|\n  a\n  \n", "|\n  # not a comment\n", "|\n  a\n# comment\n", "|1\n a\n", ">-\n  a\n  b", "|\n  1\n", "|-\n  true", "|\n  a\t\n", "|\n\ta\n", "|0\n a\n", "|10\n a\n", "| x\n  a\n", "|# c\n  a\n", "| # c\n  a\n", "|-2\n    a\n", "|2-\n    a\n",
	}
}

func documents() []string {
	return []string{
		"a: 1\nb: 2\n", "a: 1\na: 2\n", "{a: 1, a: 2}\n", "a: {b: 1}\na: {c: 2}\n",
		"1: a\n", "1.5: a\n", "true: a\n", "yes: a\n", "no: a\n", "on: a\n", "y: a\n", "n: a\n", "null: a\n", "~: a\n", "\"1\": a\n", "'yes': a\n", "0x10: a\n", "010: a\n", "1e3: a\n", "1.0: a\n", ".inf: a\n", "-.inf: a\n", ".nan: a\n", "2001-01-01: a\n", "18446744073709551615: a\n", "1_000: a\n", "0.1: a\n", "123456789.125: a\n", "1e21: a\n", "1e-7: a\n", "16777217.0: a\n", "3.4e39: a\n",
		"1: a\n\"1\": b\n", "? a\n: b\n", "? [a]\n: b\n", "? {a: 1}\n: b\n", "? a\n", "? |\n  a\n: b\n", "[a]: b\n", "{a: 1}: b\n", "? \n: b\n", ": b\n", "!!str 1: a\n", "!!int \"1\": a\n", "!!binary aGVsbG8=: a\n", "&k a: 1\nb: *k\n", "&k a: 1\n*k : 2\n", "x: &k a\n*k : 2\n", "x: &k 1\n*k : 2\n", "x: &k [1]\n*k : 2\n",
		"x: &a {b: 1}\ny: *a\n", "x: &a {b: 1}\ny:\n  <<: *a\n", "x: &a {b: 1}\ny:\n  <<: *a\n  b: 2\n", "x: &a {b: 1}\ny:\n  b: 2\n  <<: *a\n", "x: &a {b: 1}\nz: &c {b: 3, d: 4}\ny:\n  <<: [*a, *c]\n", "x: &a {b: 1}\nz: &c {b: 3, d: 4}\ny:\n  <<: [*c, *a]\n  b: 9\n", "y:\n  <<: {b: 1}\n", "y:\n  <<: [{b: 1}, {b: 2}]\n", "y:\n  <<: 1\n", "y:\n  <<: [1]\n", "y:\n  <<: ~\n", "y:\n  \"<<\": {b: 1}\n", "y:\n  '<<': 1\n", "y:\n  !!merge <<: {b: 1}\n", "y:\n  !!str <<: {b: 1}\n", "<<: {b: 1}\n", "x: &a {b: 1}\nz: &c\n  <<: *a\n  d: 2\ny:\n  <<: *c\n", "x: &a {b: 1}\nz: &c {e: 5}\ny:\n  <<: *a\n  b: 2\n  <<: *c\n", "x: &a {b: 1}\nz: &c {b: 5}\ny:\n  <<: *a\n  <<: *c\n", "x: &a {b: 1}\nz: &c {b: 5}\ny:\n  b: 0\n  <<: [*a, *c]\n  q: 1\n", "x: &a [1]\ny:\n  <<: *a\n", "x: &a {y: {<<: *a}}\n", "x: &a\n  b: *a\n", "x: *nope\n", "- &a 1\n- &a 2\n- *a\n", "x: &a {b: 1, b: 2}\ny:\n  <<: *a\n", "a: &x\nb: *x\n", "a: &x ''\nb: *x\n", "y:\n  <<: [[{b: 1}]]\n", "y:\n  <<: []\n", "y:\n  <<: {}\n  z: 1\n",
		"- a\n- b\n", "- - a\n  - b\n- c\n", "-\n  - a\n", "- a: 1\n  b: 2\n- c: 3\n", "a:\n- b\n- c\n", "a:\n  - b\n  - c\nd: e\n", "a:\n-\n- ~\n- ''\n", "a:\nb:\n", "a: # c\n  b: 1\n", "a: []\nb: {}\n", "[a, b, {c: d}]\n", "{a: [1, 2], b: {c: ~}}\n", "{a, b: 1}\n", "[a: 1, b]\n", "{a: , b: }\n", "[1, 2, ]\n", "[,]\n", "[1,,2]\n", "{a: 1,}\n", "{a:1}\n", "{\"a\":1}\n", "[a\n, b]\n", "{a: b\n}\n", "a: [1,\n2]\n", "a: {b: 'x'}\n",
		"a\n", "1\n", "true\n", "\"x\"\n", "~\n", "", "# c\n", "---\n", "--- a\n", "---\na: 1\n", "---\na: 1\n...\n", "%YAML 1.1\n---\na: yes\n", "%YAML 1.2\n---\na: yes\n", "%TAG ! tag:x,2000:\n---\na: !y 1\n", "--- |\n a\n", "--- # c\na: 1\n", "---\n# c\n", "...\n", "a: 1\n...\n", "\ufeffa: 1\n", "a: 1\r\nb: |\r\n  x\r\n  y\r\n", "a: \"x\r\n  y\"\r\n",
		"a: b: c\n", "a: 'b\n", "a: \"b\n", "a: [b\n", "a: {b\n", "\ta: 1\n", "a:\n\tb: 1\n", "a: 1\n b: 2\n", "  a: 1\n b: 2\n", "a:\n  b: 1\n c: 2\n", "a: 1\nb\n", "a\nb: 1\n", "- a\nb: 1\n", "a: 1\n- b\n", "a: @x\n", "a: `x`\n", "a: %x\n", "a: ]\n", "a: }\n", "a: *\n", "a: &\n", "a: & b\n", "a: !\n", "a: |x\n", "a: b #c\n", "a: b#c\n", "a : b\n", "a :b\n", "a:b\n", "\"a\":b\n", "\"a\": b\n", "'a' : b\n", "a: -\n", "a: - b\n", "a: ? b\n", "? a: b\n", "- - - a\n", "-a\n", "- -a\n", "a: 'b' c\n", "a: \"b\" c\n", "a: 'b'# c\n", "a: [b] c\n", "a: {b: 1} c\n", "#a: 1\nb: 2\n", "a: \t1\n", "a:\t1\n", "-\ta\n", "a: 1\t# c\n", "a: x\ty\n", "a: \t\n  b: 1\n", "a: 1 \n", "a: b\n  c\nd: e\n", "a: b\n  c: d\n", "a: 'b\n\n  c'\n", "a:\n    b:\n        c: 1\n    d: 2\n", "a:\n  b:\n  - c\n  - d\n  e: f\n", "a:\n  - b: 1\n    c:\n    - d\n  - e\n",
		"a: \"\\ud83d\\ude00\"\n", "a: {b: {c: {d: 1}}}\n", "é: 1\n", "a.b/c: 1\n", "a b: 1\n", "\"a b\": 1\n", "a: x:y\n", "a: x: \n", "a: http://b\n", "a: {{ .Values.x }}\n", "a: \"{{ .Values.x }}\"\n", "{{ if .x }}\na: 1\n", "a: <b>\n", "a: 1 # c\n# d\nb: 2\n", "a: |\n  x\n b: 1\n", "a: |\n  x\n   y\n z\n", "a: >-\n  x\n\n\n  y\nb: 1\n", "a:\n- |\n x\n- >-\n y\n", "- |\n a\n- b\n", "a: |\n\n\n  x\n\n\nb: 1\n", "a: |+\n\n\nb: 1\n", "a: |\n    x\n  y\n", "a: |\n   \n  x\n",
	}
}

func convert(out *bufio.Writer, text string) {
	result := row{Yaml: text}
	converted, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		result.Error = true
	} else {
		result.Json = converted
	}
	line, err := json.Marshal(result)
	if err != nil {
		panic(err)
	}
	fmt.Fprintln(out, string(line))
}

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, list := range [][]string{words(), numbers(), tagged(), quoted()} {
		for _, text := range list {
			convert(out, "v: "+text+"\n")
			convert(out, "- "+text+"\n")
		}
	}
	for _, text := range documents() {
		convert(out, text)
	}
}
