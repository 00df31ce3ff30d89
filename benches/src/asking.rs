//! What the benchmarks that ask a directory share: who asks, of which organisation, and a clock that is told.

use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Days, Utc};
use directory::{
    Cost, Directory, NewUser, Person,
    ports::{Clock, ToldClock},
};
use events::{
    looker::StepUp,
    organisation::{Agreement, Details, Row},
};
use vocabulary::{Assurance, Channel, Label, OrganisationId, OrganisationKind, PersonName, Role};

/// A clock that a directory reads and the benchmark sets.
pub struct Told(pub Arc<ToldClock>);

impl Clock for Told {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
}

/// Registers an invented organisation, or another time of it, for ten months from now.
///
/// # Errors
/// The directory did not take it.
pub fn register(
    directory: &Directory,
    id: &OrganisationId,
    kind: OrganisationKind,
    (authority, outcodes): (Option<&OrganisationId>, &[&str]),
) -> anyhow::Result<()> {
    let until = directory.now().date_naive() + Days::new(300);
    let details = Details {
        name: Label::new(&format!("Invented {}", kind.name().replace('_', " ")))?,
        kind,
        authority: authority.cloned(),
        service_types: Vec::new(),
        contacts: Vec::new(),
        outcodes: outcodes.iter().map(|outcode| (*outcode).to_owned()).collect(),
    };
    let agreement = Some(Agreement { until, states_others: false, version: None });
    let row = Row { id: id.clone(), details, accredited_until: Some(until), agreement };
    directory.import_organisation(row)?;
    Ok(())
}

/// A person of this role, engaged now and signed in with the second factor.
///
/// # Errors
/// The account could not be made, or may not act.
pub fn engaged(
    directory: &Directory,
    username: &str,
    role: Role,
    organisation: &OrganisationId,
) -> anyhow::Result<Person> {
    let user = NewUser {
        username: username.to_owned(),
        name: PersonName::new("Noor")?,
        organisation: organisation.clone(),
        role,
        secrets: None,
        cost: Cost::Demo,
    };
    let (account, _) = directory.add_user(user)?;
    directory
        .person(account, Channel::Web, Assurance::OwnSignIn, None, StepUp::Fresh)
        .context("the account may not act")
}

/// Runs a future to its end on this thread, parked while the log writes.
pub fn awaited<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = std::task::Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = std::task::Context::from_waker(&waker);
    let mut pinned = std::pin::pin!(future);
    loop {
        match pinned.as_mut().poll(&mut context) {
            std::task::Poll::Ready(value) => return value,
            std::task::Poll::Pending => std::thread::park(),
        }
    }
}
