package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

var words = []string{
	"a", "b", "key", "Hello", "World", "true", "yes", "no", "on", "null", "~", "1", "0", "-1", "0x1f", "010", "1.5", "1e3", ".5", "-.inf", ".nan", "1_000", "12:30:45", "1:2", "2020-01-02", "2020-01-02T03:04:05Z", "2020-1-2 3:4:5", "190:20:30.15", "0o17", "0b11", "-0b1", "-0o7",
	" ", "  ", "\n", "\n\n", "\t", "\r", "\r\n", ":", ": ", " :", "#", " #", "-", "- ", "--- ", "...", "?", "? ", "!", "&", "*", "|", ">", "'", "\"", "%", "@", "`", "{", "}", "[", "]", ",", "\\", "=", "<<", "<", ">", "é", "日本", "→", "😀", "\u00a0", "\u2028", "\u2029", "\ufeff", "\u0085", "\u0000", "\u001b", "\u007f", "\u0090", "\ufffe", "\u200b",
	"the quick brown fox jumps over the lazy dog", "some-longer-word-without-any-spaces-in-it-that-goes-on-and-on-beyond-eighty-columns-of-text", "http://example.com/a?b=c&d=e", "/bin/sh -c 'echo hi'",
}

func text(most int) string {
	var out strings.Builder
	for range random.Intn(most + 1) {
		out.WriteString(words[random.Intn(len(words))])
	}
	return out.String()
}

func value(depth int) any {
	switch kind := random.Intn(10); {
	case kind < 2 && depth > 0:
		list := []any{}
		for range random.Intn(4) {
			list = append(list, value(depth-1))
		}
		return list
	case kind < 6 && depth > 0:
		entries := map[string]any{}
		for range random.Intn(5) {
			entries[text(2)] = value(depth - 1)
		}
		return entries
	case kind == 6:
		return []any{nil, true, false, 0.0, 1.0, -3.0, 1.5, 1e6, 123456.0, 1234567.0, 1e20, 1e21, -1e-7, 0.000001, 12345678901.0, 1234567.5, 1.7976931348623157e308, 5e-324}[random.Intn(18)]
	default:
		return text(6)
	}
}

// A value through all the encoders at once.
func encode(found any) {
	written, err := json.Marshal(found)
	if err != nil {
		panic(err)
	}
	x := "mustFromJson " + strconv.Quote(string(written))
	ask("{{ $x := " + x + " }}{{ toYaml $x }}\f{{ toYamlPretty $x }}\f{{ toPrettyJson $x }}\f{{ toRawJson $x }}\f{{ toToml $x }}")
}

var pieces = []string{"a", "b", "ab", ".", "\\d", "\\w+", "\\s", "[a-c]", "[^a]", "[[:alpha:]]", "(a|b)", "(?:ab)", "(?i:B)", "(?P<n>x)", "(?<m>y)", "^", "$", "\\b", "\\B", "\\A", "\\z", "*", "+", "?", "*?", "{2}", "{1,}", "{0,2}", "{,2}", "{2,1}", "{1001}", "|", "(", ")", "(?i)", "(?s)", "(?m)", "(?U)", "(?-i)", "(?x)", "[", "]", "[]", "[a", "[z-a]", "\\", "\\Q", "\\E", "\\pL", "\\p{Greek}", "\\P{Lu}", "\\p{Nope}", "\\x41", "\\x{1F600}", "\\101", "\\1", "\\n", "\\.", "\\-", "\\_", "\\q", "\\C", "é", "K", "ſ", "[\\d\\-x]", "[^\\W]", "[[:^digit:]]", "[[:nope:]]", "(?P<>a)", "(?P<a-b>a)", "(?", "(?=a)", "(?:", "[&&a]", "[a--b]", "[a-\\d]", "x*", "(a*)*", "(a*)+", "(|a)"}

func pattern() string {
	var out strings.Builder
	for range 1 + random.Intn(5) {
		out.WriteString(pieces[random.Intn(len(pieces))])
	}
	return out.String()
}

func subject() string {
	alphabet := []string{"a", "b", "ab", "B", "x", "y", "1", " ", "\n", "é", "É", "k", "\u212a", "s", "Ω", ".", "_", "-", "aa"}
	var out strings.Builder
	for range random.Intn(10) {
		out.WriteString(alphabet[random.Intn(len(alphabet))])
	}
	return out.String()
}

func expression() {
	re, s := strconv.Quote(pattern()), strconv.Quote(subject())
	switch random.Intn(4) {
	case 0:
		call(fmt.Sprintf("mustRegexFindAll %s %s %d", re, s, random.Intn(6)-1))
	case 1:
		call(fmt.Sprintf("mustRegexReplaceAll %s %s %s", re, s, pick("repl")))
	case 2:
		call(fmt.Sprintf("mustRegexSplit %s %s %d", re, s, random.Intn(6)-1))
	default:
		call(fmt.Sprintf("regexFind %s %s", re, s))
	}
}

