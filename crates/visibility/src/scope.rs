//! Scope: who may see which groups of one record. The table of roles by record states, row by row.
//!
//! Source: SI 2007/2182 regulation 6(2)-(4) (who reads what; those who run the directory for an authority
//! are exempt from 6(3)); rules.md 2.

use events::child::Child;
use vocabulary::{FieldGroup, KeyedRef, OrganisationId, OrganisationKind, Role, Scheme};

use crate::{
    archived::{self, Column},
    groups::Groups,
    identifiers::{self, Schemes},
    names::{self, Former},
    sensitive::Suspicion,
    shielded,
    viewer::{ApprovedCase, Override, Shields, Sight, Viewer},
};

/// A to F: what practitioners see of a live record. F is but a line, and only where it is due.
const ORDINARY: Groups =
    shielded::LEAST.with(FieldGroup::C).with(FieldGroup::D).with(FieldGroup::E).with(FieldGroup::F);

/// A to I without A2: what those who run the directory see of their own authority's records.
const WHOLE: Groups = ORDINARY.with(FieldGroup::G).with(FieldGroup::H).with(FieldGroup::I);

/// What two records are compared by: names, birth, gender, carers, address, identifiers.
const CANDIDATE: Groups = shielded::LEAST.with(FieldGroup::C).with(FieldGroup::H);

/// Who looked, and nothing of the record.
const LOOKS: Groups = Groups::NONE.with(FieldGroup::J);

/// What the table asks of a record; search asks it of the index, a view of the child's row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) authority: Option<&'a OrganisationId>,
    /// Whether any shield stands, in whichever column: the archive does not lift one.
    pub(crate) shielded: bool,
    pub(crate) column: Column,
    /// Whether the viewer's own search matched a former name of this record.
    pub(crate) former_matched: bool,
}

/// What one person was granted of one record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Grant {
    pub(crate) groups: Groups,
    pub(crate) former: Former,
    pub(crate) schemes: Schemes,
    pub(crate) suspicion: Suspicion,
    pub(crate) address: bool,
    pub(crate) contacts: CarerContacts,
    /// The organisation whose own entries are seen whatever their class (rules.md 2.2).
    pub(crate) own: Option<OrganisationId>,
}

/// Which contacts of carers were granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum CarerContacts {
    /// None.
    #[default]
    None,
    /// Of one carer: the one who asks.
    Of(KeyedRef),
    /// Of all, without their addresses.
    WithoutAddresses,
    /// All.
    All,
}

/// What may be shown of one record to this viewer. Everything asked of it must hold for each person
/// involved: one as a rule, two when a look is mediated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    grants: Vec<Grant>,
    hidden_view: bool,
}

impl Scope {
    pub(crate) fn of(grants: Vec<Grant>, shielded: bool) -> Scope {
        let mut scope = Scope { grants, hidden_view: false };
        scope.hidden_view = shielded::goes_behind(shielded, scope.groups());
        scope
    }

    /// The groups granted. They depend on role and state alone, so that naming them in the fact of a
    /// look tells nothing of what the record holds; own entries are seen beside them.
    pub fn groups(&self) -> Groups {
        let mut grants = self.grants.iter().map(|grant| grant.groups);
        let first = grants.next().unwrap_or(Groups::NONE);
        grants.fold(first, Groups::both)
    }

    /// Tells whether one group was granted.
    pub fn has(&self, group: FieldGroup) -> bool {
        self.groups().has(group)
    }

    /// Tells whether this goes behind a shield: to be logged as a hidden view (rules.md 2).
    pub fn is_hidden_view(&self) -> bool {
        self.hidden_view
    }

    /// What this scope and another of the same child allow both: each right here as far as `bound` has its group.
    ///
    /// For a replay: what somebody saw then, as far as the investigator may see it now.
    #[must_use]
    pub fn bounded_by(&self, bound: &Scope) -> Scope {
        let limit = bound.groups();
        let grants = self.grants.iter().map(|grant| Grant {
            groups: grant.groups.both(limit),
            former: if limit.has(FieldGroup::A2) { grant.former } else { Former::None },
            schemes: if limit.has(FieldGroup::H) { grant.schemes } else { Schemes::None },
            suspicion: grant.suspicion,
            address: grant.address && limit.has(FieldGroup::C),
            contacts: if limit.has(FieldGroup::C) { grant.contacts } else { CarerContacts::None },
            own: grant.own.clone().filter(|_| limit.has(FieldGroup::G)),
        });
        let mut scope = Scope { grants: grants.collect(), hidden_view: false };
        scope.hidden_view = shielded::goes_behind(self.hidden_view || bound.hidden_view, scope.groups());
        scope
    }

