//! Speed of validation.

fn main() {
    divan::main();
}
