//! What techniques find, and what paths are made of it.

mod examples;
mod hostile;
mod stories;
mod support;
mod techniques;
mod words;
