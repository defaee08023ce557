package main

import "strings"

// Expressions of every kind that a template can hand to a function.
var pools = map[string][]string{
	"any": {
		"nil", ".null", ".missing", "true", "false", "0", "1", "-3", "2.5", "1000000.0", ".n", ".f", ".neg", ".big", ".huge", ".zero", `""`, `"a"`, `"abc def"`, `"5"`, `"0x1f"`, `"1.0"`, `"-2.7"`, `"1e3"`, `"010"`, `"0o17"`, `"true"`, `" 7"`, `"1_000"`,
		"list", "dict", `(list 1 "a" nil)`, ".list", ".nums", ".mixed", ".map", ".none", ".nomap", "(until 3)", `(splitList "," "a,b")`, `(semver "1.2.3-beta.1+b5")`, "(int64 7)", `(toDate "2006-01-02" "2020-05-06")`, `(dict "a" (dict "b" 1))`, `(mustToDuration "90m")`, `(split "," "x,y")`, `(rest list)`, `(fromYaml "")`, "'c'", ".uni", ".lines",
	},
	"some":       {"nil", ".null", ".missing", "true", "0", "-3", "2.5", ".n", `""`, `"a"`, `"12"`, ".list", ".map", ".none", "(until 3)", `(semver "1.2.3")`, `(splitList "," "a,b")`},
	"str":        {`""`, `"a"`, `"abc"`, `"Hello World"`, `"hello-world_foo.bar"`, `"  padded\t\n"`, `"héllo wörld"`, `"日本語 text"`, `"FooBarHTTPServer2Go"`, `"a,b,,c"`, `"line1\nline2\n"`, `"x"`, `"aaa"`, `"it's \"q\" \\ end"`, ".s", ".uni", ".lines", ".html", `"1.2.3"`, `"/a/b/../c.tar.gz"`, `"%"`, `"aßc"`, `"ǅ ŉ ı İ"`},
	"strish":     {`"a"`, `"abc"`, ".s", ".uni", ".n", "nil", ".missing", ".list", "true"},
	"sep":        {`""`, `","`, `"a"`, `"-"`, `"l"`, `"ab"`, `" "`, `"é"`, `"\n"`},
	"int":        {"-7", "-1", "0", "1", "2", "3", "5", "8", "20", "(int 4)"},
	"intish":     {"2", ".n", `"3"`, "nil", "2.0", "2.5", "(int64 3)", "true"},
	"list":       {"list", `(list "a" "b" "c")`, `(list 1 2 2 3)`, ".list", ".nums", ".mixed", ".none", ".dups", "(until 4)", `(splitList "," "b,a,c,a")`, "(list nil)", `(list (list 1) (list 1) (dict "a" 1) (dict "a" 1))`, `(list "" 0 false nil "x" list)`, "(rest list)", `(list "10" "9" "a" "B")`, `(chunk 2 (until 3))`},
	"listish":    {"nil", ".null", ".missing", `"abc"`, "3", ".map", "true", `(semver "1.2.3")`, ".s"},
	"map":        {"dict", `(dict "a" 1 "b" "x")`, ".map", ".nomap", ".over", ".image", `(dict "a" nil "c" (dict "d" 1 "n" nil))`, `(dict "c" "text")`, `(dict "c" (list 1 2) "l" list)`, `(fromYaml "c: {d: [1], q: z}")`},
	"mapish":     {"nil", ".null", ".missing", ".list", `"a"`, "3", `(split "," "a")`},
	"key":        {`"a"`, `"b"`, `"c"`, `"nope"`, `""`, ".s"},
	"num":        {"0", "1", "-1", "7", "2.5", "-2.5", ".n", ".f", ".neg", ".big", `"3"`, `"2.75"`, `"abc"`, `""`, "nil", "true", ".list", "9223372036854775807", `"0x10"`, "1e10", "0.1", ".huge", `(int64 5)`, `"1e2"`, `"-0"`},
	"regex":      {`"a"`, `"[a-z]+"`, `"^a"`, `"b$"`, `"(h)(e)?"`, `"\\d+"`, `"(?i)HELLO"`, `"l*"`, `"("`, `"[z-a]"`, `"a**"`, `"\\pL+"`, `"(?P<first>\\w)(?P<last>\\w)"`, `""`, `"\\b"`, `"(?s)."`, `"x{2,1}"`, `"[[:upper:]]"`, `"é"`, `"a|b|c"`},
	"version":    {`"1.2.3"`, `"v1.2.3"`, `"1.2"`, `"1"`, `"1.2.3-alpha.1"`, `"1.2.3+meta"`, `"1.2.3-beta+exp.sha"`, `"abc"`, `""`, `"1.2.3.4"`, `"01.2.3"`, `"1.2.3-01"`, `"v1.30.2-gke.1587003"`, `"1.2.3-"`, `"99999999999999999999.1.1"`, `" 1.2.3"`, `"1.x"`},
	"constraint": {`"1.2.3"`, `"=1.2.3"`, `"!=1.2.3"`, `">=1.2.0"`, `"<2"`, `"<2.0.0-0"`, `"^1.2"`, `"^0.2.3"`, `"^0.0.3"`, `"^0"`, `"~1.2"`, `"~1"`, `"~>1.2.3"`, `"1.x"`, `"1.2.x"`, `"*"`, `"x"`, `""`, `">=1.2 <1.3"`, `">=1.2, <1.3"`, `"<1.0 || >=1.2.3"`, `"1.2 - 1.4.5"`, `">=1.19-0"`, `"~1.2.3-beta"`, `"^1.2.3-alpha"`, `"=>1.2"`, `"=<1.2"`, `"> 1.2.3"`, `"abc"`, `">="`, `"1.2.3 foo"`, `">= v1.2.3"`, `"!=1.x"`, `">1.x"`, `"<=1.2.x"`, `">=1.2.3-rc.1"`, `"1.2.3-beta.1+build"`, `"||"`, `"^1.2.3 || ^2"`},
	"layout":     {`"2006-01-02"`, `"2006-01-02T15:04:05Z07:00"`, `"Mon Jan _2 15:04:05 2006"`, `"02/01/06 03:04PM"`, `"2006-01-02 15:04:05.999999999 -0700 MST"`, `"Monday, 2 January 2006"`, `"15:04:05.000"`, `"002 __2 2006"`, `"pm PM Pm 1 01 3 03"`, `""`, `"no verbs"`, `"20060102150405"`, `"Z0700 Z07:00:00 -07 -07:00"`},
	"date":       {`(toDate "2006-01-02" "2020-05-06")`, `(toDate "2006-01-02T15:04:05.999Z07:00" "1999-12-31T23:59:58.123+02:00")`, `(toDate "2006" "x")`, "(int64 1700000000)", "1700000000", `(dateModify "-1h30m" (toDate "2006-01-02" "2024-03-01"))`},
	"zone":       {`"UTC"`, `"America/New_York"`, `"Asia/Kolkata"`, `"Europe/Berlin"`, `"nope"`, `""`, `"Local"`},
	"duration":   {`"1h"`, `"90s"`, `"-1.5h"`, `"1h2m3s4ms5us6ns"`, `"100"`, `""`, `"abc"`, `"2.5"`, `".5s"`, `"1d"`, `"9223372036854775807ns"`, `"300y"`, "(int64 90)", "90", "2.5", "nil", ".list", `(mustToDuration "26h")`, "-3600", "1e300", `"inf"`, `"  5m "`, `"0"`, `"1us"`, `"1µs"`, ".n"},
	"path":       {`""`, `"/"`, `"a"`, `"/a"`, `"a/"`, `"/a/b/c"`, `"a//b/./c/.."`, `"../../x"`, `"a.b.c"`, `".hidden"`, `"/a/b.d/"`, `"//x"`, `"."`, `".."`, `"/.."`, `"a/b/../../.."`},
	"url":        {`"https://user:pa%20ss@host.com:8080/p/a%20th?q=1&r=2#frag%20x"`, `"http://host"`, `"/path/only"`, `"mailto:me@x.y"`, `""`, `"a:b:c"`, `"http://[::1]:80/"`, `"%zz"`, `"http://a b/"`, `"//host/path"`, `"?q"`, `"http://h:port/"`, `":x"`, `"http://host/%2f/a?x=%zz"`, `"http://u@h"`, `"HTTP://H/é"`, `"http://host#f"`, `"opaque:data,more?x=y"`},
	"type":       {`"string"`, `"int"`, `"float64"`, `"map[string]interface {}"`, `"[]interface {}"`, `"bool"`, `"*semver.Version"`, `"semver.Version"`, `"<nil>"`, `"[]string"`, `"int64"`},
	"kind":       {`"string"`, `"int"`, `"float64"`, `"map"`, `"slice"`, `"bool"`, `"ptr"`, `"invalid"`, `"struct"`, `"int64"`},
	"b64":        {`""`, `"YQ=="`, `"aGVsbG8="`, `"aGVsbG8"`, `"!!"`, `"YW\nJj"`, `"aGk=x"`, `"YQ="`, `"aMOpbGxv"`},
	"b32":        {`""`, `"ME======"`, `"NBSWY3DP"`, `"nbswy3dp"`, `"ME"`, `"11111111"`},
	"small":      {"0", "1", "2", "(int 3)", `"1"`, "-1"},
	"bool":       {"true", "false", ".t", ".no", "nil", ".missing", "1", `"true"`},
	"json":       {`"{}"`, `"[]"`, `"{\"a\":1,\"b\":[1.5,null,\"x\"]}"`, `"[1,2,{\"a\":true}]"`, `""`, `"null"`, `"1"`, `"\"s\""`, `"{"`, `"{\"a\":}"`, `"[1,]"`, `"{\"a\":1}x"`, `"nul"`, `"\"\\u00e9\\n\\ud834\\udd1e\""`, `"1e400"`, `"{\"a\":1,\"a\":2}"`, `"01"`, `"-"`, `"1.e3"`, `" [1] "`, `"\"\\q\""`, `"\"a\nb\""`, `"{1:2}"`, `"true"`, `"[\"a\"  \"b\"]"`, `"{\"a\" 1}"`, `"12345678901234567890"`, `"[1"`, `"{\"a\":1,}"`, `"'a'"`, `"\"\\ud800\""`, `"-0"`, `"1E+2"`, `"+1"`, `".5"`},
	"yaml":       {`"a: 1"`, `"a: b\nc: [1, 2.5, x]"`, `""`, `"null"`, `"- a\n- b"`, `"text"`, `"a: {b: c}\n"`, `"a: 1\na: 2"`, `"a:\n  - b\n  - c: d\n"`, `"{"`, `"a: b: c"`, `"[1, 2"`, `"a: *x"`, `"a: &x 1\nb: *x"`, `"yes: no"`, `"1: 2\ntrue: 3\n1.5: 4"`, `"a: 0x10\nb: 010\nc: 1e3\nd: 1_000\ne: .inf"`, `"a: 2020-01-02"`, `"a: |\n  x\n  y\n"`, `"a: >\n  x\n  y\n"`, `"a: \"x\\ty\""`, `"---\na: 1\n---\nb: 2"`, `"a: !!binary aGk="`, `"<<: {a: 1}\nb: 2"`, `"a: 1\n b: 2"`, `"12"`, `"a: ''\nb:\n"`, `"%YAML 1.1\n---\na: 1"`, `"a: 12345678901234567890\nb: 123456789012345678901234567890"`, `"? a\n: b"`, `"a: ~\n~: a"`, `"- 1\n- 2\n"`, `"a: @x"`, `"a: 'x"`, `"a: !!str 1\nb: !!int \"3\""`, `"key: value\nbad"`, `"- a\nb: c"`, `"a: [b: c, d]"`, `"# only a comment"`},
	"toml":       {`"a = 1"`, `"a = \"x\"\n[b]\nc = [1, 2]\n[[d]]\ne = true\n[[d]]\ne = false"`, `""`, `"a ="`, `"a = 1\na = 2"`, `"[a"`, `"a.b.c = 1.5"`, `"a = 1979-05-27T07:32:00Z"`, `"a = 1979-05-27"`, `"a = '''x\ny'''"`, `"a = {b = 1, c = \"d\"}"`, `"a = 0x1F"`, `"a = inf"`, `"= 1"`, `"a = 1_000"`, `"x"`, `"a = nope"`, `"a = \"x"`, `"a = [1, \"b\"]"`, `"a = 07:32:00"`, `"a = 1979-05-27T07:32:00"`, `"[a]\n[a]"`, `"a = 01"`},
}

