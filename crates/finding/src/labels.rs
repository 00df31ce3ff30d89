//! Labels: short texts in use, each held once and known by a number. Nothing is looked for near them.

use std::io;

use crate::{
    finder::Finder,
    lexicon::heap,
    snapshot::{Reader, SnapshotError, Writer},
};

/// A label's number. It never orders a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Label(pub(crate) u32);

/// Every distinct label in use, with what is kept of each.
#[derive(Debug)]
pub(crate) struct Labels<Kept> {
    by_text: Finder,
    held: Vec<Option<Held<Kept>>>,
    free: Vec<Label>,
}

#[derive(Debug)]
struct Held<Kept> {
    text: Box<str>,
    uses: u32,
    kept: Kept,
}

impl<Kept> Default for Labels<Kept> {
    fn default() -> Labels<Kept> {
        Labels { by_text: Finder::default(), held: Vec::new(), free: Vec::new() }
    }
}

impl<Kept> Labels<Kept> {
    /// Counts one more use of a label, making what is kept of it when it is new.
    pub(crate) fn take(&mut self, text: &str, make: impl FnOnce() -> Kept) -> Label {
        if let Some(label) = self.label(text) {
            if let Some(Some(held)) = self.held.get_mut(label.0 as usize) {
                held.uses += 1;
            }
            return label;
        }
        let held = Held { text: text.into(), uses: 1, kept: make() };
        let label = self.free.pop().unwrap_or_else(|| {
            self.held.push(None);
            Label(u32::try_from(self.held.len() - 1).unwrap_or(u32::MAX))
        });
        if let Some(place) = self.held.get_mut(label.0 as usize) {
            *place = Some(held);
        }
        let all = &self.held;
        self.by_text.insert(label.0, |number| text_of(all, number));
        label
    }

    /// Counts one use less; answers what was kept of a label after the last.
    pub(crate) fn release(&mut self, label: Label) -> Option<Kept> {
        let held = self.held.get_mut(label.0 as usize)?.as_mut()?;
        assert!(held.uses > 0, "a label is released as often as it was taken");
        held.uses -= 1;
        if held.uses > 0 {
            return None;
        }
        let all = &self.held;
        self.by_text.remove(label.0, |number| text_of(all, number));
        let gone = self.held.get_mut(label.0 as usize)?.take()?;
        self.free.push(label);
        Some(gone.kept)
    }

    /// The label of exactly this text.
    pub(crate) fn label(&self, text: &str) -> Option<Label> {
        self.by_text.find(text, |number| text_of(&self.held, number) == Some(text)).map(Label)
    }

    /// How a label reads.
    pub(crate) fn text(&self, label: Label) -> &str {
        self.of(label).map_or("", |held| &held.text)
    }

    /// What is kept of a label.
    pub(crate) fn kept(&self, label: Label) -> Option<&Kept> {
        self.of(label).map(|held| &held.kept)
    }

    fn of(&self, label: Label) -> Option<&Held<Kept>> {
        self.held.get(label.0 as usize)?.as_ref()
    }

    /// Writes texts, uses and which numbers are free; what is kept of each is the caller's.
    pub(crate) fn write(&self, writer: &mut Writer<'_>) -> io::Result<()> {
        writer.array(self.held.iter().map(|held| held.as_ref().map_or(0, |held| held.uses)))?;
        writer.texts(self.held.iter().map(|held| held.as_ref().map_or("", |held| &held.text)))?;
        writer.array(self.free.iter().map(|label| label.0))
    }

    /// Reads what was written; `keep` says what to keep of a label, one after another, if it can be one.
    pub(crate) fn read_from(
        reader: &mut Reader<'_>,
        mut keep: impl FnMut(&str) -> Option<Kept>,
    ) -> Result<Labels<Kept>, SnapshotError> {
        let counts: Vec<u32> = reader.array(|uses| uses)?;
        let texts = reader.texts_of(counts.len())?;
        let mut held = Vec::with_capacity(counts.len());
        for (uses, text) in counts.into_iter().zip(texts.each()) {
            let text = text.ok_or_else(|| reader.damaged())?;
            held.push(if uses == 0 {
                None
            } else {
                let kept = keep(text).ok_or_else(|| reader.damaged())?;
                Some(Held { text: text.into(), uses, kept })
            });
        }
        let is_free = |place: usize| held.get(place).is_some_and(Option::is_none);
        let free = reader.free(held.len(), is_free, Label)?;
        let mut by_text = Finder::default();
        for (number, one) in (0..).zip(&held) {
            if one.is_some() {
                by_text.insert(number, |number| text_of(&held, number));
            }
        }
        Ok(Labels { by_text, held, free })
    }

    /// What is kept of each number; none of a free one.
    pub(crate) fn each_kept(&self) -> impl ExactSizeIterator<Item = Option<&Kept>> {
        self.held.iter().map(|held| held.as_ref().map(|held| &held.kept))
    }

    /// Gives spare room back after many labels were taken in.
    pub(crate) fn loaded(&mut self) {
        self.held.shrink_to_fit();
    }

    /// Its bytes, by estimate, what is kept of each beyond `size_of` told by `beyond`.
    pub(crate) fn size(&self, beyond: impl Fn(&Kept) -> usize) -> usize {
        let own = self.held.iter().flatten().map(|held| heap(held.text.len()) + beyond(&held.kept));
        size_of::<Option<Held<Kept>>>() * self.held.capacity() + self.by_text.size() + own.sum::<usize>()
    }

    /// Tells whether no label is in use.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.by_text.is_empty()
    }
}

fn text_of<Kept>(held: &[Option<Held<Kept>>], number: u32) -> Option<&str> {
    Some(&held.get(number as usize)?.as_ref()?.text)
}
