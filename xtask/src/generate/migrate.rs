//! The page about moving in from other scanners: its tables are those that the readers go by.

/// Where the page is.
pub(super) const PATH: &str = "docs/migrate.md";

const HEAD: &str = "\
# Moving in from another scanner

```
seawall migrate --from kubescape exceptions.json controls-inputs.json -o seawall.yaml
seawall migrate --from trivy . -o seawall.yaml
seawall migrate --from checkov . -o seawall.yaml
seawall migrate --from kube-linter . -o seawall.yaml
```

The files of the other scanner become one `seawall.yaml`, on standard output or in the file of `--output`. Every entry has a comment that says which line
it comes from. What has no counterpart is listed on standard error, a line each: `file:line:column: what: why; what to do instead`. `--format json` prints
all of it for programs.

- A FILE is recognised by its content, whatever it is called. A file of another scanner is told with the right `--from`.
- Of a folder, the files right in it are read in which the other scanner looks for its configuration by itself; at any depth, files with Kubescape's exceptions, inputs and objects, and manifests
  with comments and annotations for it. What `.gitignore` leaves out is left out.
- Paths are taken as relative to the folder of the output (the current one without `--output`): write `seawall.yaml` where the other scanner was run.
- A file that exists is not replaced without `--force`. To keep yours, write another file and name it in its `extends`.

## What is promised

- **Nothing more is silenced.** A selector that cannot be written exactly is refused and said, not widened. What is wider in the nature of things is said as a note: a control of Seawall that
  stands for several ids of the other scanner is silenced for all of them, a resource that names no namespace counts as `default`, and exceptions hold in every framework and API group.
- Reasons, owners and last days carry over. Where none was given, the reason says so; nobody is made an owner. Others' exceptions end at an instant, and Seawall's at the end of a day:
  the last whole day before it is written.
- An exception by id names every control of Seawall that carries the id; `seawall explain ID` lists them.
- What was written is loaded as a scan would, before it is printed.

Comments in manifests say more exactly than any selector what they are about, so they become comments: they are printed with their place, and `--edit` writes them, each on a line above the
other scanner's, which stays. Annotations become entries for that object in that file.

| exit code | meaning |
|---|---|
| 0 | everything was taken over |
| 1 | something has no counterpart, or a comment is left to write |
| 2 | something could not be read, or is not the scanner's |

The tables below list what the documentation of each scanner names. They are what the program goes by.
";

/// The page.
pub(super) fn page() -> String {
    HEAD.to_owned() + &::migrate::page()
}
