//! Checked expressions to code nodes: names to ids, hot shapes to code of their own.

use document::Keys;

use crate::ast::{Expr, ExprKind, FunctionId, Literal, Loop, LoopKind, Operator, Select};
use crate::code::logic::{ConditionalCode, Junction, NotCode};
use crate::code::loops::{BindCode, LoopCode, OptionalMapCode};
use crate::code::path::{Chain, Field, Has, HasValue, OrOptional, OrValue, Root};
use crate::code::shapes::{
    Constant, EqualsText, HasText, InTexts, Pattern, PatternCode, TextTest, Texts,
};
use crate::code::{
    BinaryCode, Bytes, CallCode, EmptyList, EmptyMap, EntryCode, IndexCode, ListCode, Local,
    MapCode, MethodCode, NegateCode, Part, Plain, SharedCode, Text,
};
use crate::declarations::Declarations;
use crate::error::CompileError;
use crate::extension::{Extension, Quantity};
use crate::function::{self, Form, Function, regex};

/// Turns expressions into code.
#[derive(Clone, Copy)]
pub(crate) struct Compiler<'d> {
    pub(crate) declarations: &'d Declarations,
    pub(crate) keys: &'d Keys,
    /// Whether what is compiled runs once for each element of something.
    pub(crate) in_loop: bool,
}

type Compiled<T = Part> = Result<T, CompileError>;

impl<'d> Compiler<'d> {
    pub(crate) fn new(declarations: &'d Declarations, keys: &'d Keys) -> Self {
        Compiler {
            declarations,
            keys,
            in_loop: false,
        }
    }
}

