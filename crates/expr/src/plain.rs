//! A checked expression as CEL that needs no host: text for an evaluator that knows nothing of the things behind the
//! variables, such as the one of an API server.
//!
//! Whoever asks says what variables and the members of things mean. What is known is computed on the way (`params.max`
//! may be 3), loops over several lists become one for each, and `cel.bind` is written out, because Kubernetes has no
//! such macro. What cannot be said so is an error with its reason.

mod emit;
mod out;
mod sequence;

use crate::ast::Checked;

/// What a variable, or a member of a thing, is in plain CEL.
#[derive(Clone, PartialEq, Debug)]
pub enum Plain {
    /// CEL that binds as tightly as a name: `object`, `variables.pod`, `(a + b)`.
    Text(String),
    /// A boolean that is known.
    Bool(bool),
    /// A whole number that is known.
    Int(i64),
    /// A text that is known.
    String(String),
    /// Texts that are known.
    Strings(Vec<String>),
    /// Something with members of its own.
    Thing(Thing),
    /// Lists whose elements are things, one after the other.
    Lists(Vec<ThingList>),
}

/// Something with members that plain CEL does not have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Thing {
    /// What it is, as whoever asks numbers them.
    pub kind: u32,
    /// CEL for the object behind it, which binds as tightly as a name.
    pub text: String,
}

/// A list of things.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ThingList {
    /// CEL for the list, which binds as tightly as a name.
    pub text: String,
    /// What its elements are.
    pub kind: u32,
}

/// What a member of a thing is.
#[derive(Clone, Debug)]
pub enum Member<'m> {
    /// A field of the object behind it.
    Field,
    /// Nothing that there is there.
    Unknown,
    /// Something that cannot be told there, for this reason.
    Refused(String),
    /// Something else.
    Plain(Plain),
    /// What an expression says, over variables of its own.
    Definition {
        /// The expression.
        of: &'m Checked,
        /// Its variables, by slot.
        variables: Vec<Option<Plain>>,
        /// Whether it gives an optional, so that the member is asked for as `.?member`.
        is_optional: bool,
    },
}

/// What things and functions mean to whoever evaluates the text.
pub trait Meaning {
    /// A member of a thing.
    fn member(&self, thing: &Thing, name: &str) -> Member<'_>;
    /// A name for the elements of a list of things.
    fn element(&self, kind: u32) -> &'static str;
    /// The reason why a field cannot be looked at, or whether it is there cannot be told.
    fn field(&self, name: &str, is_presence: bool) -> Result<(), String>;
    /// Whether a field may be `null` where nobody wrote it.
    fn may_be_null(&self, name: &str) -> bool;
    /// Notes that a function is called; the reason when it is not there. `namespace` is that of `math.abs`.
    fn function(&self, namespace: Option<&str>, name: &str) -> Result<(), String>;
    /// Notes that a loop has two variables; the reason when there are no such loops.
    fn two_variables(&self) -> Result<(), String>;
}

/// Why an expression cannot be said in plain CEL.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotPlain {
    /// It asks how things relate.
    #[error("it asks for `{0}()`, which looks beyond the object")]
    Method(String),
    /// It names what has no meaning there.
    #[error("it asks for `{0}`, which is not in the object")]
    Unknown(String),
    /// The host says why.
    #[error("{0}")]
    Refused(String),
    /// It does with a list what only a list of values can be used for.
    #[error("it uses a list of different things as a value")]
    Mixed,
    /// The text would be longer than [`MAX_TEXT`].
    #[error("it is too long when it is written out")]
    TooLong,
}

/// The most bytes of text: the API server takes no more.
pub const MAX_TEXT: usize = 16 << 10;

/// What an expression is: text, or a truth that is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PlainText {
    /// It holds always, or never.
    Known(bool),
    /// CEL.
    Text(String),
}

/// A condition over things that are looked at one by one.
#[derive(Clone, Copy, Debug)]
pub struct PlainCondition<'c> {
    /// Where it does not hold, nothing is looked at.
    pub when: Option<&'c Checked>,
    /// The list whose items are looked at one by one, instead of the whole.
    pub each: Option<&'c Checked>,
    /// What must not hold.
    pub fail: &'c Checked,
    /// The slot of the item.
    pub item: u16,
}

impl PlainCondition<'_> {
    /// Plain CEL that says that nothing fails; variables by slot.
    pub fn passes(
        &self,
        variables: &[Option<Plain>],
        meaning: &dyn Meaning,
    ) -> Result<PlainText, NotPlain> {
        emit::passes(self, variables, meaning)
    }
}

impl Checked {
    /// The expression as plain CEL; variables by slot.
    pub fn plain(
        &self,
        variables: &[Option<Plain>],
        meaning: &dyn Meaning,
    ) -> Result<PlainText, NotPlain> {
        emit::plain(self, variables, meaning)
    }
}