// Arguments of each function by pool; "+" repeats the last pool up to three times, "" takes none.
var signatures = map[string]string{
	"hello": "", "abbrev": "int str", "abbrevboth": "int int str", "trunc": "int str", "trim": "str", "upper": "str", "lower": "str", "title": "str", "untitle": "str", "substr": "int int str", "repeat": "int str",
	"trimall": "sep str", "trimAll": "sep str", "trimSuffix": "sep str", "trimPrefix": "sep str", "nospace": "str", "initials": "str", "swapcase": "str", "snakecase": "str", "camelcase": "str", "kebabcase": "str", "wrap": "int str", "wrapWith": "int sep str",
	"contains": "sep str", "hasPrefix": "sep str", "hasSuffix": "sep str", "quote": "any +", "squote": "any +", "cat": "any +", "indent": "int str", "nindent": "int str", "replace": "sep sep str", "plural": "sep sep int", "sha1sum": "str", "sha256sum": "str", "sha512sum": "str", "adler32sum": "str", "toString": "any",
	"atoi": "str", "int64": "any", "int": "any", "float64": "any", "seq": "int +", "toDecimal": "any", "split": "sep str", "splitList": "sep str", "splitn": "sep int str", "toStrings": "any", "until": "int", "untilStep": "int int int",
	"add1": "num", "add": "num +", "sub": "num num", "div": "num num", "mod": "num num", "mul": "num num +", "add1f": "num", "addf": "num +", "subf": "num num +", "divf": "num num +", "mulf": "num num +", "biggest": "num num +", "max": "num num +", "min": "num num +", "maxf": "num num +", "minf": "num num +", "ceil": "num", "floor": "num", "round": "num int", "join": "sep any", "sortAlpha": "any",
	"default": "some any", "empty": "any", "coalesce": "some +", "all": "some +", "any": "some +", "compact": "list", "mustCompact": "list", "fromJson": "json", "fromJsonArray": "json", "mustFromJson": "json", "toJson": "any", "toPrettyJson": "any", "toRawJson": "any", "mustToJson": "any", "mustToPrettyJson": "any", "mustToRawJson": "any", "ternary": "some some bool", "deepCopy": "copied", "mustDeepCopy": "copied",
	"typeOf": "any", "typeIs": "type any", "typeIsLike": "type any", "kindOf": "any", "kindIs": "kind any", "deepEqual": "any any",
	"base": "path", "dir": "path", "clean": "path", "ext": "path", "isAbs": "path", "osBase": "path", "osClean": "path", "osDir": "path", "osExt": "path", "osIsAbs": "path",
	"b64enc": "str", "b64dec": "b64", "b32enc": "str", "b32dec": "b32",
	"tuple": "some +", "list": "any +", "dict": "some some +", "get": "map key", "set": "map key some", "unset": "map key", "hasKey": "map key", "pluck": "key map +", "pick": "map key +", "omit": "map key +", "merge": "map map +", "mergeOverwrite": "map map +", "mustMerge": "map map +", "mustMergeOverwrite": "map map +",
	"append": "list some", "push": "list some", "mustAppend": "list some", "mustPush": "list some", "prepend": "list some", "mustPrepend": "list some", "first": "list", "mustFirst": "list", "rest": "list", "mustRest": "list", "last": "list", "mustLast": "list", "initial": "list", "mustInitial": "list", "reverse": "list", "mustReverse": "list", "uniq": "list", "mustUniq": "list", "without": "list some +", "mustWithout": "list some +", "has": "some list", "mustHas": "some list", "slice": "list small +", "mustSlice": "list small +", "concat": "list +", "dig": "key key some map", "chunk": "int list", "mustChunk": "int list",
	"semver": "version", "semverCompare": "constraint version",
	"regexMatch": "regex str", "mustRegexMatch": "regex str", "regexFindAll": "regex str int", "mustRegexFindAll": "regex str int", "regexFind": "regex str", "mustRegexFind": "regex str", "regexReplaceAll": "regex str repl", "mustRegexReplaceAll": "regex str repl", "regexReplaceAllLiteral": "regex str repl", "mustRegexReplaceAllLiteral": "regex str repl", "regexSplit": "regex str int", "mustRegexSplit": "regex str int", "regexQuoteMeta": "str",
	"urlParse": "url", "urlJoin": "map",
	"date": "layout date", "date_in_zone": "layout date zone", "dateInZone": "layout date zone", "date_modify": "duration time", "dateModify": "duration time", "mustDateModify": "duration time", "must_date_modify": "duration time", "duration": "duration", "durationRound": "duration", "htmlDate": "date", "htmlDateInZone": "date zone", "toDate": "layout datestr", "mustToDate": "layout datestr", "unixEpoch": "time",
	"mustToDuration": "duration", "durationSeconds": "duration", "durationMilliseconds": "duration", "durationMicroseconds": "duration", "durationNanoseconds": "duration", "durationMinutes": "duration", "durationHours": "duration", "durationDays": "duration", "durationWeeks": "duration", "durationRoundTo": "duration duration", "durationTruncateTo": "duration duration",
	"toYaml": "any", "mustToYaml": "any", "toYamlPretty": "any", "fromYaml": "yaml", "fromYamlArray": "yaml", "toToml": "any", "mustToToml": "any", "fromToml": "toml",
	"derivePassword": "", "decryptAES": "key b64", "buildCustomCert": "b64 b64", "htpasswd": "colon key",
}

