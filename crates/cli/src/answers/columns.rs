//! Rows of text under headings, aligned.

use std::fmt::Write as _;

/// Rows that are as wide as their widest cell, column by column.
pub(crate) struct Columns {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
    is_bold: bool,
}

impl Columns {
    /// Without rows; `is_bold` headings are for terminals.
    pub(crate) fn new(headings: &[&str], is_bold: bool) -> Self {
        Columns {
            headings: headings.iter().map(|&heading| heading.to_owned()).collect(),
            rows: Vec::new(),
            is_bold,
        }
    }

    /// Adds a row; what it lacks is empty.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All lines, each behind an indentation.
    pub(crate) fn text(&self, indentation: &str) -> String {
        let mut widths: Vec<usize> = self.headings.iter().map(|cell| width(cell)).collect();
        for row in &self.rows {
            for (known, cell) in widths.iter_mut().zip(row) {
                *known = (*known).max(width(cell));
            }
        }
        let mut text = String::new();
        let headings = line(indentation, &self.headings, &widths);
        if self.is_bold {
            let _ = writeln!(text, "\u{1b}[1m{headings}\u{1b}[0m");
        } else {
            let _ = writeln!(text, "{headings}");
        }
        for row in &self.rows {
            let _ = writeln!(text, "{}", line(indentation, row, &widths));
        }
        text
    }
}

fn line(indentation: &str, cells: &[String], widths: &[usize]) -> String {
    let mut line = indentation.to_owned();
    for (cell, full) in cells.iter().zip(widths) {
        line += cell;
        line += &" ".repeat(full - width(cell) + 2);
    }
    line.truncate(line.trim_end().len());
    line
}

fn width(cell: &str) -> usize {
    cell.chars().count()
}

#[cfg(test)]
mod tests {
    use super::Columns;

    #[test]
    fn cells_are_aligned_and_nothing_trails() {
        let mut columns = Columns::new(&["A", "LONG"], false);
        columns.row(["über".to_owned(), String::new()]);
        columns.row(["x".to_owned(), "y".to_owned()]);
        assert_eq!(columns.text(" "), " A     LONG\n über\n x     y\n");
    }
}
