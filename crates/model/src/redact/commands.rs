//! Passwords in the arguments of commands.

use super::names::is_secret_name;
use super::values::{could_be_secret, is_reference};

/// Whether a command line holds a password: `--password x`, `$token "x"` of a web server, `-u user:x`,
/// `mysql -px`.
pub(super) fn has_password_argument(text: &str) -> bool {
    let mut command = Command::default();
    text.split_whitespace()
        .any(|word| command.has_password_in(word))
}

/// Programs that take a password behind a short flag.
struct Program {
    names: &'static [&'static str],
    flag: &'static str,
    /// Whether the password may also be the next word.
    is_separate: bool,
    /// The word after which the flag has this meaning.
    after: Option<&'static str>,
}

const PROGRAMS: &[Program] = &[
    Program {
        names: &[
            "mysql",
            "mysqladmin",
            "mysqlcheck",
            "mysqldump",
            "mysqlimport",
            "mysqlpump",
            "mysqlshow",
            "mysqlslap",
            "mysql_upgrade",
            "mariadb",
            "mariadb-admin",
            "mariadb-check",
            "mariadb-dump",
            "mariadb-import",
            "mariadb-upgrade",
        ],
        flag: "-p",
        is_separate: false,
        after: None,
    },
    Program {
        names: &[
            "cqlsh",
            "mongo",
            "mongodump",
            "mongoexport",
            "mongoimport",
            "mongorestore",
            "mongosh",
            "rabbitmqadmin",
            "sshpass",
        ],
        flag: "-p",
        is_separate: true,
        after: None,
    },
    Program {
        names: &[
            "buildah", "crane", "docker", "helm", "nerdctl", "oras", "podman", "skopeo",
        ],
        flag: "-p",
        is_separate: true,
        after: Some("login"),
    },
    Program {
        names: &["redis-cli", "valkey-cli"],
        flag: "-a",
        is_separate: true,
        after: None,
    },
    Program {
        names: &[
            "ldapadd",
            "ldapcompare",
            "ldapdelete",
            "ldapmodify",
            "ldapsearch",
            "ldapwhoami",
        ],
        flag: "-w",
        is_separate: true,
        after: None,
    },
    Program {
        names: &["mosquitto_pub", "mosquitto_sub", "sqlcmd", "unzip", "zip"],
        flag: "-P",
        is_separate: true,
        after: None,
    },
];

/// A command line as far as it was read, word by word.
#[derive(Default)]
pub(super) struct Command<'t> {
    program: Option<&'static Program>,
    /// Whether the word was there after which the program's flag means a password.
    is_ready: bool,
    /// Whether a user was named as in `-uroot`.
    names_user: bool,
    before: &'t str,
}

impl<'t> Command<'t> {
    /// Whether the next word is or holds a password.
    pub(super) fn has_password_in(&mut self, word: &'t str) -> bool {
        let flag = std::mem::replace(&mut self.before, word);
        if matches!(word, "&&" | "||" | "|" | ";" | "&") {
            *self = Command::default();
            return false;
        }
        let bare = word.trim_matches(['"', '\'', ';']);
        self.meet(bare);
        let is_value = bare.starts_with(char::is_alphanumeric);
        self.is_glued(bare) || (is_value && self.is_value_of(flag, bare))
    }

    /// Takes note of programs and users.
    fn meet(&mut self, word: &str) {
        if word.starts_with('-') {
            self.names_user |= word.len() > 2 && word.starts_with("-u");
            return;
        }
        let name = word.trim_start_matches(['$', '(', '`']);
        let name = name.rsplit('/').next().unwrap_or(name);
        let program = PROGRAMS.iter().find(|one| one.names.contains(&name));
        if let Some(program) = program {
            self.program = Some(program);
            self.is_ready = program.after.is_none();
        }
        if self
            .program
            .is_some_and(|program| program.after == Some(word))
        {
            self.is_ready = true;
        }
    }

    /// `-phunter2`.
    fn is_glued(&self, word: &str) -> bool {
        let rest = |flag| word.strip_prefix(flag).filter(|rest| is_password(rest));
        match self.program {
            Some(program) => self.is_ready && rest(program.flag).is_some(),
            // The arguments of an image whose entry point is such a program.
            None => {
                self.names_user
                    && rest("-p").is_some_and(|rest| rest.bytes().any(|b| !b.is_ascii_digit()))
            }
        }
    }

    /// `--password hunter2`, and short flags that mean the same.
    fn is_value_of(&self, flag: &str, value: &str) -> bool {
        let is_user = matches!(flag, "-u" | "--user" | "--proxy-user");
        let is_flag = flag.starts_with(['-', '$']) && !flag[1..].contains(['$', '=']);
        let is_named = is_flag && is_secret_name(flag);
        let is_short = self.is_ready
            && self
                .program
                .is_some_and(|program| program.is_separate && program.flag == flag);
        let is_pass =
            flag.starts_with("-pass") && value.strip_prefix("pass:").is_some_and(is_password);
        (is_user && has_user_and_password(value))
            || is_pass
            || ((is_named || is_short) && could_be_secret(value))
    }
}

/// `user:password`, where numbers are ids of a user and a group.
fn has_user_and_password(value: &str) -> bool {
    let is_id = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    value
        .split_once(':')
        .is_some_and(|(user, password)| is_password(password) && !(is_id(user) && is_id(password)))
}

/// Whether what a flag is glued to is a value, and not the name of a variable.
fn is_password(text: &str) -> bool {
    let text = text.trim_matches(['"', '\'']);
    !text.is_empty() && !is_reference(text) && !text.starts_with('$')
}
