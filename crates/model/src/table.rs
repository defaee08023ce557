//! Rows and columns: what commands that answer with a list give to whoever renders.

use crate::problem::Location;
use crate::severity::Severity;

/// Rows under headings.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// What it lists, in a few words.
    pub title: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, in the order to show; each has a cell for every column.
    rows: Vec<Vec<Cell>>,
    /// What the reader has to know beside the rows: what was left out, what could not be read.
    pub notes: Vec<String>,
}

/// A column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Column {
    /// Its name for programs: `snake_case`, never changed.
    pub key: &'static str,
    /// Its heading for people.
    pub heading: &'static str,
}

/// What stands where a row meets a column.
#[derive(Clone, Debug)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text, as it is: renderers escape it.
    Text(String),
    /// Several texts, in order.
    List(Vec<String>),
    /// A count.
    Number(u64),
    /// Yes or no.
    Bool(bool),
    /// How bad it is.
    Risk(Severity),
    /// Where it is written.
    Location(Location),
}

impl Table {
    /// A table without rows.
    pub fn new(title: impl Into<String>, columns: &[Column]) -> Self {
        Table {
            title: title.into(),
            columns: columns.to_vec(),
            ..Table::default()
        }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// When it has not one cell for each column.
    pub fn add_row(&mut self, cells: Vec<Cell>) {
        assert_eq!(
            cells.len(),
            self.columns.len(),
            "invariant: a row has a cell for each column"
        );
        self.rows.push(cells);
    }

    /// The rows, in the order to show.
    pub fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Column, Table};

    const COLUMNS: [Column; 2] = [
        Column {
            key: "subject",
            heading: "Subject",
        },
        Column {
            key: "risk",
            heading: "Risk",
        },
    ];

    #[test]
    fn rows_keep_their_order() {
        let mut table = Table::new("Who can get secrets", &COLUMNS);
        for name in ["b", "a"] {
            table.add_row(vec![Cell::Text(name.to_owned()), Cell::Empty]);
        }
        let first: Vec<_> = table.rows().iter().map(|row| &row[0]).collect();
        assert!(matches!(first[..], [Cell::Text(b), Cell::Text(a)] if b == "b" && a == "a"));
    }

    #[test]
    #[should_panic(expected = "invariant: a row has a cell for each column")]
    fn a_row_has_a_cell_for_each_column() {
        Table::new("", &COLUMNS).add_row(vec![Cell::Empty]);
    }
}
