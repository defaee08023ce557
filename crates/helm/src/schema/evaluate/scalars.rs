//! What is demanded of texts and numbers, and of types.

use gotemplate::{Data, Value};

use super::{Evaluation, Limit, Outcome};
use crate::schema::compile::Keyword;
use crate::schema::{decimal, shape};

impl Evaluation<'_, '_> {
    pub(super) fn types(&mut self, types: u8, value: &Value) -> bool {
        let name = type_of(value);
        let bit = shape::type_bit(name).unwrap_or(0);
        let is_whole = decimal::of_value(value).is_some_and(|number| number.fract() == 0.0);
        let integer = shape::type_bit("integer").unwrap_or(0);
        let holds = types & bit != 0 || (is_whole && types & integer != 0);
        self.hold(holds, || {
            let names = [
                "null", "boolean", "number", "integer", "string", "array", "object",
            ];
            let wanted = names
                .into_iter()
                .filter(|name| shape::type_bit(name).is_some_and(|bit| types & bit != 0));
            let wanted: Vec<&str> = wanted.collect();
            format!("must be {}, not {name}", wanted.join(" or "))
        })
    }

    pub(super) fn text(&mut self, keyword: &Keyword<'_>, text: &str) -> Outcome {
        match keyword {
            Keyword::MinLength(min) => {
                let holds = text.chars().count() as f64 >= *min;
                Ok(self.hold(holds, || format!("must have at least {min} characters")))
            }
            Keyword::MaxLength(max) => {
                let holds = text.chars().count() as f64 <= *max;
                Ok(self.hold(holds, || format!("must have at most {max} characters")))
            }
            Keyword::Pattern(pattern, regex) => {
                self.spend(1 + text.len() as u64 / 16)?;
                let holds = regex.matches(text, &mut self.steps).ok_or(Limit)?;
                Ok(self.hold(holds, || format!("does not match '{pattern}'")))
            }
            Keyword::Format(format) => {
                let holds = format.holds(text);
                Ok(self.hold(holds, || format!("is no {}", format.name())))
            }
            _ => Ok(true),
        }
    }

    pub(super) fn number(&mut self, keyword: &Keyword<'_>, number: f64) -> bool {
        match keyword {
            Keyword::Minimum(min) => {
                self.hold(number >= *min, || format!("must be at least {min}"))
            }
            Keyword::Maximum(max) => self.hold(number <= *max, || format!("must be at most {max}")),
            Keyword::ExclusiveMinimum(min) => {
                self.hold(number > *min, || format!("must be more than {min}"))
            }
            Keyword::ExclusiveMaximum(max) => {
                self.hold(number < *max, || format!("must be less than {max}"))
            }
            Keyword::MultipleOf(of) => {
                let holds = decimal::is_multiple(number, *of);
                self.hold(holds, || format!("must be a multiple of {of}"))
            }
            _ => true,
        }
    }
}

fn type_of(value: &Value) -> &'static str {
    match value.data() {
        Data::Nil | Data::Missing => "null",
        Data::Bool(_) => "boolean",
        Data::String(_) => "string",
        Data::List(_) => "array",
        Data::Map(_) => "object",
        _ => "number",
    }
}