func init() {
	pools["time"] = pools["date"]
	wrong["time"] = "any"
	pools["copied"] = []string{}
	for _, one := range pools["any"] {
		if !strings.Contains(one, "semver") {
			pools["copied"] = append(pools["copied"], one)
		}
	}
	pools["repl"] = []string{`"X"`, `"$1"`, `"${1}x"`, `"$1x"`, `"$first$last"`, `"$$"`, `"$"`, `""`, `"${nope}"`, `"<$0>"`, `"$é"`, `"${"`}
	pools["datestr"] = []string{`"2020-05-06"`, `"2020-02-30"`, `"1999-12-31T23:59:58+02:00"`, `""`, `"x"`, `"Tue Feb  3 04:05:06 2009"`, `"02/01/06 03:04PM"`, `"20201231235959"`, `"Sunday, 5 May 2024"`, `"12:00:00.250"`, `"2020-05-06 07:08:09.123456789 -0330 NDT"`}
	pools["colon"] = []string{`"a:b"`}
}

var wrong = map[string]string{"str": "strish", "sep": "strish", "int": "intish", "list": "listish", "map": "mapish", "key": "strish", "regex": "strish", "version": "strish", "path": "strish", "url": "strish", "json": "strish", "yaml": "strish", "toml": "strish", "layout": "strish", "zone": "strish", "b64": "strish", "b32": "strish", "repl": "strish", "type": "strish", "kind": "strish", "datestr": "strish", "constraint": "strish"}

