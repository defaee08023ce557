//! From a checked expression to text.

use super::out::{Level, Out, Piece, quoted};
use super::{MAX_TEXT, Meaning, Member, NotPlain, Plain, PlainCondition, PlainText, Thing};
use crate::ast::{
    Checked, Expr, ExprKind, FunctionId, ListItem, Literal, MapEntry, Operator, Select,
};
use crate::function::Form;

/// Longer values are bound to a name by a loop over one element instead of being repeated.
const MAX_REPEATED: usize = 24;

/// Definitions inside of definitions.
const MAX_DEFINITIONS: usize = 8;

pub(super) fn plain(
    checked: &Checked,
    variables: &[Option<Plain>],
    meaning: &dyn Meaning,
) -> Result<PlainText, NotPlain> {
    told(&Emitter::new(variables, meaning).checked(checked)?)
}

fn told(out: &Out) -> Result<PlainText, NotPlain> {
    match out {
        Out::Bool(known) => Ok(PlainText::Known(*known)),
        other => Ok(PlainText::Text(within(other.text(Level::Conditional)?)?)),
    }
}

pub(super) fn passes(
    condition: &PlainCondition<'_>,
    variables: &[Option<Plain>],
    meaning: &dyn Meaning,
) -> Result<PlainText, NotPlain> {
    let mut emitter = Emitter::new(variables, meaning);
    let fails = match condition.each {
        None => emitter.checked(condition.fail)?,
        Some(each) => {
            let items = emitter.checked(each)?;
            emitter.any(items, "item", |emitter, item| {
                let slot = usize::from(condition.item);
                emitter
                    .variables
                    .resize(emitter.variables.len().max(slot + 1), None);
                let outer = emitter.variables[slot].replace(item);
                let fails = emitter.checked(condition.fail);
                emitter.variables[slot] = outer;
                fails
            })?
        }
    };
    let holds = match condition.when {
        None => not(&fails)?,
        Some(when) => {
            let when = emitter.checked(when)?;
            joined(vec![not(&when)?, not(&fails)?], Joined::Or)?
        }
    };
    told(&holds)
}

/// Turns expressions into text, with what their names mean.
pub(super) struct Emitter<'m> {
    pub(super) meaning: &'m dyn Meaning,
    /// By slot.
    variables: Vec<Option<Out>>,
    /// By slot.
    pub(super) locals: Vec<Out>,
    /// How many names were given so far.
    names: usize,
    /// How many definitions are around.
    definitions: usize,
}

impl<'m> Emitter<'m> {
    fn new(variables: &[Option<Plain>], meaning: &'m dyn Meaning) -> Self {
        Emitter {
            meaning,
            variables: variables
                .iter()
                .map(|plain| plain.as_ref().map(Out::from))
                .collect(),
            locals: Vec::new(),
            names: 0,
            definitions: 0,
        }
    }

    /// A whole expression, with no loop around it.
    fn checked(&mut self, checked: &Checked) -> Result<Out, NotPlain> {
        let outer = std::mem::take(&mut self.locals);
        let out = self.emit(&checked.root);
        self.locals = outer;
        out
    }

    /// A name that nothing else has.
    pub(super) fn fresh(&mut self, stem: &str) -> String {
        self.names += 1;
        format!("{stem}{}", self.names)
    }

    pub(super) fn emit(&mut self, expr: &Expr) -> Result<Out, NotPlain> {
        let out = self.emit_any(expr)?;
        if let Out::Text(text, level) = out {
            return Ok(Out::Text(within(text)?, level));
        }
        Ok(out)
    }

