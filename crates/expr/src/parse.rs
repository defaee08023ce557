//! Text to a checked expression: the `cel` crate's parser, then names, macros and types.

use cel::Env;
use cel::common::ast::{
    EntryExpr, Expr as Parsed, IdedExpr, ListExpr, LiteralValue, MapExpr, SourceInfo,
};
use document::Source;

use crate::ast::{Checked, DEPTH, Expr, ExprKind, ListItem, Literal, MapEntry, Select};
use crate::check::{self, Typed};
use crate::declarations::Declarations;
use crate::error::Diagnostic;
use crate::function::{self, Form};
use crate::types::{Type, Types};

mod calls;
mod limits;
mod macros;
mod suggest;

impl Checked {
    /// Reads an expression, resolves its names and checks what can be checked without data.
    pub fn parse(source: &str, declarations: &Declarations) -> Result<Checked, Vec<Diagnostic>> {
        parse(source, declarations, Types::ANY)
    }

    /// Reads an expression that must give a value of a type, as far as that can be told from its text.
    pub fn parse_as(
        source: &str,
        declarations: &Declarations,
        result: Type,
    ) -> Result<Checked, Vec<Diagnostic>> {
        parse(source, declarations, Types::of(result))
    }
}

fn parse(
    source: &str,
    declarations: &Declarations,
    wanted: Types,
) -> Result<Checked, Vec<Diagnostic>> {
    let places = Source::new("", source);
    if let Err((offset, message)) = limits::check(source) {
        return Err(vec![diagnostic(&places, offset, message)]);
    }
    let parser = Env::default().parser().enable_ident_escape_syntax(true);
    let (parsed, info) = parser.parse_with_source_info(source).map_err(|errors| {
        let errors = errors.errors.into_iter();
        errors
            .map(|error| syntax_error(&places, &error))
            .collect::<Vec<_>>()
    })?;
    let mut lowering = Lowering {
        declarations,
        info: &info,
        places: &places,
        scope: Vec::new(),
        locals: 0,
        diagnostics: Vec::new(),
    };
    let root = lowering.lower(&parsed);
    if root.expr.depth() > DEPTH {
        lowering.report(root.expr.at, limits::TOO_DEEP.to_owned());
    }
    if root.types.excludes(wanted) {
        let message = format!("this is {}, not {}", root.types.names(), wanted.names());
        lowering.report(root.expr.at, message);
    }
    if lowering.diagnostics.is_empty() {
        Ok(Checked {
            root: root.expr,
            locals: lowering.locals,
        })
    } else {
        Err(lowering.diagnostics)
    }
}

/// The parser counts lines from 1 and columns from 1.
fn syntax_error(places: &Source, error: &cel::ParseError) -> Diagnostic {
    let line = u32::try_from(error.pos.0).unwrap_or(1).max(1);
    let column = u32::try_from(error.pos.1).unwrap_or(1).max(1);
    let offset = places
        .offset(document::LineColumn { line, column })
        .unwrap_or_default();
    diagnostic(places, offset, syntax_message(&error.msg))
}

/// The parser's message in our words.
fn syntax_message(message: &str) -> String {
    let message = message.strip_prefix("Syntax error: ").unwrap_or(message);
    let quoted = |after: &str| {
        let token = message.split_once(after)?.1.trim();
        let token = token.split(" expecting ").next()?.trim_matches('\'');
        Some(
            token
                .lines()
                .next()
                .unwrap_or_default()
                .replace("<EOF>", ""),
        )
    };
    let unexpected = [
        "mismatched input",
        "extraneous input",
        "no viable alternative at input",
        "error at:",
    ];
    match unexpected.into_iter().find_map(quoted) {
        Some(token) if token.is_empty() => "unexpected end of the expression".to_owned(),
        Some(token) => format!("unexpected '{token}'"),
        None => {
            let line = message.lines().next().unwrap_or_default();
            line.replace("'<EOF>'", "the end of the expression")
        }
    }
}

