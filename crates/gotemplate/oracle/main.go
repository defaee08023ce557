// Prints what Go's text/template makes of many templates: the expectations of tests/oracle.rs.
//
//	go run . > ../tests/data/oracle.jsonl
//
// Standard library only. One JSON array a line: ["data", NAME, VALUE] first, then
// [DATA, TEMPLATE, OUTPUT] or [DATA, TEMPLATE, null, ERROR], with the option missingkey as a fifth
// element where it is set. In errors "~" stands for "template: main:" and "@" for ` executing "main" at `.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"strings"
	"text/template"
	"time"
)

// Numbers without a point are int, others float64: as the test reads them.
func decode(text string) any {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		panic(err)
	}
	return numbers(value)
}

func numbers(value any) any {
	switch value := value.(type) {
	case json.Number:
		if n, err := value.Int64(); err == nil && !strings.ContainsAny(value.String(), ".eE") {
			return int(n)
		}
		f, _ := value.Float64()
		return f
	case []any:
		for i := range value {
			value[i] = numbers(value[i])
		}
	case map[string]any:
		for k := range value {
			value[k] = numbers(value[k])
		}
	}
	return value
}

type named map[string]any

type thing struct {
	Name  string
	Count int
	Sub   map[string]any
	Names []string
}

func (t *thing) Has(name string) bool                    { return t.Name == name }
func (t *thing) Join(sep string, parts ...string) string { return strings.Join(parts, sep) }
func (t *thing) Boom(code int) (string, error)           { return "", errors.New("boom") }
func (t *thing) Give(value any) any                      { return value }

type version struct{ Major string }

func (v version) String() string { return "v" + v.Major }

var functions = template.FuncMap{
	"add":     func(a, b int) int { return a + b },
	"upper":   strings.ToUpper,
	"list":    func(items ...any) []any { return items },
	"strs":    func(items ...string) []string { return items },
	"smap":    func(k, v string) map[string]string { return map[string]string{k: v} },
	"fail":    func(message string) (string, error) { return "", errors.New(message) },
	"count":   func(m map[string]any) int { return len(m) },
	"i64":     func(n int) int64 { return int64(n) },
	"u8":      func(n uint8) uint8 { return n },
	"half":    func(f float64) float64 { return f / 2 },
	"flag":    func(b bool) bool { return !b },
	"cplx":    func(c complex128) complex128 { return c },
	"nothing": func() any { return nil },
	"ident":   func(value any) any { return value },
	"fn": func() any {
		return func(n int, parts ...string) string { return strings.Repeat(strings.Join(parts, "-"), n) }
	},
	"thing": func() *thing { return &thing{"box", 3, map[string]any{"a": 1}, []string{"x", "y"}} },
	"named": func() named { return named{"a": 1, "b": nil} },
	"ver":   func() version { return version{"7"} },
	"all": func() []any {
		return []any{complex(1, 2), uint8(200), int64(-3), []byte("hi"), []string{"a", "b"}, map[string]string{"a": "b"}, named{"a": 1, "b": nil}, version{"7"}}
	},
	"bytes": func(s string) []byte { return []byte(s) },
	"dict": func(pairs ...any) (map[string]any, error) {
		if len(pairs)%2 != 0 {
			return nil, errors.New("odd number of arguments")
		}
		m := map[string]any{}
		for i := 0; i < len(pairs); i += 2 {
			key, ok := pairs[i].(string)
			if !ok {
				return nil, errors.New("key is no string")
			}
			m[key] = pairs[i+1]
		}
		return m, nil
	},
}

var (
	out     = bufio.NewWriter(os.Stdout)
	seen    = map[string]bool{}
	address = regexp.MustCompile(`0x[0-9a-f]{5,}|PANIC`)
)

func line(values ...any) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(values); err != nil {
		panic(err)
	}
	out.Write(text.Bytes())
}

func run(data, text, missing string) {
	key := data + "\x00" + text + "\x00" + missing
	if seen[key] || len(text) > 2000 {
		return
	}
	seen[key] = true
	output, err, ok := execute(data, text, missing)
	if !ok || len(output) > 2500 || strings.Contains(output, "\ufffd") || strings.ContainsRune(text, '\ufffd') {
		return
	}
	var values []any
	if err != "" {
		if address.MatchString(err) {
			return
		}
		err = strings.ReplaceAll(err, "template: main:", "~")
		values = []any{data, text, nil, strings.ReplaceAll(err, ` executing "main" at `, "@")}
	} else {
		if address.MatchString(output) {
			return
		}
		values = []any{data, text, output}
		if missing != "" {
			values = append(values, nil)
		}
	}
	if missing != "" {
		values = append(values, missing)
	}
	line(values...)
}

func execute(data, text, missing string) (string, string, bool) {
	t := template.New("main").Funcs(functions)
	if missing != "" {
		t.Option("missingkey=" + missing)
	}
	if _, err := t.Parse(text); err != nil {
		return "", err.Error(), true
	}
	var buffer limited
	done := make(chan error, 1)
	value := decode(datasets[data])
	go func() { done <- t.Execute(&buffer, value) }()
	select {
	case err := <-done:
		if err != nil {
			if errors.Is(err, tooMuch) {
				return "", "", false
			}
			return "", err.Error(), true
		}
		if !validUTF8(buffer.String()) {
			return "", "", false
		}
		return buffer.String(), "", true
	case <-time.After(2 * time.Second):
		panic("slow template: " + text)
	}
}

func validUTF8(text string) bool { return strings.ToValidUTF8(text, "") == text }

var tooMuch = errors.New("too much output")

type limited struct{ bytes.Buffer }

func (l *limited) Write(p []byte) (int, error) {
	if l.Len() > 100000 {
		return 0, tooMuch
	}
	return l.Buffer.Write(p)
}

func main() {
	for _, name := range datasetNames {
		line("data", name, json.RawMessage(datasets[name]))
	}
	tables()
	gosTests()
	random()
	out.Flush()
}
