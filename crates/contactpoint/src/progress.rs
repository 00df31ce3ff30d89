//! Progress of long work: a bar where somebody watches stderr, silence where nobody does.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::watched;

/// How often a bar is drawn anew: often enough to look alive, seldom enough to cost nothing.
const DRAWN_A_SECOND: u8 = 5;

/// How often a bar whose work does not move is drawn: so that its clock goes on.
const TICK: Duration = Duration::from_millis(500);

/// Progress towards `length` things; a length that is not known yet is 0.
pub(crate) fn bar(what: &'static str, length: u64) -> ProgressBar {
    if !watched() {
        return ProgressBar::hidden();
    }
    let target = ProgressDrawTarget::stderr_with_hz(DRAWN_A_SECOND);
    let (known, unknown) =
        ("{msg} {bar:30} {pos}/{len} {per_sec} {eta}", "{msg} {spinner} {pos} {per_sec} {elapsed}");
    let style = ProgressStyle::with_template(if length == 0 { unknown } else { known })
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::with_draw_target((length > 0).then_some(length), target).with_style(style);
    bar.set_message(what);
    bar.enable_steady_tick(TICK);
    bar
}
