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

// The workload of ../benches/functions.rs, with include and tpl as Helm's engine has them.
func parseChart(helpers, workload string) *template.Template {
	t := template.New("chart").Option("missingkey=zero")
	include := func(t *template.Template) func(string, any) (string, error) {
		return func(name string, data any) (string, error) {
			var out strings.Builder
			err := t.ExecuteTemplate(&out, name, data)
			return out.String(), err
		}
	}
	t.Funcs(functions).Funcs(template.FuncMap{
		"include": include(t),
		"tpl": func(text string, data any) (string, error) {
			inner := template.Must(t.Clone())
			inner.Funcs(template.FuncMap{"include": include(inner)})
			parsed, err := inner.New(t.Name()).Parse(text)
			if err != nil {
				return "", err
			}
			var out strings.Builder
			err = parsed.Execute(&out, data)
			return out.String(), err
		},
	})
	template.Must(t.New("helpers").Parse(helpers))
	for i := range templates {
		template.Must(t.New(fmt.Sprintf("templates/%d.yaml", i)).Parse(workload))
	}
	return t
}

func renderChart(t *template.Template, data any) {
	for i := range templates {
		var out bytes.Buffer
		if err := t.ExecuteTemplate(&out, fmt.Sprintf("templates/%d.yaml", i), data); err != nil {
			panic(err)
		}
	}
}

func chart() {
	helpers, workload := read("helpers.tpl"), read("workload.tpl")
	var data any
	if err := json.Unmarshal([]byte(read("values.json")), &data); err != nil {
		panic(err)
	}
	measure := func(name string, run func()) {
		fmt.Println(name, testing.Benchmark(func(b *testing.B) {
			for range b.N {
				run()
			}
		}))
	}
	measure("parse", func() { parseChart(helpers, workload) })
	t := parseChart(helpers, workload)
	measure("render", func() { renderChart(t, data) })
	for _, call := range []string{"$_ := toYaml $.Values", "toYaml $.Values | nindent 8", "$_ := toJson $.Values", "$_ := toYaml $.Values | fromYaml"} {
		one := template.Must(template.New("one").Funcs(functions).Parse("{{ range 100 }}{{ " + call + " }}{{ end }}"))
		measure(call, func() {
			var out bytes.Buffer
			if err := one.Execute(&out, data); err != nil {
				panic(err)
			}
		})
	}
}