fn diagnostic(places: &Source, offset: u32, message: String) -> Diagnostic {
    let at = places.line_column(offset);
    Diagnostic {
        offset,
        line: at.line,
        column: at.column,
        message,
    }
}

/// Turns what the parser gives into a checked expression.
struct Lowering<'p> {
    declarations: &'p Declarations,
    info: &'p SourceInfo,
    places: &'p Source,
    /// Loop variables in sight, outermost first; the position is the slot.
    scope: Vec<&'p str>,
    /// Most loop variables in sight at once.
    locals: u16,
    diagnostics: Vec<Diagnostic>,
}

impl<'p> Lowering<'p> {
    fn lower(&mut self, parsed: &'p IdedExpr) -> Typed {
        let at = self.at(parsed);
        match &parsed.expr {
            Parsed::Literal(literal) => lower_literal(literal, at),
            Parsed::Ident(name) => self.identifier(name, at),
            Parsed::Select(select) => match self.qualified_type(parsed) {
                Some(named) => Typed::new(at, ExprKind::Type(named), Types::TYPE),
                None => self.select(&select.operand, &select.field, Select::Field, at),
            },
            Parsed::Call(call) => self.call(call, self.at_name(&call.func_name, at)),
            Parsed::List(list) => self.list(list, at),
            Parsed::Map(map) => self.map(map, at),
            Parsed::Struct(made) => {
                self.report(
                    at,
                    format!("messages are not supported: '{}'", made.type_name),
                );
                Typed::nothing(at)
            }
            Parsed::Comprehension(_) | Parsed::Unspecified => {
                self.report(at, "not an expression".to_owned());
                Typed::nothing(at)
            }
        }
    }

    fn at(&self, parsed: &IdedExpr) -> u32 {
        self.info
            .offset_for(parsed.id)
            .map_or(0, |(start, _)| start)
    }

    /// Where a call's name begins: the parser gives the bracket behind it.
    fn at_name(&self, name: &str, bracket: u32) -> u32 {
        let text = self.places.text();
        let before = text.get(..bracket as usize).unwrap_or_default().trim_end();
        before
            .strip_suffix(name)
            .map_or(bracket, |before| before.len() as u32)
    }

    fn report(&mut self, offset: u32, message: String) {
        self.diagnostics
            .push(diagnostic(self.places, offset, message));
    }

    fn identifier(&mut self, name: &'p str, at: u32) -> Typed {
        let name = name.strip_prefix('.').unwrap_or(name);
        if let Some(slot) = self.scope.iter().rposition(|local| *local == name) {
            return Typed::new(at, ExprKind::Local(slot as u16), Types::ANY);
        }
        if let Some(slot) = self.declarations.slot(name) {
            return Typed::new(at, ExprKind::Variable(slot), Types::ANY);
        }
        if let Some(named) = Type::NAMED.into_iter().find(|named| named.name() == name) {
            return Typed::new(at, ExprKind::Type(named), Types::TYPE);
        }
        let names = self
            .scope
            .iter()
            .copied()
            .chain(self.declarations.variables());
        let hint = suggest::hint(name, names);
        self.report(at, format!("unknown variable '{name}'{hint}"));
        Typed::nothing(at)
    }

    /// Whether a name is a variable, so that it hides a namespace of the same name.
    fn is_variable(&self, name: &str) -> bool {
        self.scope.contains(&name) || self.declarations.slot(name).is_some()
    }

    /// `google.protobuf.Timestamp` and the other types with dots in their names.
    fn qualified_type(&self, parsed: &IdedExpr) -> Option<Type> {
        const QUALIFIED: [Type; 8] = [
            Type::Timestamp,
            Type::Duration,
            Type::Quantity,
            Type::Semver,
            Type::Ip,
            Type::Cidr,
            Type::Url,
            Type::Format,
        ];
        let name = qualified_name(parsed)?;
        let root = name.split('.').next()?;
        QUALIFIED
            .into_iter()
            .find(|one| one.name() == name)
            .filter(|_| !self.is_variable(root))
    }

