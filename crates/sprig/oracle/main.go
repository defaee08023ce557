// Prints what Helm's template functions answer to many calls: the expectations of tests/suite/oracle.rs.
//
//	go run . > ../tests/data/oracle.jsonl
//
// The functions are the real ones: the table of helm.sh/helm/v4's engine, whose Sprig, YAML and TOML
// libraries are those of its go.mod. One JSON array a line: ["data", VALUE] first, then
// [TEMPLATE, OUTPUT] or [TEMPLATE, null, ERROR]. Templates run with missingkey=zero, as Helm's.
// "= CALL" stands for a template that calls and shows what comes, as function call has it.
// In errors "~" stands for "template: main:" and "@" for ` executing "main" at `.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"math/rand"
	"os"
	"regexp"
	"strconv"
	"strings"
	"text/template"
	"unicode/utf8"
	_ "unsafe"

	_ "helm.sh/helm/v4/pkg/engine"
)

//go:linkname funcMap helm.sh/helm/v4/pkg/engine.funcMap
func funcMap() template.FuncMap

const data = `{"null":null,"t":true,"no":false,"n":3,"zero":0,"neg":-4,"f":1.5,"big":12345678901,"huge":1e21,"tiny":1e-7,
"s":"text","empty":"","uni":"héllo→𝄞","lines":"a\n  b\n\nc\n","num":"42","html":"<a href=\"x\">'&</a>",
"list":["a","b","c"],"nums":[3,1,2],"mixed":[1,"x",null,true,[2],{"k":"v"}],"none":[],"dups":["a","b","a",1,1.0,"1",null,null],
"map":{"b":2,"a":1,"c":{"d":"deep","e":null,"l":[1,2]}},"nomap":{},
"over":{"a":9,"c":{"d":"new","x":[]},"z":null,"e":""},"objs":[{"name":"x","v":1},{"name":"y"},{"name":"z","v":null}],
"strs":{"scheme":"https","host":"h:8","path":"/p q","query":"a=b","fragment":"f","userinfo":"u:p@"},
"image":{"repository":"nginx","tag":"1.25","pullPolicy":"IfNotPresent","empty":""}}`

var functions = funcMap()

var colons = regexp.MustCompile(`^template: main:`)

func run(text string) (out string, err error) {
	t := template.New("main").Option("missingkey=zero").Funcs(functions)
	if _, err = t.Parse(text); err != nil {
		return "", err
	}
	var values any
	if err := json.Unmarshal([]byte(data), &values); err != nil {
		panic(err)
	}
	var buffer bytes.Buffer
	err = t.Execute(&buffer, values)
	return buffer.String(), err
}

var (
	seen   = map[string]bool{}
	writer = bufio.NewWriter(os.Stdout)
	random = rand.New(rand.NewSource(5))
)

func write(line ...any) {
	buffer := &bytes.Buffer{}
	encoder := json.NewEncoder(buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(line); err != nil {
		panic(err)
	}
	writer.Write(buffer.Bytes())
}

const (
	before = "{{ $x := "
	shows  = `{{ printf "%T" $x }} {{ $x | toRawJson }} {{ $x }}`
	after  = " }}" + shows
)

// Asks for one template and writes what comes.
func ask(text string) {
	if seen[text] {
		return
	}
	seen[text] = true
	out, err := run(text)
	if call, found := strings.CutPrefix(text, before); found && strings.HasSuffix(call, after) {
		text = "= " + strings.TrimSuffix(call, after)
	}
	if !utf8.ValidString(out) || strings.Contains(out, "\\ufffd") {
		return // A byte that is no letter is U+FFFD to us from the start.
	}
	if err == nil {
		write(text, out)
		return
	}
	message := colons.ReplaceAllString(err.Error(), "~")
	message = strings.Replace(message, ` executing "main" at `, "@", 1)
	write(text, nil, message)
}

// Shows a value's type and content: %v alone hides types inside, JSON alone hides kinds of numbers.
//
// Of what a parser says about a text only that it says something is held against ours.
func call(expression string) {
	show := shows
	switch name, _, _ := strings.Cut(expression, " "); name {
	case "fromYaml":
		show = `{{ if hasPrefix "error converting YAML" (toString (get $x "Error")) }}error{{ else }}` + show + `{{ end }}`
	case "fromYamlArray":
		show = `{{ if hasPrefix "error converting YAML" (toString (first $x)) }}error{{ else }}` + show + `{{ end }}`
	case "fromToml":
		show = `{{ if hasPrefix "toml:" (toString (get $x "Error")) }}error{{ else }}` + show + `{{ end }}`
	}
	ask(before + expression + " }}" + show)
}

// How many random cases there are: times this. More than 1 is for trying, not for keeping.
var scale = 1

func main() {
	if len(os.Args) > 1 && os.Args[1] == "chart" {
		chart()
		return
	}
	if len(os.Args) > 1 {
		scale, _ = strconv.Atoi(os.Args[1])
		random = rand.New(rand.NewSource(int64(scale)))
	}
	defer writer.Flush()
	var value any
	if err := json.Unmarshal([]byte(data), &value); err != nil {
		panic(err)
	}
	write("data", value)
	systematic()
	byHand()
	randomly()
}
