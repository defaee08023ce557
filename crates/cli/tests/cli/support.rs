//! A folder with files, and the program run in it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use fs_err as fs;

/// Makes the database `a.db` of the folder `records`.
pub(crate) const BUILD: [&str; 8] = [
    "db",
    "build",
    "--osv",
    "records",
    "--out",
    "a.db",
    "--date",
    "2024-06-01",
];

/// A folder of its own for one test.
pub(crate) struct Folder {
    path: PathBuf,
}

/// What came of a run.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Folder {
    /// An empty folder; the name must be the test's own.
    pub(crate) fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if path.exists() {
            fs::remove_dir_all(&path).unwrap();
        }
        fs::create_dir_all(&path).unwrap();
        Folder { path }
    }

    /// The folder of that name as it is.
    pub(crate) fn at(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        Folder { path }
    }

    /// With a file, which replaces one of that name.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        let path = self.path.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// A folder in it.
    pub(crate) fn below(&self, name: &str) -> Self {
        Folder {
            path: self.path.join(name),
        }
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path.join(name)).unwrap()
    }

    pub(crate) fn read_bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path.join(name)).unwrap()
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// An empty folder that no repository holds; the name must be the test's own.
    pub(crate) fn outside_of_git(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("seawall-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder { path }
    }

    /// Runs git in it as nobody in particular, and gives what it prints.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        let output = Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
            .args(["-c", "core.autocrlf=false", "-c", "commit.gpgsign=false"])
            .args(args)
            .current_dir(&self.path)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// With a link.
    #[cfg(unix)]
    pub(crate) fn link(&self, name: &str, target: &str) {
        let path = self.path.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::os::unix::fs::symlink(target, path).unwrap();
    }

    /// What a shell prints for a command in it.
    #[cfg(target_os = "linux")]
    pub(crate) fn shell(&self, command: &str) -> String {
        let output = Command::new("sh")
            .args(["-c", command])
            .current_dir(&self.path)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn seawall(&self, args: &[&str]) -> Run {
        self.seawall_with_input(args, "")
    }

    pub(crate) fn seawall_with_input(&self, args: &[&str], input: &str) -> Run {
        let mut child = Command::new(env!("CARGO_BIN_EXE_seawall"))
            .args(args)
            .current_dir(&self.path)
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that ends without reading its input closes the pipe, which is fine.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Run {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A copy of a folder, links followed.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|it| (it.path(), it.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            // Without its permissions: what is read-only would be left alone.
            fs::write(to.join(name), fs::read(&path).unwrap()).unwrap();
        }
    }
}
