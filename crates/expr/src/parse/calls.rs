//! Calls: operators, functions and methods by name, with the types that their arguments may have.

use cel::common::ast::{CallExpr, Expr as Parsed, IdedExpr, operators};

use super::{Lowering, is_namespace, macros, suggest};
use crate::ast::{Expr, ExprKind, FunctionId, ListItem, Operator, Select};
use crate::check::{self, Typed};
use crate::function::{Form, Function, functions};
use crate::types::Types;

impl<'p> Lowering<'p> {
    pub(super) fn call(&mut self, call: &'p CallExpr, at: u32) -> Typed {
        if let Some(operator) = binary_operator(&call.func_name)
            && let [left, right] = &call.args[..]
        {
            return self.binary(operator, left, right, at);
        }
        if let Some(typed) = self.operator(call, at) {
            return typed;
        }
        if let Some(typed) = self.macro_call(call, at) {
            return typed;
        }
        let name = call.func_name.as_str();
        match &call.target {
            None => {
                let name = name.strip_prefix('.').unwrap_or(name);
                self.named_call(Form::Global, name, call.args.iter(), at)
            }
            Some(target) => match self.namespace(target) {
                Some(namespace) => self.namespaced_call(namespace, name, &call.args, at),
                None => self.named_call(
                    Form::Member,
                    name,
                    std::iter::once(&**target).chain(&call.args),
                    at,
                ),
            },
        }
    }

