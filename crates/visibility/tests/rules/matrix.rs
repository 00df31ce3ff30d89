//! The rows of the matrix: everyone who may look, as the rules' table and sentences tell them apart.

use events::case::Purpose;
use visibility::{
    AccessibleRecord, Agreement, ApprovedCase, CarerRequest, Column, Home, Scope, Shields, Subject, Threat,
    Viewer, scope, subject_scope, view_within,
};
use vocabulary::{OrganisationKind, Role};

use crate::world::{Register, Standing, World, by_cms, case, elsewhere, keyed, mediating, of_kind, viewer};

/// Whose eyes.
#[derive(Clone)]
pub(crate) enum Eyes {
    Staff(Viewer, Option<ApprovedCase>),
    Subject(Subject),
}

pub(crate) struct Row {
    pub(crate) label: String,
    pub(crate) eyes: Eyes,
}

impl Eyes {
    pub(crate) fn look(&self, world: World, column: Column) -> (Scope, AccessibleRecord) {
        self.look_at(&world.in_column(column))
    }

    pub(crate) fn look_at(&self, (child, opened, sight): &Standing) -> (Scope, AccessibleRecord) {
        let mut sight = sight.clone();
        let scope = match self {
            Eyes::Staff(viewer, case) => {
                sight.case = *case;
                scope(viewer, child, *opened, &sight)
            }
            Eyes::Subject(subject) => subject_scope(subject, child, &sight),
        };
        let record = view_within(&scope, child, &Register, &sight);
        (scope, record)
    }
}

/// Every role of the closed list first, in its authority and in another, then the special rows.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut row = |label: &str, eyes: Eyes| rows.push(Row { label: label.to_owned(), eyes });
    for role in Role::ALL {
        row(role.name(), Eyes::Staff(plain(role), None));
        row(&format!("{}, elsewhere", role.name()), Eyes::Staff(elsewhere(plain(role)), None));
    }
    let staff = |viewer: Viewer| Eyes::Staff(viewer, None);
    let at = |kind| staff(of_kind(viewer(Role::Practitioner), kind));
    row("practitioner, of a practice", at(OrganisationKind::GpPractice));
    row("practitioner, of a school", at(OrganisationKind::School));
    row("practitioner, of a national supplier", at(OrganisationKind::NationalSupplier));
    let override_right = viewer(Role::PractitionerOverride);
    row("practitioner_override, of a hospital", staff(of_kind(override_right, OrganisationKind::Hospital)));
    for role in [Role::Practitioner, Role::PractitionerOverride, Role::AuthorityTeam, Role::DataManager] {
        row(&format!("{}, by cms", role.name()), staff(by_cms(viewer(role))));
    }
    for role in [Role::Practitioner, Role::PractitionerOverride, Role::DataManager, Role::Operator] {
        row(&format!("mediator, for {}", role.name()), staff(mediating(viewer(role))));
    }
    row("auditor, national", staff(Viewer { national: true, ..elsewhere(viewer(Role::Auditor)) }));
    for (label, purpose, shields) in [
        ("investigator, section 47", Purpose::Section47, Shields::Respected),
        ("investigator, section 47, shields lifted", Purpose::Section47, Shields::Lifted),
        ("investigator, misuse", Purpose::Misuse, Shields::Respected),
        ("investigator, misuse, shields lifted", Purpose::Misuse, Shields::Lifted),
    ] {
        row(label, Eyes::Staff(elsewhere(viewer(Role::Investigator)), Some(case(purpose, shields))));
    }
    row("competent child", Eyes::Subject(Subject::CompetentChild));
    let apart = request();
    row("carer", Eyes::Subject(Subject::Carer(apart)));
    row(
        "carer, at home, agreed, cleared",
        Eyes::Subject(Subject::Carer(CarerRequest {
            home: Home::Shared,
            agreement: Agreement::Given,
            threat: Threat::Cleared,
            ..apart
        })),
    );
    rows
}

/// A carer who lives elsewhere, without agreement, without a threat check.
pub(crate) fn request() -> CarerRequest {
    CarerRequest {
        carer_ref: keyed(21),
        home: Home::Apart,
        agreement: Agreement::None,
        threat: Threat::NotCleared,
    }
}

/// A role in the kind of body that it is usual in; mediators on their own, investigators without a case.
fn plain(role: Role) -> Viewer {
    let kind = match role {
        Role::NationalPartner => OrganisationKind::NationalBody,
        Role::AuthorityTeam | Role::DataManager => OrganisationKind::DirectoryTeam,
        Role::Practitioner
        | Role::PractitionerOverride
        | Role::Mediator
        | Role::UserManager
        | Role::Auditor
        | Role::Investigator
        | Role::CaseApprover
        | Role::Administrator
        | Role::Operator => OrganisationKind::Voluntary,
    };
    of_kind(viewer(role), kind)
}