impl Compiler<'_> {
    /// The code of an expression.
    pub(crate) fn compile(&self, expr: &Expr) -> Compiled {
        let at = expr.at;
        Ok(match &expr.kind {
            ExprKind::Literal(literal) => compile_literal(literal),
            ExprKind::Type(value) => Box::new(Plain::Type(*value)),
            ExprKind::Local(slot) => Box::new(Local(*slot)),
            ExprKind::Variable(_) => Box::new(self.root(expr)?),
            ExprKind::Select {
                operand,
                field,
                mode: Select::Has,
            } => Box::new(Has {
                chain: self.chain(operand)?,
                field: self.field(field, at),
            }),
            ExprKind::Select { .. } => Box::new(self.chain(expr)?),
            ExprKind::Index { key, .. } if key.string().is_some() => Box::new(self.chain(expr)?),
            ExprKind::Index {
                operand,
                key,
                optional,
            } => Box::new(IndexCode {
                operand: self.compile(operand)?,
                key: self.compile(key)?,
                optional: *optional,
                at,
            }),
            ExprKind::Not(operand) => Box::new(NotCode {
                operand: self.compile(operand)?,
                at,
            }),
            ExprKind::Negate(operand) => Box::new(NegateCode {
                operand: self.compile(operand)?,
                at,
            }),
            ExprKind::And(parts) => self.junction(parts, false, at)?,
            ExprKind::Or(parts) => self.junction(parts, true, at)?,
            ExprKind::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                Box::new(ConditionalCode {
                    condition: self.compile(condition)?,
                    then: self.compile(then)?,
                    otherwise: self.compile(otherwise)?,
                    at,
                })
            }
            ExprKind::Binary(operator, parts) => self.binary(*operator, parts, at)?,
            ExprKind::Call(id, arguments) => self.call(*id, arguments, at)?,
            ExprKind::Shared(cell, part) => Box::new(SharedCode {
                cell: *cell,
                part: self.compile(part)?,
            }),
            _ => self.compile_rare(expr)?,
        })
    }

    fn compile_rare(&self, expr: &Expr) -> Compiled {
        let at = expr.at;
        Ok(match &expr.kind {
            ExprKind::List(items) if items.is_empty() => Box::new(EmptyList),
            ExprKind::List(items) => {
                let items = items
                    .iter()
                    .map(|item| Ok((item.optional, self.compile(&item.value)?)));
                Box::new(ListCode {
                    items: items.collect::<Compiled<_>>()?,
                    at,
                })
            }
            ExprKind::Map(entries) if entries.is_empty() => Box::new(EmptyMap),
            ExprKind::Map(entries) => {
                let entries = entries.iter().map(|entry| {
                    Ok(EntryCode {
                        optional: entry.optional,
                        key: self.compile(&entry.key)?,
                        value: self.compile(&entry.value)?,
                    })
                });
                Box::new(MapCode {
                    entries: entries.collect::<Compiled<_>>()?,
                    at,
                })
            }
            ExprKind::Method(name, arguments) => self.method(name, arguments, at)?,
            ExprKind::Loop(looped) => Box::new(self.looped(looped, at)?),
            ExprKind::Bind { local, parts } => Box::new(BindCode {
                local: *local,
                value: self.compile(&parts[0])?,
                body: self.compile(&parts[1])?,
            }),
            ExprKind::OptionalMap { local, flat, parts } => Box::new(OptionalMapCode {
                local: *local,
                flat: *flat,
                target: self.compile(&parts[0])?,
                body: self.compile(&parts[1])?,
                at,
            }),
            // The others were compiled by the caller.
            _ => Box::new(Plain::Null),
        })
    }

    fn junction(&self, parts: &[Expr], absorbing: bool, at: u32) -> Compiled {
        Ok(Box::new(Junction {
            parts: self.parts(parts)?,
            absorbing,
            at,
        }))
    }

    fn parts(&self, parts: &[Expr]) -> Compiled<Box<[Part]>> {
        parts.iter().map(|part| self.compile(part)).collect()
    }

    /// Where a chain of selections begins.
    fn root(&self, expr: &Expr) -> Compiled<Root> {
        Ok(match &expr.kind {
            ExprKind::Variable(slot) => {
                if *slot as usize >= self.declarations.variables().len() {
                    return Err(CompileError::Variable(*slot));
                }
                Root::Slot(*slot)
            }
            ExprKind::Local(slot) => Root::Local(*slot),
            _ => Root::Part(self.compile(expr)?),
        })
    }

    /// All the selections of an expression, down to something that is none.
    fn chain(&self, expr: &Expr) -> Compiled<Chain> {
        let mut fields = Vec::new();
        let mut optional = Vec::new();
        let mut below = expr;
        while let Some((operand, field, is_optional)) = self.step(below) {
            fields.push(field);
            optional.push(is_optional);
            below = operand;
        }
        fields.reverse();
        optional.reverse();
        Ok(Chain {
            root: self.root(below)?,
            optional_from: optional.iter().position(|&is| is).unwrap_or(fields.len()),
            fields: fields.into(),
            in_loop: self.in_loop,
        })
    }

    /// The last step of a chain, and whether it is optional: a selection, or an index by a literal name.
    fn step<'e>(&self, expr: &'e Expr) -> Option<(&'e Expr, Field, bool)> {
        match &expr.kind {
            ExprKind::Select {
                operand,
                field,
                mode: mode @ (Select::Field | Select::Optional),
            } => Some((
                operand,
                self.field(field, expr.at),
                *mode == Select::Optional,
            )),
            ExprKind::Index {
                operand,
                key,
                optional,
            } => {
                // Members of host objects are no entries of a map.
                let field = Field {
                    member: None,
                    ..self.field(key.string()?, expr.at)
                };
                Some((operand, field, *optional))
            }
            _ => None,
        }
    }

    fn field(&self, name: &str, at: u32) -> Field {
        Field {
            name: name.into(),
            key: self.keys.get(name),
            member: self.declarations.member_id(name),
            at,
        }
    }

    fn binary(&self, operator: Operator, parts: &[Expr; 2], at: u32) -> Compiled {
        let [left, right] = parts;
        match (operator, left.string(), right.string()) {
            (Operator::Equal | Operator::NotEqual, None, Some(text)) => {
                self.equals(left, text, operator)
            }
            (Operator::Equal | Operator::NotEqual, Some(text), None) => {
                self.equals(right, text, operator)
            }
            (Operator::In, text, _) => match (texts(right), text) {
                (Some(texts), _) => Ok(Box::new(InTexts {
                    part: self.compile(left)?,
                    texts,
                })),
                (None, Some(text)) => Ok(Box::new(HasText {
                    text: text.into(),
                    part: self.compile(right)?,
                    at,
                })),
                (None, None) => self.plain_binary(operator, parts, at),
            },
            _ => self.plain_binary(operator, parts, at),
        }
    }

    fn equals(&self, part: &Expr, text: &str, operator: Operator) -> Compiled {
        Ok(Box::new(EqualsText {
            part: self.compile(part)?,
            text: text.into(),
            negated: operator == Operator::NotEqual,
        }))
    }

    fn plain_binary(&self, operator: Operator, parts: &[Expr; 2], at: u32) -> Compiled {
        let parts = [self.compile(&parts[0])?, self.compile(&parts[1])?];
        Ok(Box::new(BinaryCode {
            operator,
            parts,
            at,
        }))
    }

    fn call(&self, id: FunctionId, arguments: &[Expr], at: u32) -> Compiled {
        let Some(function) = id.function() else {
            // Reading validates ids, so this is a bug; still no reason to panic.
            return Err(CompileError::Method("function".into()));
        };
        if let Some(code) = self.special_call(function, arguments, at) {
            return code;
        }
        match arguments {
            [] => self.plain_call::<0>(function, arguments, at),
            [_] => self.plain_call::<1>(function, arguments, at),
            [_, _] => self.plain_call::<2>(function, arguments, at),
            [_, _, _] => self.plain_call::<3>(function, arguments, at),
            _ => self.plain_call::<4>(function, arguments, at),
        }
    }

    fn plain_call<const N: usize>(
        &self,
        function: &'static Function,
        arguments: &[Expr],
        at: u32,
    ) -> Compiled {
        Ok(Box::new(CallCode::<N> {
            function,
            arguments: self.array(arguments)?,
            at,
        }))
    }

    /// The code of so many arguments; no function of the table has more than four.
    fn array<const N: usize>(&self, arguments: &[Expr]) -> Compiled<[Part; N]> {
        let parts = self.parts(arguments)?.into_vec();
        let count = |_| CompileError::Method("function with so many arguments".into());
        parts.try_into().map_err(count)
    }

    /// The calls that have code of their own.
    fn special_call(
        &self,
        function: &'static Function,
        arguments: &[Expr],
        at: u32,
    ) -> Option<Compiled> {
        Some(match (function.form, function.name, arguments) {
            (Form::Member, "orValue", [target, otherwise]) => self.or_value(target, otherwise, at),
            (Form::Member, "hasValue", [target]) => {
                let code = |chain| -> Part {
                    Box::new(HasValue {
                        chain,
                        function,
                        at,
                    })
                };
                self.chain(target).map(code)
            }
            (Form::Member, "or", [first, second]) => self.or_optional(first, second, at),
            (Form::Global, "quantity", [literal]) => {
                let quantity = Quantity::parse(literal.string()?)?;
                Ok(Box::new(Constant(Extension::Quantity(quantity))))
            }
            (_, name, [_, pattern]) => {
                let pattern = (pattern.string()?, regex::apply(name)?);
                self.pattern::<2>(function, arguments, pattern, at)
            }
            (_, name, [_, pattern, _]) => {
                let pattern = (pattern.string()?, regex::apply(name)?);
                self.pattern::<3>(function, arguments, pattern, at)
            }
            _ => return None,
        })
    }

    fn or_value(&self, target: &Expr, otherwise: &Expr, at: u32) -> Compiled {
        Ok(Box::new(OrValue {
            chain: self.chain(target)?,
            otherwise: self.compile(otherwise)?,
            at,
        }))
    }

    fn or_optional(&self, first: &Expr, second: &Expr, at: u32) -> Compiled {
        Ok(Box::new(OrOptional {
            parts: [self.compile(first)?, self.compile(second)?],
            at,
        }))
    }

    fn pattern<const N: usize>(
        &self,
        function: &'static Function,
        arguments: &[Expr],
        (pattern, apply): (&str, regex::Apply),
        at: u32,
    ) -> Compiled {
        Ok(Box::new(PatternCode::<N> {
            function,
            arguments: self.array(arguments)?,
            pattern: Pattern::new(pattern),
            apply,
            at,
        }))
    }

    fn method(&self, name: &str, arguments: &[Expr], at: u32) -> Compiled {
        let unknown = || CompileError::Method(name.into());
        let otherwise = function::functions()
            .map(|(_, function)| function)
            .find(|function| {
                function.form == Form::Member
                    && function.name == name
                    && function.takes(arguments.len())
            });
        Ok(Box::new(MethodCode {
            method: self.declarations.method_id(name).ok_or_else(unknown)?,
            name: name.into(),
            arguments: self.parts(arguments)?,
            otherwise,
            at,
        }))
    }

    fn looped(&self, looped: &Loop, at: u32) -> Compiled<LoopCode> {
        let filter = looped.filter.as_ref();
        let inner = Compiler {
            in_loop: true,
            ..*self
        };
        Ok(LoopCode {
            kind: looped.kind,
            range: self.compile(&looped.range)?,
            first: looped.first,
            second: looped.second,
            filter: filter.map(|filter| inner.compile(filter)).transpose()?,
            body: inner.compile(&looped.body)?,
            texts: text_test(looped),
            weight: 1 + weight(&looped.body) + filter.map_or(0, weight),
            at,
        })
    }
}