    fn emit_any(&mut self, expr: &Expr) -> Result<Out, NotPlain> {
        match &expr.kind {
            ExprKind::Literal(literal) => Ok(self::literal(literal)),
            ExprKind::Type(of) => Ok(Out::name(of.name())),
            ExprKind::Variable(slot) => {
                let known = self.variables.get(usize::from(*slot)).cloned().flatten();
                known.ok_or_else(|| NotPlain::Unknown("a variable".to_owned()))
            }
            ExprKind::Local(slot) => {
                let known = self.locals.get(usize::from(*slot)).cloned();
                known.ok_or_else(|| NotPlain::Unknown("a name".to_owned()))
            }
            ExprKind::Select {
                operand,
                field,
                mode,
            } => {
                let operand = self.emit(operand)?;
                self.select(&operand, field, *mode)
            }
            ExprKind::Index {
                operand,
                key,
                optional,
            } => self.index(operand, key, *optional),
            ExprKind::List(items) => self.list(items),
            ExprKind::Map(entries) => self.map(entries),
            ExprKind::Not(operand) => not(&self.emit(operand)?),
            ExprKind::Negate(operand) => match self.emit(operand)? {
                Out::Int(value) => Ok(Out::Int(value.wrapping_neg())),
                other => Ok(Out::Text(
                    format!("-{}", other.text(Level::Unary)?),
                    Level::Unary,
                )),
            },
            ExprKind::And(parts) => joined(self.all_of(parts)?, Joined::And),
            ExprKind::Or(parts) => joined(self.all_of(parts)?, Joined::Or),
            ExprKind::Conditional(parts) => self.conditional(parts),
            ExprKind::Binary(operator, parts) => {
                let (left, right) = (self.emit(&parts[0])?, self.emit(&parts[1])?);
                binary(*operator, left, right)
            }
            ExprKind::Call(id, arguments) => self.call(*id, arguments),
            ExprKind::Method(name, _) => Err(NotPlain::Method(name.to_string())),
            ExprKind::Loop(looped) => self.looped(looped),
            ExprKind::Bind { local, parts } => self.bind(*local, parts),
            ExprKind::OptionalMap { local, flat, parts } => {
                let operand = self.emit(&parts[0])?.text(Level::Member)?;
                let name = self.fresh("value");
                let body =
                    self.with_local(*local, Out::name(name.clone()), |this| this.emit(&parts[1]))?;
                let function = if *flat { "optFlatMap" } else { "optMap" };
                let body = body.text(Level::Conditional)?;
                Ok(Out::name(format!("{operand}.{function}({name}, {body})")))
            }
            ExprKind::Shared(_, inner) => self.emit(inner),
        }
    }

    fn all_of(&mut self, parts: &[Expr]) -> Result<Vec<Out>, NotPlain> {
        parts.iter().map(|part| self.emit(part)).collect()
    }

    /// Emits something that sees one more local.
    pub(super) fn with_local<T>(
        &mut self,
        slot: u16,
        value: Out,
        emit: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let slot = usize::from(slot);
        let outer = self.locals.clone();
        self.locals
            .resize(self.locals.len().max(slot + 1), Out::Bool(false));
        self.locals[slot] = value;
        let result = emit(self);
        self.locals = outer;
        result
    }

    fn select(&mut self, operand: &Out, field: &str, mode: Select) -> Result<Out, NotPlain> {
        if let Out::Thing(thing) = operand {
            return self.member(thing, field, mode);
        }
        let operand = operand.text(Level::Member)?;
        self.selected(&operand, field, mode)
    }

    /// What a definition looks at was thought of already.
    fn look_at(&self, field: &str, is_presence: bool) -> Result<(), NotPlain> {
        if self.definitions > 0 {
            return Ok(());
        }
        let told = self.meaning.field(field, is_presence);
        told.map_err(NotPlain::Refused)
    }

    /// A field of what a text gives. One that may be `null` counts as absent then.
    fn selected(&self, operand: &str, field: &str, mode: Select) -> Result<Out, NotPlain> {
        self.look_at(field, mode == Select::Has)?;
        let plain = selected(operand, field, mode)?;
        if mode == Select::Field || !self.meaning.may_be_null(field) {
            return Ok(plain);
        }
        let optional = selected(operand, field, Select::Optional)?.text(Level::Member)?;
        let found = format!("optional.ofNonZeroValue({optional}.orValue(null))");
        Ok(Out::name(match mode {
            Select::Has => format!("{found}.hasValue()"),
            _ => found,
        }))
    }

