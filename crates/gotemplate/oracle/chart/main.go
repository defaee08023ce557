// The benchmark of ../../benches/template.rs in Go: go run ./chart
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"text/template"
)

const templates = 20

func read(name string) string {
	text, err := os.ReadFile("../benches/" + name)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func parse(helpers, workload string) *template.Template {
	t := template.New("chart")
	t.Funcs(template.FuncMap{
		"include": func(name string, data any) (string, error) {
			var out strings.Builder
			err := t.ExecuteTemplate(&out, name, data)
			return out.String(), err
		},
		"indent": func(text string) string { return strings.ReplaceAll(text, "\n", "\n    ") },
	})
	template.Must(t.New("helpers").Parse(helpers))
	for i := range templates {
		template.Must(t.New(fmt.Sprintf("templates/%d.yaml", i)).Parse(workload))
	}
	return t
}

func main() {
	helpers, workload := read("helpers.tpl"), read("workload.tpl")
	var data any
	if err := json.Unmarshal([]byte(read("values.json")), &data); err != nil {
		panic(err)
	}
	fmt.Println("parse ", testing.Benchmark(func(b *testing.B) {
		for range b.N {
			parse(helpers, workload)
		}
	}))
	t := parse(helpers, workload)
	fmt.Println("render", testing.Benchmark(func(b *testing.B) {
		for range b.N {
			for i := range templates {
				var out bytes.Buffer
				if err := t.ExecuteTemplate(&out, fmt.Sprintf("templates/%d.yaml", i), data); err != nil {
					panic(err)
				}
			}
		}
	}))
}
