//! Calls of functions and methods: arguments, their types, and results.

use super::{Executed, Execution};
use crate::builtin::{self, Builtin};
use crate::error::Failure;
use crate::function::FunctionId;
use crate::origin::Origin;
use crate::tree::{Place, Word, WordKind};
use crate::value::{
    Context as _, Data, Function, Host, Library, Passing, Signature, Type, Value, fits,
};

/// A call that is being made.
struct Made<'w> {
    name: Name<'w>,
    place: Place,
    /// The words after the name.
    words: &'w [Word],
}

/// What is called. Only errors say it.
enum Name<'w> {
    Method(&'w str),
    /// A function, by where its name stands.
    Function(Place),
}

/// What a call runs.
enum Callee<'s> {
    Defined(&'s Function),
    Library(&'s dyn Library, u32),
}

impl Execution<'_> {
    pub(super) fn call_function(
        &mut self,
        id: FunctionId,
        place: Place,
        words: &[Word],
        dot: &Value,
        last: Option<Value>,
    ) -> Executed<Value> {
        let set = self.set;
        let made = Made {
            name: Name::Function(words.first().map_or(place, |word| word.place)),
            place,
            words: words.get(1..).unwrap_or_default(),
        };
        let callee = match id {
            FunctionId::Builtin(builtin) => {
                return self.call_builtin(builtin, &made, dot, last);
            }
            FunctionId::Defined(id) => Callee::Defined(set.functions().defined(id)),
            FunctionId::Library(library, id) => {
                Callee::Library(set.functions().library(library), id)
            }
        };
        let (signature, passing) = match callee {
            Callee::Defined(function) => (&function.signature, function.passing),
            Callee::Library(library, id) => library.signature(id),
        };
        let mut arguments = self.arguments(&made, signature, dot, last)?;
        let outcome = self.run_code(&made, |context| match callee {
            Callee::Defined(function) => (function.code)(context, &mut arguments.values),
            Callee::Library(library, id) => library.call(id, context, &mut arguments.values),
        });
        self.finish(&made, outcome, arguments, passing)
    }

    fn name<'m>(&'m self, made: &Made<'m>) -> &'m str {
        match made.name {
            Name::Method(name) => name,
            Name::Function(place) => self.tree.function_name(place),
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a method call has this many parts"
    )]
    pub(super) fn call_method(
        &mut self,
        host: &dyn Host,
        origin: Origin,
        name: &str,
        place: Place,
        words: &[Word],
        dot: &Value,
        last: Option<Value>,
    ) -> Executed<Value> {
        let made = Made {
            name: Name::Method(name),
            place,
            words: words.get(1..).unwrap_or_default(),
        };
        let signature = host.method(name).copied().unwrap_or_default();
        let mut arguments = self.arguments(&made, &signature, dot, last)?;
        arguments.origin = self.recorder.union(origin, arguments.origin);
        let outcome = self.run_code(&made, |context| {
            host.call(name, context, &mut arguments.values)
        });
        self.finish(&made, outcome, arguments, Passing::All)
    }

    fn call_builtin(
        &mut self,
        builtin: Builtin,
        made: &Made<'_>,
        dot: &Value,
        last: Option<Value>,
    ) -> Executed<Value> {
        let signature = builtin.signature();
        if let Builtin::And | Builtin::Or = builtin {
            self.hold_to_count(made, signature, last.is_some())?;
            return self.short_circuit(made, builtin == Builtin::Or, dot, last);
        }
        let mut arguments = self.arguments(made, signature, dot, last)?;
        let outcome = if builtin == Builtin::Call {
            let callee = match (made.words.first(), arguments.values.first()) {
                (Some(word), _) => self.shown(word.place.id),
                (None, Some(value)) => value
                    .as_str()
                    .map_or_else(|| format!("<{} Value>", value.type_name()), str::to_owned),
                (None, None) => String::new(),
            };
            self.run_code(made, |context| {
                builtin::call(context, &callee, &mut arguments.values)
            })
        } else {
            self.run_code(made, |context| {
                builtin::run(builtin, context, &arguments.values)
            })
        };
        self.finish(made, outcome, arguments, Passing::All)
    }

    fn run_code(
        &mut self,
        made: &Made<'_>,
        code: impl FnOnce(&mut Self) -> Result<Value, Failure>,
    ) -> Result<Value, Failure> {
        self.spend(1)?;
        let outer = std::mem::replace(&mut self.call_span, self.tree.span(made.place));
        let outcome = code(self);
        self.call_span = outer;
        let value = outcome?;
        if let Data::String(text) = value.data() {
            self.reserve(text.len())?;
        }
        Ok(value)
    }

    fn finish(
        &mut self,
        made: &Made<'_>,
        outcome: Result<Value, Failure>,
        arguments: Arguments,
        passing: Passing,
    ) -> Executed<Value> {
        let Arguments { mut values, origin } = arguments;
        values.clear();
        self.spare.push(values);
        match outcome {
            Ok(value) if value.origin().is_none() && passing == Passing::All => {
                Ok(value.with_origin(self.recorder.mixed(origin)))
            }
            Ok(value) => Ok(value),
            Err(failure) => {
                self.at = made.place.id;
                let before = format!("error calling {}: ", self.name(made));
                Err(self.failed(&before, failure))
            }
        }
    }

    /// `and` and `or`: the first argument that decides, or the last one.
    fn short_circuit(
        &mut self,
        made: &Made<'_>,
        stops_at: bool,
        dot: &Value,
        last: Option<Value>,
    ) -> Executed<Value> {
        let mut value = Value::default();
        let mut origin = Origin::NONE;
        for word in made.words {
            value = self.argument(word, Some(Type::Reflect), dot)?;
            origin = self.recorder.union(value.origin(), origin);
            if value.is_true() == stops_at {
                return Ok(value.with_origin(origin));
            }
        }
        if let Some(last) = last {
            origin = self.recorder.union(last.origin(), origin);
            value = last;
        }
        Ok(value.with_origin(origin))
    }

    fn hold_to_count(
        &self,
        made: &Made<'_>,
        signature: &Signature,
        has_last: bool,
    ) -> Executed<()> {
        let given = made.words.len();
        let count = given + usize::from(has_last);
        let fixed = signature.fixed();
        let is_right = if signature.is_variadic {
            count >= fixed
        } else {
            count == fixed
        };
        if is_right {
            return Ok(());
        }
        let name = self.name(made);
        let wanted = if signature.is_variadic {
            format!("want at least {fixed} got {given}")
        } else {
            format!("want {fixed} got {count}")
        };
        Err(self.error(format!("wrong number of args for {name}: {wanted}")))
    }

    fn arguments(
        &mut self,
        made: &Made<'_>,
        signature: &Signature,
        dot: &Value,
        last: Option<Value>,
    ) -> Executed<Arguments> {
        self.hold_to_count(made, signature, last.is_some())?;
        let mut values = self.spare.pop().unwrap_or_default();
        let mut origin = Origin::NONE;
        for (index, word) in made.words.iter().enumerate() {
            let value = self.argument(word, Some(signature.parameter(index)), dot)?;
            origin = self.recorder.union(origin, value.origin());
            values.push(value);
        }
        if let Some(last) = last {
            let value = self.fitted(last, Some(signature.parameter(values.len())))?;
            origin = self.recorder.union(origin, value.origin());
            values.push(value);
        }
        self.work(values.iter().map(size).sum())?;
        Ok(Arguments { values, origin })
    }

    /// An argument as a parameter's type; without a type as it is.
    pub(super) fn argument(
        &mut self,
        word: &Word,
        wanted: Option<Type>,
        dot: &Value,
    ) -> Executed<Value> {
        self.at = word.place.id;
        let own = std::slice::from_ref(word);
        let value = match &word.kind {
            WordKind::Dot => dot.clone(),
            WordKind::Nil => {
                let Some(wanted) = wanted.filter(|wanted| wanted.takes_nil()) else {
                    return Err(self.error(format!(
                        "cannot assign nil to {}",
                        wanted.map_or("nil", Type::name)
                    )));
                };
                return Ok(if wanted == Type::Reflect {
                    Value::default()
                } else {
                    Value::nil()
                });
            }
            WordKind::Field(fields) => self.chain(dot, *fields, word, own, dot, None)?,
            WordKind::Variable(id, fields) => self.variable(word, *id, *fields, own, dot, None)?,
            WordKind::Pipe(pipe) => self.parenthesized(pipe, dot)?,
            WordKind::Function(id) => self.call_function(*id, word.place, own, dot, None)?,
            WordKind::Chain(inner, fields) => self.chained(word, inner, *fields, own, dot, None)?,
            WordKind::Bool(_) | WordKind::Number(_) | WordKind::String(_) => {
                return self.typed_constant(word, wanted.unwrap_or(Type::Any));
            }
        };
        self.fitted(value, wanted)
    }

    /// Holds a value to a type.
    fn fitted(&self, value: Value, wanted: Option<Type>) -> Executed<Value> {
        let Some(wanted) = wanted else {
            return Ok(value);
        };
        match wanted {
            Type::Reflect => Ok(value),
            Type::Any => Ok(value.held_as(Type::Reflect).or_nil()),
            _ if value.is_missing() && wanted.takes_nil() => Ok(value.or_nil()),
            _ if value.is_missing() => {
                Err(self.error(format!("invalid value; expected {}", wanted.name())))
            }
            _ if fits(&value, wanted) => Ok(value.held_as(Type::Reflect)),
            _ => {
                let found = if value.is_nil() {
                    "interface {}".to_owned()
                } else {
                    value.type_name()
                };
                Err(self.error(format!(
                    "wrong type for value; expected {}; got {found}",
                    wanted.name()
                )))
            }
        }
    }
}

struct Arguments {
    values: Vec<Value>,
    origin: Origin,
}

/// What a function may have to do with an argument, in steps: it may look at all of it.
fn size(value: &Value) -> usize {
    match value.data() {
        Data::String(text) => text.len() / 64,
        Data::Bytes(bytes) => bytes.len() / 64,
        Data::List(list) => list.len() / 16,
        _ => 0,
    }
}