    pub(crate) fn all(&self, holds: impl Fn(&Grant) -> bool) -> bool {
        !self.grants.is_empty() && self.grants.iter().all(holds)
    }

    pub(crate) fn grants(&self) -> impl Iterator<Item = &Grant> {
        self.grants.iter()
    }

    pub(crate) fn has_scheme(&self, scheme: Scheme) -> bool {
        self.all(|grant| grant.schemes.has(scheme))
    }
}

/// Judges what `viewer` may see of `child`. Total: nobody and nothing is an error, only an empty scope.
///
/// `opened` counts only where this viewer may override at all.
pub fn scope(viewer: &Viewer, child: &Child, opened: Override, sight: &Sight) -> Scope {
    let facts = Facts {
        authority: child.authority.as_ref(),
        shielded: child.is_shielded(),
        column: archived::column(child, opened, sight),
        former_matched: !sight.matched_former_names.is_empty(),
    };
    scope_of(viewer, facts, sight.case.as_ref())
}

/// Rows 'mediator' and 'CMS': each person is judged by themselves, and the lesser right is left.
pub(crate) fn scope_of(viewer: &Viewer, facts: Facts<'_>, case: Option<&ApprovedCase>) -> Scope {
    let second_hand = viewer.is_second_hand();
    let people = people(viewer);
    Scope::of(people.map(|person| grant(person, facts, case, second_hand)).collect(), facts.shielded)
}

/// The groups alone, of the rows: a search asks this of every candidate, so that it takes no memory.
pub(crate) fn rows_of(viewer: &Viewer, facts: Facts<'_>) -> Groups {
    let second_hand = viewer.is_second_hand();
    people(viewer)
        .map(|person| row(person, facts, None, second_hand))
        .reduce(Groups::both)
        .unwrap_or(Groups::NONE)
}

/// The viewer, and whoever the viewer looks for.
fn people(viewer: &Viewer) -> impl Iterator<Item = &Viewer> {
    std::iter::successors(Some(viewer), |person| person.mediated_for.as_deref())
}

fn row(viewer: &Viewer, facts: Facts<'_>, case: Option<&ApprovedCase>, second_hand: bool) -> Groups {
    if viewer.kind == OrganisationKind::NationalSupplier {
        // It sends for many others and sees nothing, in whichever role.
        return Groups::NONE;
    }
    if viewer.role == Role::Mediator && viewer.mediated_for.is_none() {
        // Without a caller there is no reason of the mediator's own to look.
        return Groups::NONE;
    }
    let eyes = Eyes {
        role: viewer.role,
        answers: viewer.answers_for(facts.authority) || (viewer.role == Role::Auditor && viewer.national),
        overrides: shielded::may_override(viewer),
        shielded: facts.shielded,
        case: case.copied(),
    };
    let row = row_of(eyes, facts.column);
    if second_hand { archived::second_hand(row, facts.column) } else { row }
}

fn grant(viewer: &Viewer, facts: Facts<'_>, case: Option<&ApprovedCase>, second_hand: bool) -> Grant {
    let row = row(viewer, facts, case, second_hand);
    let works = works_with_children(viewer);
    let overridden = shielded::may_override(viewer) && !second_hand;
    let schemes = if row.has(FieldGroup::H) {
        Schemes::All
    } else if works {
        identifiers::ordinary(viewer, facts.column, overridden)
    } else {
        Schemes::None
    };
    let former = names::former(row, facts.shielded);
    let groups = if schemes.is_some() { row.with(FieldGroup::H) } else { row };
    let groups = match former {
        Former::All => groups.with(FieldGroup::A2),
        Former::Matched if facts.former_matched => groups.with(FieldGroup::A2),
        Former::Matched | Former::None => groups,
    };
    Grant {
        groups,
        former,
        schemes,
        suspicion: Suspicion::known_to(viewer.role),
        address: groups.has(FieldGroup::C),
        contacts: if groups.has(FieldGroup::C) { CarerContacts::All } else { CarerContacts::None },
        own: (works && !facts.column.is_archived()).then(|| viewer.organisation.clone()),
    }
}

