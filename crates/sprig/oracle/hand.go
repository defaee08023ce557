package main

import "strings"

// What the combinations do not reach.
var hand = []string{
	`{{ (semver "v1.2.3-rc.1+b").Major }} {{ (semver "1.2.3").Minor }} {{ (semver "1.2.3").Patch }} {{ (semver "1.2-a").Prerelease }} {{ (semver "1+m").Metadata }} {{ (semver "v1").Original }} {{ (semver "v1").String }}`,
	`{{ (semver "1.2.3-a").IncPatch }} {{ (semver "1.2.3").IncPatch }} {{ (semver "v1.2.3").IncMinor }} {{ (semver "1.2.3").IncMajor }} {{ ((semver "1.2.3").SetPrerelease "x.1") }} {{ ((semver "1.2.3").SetMetadata "y") }}`,
	`{{ (semver "1.2.3").Compare (semver "1.2.4") }} {{ (semver "1.2.3").LessThan (semver "1.2.4") }} {{ (semver "1.2.3").GreaterThan (semver "1.2.3-a") }} {{ (semver "1.2.3").Equal (semver "1.2.3+x") }}`,
	`{{ (semver "1.2.3").Nope }}`, `{{ (semver "1.2.3").Compare "1" }}`, `{{ ((semver "1.2.3").SetPrerelease "a..b") }}`, `{{ ((semver "1.2.3").IncMajor).Original }}`, `{{ printf "%T %v %s" ((semver "1.2.3").IncMajor) (semver "1.2") (semver "1") }}`,
	`{{ $t := toDate "2006-01-02T15:04:05Z07:00" "2021-03-04T05:06:07Z" }}{{ $t.Year }} {{ $t.Month }} {{ $t.Day }} {{ $t.Hour }} {{ $t.Minute }} {{ $t.Second }} {{ $t.YearDay }} {{ $t.Weekday }} {{ $t.Unix }} {{ $t.UnixMilli }} {{ $t.UnixNano }} {{ $t.Format "Jan 2" }} {{ $t.IsZero }} {{ $t.UTC }} {{ printf "%d %s %T" $t.Month $t.Month $t.Month }}`,
	`{{ $t := toDate "2006-01-02" "2020-01-31" }}{{ $t.AddDate 0 1 0 }} {{ $t.AddDate 1 -1 3 }} {{ $t.AddDate 0 0 -40 }} {{ $t.Add (mustToDuration "36h") }} {{ $t.Sub (toDate "2006-01-02" "2019-12-30") }} {{ $t.After (toDate "2006" "2019") }} {{ $t.Before $t }} {{ $t.Equal $t }} {{ $t.Truncate (mustToDuration "7h") }} {{ $t.Round (mustToDuration "7h") }}`,
	`{{ $d := mustToDuration "90m30.5s" }}{{ $d.Hours }} {{ $d.Minutes }} {{ $d.Seconds }} {{ $d.Milliseconds }} {{ $d.Round (mustToDuration "1m") }} {{ $d.Truncate (mustToDuration "1m") }} {{ printf "%d %v %s %T" $d $d $d $d }} {{ gt $d 5 }} {{ eq $d $d }} {{ kindOf $d }} {{ $d | toJson }}`,
	`{{ int (toDate "2006-01-02" "2020-05-06").Month }} {{ add (toDate "2006-01-02" "2020-05-06").Month 1 }} {{ float64 (toDate "2006-01-02" "2020-05-06").Weekday }} {{ int (mustToDuration "1s") }}`,
	`{{ $m := dict "a" 1 }}{{ $_ := set $m "b" 2 }}{{ $m }} {{ unset $m "a" }} {{ $m }}`,
	`{{ $a := dict "x" (dict "y" 1) }}{{ $b := dict "x" (dict "z" 2) }}{{ $_ := merge $a $b }}{{ $a }} {{ $b }} {{ $_ := set $a.x "w" 3 }}{{ $a }} {{ $b }}`,
	`{{ $a := dict }}{{ $b := dict "x" (dict "z" 2) }}{{ $_ := merge $a $b }}{{ $_ := set $a.x "w" 3 }}{{ $a }} {{ $b }}`,
	`{{ $a := dict "x" (dict "y" 1) }}{{ $c := deepCopy $a }}{{ $_ := set $c.x "y" 2 }}{{ $a }} {{ $c }}`,
	`{{ $a := list 1 2 }}{{ $b := append $a 3 }}{{ $c := append $a 4 }}{{ $a }}{{ $b }}{{ $c }}`,
	`{{ mergeOverwrite (dict "a" 1 "b" (dict "c" 2 "l" (list 1))) (dict "a" nil "b" (dict "c" "" "l" list) "n" 0) (dict "b" "text") | toJson }}`,
	`{{ merge (dict "a" nil "b" "" "c" false "d" 0 "e" list "f" dict) (dict "a" 1 "b" 2 "c" 3 "d" 4 "e" 5 "f" 6) | toJson }}`,
	`{{ merge (dict "l" list "s" "x" "m" dict) (dict "l" (list 1) "s" (list 2) "m" (list 3) "n" (list 4)) | toJson }}`,
	`{{ merge (dict "a" (list 1 2)) (dict "a" (list 3)) (dict "a" "x") | toJson }}`,
	`{{ keys (dict "b" 1 "a" 2) | sortAlpha }} {{ values (dict "a" 1) }} {{ keys (dict "a" 1) (dict "b" 2) | sortAlpha | toJson }} {{ values dict | toJson }} {{ keys dict | toJson }}`,
	`{{ derivePassword 1 "long" "password" "user" "example.com" }} {{ derivePassword 2 "maximum" "p" "u" "s" }} {{ derivePassword 0 "pin" "" "" "" }} {{ derivePassword 1 "nope" "a" "b" "c" }} {{ derivePassword 3 "basic" "é" "ü" "ß" }} {{ derivePassword 4 "medium" "a" "b" "c" }} {{ derivePassword 5 "short" "a" "b" "c" }}`,
	`{{ decryptAES "pw" "xjPXkMvnsXIJx17MbDUyUo8Ri6vk/NArWm9jyHZPXA8=" }}`, `{{ decryptAES "pw" "AAAAAAAAAAAAAAAAAAAAAA==" }}`, `{{ decryptAES "pw" "AAAAAAAAAAAAAAAAAAAAAAA=" }}`,
	`{{ hello }}`, `{{ randAlphaNum 0 }}|{{ randAlpha -1 }}|{{ randInt 4 5 }}|{{ len (randNumeric 7) }}|{{ len (randBytes 6) }}|{{ len uuidv4 }}|{{ shuffle "a" }}`, `{{ randInt 5 5 }}`, `{{ randInt 5 4 }}`, `{{ randBytes -1 }}`,
	`{{ genPrivateKey "nope" }}`, `{{ genCAWithKey "a" 1 "x" }}`, `{{ genSelfSignedCert "a" (list 1) nil 1 }}`, `{{ genSelfSignedCert "a" (list "1.2.3") nil 1 }}`, `{{ genSelfSignedCert "a" nil (list 1) 1 }}`, `{{ genSelfSignedCert "a" nil (list "é") 1 }}`, `{{ genSignedCert "a" nil nil 1 "x" }}`, `{{ genSignedCert "a" nil nil 1 nil }}`, `{{ genCA 1 2 }}`, `{{ (genCA "a" 1).Nope }}`, `{{ printf "%T" (genCA "a" 1) }} {{ kindOf (genCA "a" 1) }}`,
	`{{ genCAWithKey "a" 1 "-----BEGIN X KEY-----\nYQ==\n-----END X KEY-----\n" }}`, `{{ genCAWithKey "a" 1 "-----BEGIN X PRIVATE KEY-----\nYQ==\n-----END X PRIVATE KEY-----\n" }}`,
	`{{ bcrypt (repeat 80 "a") }}`, `{{ htpasswd "a:b" "c" }}`,
	`{{ toYaml (dict "a" (list (list 1 2) (list) (dict)) "b" (list (dict "x" 1 "y" (list 1)) "z")) }}`, `{{ toYaml "a" }}|{{ toYaml 1 }}|{{ toYaml nil }}|{{ toYaml true }}|{{ toYaml list }}|{{ toYaml dict }}|{{ toYaml "" }}|{{ toYaml "a\nb" }}|{{ toYaml "a\n" }}|{{ toYaml "\n" }}`,
	`{{ toYaml (dict "f" 1.0 "g" 1e6 "h" 1e20 "i" 1e21 "j" 1.5e-7 "k" 123456789.5 "l" -0.0 "m" (int64 5) "n" 9223372036854775807) }}`, `{{ toYamlPretty (dict "f" 1.0 "g" 1e6 "h" 1e20 "i" 1e21 "j" 1.5e-7 "k" 123456789.5 "l" -0.0 "m" (int64 5)) }}`,
	`{{ toYaml (float64 "nan") }}|{{ toJson (float64 "inf") }}|{{ toYamlPretty (float64 "inf") }}|{{ toYamlPretty (float64 "nan") }}|{{ toToml (float64 "-inf") }}`, `{{ mustToYaml (float64 "nan") }}`, `{{ mustToJson (float64 "inf") }}`, `{{ mustToToml (list nil) }}`, `{{ toRawJson (float64 "nan") }}`,
	`{{ toYaml (split "," "b,a") }}{{ toYaml (semver "1.2") }}{{ toYaml (mustToDuration "1s") }} {{ toYaml (toDate "2006" "2020") }}`, `{{ toYaml (genPrivateKey "x") }}`,
	`{{ round 123.5555 3 }} {{ round 123.5555 3 0.2 }} {{ round -1.5 0 }} {{ round 1e300 5 }} {{ round 2.5 -1 }} {{ round "1.25" 1 }} {{ round 0.285 2 }} {{ round 1.005 2 }}`, `{{ round 1.5 0 "x" }}`,
	`{{ seq 5 }}|{{ seq -3 }}|{{ seq 0 }}|{{ seq 0 2 }}|{{ seq 2 -2 }}|{{ seq 0 2 10 }}|{{ seq 0 -2 -5 }}|{{ seq 10 2 0 }}|{{ seq }}|{{ seq 1 2 3 4 }}|{{ seq 3 3 }}`,
	`{{ untilStep 0 10 3 }} {{ untilStep 10 0 -3 }} {{ untilStep 0 10 0 }} {{ untilStep 0 10 -1 }} {{ untilStep 3 3 1 }} {{ until -3 }} {{ printf "%T" (until 2) }}`,
	`{{ ternary "a" "b" "x" }}`, `{{ "x" | ternary "a" "b" }}`, `{{ ternary "a" "b" nil }}`, `{{ dig "a" "b" }}`, `{{ dig "a" "b" "c" "d" }}`, `{{ dig "map" "c" "d" "x" . }} {{ dig "map" "q" "d" "x" . }} {{ dig "map" "b" "d" "x" . }}`, `{{ dig 1 "x" . }}`, `{{ dig "null" "a" "x" . }}`,
	`{{ get nil "a" }}|{{ hasKey nil "a" }}|{{ pick nil "a" }}|{{ omit nil "a" }}|{{ pluck "a" nil }}`, `{{ set nil "a" 1 }}`, `{{ set (fromJson "null") "a" 1 }}`, `{{ merge nil (dict "a" 1) }}`, `{{ merge (fromJson "null") (dict "a" 1) }}`,
	`{{ regexFind "(" "a" }}`, `{{ mustRegexFind "(" "a" }}`, `{{ regexMatch "(" "a" }}`, `{{ mustRegexMatch "(" "a" }}`, "{{ regexFind \"`(\" \"a\" }}",
	`{{ slice "abc" 1 }}`, `{{ slice nil 1 }}`, `{{ slice (list 1 2 3) 1 2 3 4 }}`, `{{ index (list 1 2) 5 }}`,
	`{{ .map | toYaml | indent 2 }}|{{ .map | toYaml | nindent 4 }}|{{ indent 0 "a\nb" }}|{{ nindent 2 "" }}`, `{{ indent -1 "a" }}`, `{{ repeat -1 "a" }}`, `{{ repeat 3 "" }}`,
	`{{ first (list 1 2).x }}`, `{{ (first .objs).name }}`, `{{ (first .list).x }}`, `{{ (get .map "c").d }}`, `{{ (fromYaml "a: {b: c}").a.b }}`, `{{ (fromJsonArray "[1]") | first }}`, `{{ now.Foo }}`,
	`{{ quote 1 "a" nil .list true 1.5 (dict "a" "b") }} {{ squote 1 "a'b" nil }} {{ cat "a" 1 nil "" "b" }}|{{ cat }}|{{ cat nil }}`, `{{ join "-" (list 1 "a" nil true 1.5) }} {{ join "-" "x" }} {{ join "-" nil }} {{ join "-" (dict "a" 1) }}`,
	`{{ kindOf (genCA "x" 1) }} {{ kindOf now }} {{ typeOf now }} {{ kindOf (semver "1") }} {{ typeIsLike "semver.Version" (semver "1") }} {{ kindIs "invalid" nil }}`, `{{ len (dict "a" 1) }} {{ len "héllo" }}`,
	`{{ deepEqual (list 1 (dict "a" 1)) (list 1 (dict "a" 1)) }} {{ deepEqual 1 1.0 }} {{ deepEqual (int64 1) 1 }} {{ deepEqual list (rest list) }} {{ deepEqual (semver "1") (semver "1") }} {{ deepEqual nil nil }} {{ deepEqual (split "," "a") (dict "_0" "a") }} {{ deepEqual (until 2) (list 0 1) }}`,
	`{{ has 1.0 .nums }} {{ has 1 .nums }} {{ uniq .dups | toJson }} {{ without .dups "a" 1.0 | toJson }} {{ compact .mixed | toJson }}`,
	`{{ default "d" }}|{{ default "d" nil }}|{{ default "d" 0 }}|{{ default "d" "x" "y" }}|{{ default }}`, `{{ coalesce }}|{{ coalesce nil 0 "" | toJson }}|{{ coalesce 0 1 2 }}`, `{{ all }} {{ any }}`,
	`{{ add }} {{ add 1 "2" 3.7 nil true }} {{ mul 3 "4" }} {{ div 7 2 }} {{ mod -7 3 }} {{ sub 1 }}`, `{{ div 1 0 }}`, `{{ mod 1 "x" }}`, `{{ divf 1 0 }}`, `{{ addf 0.1 0.2 }} {{ mulf 1.1 1.1 }} {{ divf 1 3 }} {{ divf 2 3 }} {{ subf 0.3 0.1 }} {{ divf -1 3 }} {{ addf }} {{ mulf 1e200 1e200 }} {{ divf 1 1e-300 }}`, `{{ addf (float64 "nan") 1 }}`,
	`{{ atoi "99999999999999999999" }} {{ atoi "-99999999999999999999" }} {{ atoi "1x" }} {{ atoi "+5" }} {{ int "99999999999999999999" }} {{ int64 1e300 }} {{ int "1.0" }} {{ int "1.50" }} {{ int "1e3" }} {{ int "0b11" }} {{ int "-0x1F" }} {{ int "1__0" }} {{ toDecimal "777" }} {{ toDecimal 755 }} {{ toDecimal "0755" }} {{ toDecimal 8 }}`,
	`{{ b64enc "héllo" }} {{ b64dec (b64enc "héllo") }} {{ b32enc "foobar" }} {{ b32dec (b32enc "foobar") }} {{ sha256sum "" }} {{ sha1sum "abc" }} {{ adler32sum "abc" }}`,
	`{{ fromYaml "{" | len }} {{ fromYamlArray "a: b" | len }} {{ fromJson "[" | len }}`, `{{ trimAll "$" "$5.00$" }}{{ trimPrefix "a" "ab" }}{{ trimSuffix "b" "ab" }}{{ trimall "ab" "abcba" }}`,
	`{{ plural "one" "many" 1 }} {{ plural "one" "many" 2 }} {{ wrap 5 "Hello World foo" }}|{{ wrapWith 5 "\t" "Hello World foo" }}|{{ wrap 0 "a b" }}`, `{{ camelcase "http_server" }} {{ camelcase "_a_" }} {{ camelcase "a" }} {{ camelcase "__" }} {{ snakecase "FirstName" }} {{ snakecase "HTTP20xOK" }} {{ kebabcase "Bld4Floor3rd" }} {{ kebabcase "a  b" }} {{ snakecase "a.b-C" }}`,
}

func byHand() {
	for _, text := range hand {
		ask(text)
	}
	deep := strings.Repeat("[", 40) + strings.Repeat("]", 40)
	ask("{{ toYaml (fromJsonArray \"" + deep + "\") }}")
	ask("{{ toYaml (dict (repeat 129 \"k\") 1 (repeat 128 \"l\") (list 1)) }}")
	ask("{{ toYaml (dict (repeat 1100 \"k\") 1) }}|{{ toYaml (dict \"a\\u0085b\" \"x  \\u0085\\u0085 y\") }}")
	ask("{{ mustToYaml (dict (repeat 1100 \"k\") 1) }}")
	ask("{{ mustToYaml \"\\x7f\" }}")
}
