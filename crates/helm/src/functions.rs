//! All functions, and those that need the chart: `include`, `tpl`, `required`, `fail`, `lookup`.

use std::rc::Rc;

use gotemplate::{
    Context, ErrorKind, Failure, Functions, Library, Map, Passing, Signature, Type, Value, quoted,
};

use crate::options::Options;

/// What Go prints for a value that is not there. Helm takes it out of everything.
pub(crate) const NO_VALUE: &str = "<no value>";

/// The name of Helm's set of templates, and of every template that `tpl` makes.
pub(crate) const SET_NAME: &str = "gotpl";

/// All that templates may call.
pub(crate) fn all(options: &Options<'_>) -> Functions {
    let mut functions = Functions::new();
    sprig::define(&mut functions, &environment(options));
    functions.add(Rc::new(ChartFunctions {
        tpl_name: SET_NAME.into(),
    }));
    functions
}

/// Where randomness and the time come from.
fn environment(options: &Options<'_>) -> Rc<sprig::Environment> {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&options.seed.to_le_bytes());
    let now = jiff::Timestamp::from_second(options.now).unwrap_or_default();
    let environment = sprig::Environment::new(seed, now);
    Rc::new(environment.with_effort(options.limits.effort))
}

struct ChartFunctions {
    tpl_name: Rc<str>,
}

const NAMES: [&str; 5] = ["include", "tpl", "required", "fail", "lookup"];
const INCLUDE: u32 = 0;
const TPL: u32 = 1;
const REQUIRED: u32 = 2;
const FAIL: u32 = 3;

/// What a call of `tpl` costs, in steps.
const TPL_COST: u64 = 20;

static TEXT: Signature = Signature::new(&[Type::String]);
static TEXT_AND_DATA: Signature = Signature::new(&[Type::String, Type::Any]);
static TEXTS: Signature = Signature::new(&[Type::String, Type::String, Type::String, Type::String]);

impl Library for ChartFunctions {
    fn find(&self, name: &str) -> Option<u32> {
        let index = NAMES.iter().position(|known| *known == name)?;
        Some(index as u32)
    }

    fn signature(&self, function: u32) -> (&'static Signature, Passing) {
        match function {
            INCLUDE | TPL => (&TEXT_AND_DATA, Passing::Own),
            REQUIRED => (&TEXT_AND_DATA, Passing::All),
            FAIL => (&TEXT, Passing::All),
            _ => (&TEXTS, Passing::All),
        }
    }

    fn call(
        &self,
        function: u32,
        context: &mut dyn Context,
        arguments: &mut [Value],
    ) -> Result<Value, Failure> {
        match (function, arguments) {
            (INCLUDE, [name, data]) => context.execute(name.as_str().unwrap_or_default(), data),
            (TPL, [text, data]) => tpl(&self.tpl_name, context, text, data),
            (REQUIRED, [message, value]) => {
                let is_missing = value.is_nil() || value.as_str() == Some("");
                if is_missing {
                    return Err(Failure::new(message.as_str().unwrap_or_default()));
                }
                Ok(std::mem::take(value))
            }
            (FAIL, [message]) => Err(Failure::new(message.as_str().unwrap_or_default())),
            // Without a cluster there is nothing to find.
            _ => Ok(Map::new().into()),
        }
    }
}

fn tpl(
    name: &Rc<str>,
    context: &mut dyn Context,
    text: &Value,
    data: &Value,
) -> Result<Value, Failure> {
    // It is parsed anew, and kept for those who ask where something comes from.
    let length = text.as_str().unwrap_or_default().len();
    context.spend(TPL_COST + length as u64 / 8)?;
    let value = context.execute_text(name, text, data).map_err(|failure| {
        let is_syntax = failure
            .cause()
            .is_some_and(|cause| cause.kind == ErrorKind::Parse);
        let shown = quoted(text.as_str().unwrap_or_default());
        failure.context(&if is_syntax {
            format!("cannot parse template {shown}: ")
        } else {
            format!("error during tpl function execution for {shown}: ")
        })
    })?;
    let written = value.as_str().unwrap_or_default();
    if !written.contains(NO_VALUE) {
        return Ok(value);
    }
    let mut edit = context.edit();
    let mut start = 0;
    for (at, _) in written.match_indices(NO_VALUE) {
        edit.keep(written, start..at);
        start = at + NO_VALUE.len();
    }
    edit.keep(written, start..written.len());
    Ok(context.edited(&value, edit))
}
