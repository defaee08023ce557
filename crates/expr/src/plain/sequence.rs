//! Loops: one for each list that a sequence is made of.

use super::NotPlain;
use super::emit::{Emitter, Joined, joined, not, pieces};
use super::out::{Level, Out, Piece};
use crate::ast::{Expr, Loop, LoopKind};

impl Emitter<'_> {
    /// A loop over a list, which may be several, or over a map.
    pub(super) fn looped(&mut self, looped: &Loop) -> Result<Out, NotPlain> {
        let range = self.emit(&looped.range)?;
        if let Some(second) = looped.second {
            return self.with_two(looped, second, &range);
        }
        match looped.kind {
            LoopKind::Exists => self.any(range, "x", |this, item| {
                this.body(looped, &looped.body, item)
            }),
            LoopKind::All => {
                let some_fails = self.any(range, "x", |this, item| {
                    not(&this.body(looped, &looped.body, item)?)
                })?;
                not(&some_fails)
            }
            LoopKind::Map => self.mapped(looped, range),
            LoopKind::Filter => self.filtered(looped, range),
            LoopKind::ExistsOne | LoopKind::TransformMap | LoopKind::TransformMapEntry => {
                let list = range.text(Level::Member)?;
                let name = self.fresh("x");
                let body = self.body(looped, &looped.body, Out::name(name.clone()))?;
                Ok(Out::name(format!(
                    "{list}.exists_one({name}, {})",
                    body.text(Level::Conditional)?
                )))
            }
        }
    }

    fn body(&mut self, looped: &Loop, body: &Expr, item: Out) -> Result<Out, NotPlain> {
        self.with_local(looped.first, item, |this| this.emit(body))
    }

    /// Whether a truth holds for some element.
    pub(super) fn any(
        &mut self,
        range: Out,
        stem: &str,
        mut holds: impl FnMut(&mut Self, Out) -> Result<Out, NotPlain>,
    ) -> Result<Out, NotPlain> {
        let mut parts = Vec::new();
        for run in runs(pieces(range)?) {
            parts.push(match run {
                Run::List { list, kind } => {
                    let (name, item) = self.element(kind, stem);
                    let body = holds(self, item)?;
                    exists(&list, &name, &body)?
                }
                Run::Item {
                    optional: false,
                    value,
                } => holds(self, value)?,
                Run::Where { condition, value } => {
                    let body = holds(self, value)?;
                    joined(vec![condition, body], Joined::And)?
                }
                Run::Item { value, .. } => {
                    let text = value.text(Level::Member)?;
                    let body = holds(self, Out::name(format!("{text}.value()")))?;
                    joined(
                        vec![Out::name(format!("{text}.hasValue()")), body],
                        Joined::And,
                    )?
                }
            });
        }
        joined(parts, Joined::Or)
    }

    /// A name for the elements of a list, and what it stands for.
    fn element(&mut self, kind: Option<u32>, stem: &str) -> (String, Out) {
        let Some(kind) = kind else {
            let name = self.fresh(stem);
            return (name.clone(), Out::name(name));
        };
        let name = self.fresh(self.meaning.element(kind));
        let thing = super::Thing {
            kind,
            text: name.clone(),
        };
        (name, Out::Thing(thing))
    }

    fn mapped(&mut self, looped: &Loop, range: Out) -> Result<Out, NotPlain> {
        let mut made = Vec::new();
        for run in runs(pieces(range)?) {
            match run {
                Run::List { list, kind } => {
                    let (name, item) = self.element(kind, "x");
                    let filter = match &looped.filter {
                        Some(filter) => {
                            let filter = self.body(looped, filter, item.clone())?;
                            format!("{}, ", filter.text(Level::Conditional)?)
                        }
                        None => String::new(),
                    };
                    let body = self
                        .body(looped, &looped.body, item)?
                        .text(Level::Conditional)?;
                    made.push(Piece::Each {
                        list: format!("{list}.map({name}, {filter}{body})"),
                        kind: None,
                    });
                }
                Run::Item {
                    optional: false,
                    value,
                } if looped.filter.is_none() => {
                    let value = self.body(looped, &looped.body, value)?;
                    made.push(Piece::Item {
                        optional: false,
                        value,
                    });
                }
                Run::Item { .. } | Run::Where { .. } => return Err(NotPlain::Mixed),
            }
        }
        Ok(Out::Sequence(made))
    }

    fn filtered(&mut self, looped: &Loop, range: Out) -> Result<Out, NotPlain> {
        let mut kept = Vec::new();
        for piece in pieces(range)? {
            match piece {
                Piece::Each {
                    list,
                    kind: Some(kind),
                } => {
                    self.filter_values(looped, &mut kept)?;
                    let (name, item) = self.element(Some(kind), "x");
                    let list = match self.body(looped, &looped.body, item)? {
                        Out::Bool(true) => list,
                        Out::Bool(false) => continue,
                        body => {
                            format!("{list}.filter({name}, {})", body.text(Level::Conditional)?)
                        }
                    };
                    kept.push(Piece::Each {
                        list,
                        kind: Some(kind),
                    });
                }
                Piece::Item { optional, value } if !optional && value.is_known() => {
                    let holds = self.body(looped, &looped.body, value.clone())?;
                    if holds != Out::Bool(false) {
                        kept.push(Piece::Item { optional, value });
                    }
                }
                Piece::Item {
                    value: value @ Out::Thing(_),
                    ..
                } => {
                    let holds = self.body(looped, &looped.body, value.clone())?;
                    kept.push(Piece::Where {
                        condition: holds,
                        value,
                    });
                }
                Piece::Where { condition, value } => {
                    let holds = self.body(looped, &looped.body, value.clone())?;
                    kept.push(Piece::Where {
                        condition: joined(vec![condition, holds], Joined::And)?,
                        value,
                    });
                }
                other => kept.push(other),
            }
        }
        self.filter_values(looped, &mut kept)?;
        Ok(Out::Sequence(kept))
    }

    /// Puts a filter around the values that stand at the end of a list.
    fn filter_values(&mut self, looped: &Loop, kept: &mut Vec<Piece>) -> Result<(), NotPlain> {
        let is_things = |piece: &Piece| {
            matches!(
                piece,
                Piece::Each { kind: Some(_), .. } | Piece::Where { .. }
            )
        };
        let start = kept.iter().rposition(is_things).map_or(0, |last| last + 1);
        let values = kept.split_off(start);
        if values.is_empty() {
            return Ok(());
        }
        if values.iter().any(|piece| {
            matches!(
                piece,
                Piece::Item {
                    value: Out::Thing(_),
                    ..
                }
            )
        }) {
            return Err(NotPlain::Mixed);
        }
        let list = Out::Sequence(values).text(Level::Member)?;
        let (name, item) = self.element(None, "x");
        let body = self
            .body(looped, &looped.body, item)?
            .text(Level::Conditional)?;
        kept.push(Piece::Each {
            list: format!("{list}.filter({name}, {body})"),
            kind: None,
        });
        Ok(())
    }

    /// The forms with two variables, over one list or map.
    fn with_two(&mut self, looped: &Loop, second: u16, range: &Out) -> Result<Out, NotPlain> {
        self.meaning.two_variables().map_err(NotPlain::Refused)?;
        let list = range.text(Level::Member)?;
        let (key, value) = (self.fresh("k"), self.fresh("v"));
        let mut within = |body: &Expr| {
            let body = self.with_local(looped.first, Out::name(key.clone()), |this| {
                this.with_local(second, Out::name(value.clone()), |this| this.emit(body))
            })?;
            body.text(Level::Conditional)
        };
        let filter = match &looped.filter {
            Some(filter) => format!("{}, ", within(filter)?),
            None => String::new(),
        };
        let body = within(&looped.body)?;
        let function = match looped.kind {
            LoopKind::All => "all",
            LoopKind::Exists => "exists",
            LoopKind::ExistsOne => "existsOne",
            LoopKind::Map | LoopKind::Filter => "transformList",
            LoopKind::TransformMap => "transformMap",
            LoopKind::TransformMapEntry => "transformMapEntry",
        };
        Ok(Out::name(format!(
            "{list}.{function}({key}, {value}, {filter}{body})"
        )))
    }
}

