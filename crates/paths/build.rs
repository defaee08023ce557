//! Lists the techniques: every file of `src/technique/` is one, under the name of the file.

use std::env;
use std::fmt::Write as _;
use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let variable = |name| env::var_os(name).map(PathBuf::from).unwrap_or_default();
    let folder = variable("CARGO_MANIFEST_DIR").join("src/technique");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    for entry in fs_err::read_dir(&folder)? {
        files.push(entry?.path());
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files.sort();
    let (mut modules, mut rows) = (String::new(), String::new());
    for file in &files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let id = name.replace('_', "-");
        let _ = writeln!(
            modules,
            "#[path = {:?}]\nmod {name};",
            file.display().to_string()
        );
        let _ = writeln!(
            rows,
            "    Technique {{ id: {id:?}, data: &{name}::TECHNIQUE }},"
        );
    }
    let text = format!(
        "{modules}\n/// All techniques, by their ids.\npub(crate) static ALL: &[Technique] = &[\n{rows}];\n"
    );
    fs_err::write(variable("OUT_DIR").join("techniques.rs"), text)
}