// Answers that differ from run to run, or are no answers: asked for elsewhere, by their shape.
var skipped = map[string]bool{
	"randAlphaNum": true, "randAlpha": true, "randAscii": true, "randNumeric": true, "randBytes": true, "randInt": true, "shuffle": true, "uuidv4": true, "now": true, "ago": true, "getHostByName": true, "bcrypt": true, "encryptAES": true, "genPrivateKey": true, "genCA": true, "genCAWithKey": true, "genSelfSignedCert": true, "genSelfSignedCertWithKey": true, "genSignedCert": true, "genSignedCertWithKey": true, "keys": true, "values": true,
	"include": true, "tpl": true, "required": true, "lookup": true, "fail": true,
}

func names() []string {
	found := []string{}
	for name := range functions {
		found = append(found, name)
	}
	for i := range found {
		for j := i + 1; j < len(found); j++ {
			if found[j] < found[i] {
				found[i], found[j] = found[j], found[i]
			}
		}
	}
	return found
}

const most = 24

func systematic() {
	for _, name := range names() {
		if skipped[name] {
			continue
		}
		signature, known := signatures[name]
		if !known {
			panic("no signature for " + name)
		}
		parameters := strings.Fields(signature)
		repeats := 1
		if len(parameters) > 0 && parameters[len(parameters)-1] == "+" {
			parameters = parameters[:len(parameters)-1]
			repeats = 3
		}
		call(name)
		call(name + ` "a" 1 "b" 2 "c"`)
		for extra := 0; extra < repeats; extra++ {
			list := append([]string{}, parameters...)
			for range extra {
				list = append(list, parameters[len(parameters)-1])
			}
			product(name, list)
		}
		for index, pool := range parameters {
			for _, expression := range pools[wrong[pool]] {
				arguments := []string{name}
				for other, pool := range parameters {
					if other == index {
						arguments = append(arguments, expression)
					} else {
						arguments = append(arguments, pick(pool))
					}
				}
				call(strings.Join(arguments, " "))
			}
		}
	}
}

func pick(pool string) string { return pools[pool][random.Intn(len(pools[pool]))] }

// All combinations where they are few, else some.
func product(name string, parameters []string) {
	count := 1
	for _, pool := range parameters {
		count *= len(pools[pool])
	}
	if count > 3*most {
		for _, pool := range parameters {
			if len(pools[pool]) == 0 {
				panic(pool)
			}
		}
		for range most * scale {
			arguments := []string{name}
			for _, pool := range parameters {
				arguments = append(arguments, pick(pool))
			}
			call(strings.Join(arguments, " "))
		}
		return
	}
	for number := range count {
		arguments := []string{name}
		for _, pool := range parameters {
			arguments = append(arguments, pools[pool][number%len(pools[pool])])
			number /= len(pools[pool])
		}
		call(strings.Join(arguments, " "))
	}
}
