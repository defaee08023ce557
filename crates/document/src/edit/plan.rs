//! Which bytes an edit replaces.

use super::lines::Lines;
use super::render::Style;
use super::{EditError, NewValue, TextEdit};
use crate::document::Document;
use crate::document::node::{Kind, NodeId, NodeRef, Tag};
use crate::locate::Hop;
use crate::path::{Path, Step};

type Result<T> = std::result::Result<T, EditError>;

/// One edit of one YAML document.
pub(super) struct Plan<'a> {
    document: &'a Document,
    root: NodeRef<'a>,
    text: Lines<'a>,
    style: Style,
}

/// How far a path leads.
struct Reached<'a> {
    /// The way to the last node there is.
    hop: Option<Hop<'a>>,
    node: NodeRef<'a>,
    /// Steps that lead there.
    steps: usize,
}

impl<'a> Plan<'a> {
    pub(super) fn new(document: &'a Document, root: NodeRef<'a>) -> Result<Self> {
        let [source] = document.sources() else {
            return Err(EditError::Rendered);
        };
        let mut plan = Plan {
            document,
            root,
            text: Lines(source.text()),
            style: Style {
                step: 2,
                dash: 2,
                line_end: if source.text().contains("\r\n") {
                    "\r\n"
                } else {
                    "\n"
                },
                is_json: document.is_json,
            },
        };
        // Flow style has no indentation.
        if !document.is_json {
            plan.measure();
        }
        Ok(plan)
    }

    /// Takes the indentation from the first places that show it.
    fn measure(&mut self) {
        let (mut step, mut dash) = (None, None);
        let below_root = self.root.id.0..self.root.end_id().0;
        for container in below_root.map(|id| self.document.at(NodeId(id))) {
            if container.is_reference() || container.kind() != Kind::Mapping {
                continue;
            }
            for entry in container.written_entries() {
                let is_own = !entry.value.is_reference() && !self.is_flow(entry.value);
                let key = self
                    .text
                    .column(self.document.place(entry.key_origin).span.start);
                let value = self.text.column(entry.value.span().start);
                match entry.value.kind() {
                    Kind::Mapping if is_own => step = step.or(value.checked_sub(key)),
                    Kind::Sequence if is_own => dash = dash.or(value.checked_sub(key)),
                    _ => {}
                }
            }
            if step.is_some() && dash.is_some() {
                break;
            }
        }
        self.style.step = step.filter(|&step| step > 0).unwrap_or(2);
        self.style.dash = dash.unwrap_or(self.style.step);
    }

    pub(super) fn set(&self, path: &Path, value: &NewValue) -> Result<Vec<TextEdit>> {
        let reached = self.reach(path)?;
        let rest = &path.0[reached.steps..];
        let Some((step, rest)) = rest.split_first() else {
            let hop = reached.hop.ok_or(EditError::Root)?;
            return self.replace(hop, reached.node, value, path);
        };
        let value = wrap(rest, value).ok_or_else(|| EditError::Missing(path.clone()))?;
        self.add(&reached, step, &value, path)
    }

    pub(super) fn append(&self, path: &Path, value: &NewValue) -> Result<Vec<TextEdit>> {
        let reached = self.reach(path)?;
        if reached.steps < path.0.len() {
            return self.set(path, &NewValue::Sequence(vec![value.clone()]));
        }
        let step = Step::Index(reached.node.items().len());
        self.add(&reached, &step, value, path)
    }