    fn member(&mut self, thing: &Thing, field: &str, mode: Select) -> Result<Out, NotPlain> {
        let meaning = self.meaning;
        let (value, is_optional) = match meaning.member(thing, field) {
            Member::Field => return self.selected(&thing.text, field, mode),
            Member::Unknown => return Err(NotPlain::Unknown(field.to_owned())),
            Member::Refused(reason) => return Err(NotPlain::Refused(reason)),
            Member::Plain(plain) => (Out::from(&plain), false),
            Member::Definition {
                of,
                variables,
                is_optional,
            } => {
                let own = variables
                    .iter()
                    .map(|plain| plain.as_ref().map(Out::from))
                    .collect();
                if self.definitions == MAX_DEFINITIONS {
                    return Err(NotPlain::TooLong);
                }
                let outer = std::mem::replace(&mut self.variables, own);
                self.definitions += 1;
                let value = self.checked(of);
                self.definitions -= 1;
                self.variables = outer;
                (value?, is_optional)
            }
        };
        Ok(match (mode, is_optional) {
            (Select::Field, false) | (Select::Optional, true) => value,
            (Select::Has, false) => Out::Bool(true),
            (Select::Optional, false) => {
                Out::name(format!("optional.of({})", value.text(Level::Conditional)?))
            }
            (Select::Field, true) => Out::name(format!("{}.value()", value.text(Level::Member)?)),
            (Select::Has, true) => Out::name(format!("{}.hasValue()", value.text(Level::Member)?)),
        })
    }

    fn index(&mut self, operand: &Expr, key: &Expr, optional: bool) -> Result<Out, NotPlain> {
        let operand = self.emit(operand)?;
        let key = self.emit(key)?;
        if let (Out::Thing(thing), Out::String(field)) = (&operand, &key) {
            let mode = if optional {
                Select::Optional
            } else {
                Select::Field
            };
            return self.member(thing, field, mode);
        }
        let sign = if optional { "?" } else { "" };
        let key = key.text(Level::Conditional)?;
        Ok(Out::name(format!(
            "{}[{sign}{key}]",
            operand.text(Level::Member)?
        )))
    }

    fn list(&mut self, items: &[ListItem]) -> Result<Out, NotPlain> {
        let pieces = items.iter().map(|item| {
            Ok(Piece::Item {
                optional: item.optional,
                value: self.emit(&item.value)?,
            })
        });
        Ok(Out::Sequence(pieces.collect::<Result<_, NotPlain>>()?))
    }

    /// The values of one literal must have one type: they are made dynamic where the text does not show it.
    fn map(&mut self, entries: &[MapEntry]) -> Result<Out, NotPlain> {
        let mut pairs = Vec::with_capacity(entries.len());
        for entry in entries {
            pairs.push((
                self.emit(&entry.key)?,
                entry.optional,
                self.emit(&entry.value)?,
            ));
        }
        let are_texts = pairs
            .iter()
            .all(|(.., value)| matches!(value, Out::String(_)));
        let mut texts = Vec::with_capacity(pairs.len());
        for (key, optional, value) in pairs {
            let sign = if optional { "?" } else { "" };
            let (key, value) = (
                key.text(Level::Conditional)?,
                value.text(Level::Conditional)?,
            );
            texts.push(match (are_texts, optional) {
                (true, _) | (_, true) => format!("{sign}{key}: {value}"),
                (false, false) => format!("{key}: dyn({value})"),
            });
        }
        Ok(Out::name(format!("{{{}}}", texts.join(", "))))
    }

    fn conditional(&mut self, parts: &[Expr; 3]) -> Result<Out, NotPlain> {
        let condition = match self.emit(&parts[0])? {
            Out::Bool(true) => return self.emit(&parts[1]),
            Out::Bool(false) => return self.emit(&parts[2]),
            other => other.text(Level::Or)?,
        };
        let (yes, no) = (self.emit(&parts[1])?, self.emit(&parts[2])?);
        let (yes, no) = (yes.text(Level::Or)?, no.text(Level::Conditional)?);
        Ok(Out::Text(
            format!("{condition} ? {yes} : {no}"),
            Level::Conditional,
        ))
    }

