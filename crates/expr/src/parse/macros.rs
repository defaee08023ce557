//! The macros: calls that bind names, lowered to loops.

use cel::common::ast::{CallExpr, Expr as Parsed, IdedExpr};

use super::Lowering;
use crate::ast::{ExprKind, Loop, LoopKind, Select};
use crate::check::Typed;
use crate::types::Types;

/// How a macro's arguments are used.
struct Shape {
    kind: LoopKind,
    /// Number of names.
    names: usize,
    /// Whether the argument behind the names is a filter.
    filter: bool,
}

/// The loop that a member call is, by name and number of arguments.
fn shape(name: &str, arguments: usize) -> Option<Shape> {
    let (kind, names, filter) = match (name, arguments) {
        ("all", 2 | 3) => (LoopKind::All, arguments - 1, false),
        ("exists", 2 | 3) => (LoopKind::Exists, arguments - 1, false),
        ("exists_one" | "existsOne", 2 | 3) => (LoopKind::ExistsOne, arguments - 1, false),
        ("filter", 2) => (LoopKind::Filter, 1, false),
        ("map", 2 | 3) => (LoopKind::Map, 1, arguments == 3),
        ("transformList", 3 | 4) => (LoopKind::Map, 2, arguments == 4),
        ("transformMap", 3 | 4) => (LoopKind::TransformMap, 2, arguments == 4),
        ("transformMapEntry", 3 | 4) => (LoopKind::TransformMapEntry, 2, arguments == 4),
        _ => return None,
    };
    Some(Shape {
        kind,
        names,
        filter,
    })
}

/// The names of the macros that are written as members.
pub(super) const MEMBERS: [&str; 11] = [
    "all",
    "exists",
    "exists_one",
    "existsOne",
    "filter",
    "map",
    "transformList",
    "transformMap",
    "transformMapEntry",
    "optMap",
    "optFlatMap",
];

impl<'p> Lowering<'p> {
    /// The macro that a call is, or nothing.
    pub(super) fn macro_call(&mut self, call: &'p CallExpr, at: u32) -> Option<Typed> {
        match (&call.target, call.func_name.as_str(), &call.args[..]) {
            (None, "has", [tested]) => Some(self.has(tested, at)),
            (Some(target), "bind", [name, value, body]) if self.is_cel(target) => {
                Some(self.bind(name, value, body, at))
            }
            (Some(target), name @ ("optMap" | "optFlatMap"), [local, body]) => {
                Some(self.optional_map(target, local, body, name == "optFlatMap", at))
            }
            (Some(target), name, arguments) => {
                let shape = shape(name, arguments.len())?;
                Some(self.looped(target, &shape, arguments, at))
            }
            _ => None,
        }
    }

    fn is_cel(&self, target: &IdedExpr) -> bool {
        matches!(&target.expr, Parsed::Ident(name) if name == "cel") && !self.is_variable("cel")
    }

    fn has(&mut self, tested: &'p IdedExpr, at: u32) -> Typed {
        if let Parsed::Select(select) = &tested.expr {
            let at = self.at(tested);
            self.select(&select.operand, &select.field, Select::Has, at)
        } else {
            self.report(
                at,
                "has() takes a field selection, such as has(a.b)".to_owned(),
            );
            Typed::nothing(at)
        }
    }

    fn bind(
        &mut self,
        name: &'p IdedExpr,
        value: &'p IdedExpr,
        body: &'p IdedExpr,
        at: u32,
    ) -> Typed {
        let value = self.lower(value);
        let (local, body) = self.with_name(name, body);
        let parts = Box::new([value.expr, body.expr]);
        Typed::new(at, ExprKind::Bind { local, parts }, body.types)
    }

    fn optional_map(
        &mut self,
        target: &'p IdedExpr,
        name: &'p IdedExpr,
        body: &'p IdedExpr,
        flat: bool,
        at: u32,
    ) -> Typed {
        let target = self.lower(target);
        let (local, body) = self.with_name(name, body);
        self.expect(&target, Types::OPTIONAL);
        if flat {
            self.expect(&body, Types::OPTIONAL);
        }
        let parts = Box::new([target.expr, body.expr]);
        Typed::new(
            at,
            ExprKind::OptionalMap { local, flat, parts },
            Types::OPTIONAL,
        )
    }

    /// Lowers an expression that sees one more name; gives the name's slot too.
    fn with_name(&mut self, name: &'p IdedExpr, body: &'p IdedExpr) -> (u16, Typed) {
        let local = self.scope.len() as u16;
        let name = self.name(name);
        (local, self.within(&[name], |this| this.lower(body)))
    }

    /// The name that an argument of a macro binds.
    fn name(&mut self, argument: &'p IdedExpr) -> &'p str {
        match &argument.expr {
            Parsed::Ident(name) if !name.starts_with('.') => name,
            _ => {
                let at = self.at(argument);
                self.report(at, "the argument must be a plain name".to_owned());
                "_"
            }
        }
    }

    fn looped(
        &mut self,
        target: &'p IdedExpr,
        shape: &Shape,
        arguments: &'p [IdedExpr],
        at: u32,
    ) -> Typed {
        let range = self.lower(target);
        self.expect(&range, Types::LIST.or(Types::MAP).or(Types::HOST));
        let (names, rest) = arguments.split_at(shape.names);
        let names: Vec<&'p str> = names.iter().map(|name| self.name(name)).collect();
        if names.len() == 2 && names[0] == names[1] {
            self.report(at, format!("the names must differ: '{}'", names[0]));
        }
        let first = self.scope.len() as u16;
        let (filter, body) = self.within(&names, |this| this.loop_parts(shape, rest));
        let types = match shape.kind {
            LoopKind::All | LoopKind::Exists | LoopKind::ExistsOne => Types::BOOL,
            LoopKind::Map | LoopKind::Filter => Types::LIST,
            LoopKind::TransformMap | LoopKind::TransformMapEntry => Types::MAP,
        };
        let second = (names.len() == 2).then_some(first + 1);
        let looped = Loop {
            kind: shape.kind,
            range: range.expr,
            first,
            second,
            filter,
            body,
        };
        Typed::new(at, ExprKind::Loop(Box::new(looped)), types)
    }

    fn loop_parts(
        &mut self,
        shape: &Shape,
        rest: &'p [IdedExpr],
    ) -> (Option<crate::ast::Expr>, crate::ast::Expr) {
        let filter = (shape.filter && rest.len() == 2).then(|| {
            let filter = self.lower(&rest[0]);
            self.expect(&filter, Types::BOOL);
            filter.expr
        });
        let body = self.lower(&rest[rest.len() - 1]);
        match shape.kind {
            LoopKind::Map | LoopKind::TransformMap => {}
            LoopKind::TransformMapEntry => self.expect(&body, Types::MAP),
            _ => self.expect(&body, Types::BOOL),
        }
        (filter, body.expr)
    }

    /// Reports an expression that can never be of the wanted types.
    pub(super) fn expect(&mut self, typed: &Typed, wanted: Types) {
        if typed.types.excludes(wanted) {
            let message = format!("this is {}, not {}", typed.types.names(), wanted.names());
            self.report(typed.expr.at, message);
        }
    }
}
