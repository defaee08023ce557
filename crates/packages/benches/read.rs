//! How fast readers read large files, and how fast they decline what is none of theirs.

use divan::counter::{BytesCount, ItemsCount};
use packages::{Entry, File, Reader, readers};

fn main() {
    divan::main();
}

fn reader(id: &str) -> &'static Reader {
    let mut named = readers().iter().filter(|reader| reader.id == id);
    named.next().expect("the reader is there")
}

fn read(bencher: divan::Bencher<'_, '_>, id: &str, path: &str, bytes: &[u8]) {
    let reader = reader(id);
    let file = File { path, bytes };
    bencher
        .counter(BytesCount::new(bytes.len()))
        .bench(|| (reader.read)(&file).expect("the file is well-formed"));
}

/// About ten megabytes.
const PACKAGES: usize = 25_000;

#[divan::bench(sample_count = 10)]
fn a_large_package_lock(bencher: divan::Bencher<'_, '_>) {
    let mut text = String::from(
        "{\"lockfileVersion\": 3, \"packages\": {\"\": {\"dependencies\": {\"p0\": \"1\"}}",
    );
    for index in 0..PACKAGES {
        let needs: Vec<_> = (0..4)
            .map(|need| format!("\"p{}\": \"^1.0.0\"", (index * 7 + need) % PACKAGES))
            .collect();
        text += &format!(
            ",\n    \"node_modules/p{index}\": {{\n      \"version\": \"1.0.{index}\",\n      \"resolved\": \"https://registry.npmjs.org/p{index}/-/p{index}-1.0.{index}.tgz\",\n      \"integrity\": \"sha512-{}==\",\n      \"license\": \"MIT\",\n      \"dependencies\": {{{}}}\n    }}",
            "x".repeat(86),
            needs.join(", ")
        );
    }
    text += "}}";
    read(bencher, "npm-lock", "package-lock.json", text.as_bytes());
}

#[divan::bench(sample_count = 10)]
fn a_large_cargo_lock(bencher: divan::Bencher<'_, '_>) {
    let mut text = String::from("version = 4\n");
    for index in 0..PACKAGES {
        text += &format!(
            "\n[[package]]\nname = \"p{index}\"\nversion = \"1.0.{index}\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"{}\"\ndependencies = [\n \"p{}\",\n]\n",
            "0".repeat(64),
            (index * 7) % PACKAGES
        );
    }
    read(bencher, "cargo-lock", "Cargo.lock", text.as_bytes());
}

/// The worst case of a classifier: nothing is found, so everything is looked at, once for each pattern.
#[divan::bench(sample_count = 10)]
fn a_large_program_of_an_unknown_make(bencher: divan::Bencher<'_, '_>) {
    let mut bytes = vec![0u8; 32 << 20];
    let mut state = 1u32;
    for byte in &mut bytes {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = (state >> 24) as u8;
    }
    read(bencher, "classifier", "usr/bin/node", &bytes);
}

#[divan::bench]
fn files_that_nobody_wants(bencher: divan::Bencher<'_, '_>) {
    let paths: Vec<String> = (0..1_000)
        .map(|index| format!("usr/share/doc/package-{index}/examples/file-{index}.txt.gz"))
        .collect();
    bencher.counter(ItemsCount::new(paths.len())).bench(|| {
        let wanted = paths.iter().filter(|path| {
            let entry = Entry {
                path,
                size: 100,
                is_executable: false,
            };
            readers().iter().any(|reader| (reader.wants)(&entry))
        });
        wanted.count()
    });
}