var inText = []string{"upper", "lower", "title", "untitle", "swapcase", "trim", "nospace", "initials", "snakecase", "kebabcase", "camelcase", "quote", "squote", "b64enc", "b32enc", "sha256sum", "regexQuoteMeta", "clean", "dir", "base", "ext", "toJson", "indent 3", "trunc 4", "trunc -4", "abbrev 7", "abbrevboth 5 10", "wrap 6", "wrapWith 6 \"|\"", "substr 1 5", "replace \"a\" \"<>\"", "replace \"\" \"-\"", "splitList \"a\"", "splitn \"a\" 2", "trimAll \"ab \"", "int", "float64", "atoi", "toDecimal", "mustToDuration", "fromJson", "b64dec", "b32dec", "htmlDate", "urlParse", "html", "js", "urlquery"}

var nameParts = []string{"foo", "Bar", "HTTP", "2", "x", "_", "-", " ", ".", "é", "URL", "4th", "  ", "__", "/", "a", "É", "ß", "%", "1"}

func name() string {
	var out strings.Builder
	for range random.Intn(6) {
		out.WriteString(nameParts[random.Intn(len(nameParts))])
	}
	return out.String()
}

var numbers = []string{"0", "1", "-1", "+1", "1.0", "1.50", "-2.7", "1e3", "1E-2", "0x10", "0b11", "0o17", "017", "09", "1_000", "_1", "1__0", "0x_1", "1_", " 1", "1 ", "inf", "-Inf", "nan", ".5", "5.", ".", "e5", "0x1p-2", "0x1.8p1", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551615", "1e400", "1e-400", "0.1", "123456789.123456789", "1.0.0", "00", "1.00", "0.0", "--1", "1,000", "½", "٣"}

func versions() {
	part := func() string { return strconv.Itoa(random.Intn(4)) }
	version := part() + "." + part() + "." + part()
	suffixes := []string{"", "", "-a", "-rc.1", "-1", "-rc.2", "+b", "-a.b+c", "-0"}
	operators := []string{"", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^"}
	endings := []string{"." + part(), "", ".x", ".*"}
	one := func() string {
		return operators[random.Intn(len(operators))] + []string{"", " "}[random.Intn(2)] + part() + endings[random.Intn(4)] + endings[random.Intn(4)] + suffixes[random.Intn(len(suffixes))]
	}
	constraint := one()
	for range random.Intn(3) {
		constraint += []string{" ", ", ", " || ", ",", "  "}[random.Intn(5)] + one()
	}
	if random.Intn(8) == 0 {
		constraint = part() + "." + part() + " - " + part() + endings[random.Intn(4)]
	}
	call("semverCompare " + strconv.Quote(constraint) + " " + strconv.Quote(version+suffixes[random.Intn(len(suffixes))]))
}

var layouts = []string{"2006", "01", "02", "15", "04", "05", "Jan", "January", "Mon", "Monday", "MST", "-0700", "Z07:00", ".000", ".999", ",00", "PM", "pm", "3", "03", "_2", "__2", "002", "1", "2", "4", "5", "06", " ", "-", "/", ":", "T", "Month", "_2006", "x", "é", "0", "-07:00:00", "Z0700"}

func layout() string {
	var out strings.Builder
	for range 1 + random.Intn(6) {
		out.WriteString(layouts[random.Intn(len(layouts))])
	}
	return strconv.Quote(out.String())
}

func times() {
	stamp := random.Int63n(8000000000) - 3000000000
	zones := pools["zone"]
	form := layout()
	call(fmt.Sprintf("dateInZone %s (int64 %d) %s", form, stamp, zones[random.Intn(len(zones))]))
	ask(fmt.Sprintf("{{ mustToDate %s (dateInZone %s (int64 %d) \"UTC\") }}", form, form, stamp))
	call("mustToDate " + form + " " + pick("datestr"))
	units := []string{"h", "m", "s", "ms", "us", "ns", "µs", "d", ""}
	duration := []string{"", "-", "+"}[random.Intn(3)]
	for range 1 + random.Intn(3) {
		duration += []string{"1", "1.5", ".25", "90", "100000", "1.", "0", "3.0000000001"}[random.Intn(8)] + units[random.Intn(len(units))]
	}
	call("mustToDuration " + strconv.Quote(duration))
	call("durationRound " + strconv.Quote(duration))
}

func randomly() {
	for range 500 * scale {
		encode(value(3))
		encode(text(5))
	}
	for range 900 * scale {
		expression()
	}
	for range 700 * scale {
		function := inText[random.Intn(len(inText))]
		subject := name()
		if random.Intn(3) == 0 {
			subject = text(3)
		}
		if function == "htmlDate" {
			continue
		}
		call(function + " " + strconv.Quote(subject))
	}
	for _, number := range numbers {
		for _, function := range []string{"int", "int64", "float64", "add 1", "addf 1", "atoi", "toDecimal", "floor", "mulf 3", "max 0", "durationSeconds", "toYaml", "toYamlPretty", "duration"} {
			call(function + " " + strconv.Quote(number))
		}
	}
	for range 300 * scale {
		versions()
		times()
	}
}
