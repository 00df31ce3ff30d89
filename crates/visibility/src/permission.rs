//! Permission: who may do what. One question before any rule of the thing itself is asked; pure, total, no clock.
//!
//! Asked of enums alone, so that every cell can be compared with a second table (tests/rules/access.rs). What
//! of a record is then shown is [`crate::scope()`]'s, by the same row of the same table. Source: rules.md 2, 4.3,
//! 5; domain.md 5.1; invariants I-19 to I-22.

mod action;
mod reach;
mod thing;

use events::child::consent::Basis;
use vocabulary::{AccessReason, FieldGroup, Role, ServiceClass};

pub use action::Action;
pub use reach::{Reach, may_grant, reach};
pub use thing::Thing;

use crate::{
    archived::{self, Column},
    groups::Groups,
    scope::{self, Eyes},
    sensitive::{self, Seen, Suspicion},
    viewer::ApprovedCase,
};

/// How sure the directory is of the person in this request, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignIn {
    /// Vouched for by a case management system.
    Asserted,
    /// Signed in here.
    Own,
    /// Signed in here, and the PIN given a moment ago.
    SteppedUp,
}

/// How the person's account and organisation stand, the worse of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Order {
    /// In good order.
    Good,
    /// A date ran out less than the time of grace ago.
    Grace,
    /// May not act.
    Barred,
}

/// In what relation the person stands to what the act is about, nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// It is their own account.
    Oneself,
    /// It is their own organisation's.
    OwnOrganisation,
    /// It is their own authority's: an organisation within it, or a child that it answers for.
    OwnAuthority,
    /// It is none of these.
    Elsewhere,
    /// It is a child to whom they declared to be related, whoever answers for it.
    Declared,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Subject {
    /// In which role.
    pub role: Role,
    /// Whether their organisation belongs to no single authority.
    pub national: bool,
    /// How sure the directory is of them.
    pub sign_in: SignIn,
    /// How they stand.
    pub order: Order,
}

/// What of one record the answer depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facets {
    /// Its state, shield and override.
    pub column: Column,
    /// Whether the subject's authority answers for it.
    pub own_authority: bool,
    /// The case it is looked at under.
    pub case: Option<ApprovedCase>,
    /// The class of one open entry on it.
    pub class: ServiceClass,
    /// What a sensitive entry stands on.
    pub basis: Option<Basis>,
    /// Whether that entry is the subject's own organisation's.
    pub own_entry: bool,
    /// Whether the subject declared a relationship with the child.
    pub related: bool,
}

/// What was permitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permit {
    /// The groups of fields; none where no record is looked at.
    pub groups: Groups,
    /// How the entry is seen.
    pub entry: Seen,
    /// Whether somebody else looks at it afterwards whatever the sample.
    pub reviewed: bool,
}

/// Why not. The variants stand in the order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Denial {
    /// The account or its organisation may not act, or not for this once a date ran out.
    Standing,
    /// The role does no such thing anywhere.
    Role,
    /// A case management system cannot ask for this in somebody's name.
    SignIn,
    /// The PIN must be given first.
    StepUp,
    /// Nobody does this to their own account or act.
    Oneself,
    /// Nobody does this about a child to whom they declared to be related.
    Related,
    /// It is another organisation's or another authority's.
    Elsewhere,
    /// Nothing of this record is for this person; it reads as one that nobody has.
    Concealed,
}

/// Judges whether `subject` may do `action` to what stands in `relation` to them.
///
/// `reason` counts for looks alone: in the time of grace two reasons stay open (rules.md 5.1).
///
/// # Errors
/// The first denial in the order of precedence.
pub fn permission(
    subject: Subject,
    action: Action,
    relation: Relation,
    reason: Option<AccessReason>,
) -> Result<(), Denial> {
    in_order(subject.order, action, reason)?;
    let reach = reach(action, subject.role);
    if reach == Reach::Nowhere {
        return Err(Denial::Role);
    }
    let demanded = action.sign_in();
    if subject.sign_in < demanded {
        return Err(if subject.sign_in == SignIn::Asserted { Denial::SignIn } else { Denial::StepUp });
    }
    if relation == Relation::Oneself && action.bars_oneself() {
        return Err(Denial::Oneself);
    }
    if relation == Relation::Declared {
        return Err(Denial::Related);
    }
    if reach.covers(relation, subject.national) { Ok(()) } else { Err(Denial::Elsewhere) }
}

/// Judges an act on one record for one person, and what of it they then see.
///
/// # Errors
/// As [`permission`], and `Concealed`.
pub fn on_record(
    subject: Subject,
    action: Action,
    reason: Option<AccessReason>,
    facets: Facets,
) -> Result<Permit, Denial> {
    let relation = if facets.own_authority { Relation::OwnAuthority } else { Relation::Elsewhere };
    let relation = if facets.own_entry && action.about() == Thing::Involvement {
        Relation::OwnOrganisation
    } else {
        relation
    };
    let relation = if facets.related { Relation::Declared } else { relation };
    permission(subject, action, relation, reason)?;
    let eyes = Eyes {
        role: subject.role,
        answers: facets.own_authority || (subject.role == Role::Auditor && subject.national),
        overrides: subject.role == Role::PractitionerOverride && subject.sign_in != SignIn::Asserted,
        shielded: matches!(facets.column, Column::Shielded | Column::OverrideOpen),
        case: facets.case,
    };
    let row = scope::row_of(eyes, facets.column);
    let second_hand = subject.sign_in == SignIn::Asserted || subject.role == Role::Mediator;
    let groups = if second_hand { archived::second_hand(row, facets.column) } else { row };
    if groups == Groups::NONE {
        return Err(Denial::Concealed);
    }
    let own = facets.own_entry && !facets.column.is_archived() && scope::role_works(subject.role, true);
    let suspicion = Suspicion::known_to(subject.role);
    let entry = if groups.within(Groups::NONE.with(FieldGroup::J).with(FieldGroup::A)) && !own {
        Seen::Not
    } else {
        sensitive::seen(groups, suspicion, own, facets.class, facets.basis)
    };
    let looks = matches!(action, Action::OpenRecord | Action::OverrideShield);
    let reviewed = subject.order == Order::Grace
        || action == Action::OverrideShield
        || (looks && relation == Relation::Elsewhere);
    Ok(Permit { groups, entry, reviewed })
}

/// The lesser of two rights: what a mediator may do for a colleague.
///
/// # Errors
/// The mediator's denial first, else the colleague's.
pub fn lesser(mediator: Result<Permit, Denial>, colleague: Result<Permit, Denial>) -> Result<Permit, Denial> {
    let (one, other) = (mediator?, colleague?);
    let groups = one.groups.both(other.groups);
    if groups == Groups::NONE {
        return Err(Denial::Concealed);
    }
    Ok(Permit { groups, entry: one.entry.min(other.entry), reviewed: one.reviewed || other.reviewed })
}

/// What a date that ran out leaves open: the two urgent reasons for a look, and reading one's own looks.
fn in_order(order: Order, action: Action, reason: Option<AccessReason>) -> Result<(), Denial> {
    let open = match order {
        Order::Good => true,
        Order::Barred => false,
        Order::Grace => match action.about() {
            Thing::Look => reason.is_none_or(events::standing::is_urgent),
            Thing::Own | Thing::Rules => true,
            Thing::Record
            | Thing::Involvement
            | Thing::Queue
            | Thing::Audit
            | Thing::Case
            | Thing::Organisation
            | Thing::Account
            | Thing::Policy
            | Thing::Operation => false,
        },
    };
    if open { Ok(()) } else { Err(Denial::Standing) }
}
