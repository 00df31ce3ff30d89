//! Handing in: what a thread made goes to the one that waits for it. One that panics says so, lest all wait for ever.

use std::{
    sync::mpsc::{SendError, Sender},
    thread,
};

/// How one thread hands in what it made.
pub(crate) struct HandsIn<T> {
    to: Sender<T>,
    panicked: fn() -> T,
}

impl<T> HandsIn<T> {
    /// Hands in to `to`; a panic hands in what `panicked` says.
    pub(crate) fn new(to: Sender<T>, panicked: fn() -> T) -> HandsIn<T> {
        HandsIn { to, panicked }
    }

    /// Hands one thing in; an error where nobody waits any more.
    pub(crate) fn send(&self, made: T) -> Result<(), SendError<T>> {
        self.to.send(made)
    }
}

impl<T> Drop for HandsIn<T> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.to.send((self.panicked)()).ok();
        }
    }
}
