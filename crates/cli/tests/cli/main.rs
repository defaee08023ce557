//! The program from outside: what it prints and how it exits.

mod config;
mod pages;
mod scan;
mod support;