    fn select(&mut self, operand: &'p IdedExpr, field: &str, mode: Select, at: u32) -> Typed {
        let operand = self.lower(operand);
        let selectable = Types::MAP.or(Types::HOST).or(Types::OPTIONAL);
        if operand.types.excludes(selectable) {
            self.report(
                at,
                format!("{} has no field '{field}'", operand.types.names()),
            );
        }
        let types = match mode {
            Select::Field => Types::ANY,
            Select::Optional => Types::OPTIONAL,
            Select::Has => Types::BOOL,
        };
        let operand = Box::new(operand.expr);
        Typed::new(
            at,
            ExprKind::Select {
                operand,
                field: field.into(),
                mode,
            },
            types,
        )
    }

    fn list(&mut self, list: &'p ListExpr, at: u32) -> Typed {
        let items = list
            .elements
            .iter()
            .enumerate()
            .map(|(position, element)| ListItem {
                optional: list.optional_indices.contains(&position),
                value: self.lower(element).expr,
            });
        let items = items.collect();
        Typed::new(at, ExprKind::List(items), Types::LIST)
    }

    fn map(&mut self, map: &'p MapExpr, at: u32) -> Typed {
        let mut entries = Vec::with_capacity(map.entries.len());
        for entry in &map.entries {
            let EntryExpr::MapEntry(entry) = &entry.expr else {
                continue;
            };
            let key = self.lower(&entry.key);
            if key.types.excludes(check::KEYS) {
                self.report(
                    key.expr.at,
                    format!("{} cannot be a key of a map", key.types.names()),
                );
            }
            let value = self.lower(&entry.value).expr;
            entries.push(MapEntry {
                optional: entry.optional,
                key: key.expr,
                value,
            });
        }
        Typed::new(at, ExprKind::Map(entries), Types::MAP)
    }

    /// Lowers something that sees another loop variable.
    fn within<T>(&mut self, names: &[&'p str], lower: impl FnOnce(&mut Self) -> T) -> T {
        self.scope.extend(names);
        self.locals = self.locals.max(self.scope.len() as u16);
        let result = lower(self);
        self.scope.truncate(self.scope.len() - names.len());
        result
    }
}

/// The name with dots that an expression spells.
fn qualified_name(parsed: &IdedExpr) -> Option<String> {
    match &parsed.expr {
        Parsed::Ident(name) => Some(name.clone()),
        Parsed::Select(select) if !select.test => Some(format!(
            "{}.{}",
            qualified_name(&select.operand)?,
            select.field
        )),
        _ => None,
    }
}

fn lower_literal(literal: &LiteralValue, at: u32) -> Typed {
    let (literal, types) = match literal {
        LiteralValue::Null => (Literal::Null, Types::NULL),
        LiteralValue::Boolean(value) => (Literal::Bool(*value.inner()), Types::BOOL),
        LiteralValue::Int(value) => (Literal::Int(*value.inner()), Types::INT),
        LiteralValue::UInt(value) => (Literal::Uint(*value.inner()), Types::UINT),
        LiteralValue::Double(value) => (Literal::Double(*value.inner()), Types::DOUBLE),
        LiteralValue::String(value) => (Literal::String(value.inner().into()), Types::STRING),
        LiteralValue::Bytes(value) => (Literal::Bytes(value.inner().into()), Types::BYTES),
    };
    Typed::new(at, ExprKind::Literal(literal), types)
}

/// Whether functions are written with a name before them, as in `math.greatest(…)`.
fn is_namespace(name: &str) -> bool {
    let named = |form| matches!(form, Form::Namespaced(namespace) if namespace == name);
    function::functions().any(|(_, function)| named(function.form))
}

impl Typed {
    fn new(at: u32, kind: ExprKind, types: Types) -> Self {
        Typed {
            expr: Expr { at, kind },
            types,
        }
    }

    /// What stands for an expression that is wrong.
    fn nothing(at: u32) -> Self {
        Typed::new(at, ExprKind::Literal(Literal::Null), Types::ANY)
    }
}