    fn call(&mut self, id: FunctionId, arguments: &[Expr]) -> Result<Out, NotPlain> {
        let function = id
            .function()
            .ok_or_else(|| NotPlain::Unknown("a function".to_owned()))?;
        let namespace = match function.form {
            Form::Namespaced(namespace) => Some(namespace),
            Form::Global | Form::Member => None,
        };
        let told = self.meaning.function(namespace, function.name);
        told.map_err(NotPlain::Refused)?;
        if let (
            "hasValue",
            [
                Expr {
                    kind: ExprKind::Select { field, .. },
                    ..
                },
            ],
        ) = (function.name, arguments)
        {
            self.look_at(field, true)?;
        }
        let arguments = self.all_of(arguments)?;
        if let ("size", [Out::Sequence(pieces)]) = (function.name, arguments.as_slice()) {
            return size(pieces);
        }
        let texts = |arguments: &[Out]| -> Result<String, NotPlain> {
            let texts = arguments
                .iter()
                .map(|argument| argument.text(Level::Conditional));
            Ok(texts.collect::<Result<Vec<_>, _>>()?.join(", "))
        };
        let name = function.name;
        if let ("value", Form::Member, [receiver]) = (name, function.form, arguments.as_slice()) {
            // What the type checker makes of the value of something dynamic is not always dynamic.
            return Ok(Out::name(format!(
                "dyn({}.value())",
                receiver.text(Level::Member)?
            )));
        }
        Ok(Out::name(match (function.form, arguments.split_first()) {
            (Form::Member, Some((receiver, rest))) => {
                format!("{}.{name}({})", receiver.text(Level::Member)?, texts(rest)?)
            }
            (Form::Namespaced(namespace), _) => {
                format!("{namespace}.{name}({})", texts(&arguments)?)
            }
            _ => format!("{name}({})", texts(&arguments)?),
        }))
    }

    /// `cel.bind`: a short value is repeated, a long one is the element of a list that a loop is over.
    fn bind(&mut self, local: u16, parts: &[Expr; 2]) -> Result<Out, NotPlain> {
        let value = self.emit(&parts[0])?;
        let is_short = match &value {
            Out::Text(text, _) => text.len() <= MAX_REPEATED,
            _ => true,
        };
        if is_short {
            return self.with_local(local, value, |this| this.emit(&parts[1]));
        }
        let name = self.fresh("value");
        let body = self.with_local(local, Out::name(name.clone()), |this| this.emit(&parts[1]))?;
        if body.is_known() {
            return Ok(body);
        }
        let (value, body) = (
            value.text(Level::Conditional)?,
            body.text(Level::Conditional)?,
        );
        Ok(Out::name(format!("[{value}].map({name}, {body})[0]")))
    }
}

/// A field of what a text gives.
fn selected(operand: &str, field: &str, mode: Select) -> Result<Out, NotPlain> {
    Ok(Out::name(match (is_identifier(field), mode) {
        (true, Select::Field) => format!("{operand}.{field}"),
        (true, Select::Optional) => format!("{operand}.?{field}"),
        (true, Select::Has) => format!("has({operand}.{field})"),
        (false, Select::Field) => format!("{operand}[{}]", quoted(field)),
        (false, Select::Optional) => format!("{operand}[?{}]", quoted(field)),
        (false, Select::Has) => {
            return Ok(Out::Text(
                format!("{} in {operand}", quoted(field)),
                Level::Relation,
            ));
        }
    }))
}

fn is_identifier(field: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let starts_well = field
        .bytes()
        .next()
        .is_some_and(|byte| !byte.is_ascii_digit());
    starts_well && field.bytes().all(is_word) && !matches!(field, "in" | "true" | "false" | "null")
}

fn literal(literal: &Literal) -> Out {
    match literal {
        Literal::Null => Out::name("null"),
        Literal::Bool(value) => Out::Bool(*value),
        Literal::Int(value) => Out::Int(*value),
        Literal::Uint(value) => Out::name(format!("{value}u")),
        Literal::Double(value) => {
            let level = if value.is_sign_negative() {
                Level::Unary
            } else {
                Level::Member
            };
            Out::Text(format!("{value:?}"), level)
        }
        Literal::String(value) => Out::String(value.to_string()),
        Literal::Bytes(value) => {
            let digits: String = value.iter().map(|byte| format!("\\x{byte:02x}")).collect();
            Out::name(format!("b\"{digits}\""))
        }
    }
}

/// The two ways to join truths.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Joined {
    And,
    Or,
}

/// Joins truths; what is known falls out or decides.
pub(super) fn joined(parts: Vec<Out>, how: Joined) -> Result<Out, NotPlain> {
    let decides = how == Joined::Or;
    let (sign, level) = match how {
        Joined::And => (" && ", Level::And),
        Joined::Or => (" || ", Level::Or),
    };
    let mut texts = Vec::with_capacity(parts.len());
    let mut last = None;
    for part in parts {
        match part {
            Out::Bool(known) if known == decides => return Ok(Out::Bool(known)),
            Out::Bool(_) => {}
            other => {
                texts.push(other.text(level)?);
                last = Some(other);
            }
        }
    }
    Ok(match (texts.len(), last) {
        (1, Some(only)) => only,
        (0, _) | (_, None) => Out::Bool(!decides),
        _ => Out::Text(within(texts.join(sign))?, level),
    })
}