/// Number of parts of an expression.
fn weight(expr: &Expr) -> usize {
    let mut parts = 0;
    expr.visit(&mut |_| parts += 1);
    parts
}

/// The texts of a list of string literals.
fn texts(list: &Expr) -> Option<Texts> {
    let ExprKind::List(items) = &list.kind else {
        return None;
    };
    let texts = items
        .iter()
        .map(|item| item.value.string().filter(|_| !item.optional));
    let texts = texts.map(|text| text.map(Box::from));
    Some(Texts::new(texts.collect::<Option<_>>()?))
}

/// What a loop asks of its elements, where that is only whether they are some texts.
fn text_test(looped: &Loop) -> Option<TextTest> {
    let asks = matches!(looped.kind, LoopKind::All | LoopKind::Exists);
    let is_plain = looped.second.is_none() && looped.filter.is_none();
    (asks && is_plain)
        .then(|| text_test_of(looped.first, &looped.body))
        .flatten()
}

fn text_test_of(local: u16, body: &Expr) -> Option<TextTest> {
    if let ExprKind::Not(inner) = &body.kind {
        let TextTest { texts, negated } = text_test_of(local, inner)?;
        let negated = !negated;
        return Some(TextTest { texts, negated });
    }
    let ExprKind::Binary(operator, parts) = &body.kind else {
        return None;
    };
    let [left, right] = &**parts;
    let is_element = |part: &Expr| part.kind == ExprKind::Local(local);
    let texts = match operator {
        Operator::In if is_element(left) => texts(right)?,
        Operator::Equal | Operator::NotEqual => {
            let other = match (is_element(left), is_element(right)) {
                (true, _) => right,
                (_, true) => left,
                _ => return None,
            };
            Texts::new(vec![other.string()?.into()])
        }
        _ => return None,
    };
    Some(TextTest {
        texts,
        negated: *operator == Operator::NotEqual,
    })
}

fn compile_literal(literal: &Literal) -> Part {
    Box::new(match literal {
        Literal::Null => Plain::Null,
        Literal::Bool(value) => Plain::Bool(*value),
        Literal::Int(value) => Plain::Int(*value),
        Literal::Uint(value) => Plain::Uint(*value),
        Literal::Double(value) => Plain::Double(*value),
        Literal::String(text) => return Box::new(Text(text.clone())),
        Literal::Bytes(bytes) => return Box::new(Bytes(bytes.clone())),
    })
}
