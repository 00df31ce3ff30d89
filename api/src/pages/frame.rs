//! The frame around every page: whose it is, where they may go, and what stands below.
//!
//! A way is offered where the role's right reaches anywhere; whether it is open this time is asked behind the door.

use directory::{Directory, Person};
use visibility::permission::{Action, Reach, reach};
use vocabulary::Role;

use super::words;
use crate::identify::IDLE_SECONDS;

/// What stands around one page.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) who: Option<Who>,
    pub(crate) items: Vec<Item>,
    /// Whether everything here is for training.
    pub(crate) training: bool,
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) organisation: String,
}

/// One way in the menu.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) href: &'static str,
    pub(crate) text: &'static str,
    pub(crate) here: bool,
    pub(crate) is_page: bool,
}

/// Every way of the menu, and which right opens it.
const WAYS: &[(&str, &str, &[Action])] = &[
    ("/find", "Find a child", &[Action::Search]),
    ("/children", "Our children", &[Action::StartInvolvement]),
    ("/inbox", "What is new", &[Action::StartInvolvement]),
    ("/team", "Directory team", &[Action::ReadQueue, Action::ReadPurges]),
    ("/reviews", "Reviews", &[Action::ReviewLook]),
    ("/looks", "Who looked", &[Action::AuditLooks]),
    ("/reports", "Reports", &[Action::ReadReports]),
    ("/cases", "Cases", &[Action::OpenCase, Action::ApproveCase]),
    ("/organisations", "Organisations", &[Action::ReadOrganisation]),
    ("/people", "People", &[Action::ReadAccounts]),
    ("/policy", "Policy", &[Action::ProposePolicy]),
    ("/account", "Your account", &[Action::ReadOwnLooks]),
];

/// The operator reads nothing of children and has pages of their own.
const OF_THE_OPERATOR: (&str, &str) = ("/operator", "Operator");

const BELOW: &[(&str, &str)] = &[
    ("/help", "Help"),
    ("/fair-processing", "Fair processing notice"),
    ("/privacy", "Privacy"),
    ("/accessibility", "Accessibility statement"),
    ("/api", "API"),
    ("/status", "Status"),
];

/// Tells whether a role may do this anywhere at all.
pub(crate) fn may(person: &Person, action: Action) -> bool {
    reach(action, person.role) != Reach::Nowhere
}

impl Frame {
    /// The frame of somebody who is not signed in.
    pub(crate) fn of_nobody() -> Frame {
        Frame { who: None, items: Vec::new(), training: false }
    }

    /// The frame of `person` at `path`.
    pub(crate) fn of(directory: &Directory, person: &Person, path: &str) -> Frame {
        let who = Who {
            name: person.name.as_str().to_owned(),
            role: words::lower(person.role.name()),
            organisation: directory
                .name_of_organisation(&person.organisation)
                .unwrap_or_else(|| person.organisation.to_string()),
        };
        let item = |href: &'static str, text: &'static str| {
            let below = path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
            // Records stand below the address of the list, and are most often come to by a search.
            let here = path == href || (below && href != "/children");
            Item { href, text, here, is_page: path == href }
        };
        let start = Item { href: "/", text: "Start", here: path == "/", is_page: path == "/" };
        let ways = WAYS.iter().filter(|(_, _, actions)| actions.iter().any(|action| may(person, *action)));
        let mut items = vec![start];
        items.extend(ways.map(|(href, text, _)| item(href, text)));
        if person.role == Role::Operator {
            items.insert(1, item(OF_THE_OPERATOR.0, OF_THE_OPERATOR.1));
        }
        Frame { who: Some(who), items, training: false }
    }

    /// The frame, with what the server is for.
    pub(crate) fn training(self, training: bool) -> Frame {
        Frame { training, ..self }
    }

    #[expect(clippy::unused_self, reason = "templates ask values")]
    pub(crate) fn footer(&self) -> &'static [(&'static str, &'static str)] {
        BELOW
    }

    /// After how long without a request the session ends.
    pub(crate) fn seconds_left(&self) -> Option<i64> {
        self.who.as_ref().map(|_| IDLE_SECONDS)
    }
}