/// The opposite of a truth.
pub(super) fn not(operand: &Out) -> Result<Out, NotPlain> {
    Ok(match operand {
        Out::Bool(known) => Out::Bool(!known),
        Out::Text(text, Level::Unary) if text.starts_with('!') => {
            Out::Text(text[1..].to_owned(), Level::Unary)
        }
        other => Out::Text(format!("!{}", other.text(Level::Unary)?), Level::Unary),
    })
}

fn binary(operator: Operator, left: Out, right: Out) -> Result<Out, NotPlain> {
    if let Some(known) = compared(operator, &left, &right) {
        return Ok(Out::Bool(known));
    }
    if let (Operator::Add, Out::Sequence(_), _) | (Operator::Add, _, Out::Sequence(_)) =
        (operator, &left, &right)
    {
        let mut pieces = pieces(left)?;
        pieces.extend(self::pieces(right)?);
        return Ok(Out::Sequence(pieces));
    }
    let (level, above) = match operator {
        Operator::Add | Operator::Subtract => (Level::Sum, Level::Product),
        Operator::Multiply | Operator::Divide | Operator::Modulo => (Level::Product, Level::Unary),
        _ => (Level::Relation, Level::Sum),
    };
    // `a == b == c` is no relation of three; a difference on the right needs brackets.
    let first = if level == Level::Relation {
        above
    } else {
        level
    };
    let (left, right) = (left.text(first)?, right.text(above)?);
    Ok(Out::Text(
        format!("{left} {} {right}", operator.symbol()),
        level,
    ))
}

/// Whether a relation of what is known holds.
fn compared(operator: Operator, left: &Out, right: &Out) -> Option<bool> {
    if let (Operator::In, Out::Sequence(pieces)) = (operator, right) {
        let items = pieces.iter().map(|piece| match piece {
            Piece::Item {
                optional: false,
                value,
            } if value.is_known() => Some(value),
            _ => None,
        });
        let items: Option<Vec<&Out>> = items.collect();
        let items = items?;
        return (left.is_known() || items.is_empty()).then(|| items.contains(&left));
    }
    let order = match (left, right) {
        (Out::Int(left), Out::Int(right)) => left.cmp(right),
        (Out::String(left), Out::String(right)) => left.cmp(right),
        (Out::Bool(left), Out::Bool(right)) => left.cmp(right),
        _ => return None,
    };
    match operator {
        Operator::Equal => Some(order.is_eq()),
        Operator::NotEqual => Some(order.is_ne()),
        Operator::Less => Some(order.is_lt()),
        Operator::LessEqual => Some(order.is_le()),
        Operator::Greater => Some(order.is_gt()),
        Operator::GreaterEqual => Some(order.is_ge()),
        _ => None,
    }
}

/// A list in pieces.
pub(super) fn pieces(list: Out) -> Result<Vec<Piece>, NotPlain> {
    match list {
        Out::Sequence(pieces) => Ok(pieces),
        other => Ok(vec![Piece::Each {
            list: other.text(Level::Member)?,
            kind: None,
        }]),
    }
}

/// How many elements a list has.
fn size(list: &[Piece]) -> Result<Out, NotPlain> {
    let is_known = |piece: &Piece| match piece {
        Piece::Item { optional, value } => !optional && value.is_known(),
        Piece::Each { .. } | Piece::Where { .. } => false,
    };
    if list.iter().all(is_known) {
        return Ok(Out::Int(i64::try_from(list.len()).unwrap_or(i64::MAX)));
    }
    let mut sizes = Vec::new();
    let is_things = |piece: &Piece| matches!(piece, Piece::Each { kind: Some(_), .. });
    for run in list.chunk_by(|left, right| !is_things(left) && !is_things(right)) {
        let text = match run {
            [Piece::Each { list, .. }] => list.clone(),
            values => Out::Sequence(values.to_vec()).text(Level::Member)?,
        };
        sizes.push(format!("{text}.size()"));
    }
    let level = if sizes.len() == 1 {
        Level::Member
    } else {
        Level::Sum
    };
    Ok(Out::Text(sizes.join(" + "), level))
}

fn within(text: String) -> Result<String, NotPlain> {
    if text.len() > MAX_TEXT {
        Err(NotPlain::TooLong)
    } else {
        Ok(text)
    }
}
