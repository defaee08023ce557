//! A node by its number. Only errors ask, so nothing is kept for it.

use super::{Body, Command, Node, NodeId, Pipe, Place, Tree, Word, WordKind, show};

/// The place of a node and its text as Go writes it.
pub(crate) fn describe(tree: &Tree, id: NodeId) -> Option<(Place, String)> {
    let search = Search { tree, id };
    search.nodes(&tree.body)
}

type Found = Option<(Place, String)>;

struct Search<'t> {
    tree: &'t Tree,
    id: NodeId,
}

impl Search<'_> {
    fn nodes(&self, nodes: &[Node]) -> Found {
        nodes.iter().find_map(|node| self.node(node))
    }

    fn node(&self, node: &Node) -> Found {
        match node {
            Node::Text(_) | Node::Break | Node::Continue => None,
            Node::Action(place, pipe) if place.id == self.id => Some((*place, {
                format!(
                    "{{{{{}}}}}",
                    written(|out| show::pipe(self.tree, pipe, out))
                )
            })),
            Node::Action(_, pipe) => self.pipe(pipe),
            Node::If(branch) | Node::With(branch) => branch
                .arms
                .iter()
                .find_map(|arm| {
                    self.pipe(&arm.pipe)
                        .or_else(|| self.nodes(arm.body.parsed()))
                })
                .or_else(|| self.otherwise(branch.otherwise.as_ref())),
            Node::Range(range) => self
                .pipe(&range.pipe)
                .or_else(|| self.nodes(range.body.parsed()))
                .or_else(|| self.otherwise(range.otherwise.as_ref())),
            Node::Template(call) if call.place.id == self.id => Some((
                call.place,
                written(|out| show::invocation(self.tree, call, out)),
            )),
            Node::Template(call) => call.pipe.as_ref().and_then(|pipe| self.pipe(pipe)),
        }
    }

    fn otherwise(&self, body: Option<&Body>) -> Found {
        self.nodes(body?.parsed())
    }

    fn pipe(&self, pipe: &Pipe) -> Found {
        if pipe.place.id == self.id {
            return Some((pipe.place, written(|out| show::pipe(self.tree, pipe, out))));
        }
        pipe.commands
            .iter()
            .find_map(|command| self.command(command))
    }

    fn command(&self, command: &Command) -> Found {
        if command.place.id == self.id {
            return Some((
                command.place,
                written(|out| show::command(self.tree, command, out)),
            ));
        }
        command.words.iter().find_map(|word| self.word(word))
    }

    fn word(&self, word: &Word) -> Found {
        if word.place.id == self.id {
            return Some((word.place, written(|out| show::word(self.tree, word, out))));
        }
        match &word.kind {
            WordKind::Chain(inner, _) => self.word(inner),
            WordKind::Pipe(pipe) => self.pipe(pipe),
            _ => None,
        }
    }
}

fn written(write: impl FnOnce(&mut String)) -> String {
    let mut text = String::new();
    write(&mut text);
    text
}
