//! TOML, as `BurntSushi`'s library writes it. Reading is the `toml` crate's, but for the values that come of it.

mod encode;
mod read;

pub use encode::encode;
pub(crate) use encode::encode_marked;
pub use read::decode;
pub(crate) use read::decode_with;

/// Names of zones that say what a time was written without.
const LOCAL_DATETIME: &str = "datetime-local";
const LOCAL_DATE: &str = "date-local";
const LOCAL_TIME: &str = "time-local";
