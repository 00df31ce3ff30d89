//! Folding: the state of one stream, from its records as they can be read this moment.

use event_log::LogError;
use events::{Fact, decider::Decider};
use vocabulary::{Revision, Stream};

use crate::{
    Directory,
    children::LoadError,
    unseal::{UnsealError, unseal},
};

impl Directory {
    /// What a stream tells, in flight included, of the facts that `of` picks, and where it stands.
    ///
    /// Cost: the stream. For streams that are short and seldom asked of; children have rows, and the register its own.
    ///
    /// # Errors
    /// The log could not be read, or a record could not be opened.
    pub(crate) fn folded<D: Decider<State = D> + Default>(
        &self,
        stream: Stream,
        of: impl Fn(&Fact) -> Option<&D::Event>,
    ) -> Result<(D, Revision), LoadError> {
        let mut state = D::default();
        let mut failed: Option<UnsealError> = None;
        let read: Result<Revision, LogError> = self.log().read_stream(
            stream,
            Revision::NONE,
            &mut |record| match unseal(self.vault(), record) {
                Ok(recorded) => {
                    for event in recorded.facts().iter().filter_map(&of) {
                        D::evolve(&mut state, event, recorded.when());
                    }
                }
                Err(error) => failed = failed.take().or(Some(error)),
            },
        );
        let revision = read?;
        failed.map_or(Ok((state, revision)), |error| Err(error.into()))
    }
}
