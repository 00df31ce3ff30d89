//! Tables as CSV (RFC 4180). A value that a spreadsheet would run as a formula is quoted out of it.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A table with a line of the names of its columns.
pub(crate) fn answer<C: AsRef<str>>(columns: &[C], rows: impl IntoIterator<Item = Vec<String>>) -> Response {
    let names = columns.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(",");
    let lines = rows.into_iter().map(|row| row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
    let text: String = std::iter::once(names).chain(lines).map(|line| line + "\r\n").collect();
    let kind = HeaderValue::from_static("text/csv; charset=utf-8; header=present");
    let mut response = text.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// The table as a file of that name, of letters, digits, hyphens and points.
pub(crate) fn file(mut response: Response, name: &str) -> Response {
    if let Ok(file) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, file);
    }
    response
}

fn quoted(text: &str) -> String {
    let out_of_formula = if text.starts_with(FORMULA) { "'" } else { "" };
    if out_of_formula.is_empty() && !text.contains([',', '"', '\r', '\n']) {
        return text.to_owned();
    }
    format!("\"{out_of_formula}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_or_part_is_quoted() {
        for (value, written) in [
            ("Mill Lane", "Mill Lane"),
            ("Lowe, Ava", "\"Lowe, Ava\""),
            ("the \"old\" one", "\"the \"\"old\"\" one\""),
            ("=1+1", "\"'=1+1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("+44", "\"'+44\""),
            ("-", "\"'-\""),
            ("\t=1", "\"'\t=1\""),
            ("", ""),
        ] {
            assert_eq!(quoted(value), written);
        }
    }
}
