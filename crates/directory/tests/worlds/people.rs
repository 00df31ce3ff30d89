//! Everybody who may look: each role, in one's own authority and in another, by every way in.

use std::collections::BTreeMap;

use directory::{Cost, Directory, NewUser, OnBehalf, Person};
use events::{
    ceiling::{Ceilings, Limits},
    looker::StepUp,
    policy::Policy,
};
use vocabulary::{AccessReason, AccountId, Assurance, Channel, ClientId, PersonName, Role};

use crate::base::{AUTHORITY, NATIONAL, OTHER, SCHOOL, WARD, World, authority_of, id};

pub(crate) type Accounts = BTreeMap<&'static str, AccountId>;

/// Name, organisation and role.
const STAFF: [(&str, &str, Role); 17] = [
    ("Noor", SCHOOL, Role::Practitioner),
    ("Otto", WARD, Role::Practitioner),
    ("Quin", SCHOOL, Role::PractitionerOverride),
    ("Pia", WARD, Role::PractitionerOverride),
    ("Nell", NATIONAL, Role::NationalPartner),
    ("Mia", AUTHORITY, Role::Mediator),
    ("Tom", AUTHORITY, Role::AuthorityTeam),
    ("Dana", AUTHORITY, Role::DataManager),
    ("Tess", OTHER, Role::AuthorityTeam),
    ("Dora", OTHER, Role::DataManager),
    ("Abe", NATIONAL, Role::Auditor),
    ("Ann", OTHER, Role::Auditor),
    ("Ina", NATIONAL, Role::Investigator),
    ("Uma", SCHOOL, Role::UserManager),
    ("Ada", AUTHORITY, Role::Administrator),
    ("Carl", NATIONAL, Role::CaseApprover),
    ("Olga", AUTHORITY, Role::Operator),
];

/// Gives each an account.
pub(crate) fn engaged(directory: &Directory) -> Accounts {
    let engaged = |(name, organisation, role): (&'static str, &str, Role)| {
        let user = NewUser {
            username: username(name),
            name: PersonName::new(name).unwrap(),
            organisation: id(organisation),
            role,
            secrets: None,
            cost: Cost::Demo,
        };
        (name, directory.add_user(user).unwrap().0)
    };
    STAFF.into_iter().map(engaged).collect()
}

/// Raises the ceilings of attempts as far as a policy may: here everybody asks everything within an hour.
pub(crate) fn ceilings_out_of_the_way(directory: &Directory) {
    let [one, other] = ["Ines", "Ivo"].map(|name| {
        let user = NewUser {
            username: username(name),
            name: PersonName::new(name).unwrap(),
            organisation: id(NATIONAL),
            role: Role::Administrator,
            secrets: None,
            cost: Cost::Demo,
        };
        let (account, _) = directory.add_user(user).unwrap();
        directory.person(account, Channel::Web, Assurance::OwnSignIn, None, StepUp::Fresh).unwrap()
    });
    let most = Limits { hour: 1_000, day: 5_000 };
    let ceilings = Ceilings { searches: most, listed: most, opened: most, fruitless: most };
    let (proposal, _) = directory
        .propose_policy(&one, Policy { ceilings, look_tells_lead: true, ..Policy::default() })
        .unwrap();
    directory.sign_policy(&other, proposal).unwrap();
}

fn username(name: &str) -> String {
    format!("{}.invented", name.to_lowercase())
}

/// One who looks, by one way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Viewer {
    pub(crate) name: &'static str,
    pub(crate) way: Way,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Web,
    Cms,
    For(&'static str),
}

/// Every viewer.
pub(crate) fn viewers() -> Vec<Viewer> {
    let web = STAFF.into_iter().map(|(name, ..)| Viewer { name, way: Way::Web });
    let cms = ["Noor", "Otto", "Pia", "Tess"].into_iter().map(|name| Viewer { name, way: Way::Cms });
    let colleagues = ["Otto", "Pia", "Tess", "Dana"];
    web.chain(cms)
        .chain(colleagues.map(|colleague| Viewer { name: "Mia", way: Way::For(colleague) }))
        .collect()
}

impl Viewer {
    fn staff(name: &str) -> (&'static str, Role) {
        STAFF.into_iter().find(|(known, ..)| *known == name).map(|(_, at, role)| (at, role)).unwrap()
    }

    pub(crate) fn role(self) -> Role {
        Viewer::staff(self.name).1
    }

    pub(crate) fn person(self, world: &World) -> Person {
        let (organisation, _) = Viewer::staff(self.name);
        let (channel, assurance, client) = match self.way {
            Way::Web | Way::For(_) => (Channel::Web, Assurance::OwnSignIn, None),
            Way::Cms => {
                let client = ClientId(format!("client-{organisation}"));
                (Channel::Cms, Assurance::AssertedByCms, Some(client))
            }
        };
        world.directory.person(world.accounts[self.name], channel, assurance, client, StepUp::Fresh).unwrap()
    }

    pub(crate) fn on_behalf_of(self) -> Option<OnBehalf> {
        match self.way {
            Way::Web | Way::Cms => None,
            Way::For(colleague) => Some(OnBehalf { username: username(colleague), code: None }),
        }
    }

    /// A reason that the role may give; for those who may look at nothing, one that they try.
    pub(crate) fn reason(self) -> AccessReason {
        match self.role() {
            Role::Auditor | Role::Investigator => AccessReason::Audit,
            Role::Mediator => AccessReason::MediatedRequest,
            Role::Practitioner
            | Role::PractitionerOverride
            | Role::NationalPartner
            | Role::AuthorityTeam
            | Role::DataManager
            | Role::UserManager
            | Role::CaseApprover
            | Role::Administrator
            | Role::Operator => AccessReason::NewReferral,
        }
    }

    /// Whether this is the team of the child's own authority, to whom little is hidden.
    pub(crate) fn is_team_of(self, child: usize) -> bool {
        let of = |name: &str| {
            let (organisation, role) = Viewer::staff(name);
            matches!(role, Role::AuthorityTeam | Role::DataManager) && organisation == authority_of(child)
        };
        match self.way {
            Way::Web | Way::Cms => of(self.name),
            // The lesser of the two: a mediator's own right is a practitioner's.
            Way::For(_) => false,
        }
    }

    /// Whether suspected harm shows this viewer the line of sensitive services (rules.md 2.2).
    pub(crate) fn knows_of_harm(self) -> bool {
        self.role() == Role::PractitionerOverride
    }
}

/// The data manager who decides about a child's shields.
pub(crate) fn decider_of(world: &World, child: usize) -> Person {
    let name = if authority_of(child) == AUTHORITY { "Dana" } else { "Dora" };
    Viewer { name, way: Way::Web }.person(world)
}