    /// Follows a path as far as it leads through what is written.
    fn reach(&self, path: &Path) -> Result<Reached<'a>> {
        let mut reached = Reached {
            hop: None,
            node: self.root,
            steps: 0,
        };
        let so_far = |steps: usize| Path(path.0[..steps].to_vec());
        for step in &path.0 {
            if reached.node.is_reference() {
                return Err(EditError::Alias(so_far(reached.steps)));
            }
            let Some(hop) = written_step(reached.node, step) else {
                if reached.node.step(step).is_some() {
                    return Err(EditError::Merged(so_far(reached.steps + 1)));
                }
                break;
            };
            let Some(node) = hop.child() else { break };
            reached = Reached {
                hop: Some(hop),
                node,
                steps: reached.steps + 1,
            };
        }
        if reached.steps < path.0.len() && reached.node.is_reference() {
            return Err(EditError::Alias(so_far(reached.steps)));
        }
        self.check_anchors_around(reached.node, &so_far(reached.steps))?;
        Ok(reached)
    }

    /// Refuses where an alias stands for the node or something around it.
    fn check_anchors_around(&self, node: NodeRef<'a>, path: &Path) -> Result<()> {
        let is_around = |target: NodeRef<'a>| target.contains(node.id);
        self.check_anchors(is_around, path)
    }

    /// Refuses where an alias from elsewhere stands for something below the node.
    fn check_anchors_below(&self, node: NodeRef<'a>, path: &Path) -> Result<()> {
        let is_below = |target: NodeRef<'a>| node.contains(target.id);
        self.check_anchors(is_below, path)
    }

    fn check_anchors(&self, is_touched: impl Fn(NodeRef<'a>) -> bool, path: &Path) -> Result<()> {
        let mut aliases = (self.root.id.0..self.root.end_id().0)
            .map(|id| self.document.node(NodeId(id)))
            .filter(|raw| raw.tag == Tag::Alias);
        if aliases.any(|raw| is_touched(self.document.at(NodeId(raw.a)))) {
            return Err(EditError::Anchored(path.clone()));
        }
        Ok(())
    }

    /// Adds a child that is not there.
    fn add(
        &self,
        reached: &Reached<'a>,
        step: &Step,
        value: &NewValue,
        path: &Path,
    ) -> Result<Vec<TextEdit>> {
        let node = reached.node;
        let is_next = |index: usize| index == node.items().len();
        let so_far = || Path(path.0[..reached.steps].to_vec());
        match (node.kind(), step) {
            (Kind::Mapping, Step::Key(_)) | (Kind::Null, Step::Key(_) | Step::Index(0)) => {}
            (Kind::Sequence, Step::Index(index)) if is_next(*index) => {}
            (Kind::Sequence | Kind::Null, Step::Index(_)) => {
                return Err(EditError::Missing(path.clone()));
            }
            _ => return Err(EditError::NotAContainer(so_far())),
        }
        if node.is_reference() {
            return Err(EditError::Alias(so_far()));
        }
        let is_empty = node.written_entries().len() + node.items().len() == 0;
        if !is_empty {
            return Ok(vec![if self.is_flow(node) {
                self.add_in_flow(node, step, value)
            } else {
                self.add_in_block(node, step, value)
            }]);
        }
        let container = wrap(std::slice::from_ref(step), value)
            .ok_or_else(|| EditError::Missing(path.clone()))?;
        match reached.hop {
            Some(hop) => self.replace(hop, node, &container, path),
            None => Ok(vec![TextEdit {
                span: node.span(),
                text: if self.style.is_json {
                    self.style.flow(&container)
                } else {
                    self.style.block(&container, 0)
                },
            }]),
        }
    }

    fn add_in_flow(&self, node: NodeRef<'a>, step: &Step, value: &NewValue) -> TextEdit {
        let text = match step {
            Step::Key(key) => self.style.flow_entry(key, value),
            Step::Index(_) => self.style.flow(value),
        };
        let last = node.last_child().map_or(node.span(), NodeRef::span);
        TextEdit {
            span: last.end..last.end,
            text: format!(", {text}"),
        }
    }

    fn add_in_block(&self, node: NodeRef<'a>, step: &Step, value: &NewValue) -> TextEdit {
        let column = self.text.column(node.span().start);
        let text = match step {
            Step::Key(key) => self.style.entry(key, value, column),
            Step::Index(_) => self.style.item(value, column),
        };
        let at = self.block_end(node);
        TextEdit {
            span: at..at,
            text: format!("{}{:column$}{text}", self.style.line_end, ""),
        }
    }

    /// The end of a block container's last line, with the blank lines that are part of its last scalar.
    fn block_end(&self, node: NodeRef<'a>) -> u32 {
        let mut last = node;
        while let Some(child) = last.last_child() {
            last = child;
        }
        let end = self.text.line_end(node.span().end);
        let written = self.text.written(&last.span());
        let keeps = written.starts_with(['|', '>'])
            && written.lines().next().is_some_and(|header| {
                header
                    .split('#')
                    .next()
                    .is_some_and(|header| header.contains('+'))
            });
        if !keeps {
            return end;
        }
        let rest = &self.text.0[end as usize..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\r', '\n']).len();
        let blank_lines = rest[..blank].rfind('\n').unwrap_or(0);
        end + blank_lines as u32
    }

    /// Replaces the value of an entry or item.
    fn replace(
        &self,
        hop: Hop<'a>,
        node: NodeRef<'a>,
        value: &NewValue,
        path: &Path,
    ) -> Result<Vec<TextEdit>> {
        let span = node.span();
        let after = self
            .after_indicator(hop)
            .ok_or_else(|| EditError::Entangled(path.clone()))?;
        let in_flow = self.style.is_json || self.is_flow(hop.container);
        if !in_flow && has_property(self.text.written(&(after..span.start))) {
            return Err(EditError::Property(path.clone()));
        }
        if span.is_empty() {
            return Ok(self.fill(hop, after, value, in_flow));
        }
        let is_item = hop.entry().is_none();
        let in_place = |text: String| {
            Ok(vec![TextEdit {
                span: span.clone(),
                text,
            }])
        };
        let on_next_line = self.text.written(&(after..span.start)).contains('\n');
        if in_flow {
            return in_place(self.style.flow(value));
        }
        if Style::is_inline(value) {
            if !on_next_line {
                return in_place(self.style.flow(value));
            }
            let line_end = self.text.line_end(after);
            return Ok(vec![
                TextEdit {
                    span: after..after,
                    text: format!(" {}", self.style.flow(value)),
                },
                TextEdit {
                    span: line_end..span.end,
                    text: String::new(),
                },
            ]);
        }
        let column = self.text.column(span.start);
        let owner = self.text.column(self.owner_start(hop));
        if is_item || (on_next_line && column > owner) {
            return in_place(self.style.block(value, column));
        }
        let gone = if on_next_line {
            self.text.line_end(after)
        } else {
            after
        };
        let at = if on_next_line {
            span.end
        } else {
            self.text.line_end(span.end)
        };
        Ok(vec![
            TextEdit {
                span: gone..span.end,
                text: String::new(),
            },
            TextEdit {
                span: at..at,
                text: self.style.below_key(value, owner),
            },
        ])
    }

    /// Writes a value where there is only a key or a dash.
    fn fill(&self, hop: Hop<'a>, after: u32, value: &NewValue, in_flow: bool) -> Vec<TextEdit> {
        let start = self.text.column(self.owner_start(hop));
        let is_key = hop.entry().is_some();
        let before = self.text.0.as_bytes().get((after as usize).wrapping_sub(1));
        let (at, text) = if in_flow {
            let colon = if is_key && before != Some(&b':') {
                ": "
            } else {
                " "
            };
            (after, format!("{colon}{}", self.style.flow(value)))
        } else if Style::is_inline(value) {
            (after, format!(" {}", self.style.flow(value)))
        } else if is_key {
            (
                self.text.line_end(after),
                self.style.below_key(value, start),
            )
        } else {
            (after, format!(" {}", self.style.block(value, start + 2)))
        };
        vec![TextEdit { span: at..at, text }]
    }

    pub(super) fn remove(&self, path: &Path) -> Result<Vec<TextEdit>> {
        let reached = self.reach(path)?;
        if reached.steps < path.0.len() {
            return Err(EditError::Missing(path.clone()));
        }
        let hop = reached.hop.ok_or(EditError::Root)?;
        self.check_anchors_below(reached.node, path)?;
        let container = hop.container;
        let count = container.written_entries().len() + container.items().len();
        if self.is_flow(container) {
            return Ok(vec![self.remove_in_flow(hop, count)]);
        }
        let same_key: Vec<usize> = match hop.entry() {
            Some(entry) => container
                .written_entries()
                .enumerate()
                .filter(|(_, other)| other.key == entry.key)
                .map(|(index, _)| index)
                .collect(),
            None => vec![hop.index],
        };
        if same_key.len() == count {
            return self.empty(container, path);
        }
        let hops = same_key.into_iter().map(|index| Hop { container, index });
        Ok(hops.filter_map(|hop| self.remove_in_block(hop)).collect())
    }

    /// Writes the container that loses its last child as an empty one.
    fn empty(&self, container: NodeRef<'a>, path: &Path) -> Result<Vec<TextEdit>> {
        let value = match container.kind() {
            Kind::Mapping => NewValue::Mapping(Vec::new()),
            _ => NewValue::Sequence(Vec::new()),
        };
        match self.document.last_hop(self.root, container) {
            Some(hop) => self.replace(hop, container, &value, path),
            None => Ok(vec![TextEdit {
                span: container.span(),
                text: self.style.flow(&value),
            }]),
        }
    }

    fn remove_in_block(&self, hop: Hop<'a>) -> Option<TextEdit> {
        let span = self.document.hop_span(hop)?;
        let line_start = self.text.line_start(span.start);
        let is_alone = self
            .text
            .written(&(line_start..span.start))
            .trim_start_matches(' ')
            .is_empty();
        let mut end = self.text.line_end(span.end);
        if is_alone {
            // With its line break; with the one before it at the end of the text.
            let rest = &self.text.0[end as usize..];
            let line_break = ["\r\n", "\n"]
                .into_iter()
                .find(|line_break| rest.starts_with(line_break));
            end += line_break.map_or(0, str::len) as u32;
            return Some(TextEdit {
                span: line_start..end,
                text: String::new(),
            });
        }
        // Behind a dash the next entry moves up.
        let rest = &self.text.0[end as usize..];
        let next = rest.len() - rest.trim_start_matches([' ', '\r', '\n']).len();
        Some(TextEdit {
            span: span.start..end + next as u32,
            text: String::new(),
        })
    }

    fn remove_in_flow(&self, hop: Hop<'a>, count: usize) -> TextEdit {
        let span_at = |index: usize| {
            let hop = Hop {
                container: hop.container,
                index,
            };
            self.document.hop_span(hop).unwrap_or(0..0)
        };
        let own = span_at(hop.index);
        let span = if hop.index + 1 < count {
            own.start..span_at(hop.index + 1).start
        } else if hop.index > 0 {
            span_at(hop.index - 1).end..own.end
        } else {
            own
        };
        TextEdit {
            span,
            text: String::new(),
        }
    }

    fn is_flow(&self, node: NodeRef<'a>) -> bool {
        self.text.written(&node.span()).starts_with(['{', '['])
    }

    /// Where the key or dash stands.
    fn owner_start(&self, hop: Hop<'a>) -> u32 {
        self.document.hop_span(hop).map_or(0, |span| span.start)
    }

    /// The end of the colon or dash before a value; in flow style, of the key where there is no colon.
    fn after_indicator(&self, hop: Hop<'a>) -> Option<u32> {
        let Some(entry) = hop.entry() else {
            return match self.document.dash(hop) {
                Some(dash) => Some(dash + 1),
                None => Some(hop.child()?.span().start),
            };
        };
        let key = self.document.place(entry.key_origin).span;
        let rest = &self.text.0[key.end as usize..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        if rest[blank..].starts_with(':') {
            return Some(key.end + blank as u32 + 1);
        }
        self.is_flow(hop.container).then_some(key.end)
    }
}

/// The step down to a child that the container writes itself.
fn written_step<'a>(container: NodeRef<'a>, step: &Step) -> Option<Hop<'a>> {
    let index = match step {
        Step::Index(index) => (*index < container.items().len()).then_some(*index)?,
        Step::Key(key) => {
            let effective = container.entry(container.document.key_id(key)?)?.value.id;
            let mut entries = container.written_entries();
            entries.position(|entry| entry.value.id == effective)?
        }
    };
    Some(Hop { container, index })
}

/// A value inside the containers that steps go into.
fn wrap(steps: &[Step], value: &NewValue) -> Option<NewValue> {
    steps
        .iter()
        .rev()
        .try_fold(value.clone(), |value, step| match step {
            Step::Key(key) => Some(NewValue::Mapping(vec![(key.to_string(), value)])),
            Step::Index(0) => Some(NewValue::Sequence(vec![value])),
            Step::Index(_) => None,
        })
}

/// Whether what stands between an indicator and its value has a tag or an anchor in it.
fn has_property(gap: &str) -> bool {
    gap.lines()
        .map(|line| line.split(" #").next().unwrap_or_default().trim_start())
        .any(|line| line.starts_with(['&', '!']))
}
