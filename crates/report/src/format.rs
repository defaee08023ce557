//! The formats, their names and file extensions.

use std::fmt;
use std::str::FromStr;

/// A way to write a report.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Format {
    /// Counts by severity, control and file.
    Summary,
    /// Findings drawn at the source line.
    Pretty,
    /// One line a finding.
    Table,
    /// The versioned JSON report.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// `JUnit` XML.
    Junit,
    /// GitLab code quality.
    Gitlab,
    /// GitHub workflow annotations.
    Github,
    /// For a comment on a pull request.
    Markdown,
    /// One row a finding.
    Csv,
    /// One page for a browser, a reader, a printer and an auditor.
    Html,
}

impl Format {
    /// All formats, in the order of the help text.
    pub const ALL: [Format; 11] = [
        Format::Summary,
        Format::Pretty,
        Format::Table,
        Format::Json,
        Format::Sarif,
        Format::Junit,
        Format::Gitlab,
        Format::Github,
        Format::Markdown,
        Format::Csv,
        Format::Html,
    ];

    /// The word on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Summary => "summary",
            Format::Pretty => "pretty",
            Format::Table => "table",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::Junit => "junit",
            Format::Gitlab => "gitlab",
            Format::Github => "github",
            Format::Markdown => "markdown",
            Format::Csv => "csv",
            Format::Html => "html",
        }
    }

    /// The format that a file's extension asks for.
    pub fn from_extension(extension: &str) -> Option<Self> {
        match extension {
            "json" => Some(Format::Json),
            "sarif" => Some(Format::Sarif),
            "xml" => Some(Format::Junit),
            "md" => Some(Format::Markdown),
            "csv" => Some(Format::Csv),
            "html" | "htm" => Some(Format::Html),
            "txt" => Some(Format::Table),
            _ => None,
        }
    }

    /// Whether it shows the digests of what was read and of the controls that ran.
    pub fn needs_digest(self) -> bool {
        self == Format::Html
    }

    /// Whether it shows the lines that findings are about.
    pub fn draws_lines(self) -> bool {
        matches!(self, Format::Pretty | Format::Html)
    }

    /// Whether the findings must carry their texts.
    pub fn needs_detail(self) -> bool {
        self != Format::Summary
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(word: &str) -> Result<Self, UnknownFormat> {
        Format::ALL
            .into_iter()
            .find(|format| format.as_str() == word)
            .ok_or_else(|| UnknownFormat(word.to_owned()))
    }
}

/// A word that is no format.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownFormat(pub String);

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known: Vec<&str> = Format::ALL.into_iter().map(Format::as_str).collect();
        write!(
            f,
            "`{}` is no format; there are {}",
            self.0,
            known.join(", ")
        )
    }
}

impl std::error::Error for UnknownFormat {}
