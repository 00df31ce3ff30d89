//! Bodies about notices: who is to be told what is held, that they were, and which version is given.

#![expect(dead_code, reason = "the fields are read by the derived schemas only")]

use utoipa::ToSchema;

use super::words::{ChildNumber, Day, Label, NoticeAudience, NoticeCursor, NoticeMeans};

/// A notice that was given.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewNotice {
    child_number: ChildNumber,
    audience: NoticeAudience,
    means: NoticeMeans,
}

/// Whether a parent is to receive the child's own copy too.
#[derive(ToSchema)]
pub(in crate::openapi) struct ParentMark {
    child_number: ChildNumber,
    parent_too: bool,
}

/// A version of the notice.
#[derive(ToSchema)]
pub(in crate::openapi) struct NewNoticeVersion {
    notice_version: Label,
    /// Today, where it does not say.
    on: Option<Day>,
}

/// A version as it was published.
#[derive(ToSchema)]
pub(in crate::openapi) struct NoticePublished {
    /// Whether it was not published last already.
    changed: bool,
    position: Option<i64>,
}

/// Who is to be told.
#[derive(ToSchema)]
pub(in crate::openapi) struct NoticesDue {
    position: i64,
    /// The version to be given; absent where none was published.
    notice_version: Option<Label>,
    due: Vec<NoticeDue>,
    /// Where the next page begins; absent on the last.
    next: Option<NoticeCursor>,
}

/// One notice that is due.
#[derive(ToSchema)]
pub(in crate::openapi) struct NoticeDue {
    child_number: ChildNumber,
    /// The other children of the home, whom the same notice tells of.
    with: Option<Vec<ChildNumber>>,
    /// Which carers live elsewhere and are to be told.
    carers: Option<Vec<String>>,
    /// The version that they had last.
    last_version: Option<Label>,
    /// Whether a parent is to receive the child's own copy too.
    parent_too: Option<bool>,
}
