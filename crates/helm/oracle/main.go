// Prints what Helm makes of many small charts: the expectations of tests/suite/oracle.rs.
//
//	go run . HELM > ../tests/data/oracle.jsonl
//
// HELM is the program (4.2 or later), standard library only. The charts are those of cases/*.txt and random ones.
// One JSON object a line: a name, files, arguments, and the output, or the error for people to read.
package main

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"sync"
)

type testCase struct {
	Name  string            `json:"name"`
	Files map[string]string `json:"files"`
	Args  []string          `json:"args,omitempty"`
	Out   *string           `json:"out,omitempty"`
	Error string            `json:"error,omitempty"`
}

const chartfile = "apiVersion: v2\nname: c\nversion: 1.0.0\n"

// Reads cases: "== NAME", then lines "args: …", then files "-- PATH --" with their texts.
// A chart without Chart.yaml gets a plain one. In a text "\r" at the end of a line stands for a carriage return.
func parse(text string) []*testCase {
	var all []*testCase
	var now *testCase
	var file string
	for _, line := range strings.SplitAfter(text, "\n") {
		trimmed := strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "== "):
			now = &testCase{Name: trimmed[3:], Files: map[string]string{}}
			all = append(all, now)
			file = ""
		case now == nil:
		case strings.HasPrefix(line, "args: ") && file == "":
			now.Args = append(now.Args, words(trimmed[6:])...)
		case strings.HasPrefix(line, "-- ") && strings.HasSuffix(trimmed, " --"):
			file = strings.TrimSuffix(trimmed[3:], " --")
			now.Files[file] = ""
		case file != "":
			now.Files[file] += strings.ReplaceAll(line, "\\r\n", "\r\n")
		}
	}
	for _, c := range all {
		if _, ok := c.Files["Chart.yaml"]; !ok {
			c.Files["Chart.yaml"] = chartfile
		}
		for name, text := range c.Files {
			c.Files[name] = strings.ReplaceAll(text, "\\uFEFF", "\uFEFF")
			if strings.HasPrefix(text, "NONE") {
				delete(c.Files, name)
			}
		}
	}
	return all
}

// Splits at spaces; words in single quotes are whole.
func words(line string) []string {
	var all []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		if line[0] == '\'' {
			end := strings.IndexByte(line[1:], '\'') + 1
			all = append(all, line[1:end])
			line = line[end+1:]
			continue
		}
		end := strings.IndexByte(line+" ", ' ')
		all = append(all, line[:end])
		line = line[end:]
	}
	return all
}

// Writes the files of a case. What lies below NAME.tgz/ goes into that archive.
func write(root string, files map[string]string) {
	archives := map[string]map[string]string{}
	for name, text := range files {
		if at := strings.Index(name, ".tgz/"); at >= 0 {
			archive := name[:at+4]
			if archives[archive] == nil {
				archives[archive] = map[string]string{}
			}
			archives[archive][name[at+5:]] = text
			continue
		}
		put(filepath.Join(root, name), []byte(text))
	}
	for name, files := range archives {
		put(filepath.Join(root, name), pack(files))
	}
}

func put(path string, content []byte) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		panic(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		panic(err)
	}
}

func pack(files map[string]string) []byte {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	archive := tar.NewWriter(zip)
	names := []string{}
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		text := files[name]
		archive.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text))})
		archive.Write([]byte(text))
	}
	archive.Close()
	zip.Close()
	return out.Bytes()
}

func run(helm string, c *testCase) {
	root, err := os.MkdirTemp("", "oracle")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(root)
	write(filepath.Join(root, "chart"), c.Files)
	args := []string{"template", "release", "chart"}
	for _, arg := range c.Args {
		args = append(args, strings.ReplaceAll(arg, "@/", "chart/"))
	}
	command := exec.Command(helm, args...)
	command.Dir = root
	command.Env = append(os.Environ(), "HOME="+root, "KUBECONFIG=/nowhere")
	var out, problems bytes.Buffer
	command.Stdout, command.Stderr = &out, &problems
	if err := command.Run(); err != nil {
		lines := strings.Split(problems.String(), "\n")
		for _, line := range lines {
			if strings.HasPrefix(line, "Error: ") {
				c.Error = strings.TrimPrefix(line, "Error: ")
			}
		}
		if c.Error == "" {
			c.Error = problems.String()
		}
		if len(c.Error) > 200 {
			c.Error = c.Error[:200]
		}
		return
	}
	text := out.String()
	c.Out = &text
}

func main() {
	var all []*testCase
	paths, _ := filepath.Glob("cases/*.txt")
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			panic(err)
		}
		topic := strings.TrimSuffix(filepath.Base(path), ".txt")
		for _, c := range parse(string(text)) {
			c.Name = topic + ": " + c.Name
			all = append(all, c)
		}
	}
	all = append(all, random()...)
	var wait sync.WaitGroup
	queue := make(chan *testCase)
	for range runtime.NumCPU() {
		wait.Go(func() {
			for c := range queue {
				run(os.Args[1], c)
			}
		})
	}
	for _, c := range all {
		queue <- c
	}
	close(queue)
	wait.Wait()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for _, c := range all {
		if err := encoder.Encode(c); err != nil {
			panic(err)
		}
	}
	fmt.Fprintln(os.Stderr, len(all), "cases")
}
