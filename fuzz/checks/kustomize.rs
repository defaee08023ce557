//! What must hold for any bytes read as a kustomization, an object and a patch: a build or an error, and the same twice.

use kustomize::{Folder, Options, Resolved, build, to_yaml};

/// Three files, cut from the input at lines of `=====`.
struct Files<'d>([&'d [u8]; 3]);

const NAMES: [&str; 3] = ["app/kustomization.yaml", "app/object.yaml", "app/patch.yaml"];

impl Folder for Files<'_> {
    fn resolve(&self, path: &str) -> Option<Resolved> {
        let path = path.trim_end_matches('/');
        let is_folder = path == "app";
        (is_folder || NAMES.contains(&path)).then(|| Resolved {
            path: path.to_owned(),
            is_folder,
        })
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let index = NAMES.iter().position(|name| *name == path);
        let file = index.map(|index| self.0[index].to_vec());
        file.ok_or_else(|| "not there".to_owned())
    }
}

/// Panics where it does not hold.
pub(crate) fn check(data: &[u8]) {
    let mut files: [&[u8]; 3] = [&[]; 3];
    let mut rest = data;
    for file in &mut files {
        let mark = b"\n=====\n";
        let end = rest.windows(mark.len()).position(|window| window == mark);
        *file = &rest[..end.map_or(rest.len(), |end| end + 1)];
        rest = end.map_or(&[], |end| &rest[end + mark.len()..]);
    }
    let options = Options {
        bytes: 4 << 20,
        ..Options::default()
    };
    let files = Files(files);
    let print = || {
        let built = build(&files, "app", &options);
        built.map(|built| to_yaml(&built.document)).map_err(|error| error.to_string())
    };
    assert_eq!(print(), print());
}
