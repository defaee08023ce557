// Evaluates CEL expressions with Kubernetes' own libraries: one expression a line in, one JSON object
// a line out. The answers are what crates/expr is tested against.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"sort"
	"strconv"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"github.com/google/cel-go/ext"
	"k8s.io/apiserver/pkg/cel/library"
)

type answer struct {
	Expression string `json:"expression"`
	// The value as text, or nothing.
	Value string `json:"value,omitempty"`
	// Where it fails: "check" or "run".
	Fails string `json:"fails,omitempty"`
}

func environment() (*cel.Env, error) {
	return cel.NewEnv(
		cel.HomogeneousAggregateLiterals(), cel.EagerlyValidateDeclarations(true), cel.DefaultUTCTimeZone(true),
		cel.CrossTypeNumericComparisons(true), cel.OptionalTypes(),
		ext.Strings(ext.StringsVersion(2)), ext.Sets(), ext.Math(), ext.Bindings(), ext.Encoders(), ext.TwoVarComprehensions(),
		library.Quantity(), library.SemverLib(library.SemverVersion(1)), library.IP(), library.CIDR(), library.URLs(),
		library.Regex(), library.Lists(), library.Format(),
		cel.Variable("data", cel.DynType),
	)
}

func evaluate(env *cel.Env, expression string) answer {
	result := answer{Expression: expression}
	ast, issues := env.Compile(expression)
	if issues != nil && issues.Err() != nil {
		result.Fails = "check"
		return result
	}
	program, err := env.Program(ast)
	if err != nil {
		result.Fails = "check"
		return result
	}
	value, _, err := program.Eval(map[string]any{"data": nil})
	if err != nil {
		result.Fails = "run"
		return result
	}
	result.Value = show(value)
	return result
}

func quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r < 0x20 || r > 0x7e:
			fmt.Fprintf(&b, "\\u{%x}", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

func show(value ref.Val) string {
	switch v := value.(type) {
	case types.Null:
		return "null"
	case types.Bool:
		return strconv.FormatBool(bool(v))
	case types.Int:
		return strconv.FormatInt(int64(v), 10)
	case types.Uint:
		return strconv.FormatUint(uint64(v), 10) + "u"
	case types.Double:
		return "double " + strconv.FormatUint(math.Float64bits(float64(v)), 16)
	case types.String:
		return quote(string(v))
	case types.Bytes:
		return fmt.Sprintf("bytes %x", []byte(v))
	case types.Timestamp:
		return "timestamp " + string(v.ConvertToType(types.StringType).(types.String))
	case types.Duration:
		return "duration " + string(v.ConvertToType(types.StringType).(types.String))
	case *types.Type:
		return "type " + v.TypeName()
	case *types.Optional:
		if !v.HasValue() {
			return "none"
		}
		return "some " + show(v.GetValue())
	case traits.Lister:
		parts := []string{}
		for it := v.Iterator(); it.HasNext() == types.True; {
			parts = append(parts, show(it.Next()))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case traits.Mapper:
		parts := []string{}
		for it := v.Iterator(); it.HasNext() == types.True; {
			key := it.Next()
			parts = append(parts, show(key)+": "+show(v.Get(key)))
		}
		sort.Strings(parts)
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return "a " + value.Type().TypeName()
}

func main() {
	env, err := environment()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := out.Encode(evaluate(env, line)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
}
