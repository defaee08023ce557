//! The program from outside: what it prints and how it exits.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod accepted;
mod changed;
mod charts;
mod config;
mod controls;
mod diff;
mod dockerfiles;
mod fix;
mod frameworks;
mod guide;
mod html;
mod images;
mod network;
mod packages;
mod pages;
mod paths;
mod pictures;
mod provenance;
mod rbac;
mod rendering;
mod report;
mod scan;
mod secrets;
mod support;
