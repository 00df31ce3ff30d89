//! Tables, and names with their values.

use super::Line;

/// Columns from which on a table is a list of rows on a telephone.
const STACKED_FROM: usize = 3;

/// A table. Each row has as many cells as there are columns.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(super) caption: String,
    pub(super) quiet_caption: bool,
    pub(super) sortable: bool,
    pub(super) row_headers: bool,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Line>>,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(super) name: String,
    pub(super) numeric: bool,
}

/// Names and values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Summary {
    pub(super) rows: Vec<SummaryRow>,
    pub(super) plain: bool,
}

/// One name and its value.
#[derive(Debug, Clone)]
pub(crate) struct SummaryRow {
    pub(super) key: String,
    pub(super) value: Line,
    pub(super) actions: Line,
}

impl Table {
    /// A table whose caption heads it.
    pub(crate) fn new(caption: impl Into<String>, columns: impl IntoIterator<Item = Column>) -> Table {
        Table {
            caption: caption.into(),
            quiet_caption: false,
            sortable: false,
            row_headers: true,
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
        }
    }

    /// The caption is for those who hear the page: a heading above says it already.
    pub(crate) fn quiet(self) -> Table {
        Table { quiet_caption: true, ..self }
    }

    pub(crate) fn row(mut self, cells: Vec<Line>) -> Table {
        self.rows.push(cells);
        self
    }

    pub(crate) fn rows(mut self, rows: impl IntoIterator<Item = Vec<Line>>) -> Table {
        self.rows.extend(rows);
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether each row is shown as a list on a telephone, where so many columns could not stand beside each other.
    pub(super) fn stacks(&self) -> bool {
        self.columns.len() >= STACKED_FROM
    }

    pub(super) fn cells<'a>(&'a self, row: &'a [Line]) -> impl Iterator<Item = (&'a Line, &'a Column)> {
        row.iter().zip(&self.columns)
    }
}

impl Column {
    /// A column of words.
    pub(crate) fn of(name: impl Into<String>) -> Column {
        Column { name: name.into(), numeric: false }
    }

    /// A column of numbers.
    pub(crate) fn number(name: impl Into<String>) -> Column {
        Column { name: name.into(), numeric: true }
    }
}

impl Summary {
    pub(crate) fn row(self, key: impl Into<String>, value: impl Into<Line>) -> Summary {
        self.row_with(key, value, Line::default())
    }

    /// A row with what may be done about it.
    pub(crate) fn row_with(
        mut self,
        key: impl Into<String>,
        value: impl Into<Line>,
        actions: Line,
    ) -> Summary {
        self.rows.push(SummaryRow { key: key.into(), value: value.into(), actions });
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A row, where there is something to say.
    pub(crate) fn row_if(self, key: impl Into<String>, value: Option<impl Into<Line>>) -> Summary {
        match value {
            Some(value) => self.row(key, value),
            None => self,
        }
    }

    /// Without lines between the rows.
    pub(crate) fn plain(self) -> Summary {
        Summary { plain: true, ..self }
    }
}
