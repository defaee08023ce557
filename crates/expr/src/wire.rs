//! Checked expressions as bytes: a version, then the tree, numbers with seven bits a byte.
//!
//! What is read may come from anywhere: it is validated, and what is accepted compiles.

mod read;
mod write;

/// Changes with the format and with the table of functions.
const VERSION: u8 = 1;

/// First byte of each kind of expression.
mod tag {
    pub(super) const NULL: u8 = 0;
    pub(super) const FALSE: u8 = 1;
    pub(super) const TRUE: u8 = 2;
    pub(super) const INT: u8 = 3;
    pub(super) const UINT: u8 = 4;
    pub(super) const DOUBLE: u8 = 5;
    pub(super) const STRING: u8 = 6;
    pub(super) const BYTES: u8 = 7;
    pub(super) const TYPE: u8 = 8;
    pub(super) const VARIABLE: u8 = 9;
    pub(super) const LOCAL: u8 = 10;
    pub(super) const SELECT: u8 = 11;
    pub(super) const SELECT_OPTIONAL: u8 = 12;
    pub(super) const HAS: u8 = 13;
    pub(super) const INDEX: u8 = 14;
    pub(super) const INDEX_OPTIONAL: u8 = 15;
    pub(super) const LIST: u8 = 16;
    pub(super) const MAP: u8 = 17;
    pub(super) const NOT: u8 = 18;
    pub(super) const NEGATE: u8 = 19;
    pub(super) const AND: u8 = 20;
    pub(super) const OR: u8 = 21;
    pub(super) const CONDITIONAL: u8 = 22;
    pub(super) const BINARY: u8 = 23;
    pub(super) const CALL: u8 = 24;
    pub(super) const METHOD: u8 = 25;
    pub(super) const LOOP: u8 = 26;
    pub(super) const BIND: u8 = 27;
    pub(super) const OPT_MAP: u8 = 28;
    pub(super) const OPT_FLAT_MAP: u8 = 29;
}