/// A part of a range that one loop, or none, is made for.
enum Run {
    List { list: String, kind: Option<u32> },
    Item { optional: bool, value: Out },
    Where { condition: Out, value: Out },
}

/// Items that are known stay together as one list: a loop over it is shorter than the same condition for each.
fn runs(pieces: Vec<Piece>) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut known: Vec<Piece> = Vec::new();
    let flush = |known: &mut Vec<Piece>, runs: &mut Vec<Run>| {
        let items = std::mem::take(known);
        if items.len() == 1 {
            runs.extend(items.into_iter().filter_map(|item| match item {
                Piece::Item { optional, value } => Some(Run::Item { optional, value }),
                Piece::Each { .. } | Piece::Where { .. } => None,
            }));
        } else if let Ok(list) = Out::Sequence(items).text(Level::Member)
            && list != "[]"
        {
            runs.push(Run::List { list, kind: None });
        }
    };
    for piece in pieces {
        match piece {
            Piece::Item {
                optional: false,
                value,
            } if value.is_known() => {
                let is_same = |piece: &Piece| match piece {
                    Piece::Item { value: other, .. } => {
                        std::mem::discriminant(other) == std::mem::discriminant(&value)
                    }
                    Piece::Each { .. } | Piece::Where { .. } => false,
                };
                if !known.last().is_none_or(is_same) {
                    flush(&mut known, &mut runs);
                }
                known.push(Piece::Item {
                    optional: false,
                    value,
                });
            }
            other => {
                flush(&mut known, &mut runs);
                runs.push(match other {
                    Piece::Item { optional, value } => Run::Item { optional, value },
                    Piece::Each { list, kind } => Run::List { list, kind },
                    Piece::Where { condition, value } => Run::Where { condition, value },
                });
            }
        }
    }
    flush(&mut known, &mut runs);
    runs
}

fn exists(list: &str, name: &str, body: &Out) -> Result<Out, NotPlain> {
    match body {
        Out::Bool(false) => Ok(Out::Bool(false)),
        other => {
            let body = other.text(Level::Conditional)?;
            Ok(Out::name(format!("{list}.exists({name}, {body})")))
        }
    }
}
