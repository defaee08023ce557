//! Every reader of installed software on bytes of a file; the first line names the reader.
#![no_main]

use libfuzzer_sys::fuzz_target;
use packages::{File, readers};

fuzz_target!(|data: &[u8]| {
    let Some(end) = data.iter().position(|&byte| byte == b'\n') else {
        return;
    };
    let (id, bytes) = (&data[..end], &data[end + 1..]);
    let mut named = readers().iter().filter(|reader| reader.id.as_bytes() == id);
    let Some(reader) = named.next() else {
        return;
    };
    // Some readers look at the path too.
    let path = match reader.id {
        "classifier" => "usr/bin/python3.11",
        "java-archive" => "lib/a-1.0.jar",
        _ => "app/pom.xml",
    };
    if let Ok(told) = (reader.read)(&File { path, bytes }) {
        let count = told.packages.len();
        for package in &told.packages {
            assert!(package.needs.iter().all(|&at| (at as usize) < count));
        }
    }
});