/// What a row of the table depends on, of one person and one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Eyes {
    pub(crate) role: Role,
    /// Their authority answers for the record; a national auditor's answers for all.
    pub(crate) answers: bool,
    /// An override that is open counts for this person.
    pub(crate) overrides: bool,
    /// A shield stands, in whichever column: the archive does not lift one.
    pub(crate) shielded: bool,
    pub(crate) case: Option<ApprovedCase>,
}

/// One row of the table at one column.
#[expect(clippy::match_same_arms, reason = "the arms are the rows of the table, in its order")]
pub(crate) fn row_of(eyes: Eyes, column: Column) -> Groups {
    match eyes.role {
        Role::Practitioner | Role::NationalPartner => ordinary(column),
        Role::PractitionerOverride if column == Column::OverrideOpen && eyes.overrides => ORDINARY,
        Role::PractitionerOverride => ordinary(column),
        Role::Mediator => ordinary(column),
        Role::AuthorityTeam | Role::DataManager if eyes.answers => team(eyes.role, column),
        Role::AuthorityTeam | Role::DataManager => ordinary(column),
        Role::UserManager => manager(column),
        Role::Auditor if eyes.answers => auditor(column),
        Role::Auditor => Groups::NONE,
        Role::Investigator => investigator(eyes, column),
        Role::CaseApprover | Role::Administrator | Role::Operator => Groups::NONE,
    }
}

fn ordinary(column: Column) -> Groups {
    match column {
        Column::Live => ORDINARY,
        Column::Shielded | Column::OverrideOpen => shielded::LEAST,
        Column::ArchivedYear1 | Column::ArchivedYears2To6 | Column::Quarantined => Groups::NONE,
    }
}

fn team(role: Role, column: Column) -> Groups {
    match column {
        Column::Live | Column::Shielded | Column::OverrideOpen => WHOLE,
        Column::ArchivedYear1 if role == Role::DataManager => WHOLE,
        Column::ArchivedYear1 | Column::ArchivedYears2To6 => Groups::NONE,
        Column::Quarantined => CANDIDATE,
    }
}

fn manager(column: Column) -> Groups {
    match column {
        Column::Live | Column::Shielded | Column::OverrideOpen => LOOKS,
        Column::ArchivedYear1 | Column::ArchivedYears2To6 | Column::Quarantined => Groups::NONE,
    }
}

fn auditor(column: Column) -> Groups {
    match column {
        Column::Live | Column::Shielded | Column::OverrideOpen => LOOKS.with(FieldGroup::A),
        Column::ArchivedYear1 | Column::ArchivedYears2To6 => LOOKS,
        // Counts only, which reports make.
        Column::Quarantined => Groups::NONE,
    }
}

fn investigator(eyes: Eyes, column: Column) -> Groups {
    let Some(case) = eyes.case.filter(|case| archived::reaches(case.purpose, column)) else {
        return Groups::NONE;
    };
    // An archived record may be shielded too: the archive lifts no shield.
    match case.shields {
        Shields::Respected if eyes.shielded => shielded::LEAST,
        Shields::Respected | Shields::Lifted => WHOLE.with(FieldGroup::J),
    }
}

/// Tells whether the viewer works with children, so that their organisation's own entries are always seen
/// (rules.md 2.2) and its own identifiers read. Not in the archive, which regulation 6(3)(e) closes.
fn works_with_children(viewer: &Viewer) -> bool {
    role_works(viewer.role, viewer.mediated_for.is_some())
        && viewer.kind != OrganisationKind::NationalSupplier
}

/// Tells whether a role is for work with children; a mediator's for the colleague's.
pub(crate) fn role_works(role: Role, mediates: bool) -> bool {
    match role {
        Role::Practitioner
        | Role::PractitionerOverride
        | Role::NationalPartner
        | Role::AuthorityTeam
        | Role::DataManager => true,
        Role::Mediator => mediates,
        Role::UserManager
        | Role::Auditor
        | Role::Investigator
        | Role::CaseApprover
        | Role::Administrator
        | Role::Operator => false,
    }
}
