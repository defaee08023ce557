// Reads Dockerfiles as BuildKit does: one JSON text with them on standard input, one answer a line on standard output.
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

type heredoc struct {
	Name       string `json:"name"`
	Descriptor uint   `json:"descriptor"`
	Expands    bool   `json:"expands"`
	Chomps     bool   `json:"chomps"`
	Content    string `json:"content"`
}

type instruction struct {
	Keyword  string    `json:"keyword"`
	Flags    []string  `json:"flags"`
	Exec     bool      `json:"exec"`
	Words    []string  `json:"words"`
	Heredocs []heredoc `json:"heredocs"`
	Lines    [2]int    `json:"lines"`
}

type answer struct {
	Failed       bool          `json:"failed"`
	Instructions []instruction `json:"instructions"`
}

func read(node *parser.Node, lines [2]int) []instruction {
	one := instruction{Keyword: node.Value, Flags: node.Flags, Exec: node.Attributes["json"], Words: []string{}, Heredocs: []heredoc{}, Lines: lines}
	if one.Flags == nil {
		one.Flags = []string{}
	}
	for _, doc := range node.Heredocs {
		one.Heredocs = append(one.Heredocs, heredoc{doc.Name, doc.FileDescriptor, doc.Expand, doc.Chomp, doc.Content})
	}
	all := []instruction{}
	for next := node.Next; next != nil; next = next.Next {
		if len(next.Children) > 0 {
			for _, child := range next.Children {
				child.Heredocs = node.Heredocs
				all = append(all, read(child, lines)...)
			}
		} else {
			one.Words = append(one.Words, next.Value)
		}
	}
	return append([]instruction{one}, all...)
}

func main() {
	var files []string
	if err := json.NewDecoder(bufio.NewReader(os.Stdin)).Decode(&files); err != nil {
		panic(err)
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for _, file := range files {
		result, err := parser.Parse(strings.NewReader(file))
		given := answer{Failed: err != nil, Instructions: []instruction{}}
		if err == nil {
			for _, child := range result.AST.Children {
				given.Instructions = append(given.Instructions, read(child, [2]int{child.StartLine, child.EndLine})...)
			}
		}
		if err := out.Encode(given); err != nil {
			panic(err)
		}
	}
}