    fn namespace(&self, target: &'p IdedExpr) -> Option<&'p str> {
        match &target.expr {
            Parsed::Ident(name) if is_namespace(name) && !self.is_variable(name) => Some(name),
            _ => None,
        }
    }

    /// The operators that are no binary ones.
    fn operator(&mut self, call: &'p CallExpr, at: u32) -> Option<Typed> {
        Some(match (call.func_name.as_str(), &call.args[..]) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR, _) => self.junction(call, at),
            (operators::LOGICAL_NOT, [operand]) => {
                let operand = self.lower(operand);
                self.expect(&operand, Types::BOOL);
                Typed::new(at, ExprKind::Not(Box::new(operand.expr)), Types::BOOL)
            }
            (operators::NEGATE, [operand]) => {
                let operand = self.lower(operand);
                let wanted = Types::INT.or(Types::DOUBLE);
                self.expect(&operand, wanted);
                let types = operand.types.and(wanted);
                Typed::new(at, ExprKind::Negate(Box::new(operand.expr)), types)
            }
            (operators::CONDITIONAL, [condition, then, otherwise]) => {
                self.conditional(condition, then, otherwise, at)
            }
            (operators::INDEX, [operand, key]) => self.index(operand, key, false, at),
            (operators::OPT_INDEX, [operand, key]) => self.index(operand, key, true, at),
            (operators::OPT_SELECT, [operand, field]) => match &field.expr {
                Parsed::Literal(cel::common::ast::LiteralValue::String(field)) => {
                    self.select(operand, field.inner(), Select::Optional, at)
                }
                _ => Typed::nothing(at),
            },
            _ => return None,
        })
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: &'p IdedExpr,
        right: &'p IdedExpr,
        at: u32,
    ) -> Typed {
        let (left, right) = (self.lower(left), self.lower(right));
        let types = check::binary(operator, left.types, right.types).unwrap_or_else(|| {
            let symbol = operator.symbol();
            let (left, right) = (left.types.names(), right.types.names());
            self.report(
                at,
                format!("'{symbol}' is not defined for {left} and {right}"),
            );
            Types::ANY
        });
        Typed::new(
            at,
            ExprKind::Binary(operator, Box::new([left.expr, right.expr])),
            types,
        )
    }

    /// All the operands of a run of `&&`, or of `||`, in one node.
    fn junction(&mut self, call: &'p CallExpr, at: u32) -> Typed {
        let mut operands = Vec::new();
        flatten(call, &call.func_name, &mut operands);
        let parts: Vec<Expr> = operands
            .into_iter()
            .map(|operand| {
                let operand = self.lower(operand);
                self.expect(&operand, Types::BOOL);
                operand.expr
            })
            .collect();
        let kind = match call.func_name.as_str() {
            operators::LOGICAL_AND => ExprKind::And(parts),
            _ => ExprKind::Or(parts),
        };
        Typed::new(at, kind, Types::BOOL)
    }

    fn conditional(
        &mut self,
        condition: &'p IdedExpr,
        then: &'p IdedExpr,
        otherwise: &'p IdedExpr,
        at: u32,
    ) -> Typed {
        let condition = self.lower(condition);
        self.expect(&condition, Types::BOOL);
        let (then, otherwise) = (self.lower(then), self.lower(otherwise));
        let parts = Box::new([condition.expr, then.expr, otherwise.expr]);
        Typed::new(
            at,
            ExprKind::Conditional(parts),
            then.types.or(otherwise.types),
        )
    }

    fn index(
        &mut self,
        operand: &'p IdedExpr,
        key: &'p IdedExpr,
        optional: bool,
        at: u32,
    ) -> Typed {
        let (operand, key) = (self.lower(operand), self.lower(key));
        self.expect(
            &operand,
            Types::LIST
                .or(Types::MAP)
                .or(Types::HOST)
                .or(Types::OPTIONAL),
        );
        self.expect(&key, check::KEYS.or(Types::DOUBLE));
        let types = if optional {
            Types::OPTIONAL
        } else {
            Types::ANY
        };
        let (operand, key) = (Box::new(operand.expr), Box::new(key.expr));
        Typed::new(
            at,
            ExprKind::Index {
                operand,
                key,
                optional,
            },
            types,
        )
    }

    fn namespaced_call(
        &mut self,
        namespace: &'p str,
        name: &'p str,
        arguments: &'p [IdedExpr],
        at: u32,
    ) -> Typed {
        let named = |function: &Function| {
            matches!(function.form, Form::Namespaced(own) if own == namespace)
                && function.name == name
        };
        let candidates: Vec<_> = functions()
            .filter(|(_, function)| named(function))
            .collect();
        let variadic = namespace == "math" && matches!(name, "greatest" | "least");
        if variadic && arguments.len() > 1 {
            let items = arguments.iter().map(|argument| self.lower(argument));
            let items = items
                .map(|item| ListItem {
                    optional: false,
                    value: item.expr,
                })
                .collect();
            let list = Typed::new(at, ExprKind::List(items), Types::LIST);
            return self.resolved(name, &candidates, vec![list], at);
        }
        let arguments = arguments
            .iter()
            .map(|argument| self.lower(argument))
            .collect();
        self.resolved(name, &candidates, arguments, at)
    }

    fn named_call(
        &mut self,
        form: Form,
        name: &'p str,
        arguments: impl Iterator<Item = &'p IdedExpr>,
        at: u32,
    ) -> Typed {
        let arguments: Vec<Typed> = arguments.map(|argument| self.lower(argument)).collect();
        let candidates: Vec<_> = functions()
            .filter(|(_, function)| function.form == form && function.name == name)
            .collect();
        let on_host = arguments
            .first()
            .is_some_and(|target| !target.types.excludes(Types::HOST));
        if form == Form::Member && self.declarations.method_id(name).is_some() && on_host {
            let arguments = arguments
                .into_iter()
                .map(|argument| argument.expr)
                .collect();
            return Typed::new(at, ExprKind::Method(name.into(), arguments), Types::ANY);
        }
        self.resolved(name, &candidates, arguments, at)
    }

    /// The call of one of the functions with a name, with its arguments checked.
    fn resolved(
        &mut self,
        name: &str,
        candidates: &[(FunctionId, &'static Function)],
        arguments: Vec<Typed>,
        at: u32,
    ) -> Typed {
        let fitting = candidates
            .iter()
            .find(|(_, function)| function.takes(arguments.len()));
        let Some((id, function)) = fitting else {
            self.unresolved(name, candidates, arguments.len(), at);
            return Typed::nothing(at);
        };
        for (argument, wanted) in arguments.iter().zip(function.parameters) {
            self.expect(argument, *wanted);
        }
        let arguments = arguments
            .into_iter()
            .map(|argument| argument.expr)
            .collect();
        Typed::new(at, ExprKind::Call(*id, arguments), function.result)
    }

    #[cold]
    fn unresolved(
        &mut self,
        name: &str,
        candidates: &[(FunctionId, &'static Function)],
        arguments: usize,
        at: u32,
    ) {
        if let Some((_, function)) = candidates.first() {
            let receiver = usize::from(function.form == Form::Member);
            let most = function.parameters.len() - receiver;
            let least = most - function.optional;
            let range = if least == most {
                most.to_string()
            } else {
                format!("{least} to {most}")
            };
            let given = arguments - receiver;
            let noun = if range == "1" {
                "argument"
            } else {
                "arguments"
            };
            return self.report(at, format!("'{name}' takes {range} {noun}, not {given}"));
        }
        if macros::MEMBERS.contains(&name) || name == "has" {
            return self.report(
                at,
                format!("wrong number of arguments for the macro '{name}'"),
            );
        }
        let known = functions().map(|(_, function)| function.name);
        let methods = self.declarations.method_names();
        let known = known.chain(macros::MEMBERS).chain(["has"]).chain(methods);
        let hint = suggest::hint(name, known);
        self.report(at, format!("unknown function '{name}'{hint}"));
    }
}

/// The operands of a run of one logical operator, left to right.
fn flatten<'p>(call: &'p CallExpr, name: &str, operands: &mut Vec<&'p IdedExpr>) {
    for operand in &call.args {
        match &operand.expr {
            Parsed::Call(inner) if inner.func_name == name => flatten(inner, name, operands),
            _ => operands.push(operand),
        }
    }
}

fn binary_operator(name: &str) -> Option<Operator> {
    Some(match name {
        operators::EQUALS => Operator::Equal,
        operators::NOT_EQUALS => Operator::NotEqual,
        operators::LESS => Operator::Less,
        operators::LESS_EQUALS => Operator::LessEqual,
        operators::GREATER => Operator::Greater,
        operators::GREATER_EQUALS => Operator::GreaterEqual,
        operators::IN => Operator::In,
        operators::ADD => Operator::Add,
        operators::SUBSTRACT => Operator::Subtract,
        operators::MULTIPLY => Operator::Multiply,
        operators::DIVIDE => Operator::Divide,
        operators::MODULO => Operator::Modulo,
        _ => return None,
    })
}
