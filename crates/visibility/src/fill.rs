//! Fills a view: begins empty, and grants it field by field what the scope holds. Nothing is ever taken out.
//!
//! Source: rules.md 2; ADR-0005. A field that nobody grants here is hidden, not leaked.

use events::child::{Child, involvement};
use events::supplied::{EducationState, PrimaryCareState, SuppliedCarer};
use vocabulary::{AddressState, Contact, ContactKind, FieldGroup, InvolvementId, OrganisationId, Scheme};

use crate::{
    entries, names, patterns,
    scope::{CarerContacts, Scope, scope},
    sensitive,
    viewer::{Override, Sight, Viewer},
    views::{
        AccessibleRecord, Carer, CommonAssessment, Education, Gap, History, Identifier, Involvement,
        Organisation, Practitioner, PrimaryCare, Reachable, Whereabouts,
    },
};

/// The register of organisations, as far as a view writes their names.
pub trait Names {
    /// The name and contacts of one organisation; `None` when it is not in the register.
    fn organisation(&self, id: &OrganisationId) -> Option<Named>;
}

/// An organisation's name and the ways to reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Telephone and e-mail as registered.
    pub contacts: Vec<Contact>,
}

/// Shows `child` to `viewer`: what [`scope`] grants, and what of it there is.
///
/// Pure and total. `position` is left for the caller, who knows the access.
///
/// Source: SI 2007/2182 regulation 6; rules.md 2.
pub fn view(
    viewer: &Viewer,
    child: &Child,
    opened: Override,
    register: &dyn Names,
    sight: &Sight,
) -> AccessibleRecord {
    view_within(&scope(viewer, child, opened, sight), child, register, sight)
}

/// Shows `child` within a scope that was judged before, for the same child and sight.
pub fn view_within(scope: &Scope, child: &Child, register: &dyn Names, sight: &Sight) -> AccessibleRecord {
    let mut view = AccessibleRecord {
        groups: scope.groups(),
        hidden_view: scope.is_hidden_view(),
        ..AccessibleRecord::default()
    };
    view.names = names::granted(scope, child, &sight.matched_former_names);
    if scope.has(FieldGroup::A) {
        view.child_number = child.number;
        view.shielded = Some(child.is_shielded());
        view.date_of_birth = child.date_of_birth();
        view.gender = child.gender();
        view.died_on = child.life.died_on;
    }
    if scope.has(FieldGroup::B) {
        view.carers = Some(child.carers().iter().map(|carer| carer_of(scope, carer)).collect());
    }
    if scope.has(FieldGroup::C) {
        view.responsible_authority =
            child.authority.as_ref().map(|authority| organisation(register, authority));
    }
    if scope.all(|grant| grant.address) {
        view.address = Some(whereabouts(child));
    }
    if scope.has(FieldGroup::D) {
        let education = education(child, register);
        let primary_care = primary_care(child, register);
        view.gaps = Some(gaps(&education, &primary_care));
        view.education = Some(education);
        view.primary_care = Some(primary_care);
    }
    let shown = entries::shown(scope, child, sight);
    let by_right = scope.has(FieldGroup::D) || scope.has(FieldGroup::E);
    if by_right {
        let entries: Vec<_> = shown.iter().map(|(_, entry)| *entry).collect();
        view.patterns = Some(patterns::patterns(&entries, sight.today));
    }
    if by_right || !shown.is_empty() {
        view.involvements =
            Some(shown.into_iter().map(|(id, entry)| involvement_of(id, entry, register, sight)).collect());
    }
    if scope.has(FieldGroup::H) {
        view.identifiers = Some(identifiers(scope, child));
    }
    view.sensitive_services = sensitive::line(scope, child, sight);
    if scope.has(FieldGroup::I) {
        view.history = Some(History {
            opened_at: child.registered_at,
            consents_withdrawn: child.consents_withdrawn(),
            links_disputed: child.refs.values().filter(|known| known.disputed).count(),
        });
    }
    view
}

fn carer_of(scope: &Scope, carer: &SuppliedCarer) -> Carer {
    let carer_ref = carer.carer_ref.keyed();
    let grants = |wanted: &dyn Fn(CarerContacts) -> bool| scope.all(|grant| wanted(grant.contacts));
    let all = grants(&|contacts| contacts == CarerContacts::All);
    let bare = grants(&|contacts| matches!(contacts, CarerContacts::All | CarerContacts::WithoutAddresses));
    let own = carer_ref.is_some_and(|own| {
        grants(&|contacts| contacts == CarerContacts::Of(own) || contacts == CarerContacts::All)
    });
    let contacts = if all || own {
        Some(carer.contacts.clone())
    } else if bare {
        let mut contacts = Vec::new();
        contacts
            .extend(carer.contacts.iter().filter(|contact| contact.kind != ContactKind::Address).cloned());
        Some(contacts)
    } else {
        None
    };
    Carer {
        carer_ref: carer_ref.filter(|_| contacts.is_some()),
        name: carer.name.clone(),
        relation: carer.relation,
        contacts,
    }
}

fn whereabouts(child: &Child) -> Whereabouts {
    if let Some(departure) = &child.life.left_england {
        return Whereabouts::LeftEngland { on: departure.on, intends_return: departure.intends_return };
    }
    match child.address() {
        Some(AddressState::Known(address)) => Whereabouts::Known(address),
        Some(AddressState::NoneKnown) | None => Whereabouts::NoneKnown,
    }
}

fn education(child: &Child, register: &dyn Names) -> Education {
    match child.current_education() {
        Some(stated) => Education {
            state: stated.state,
            organisation: stated.organisation.as_ref().map(|setting| reachable(register, setting)),
            since: Some(stated.on),
            as_at: Some(stated.as_at),
        },
        None => Education { state: EducationState::NoneKnown, organisation: None, since: None, as_at: None },
    }
}

fn primary_care(child: &Child, register: &dyn Names) -> PrimaryCare {
    match child.current_primary_care() {
        Some(stated) => PrimaryCare {
            state: stated.state,
            organisation: stated.organisation.as_ref().map(|practice| reachable(register, practice)),
            since: Some(stated.on),
            as_at: Some(stated.as_at),
        },
        None => {
            PrimaryCare { state: PrimaryCareState::NoneKnown, organisation: None, since: None, as_at: None }
        }
    }
}

/// Takes what is shown, and nothing else; 'educated otherwise' is a value, not a gap.
fn gaps(education: &Education, primary_care: &PrimaryCare) -> Vec<Gap> {
    let no_education = education.state == EducationState::NoneKnown;
    let no_primary_care = primary_care.state == PrimaryCareState::NoneKnown;
    [(no_education, Gap::NoEducation), (no_primary_care, Gap::NoPrimaryCare)]
        .into_iter()
        .filter_map(|(open, gap)| open.then_some(gap))
        .collect()
}

fn involvement_of(
    id: InvolvementId,
    entry: &involvement::Involvement,
    register: &dyn Names,
    sight: &Sight,
) -> Involvement {
    Involvement {
        involvement_id: id,
        service_type: entry.service_type,
        class: entry.class(),
        organisation: organisation(register, &entry.organisation),
        practitioner: entry.practitioner.as_ref().map(|person| Practitioner {
            practitioner_ref: person.practitioner_ref,
            name: person.name.clone(),
            job: person.job.clone(),
        }),
        team: entry.team.clone(),
        contacts: entry.contacts.clone(),
        started_on: entry.started_on,
        ended_on: entry.ended_on,
        // I-6: an ended involvement holds no lead, even where its end was told by an update.
        lead_professional: entry.lead_professional && entry.is_open(sight.today),
        common_assessment: CommonAssessment {
            held: entry.common_assessment_on.is_some(),
            on: entry.common_assessment_on,
        },
        as_at: entry.as_at,
    }
}

fn identifiers(scope: &Scope, child: &Child) -> Vec<Identifier> {
    let nhs_number = child.nhs_number().map(|number| (Scheme::NhsNumber, number.as_str()));
    let upn = child.upn().map(|number| (Scheme::Upn, number.as_str()));
    [nhs_number, upn]
        .into_iter()
        .flatten()
        .filter(|(scheme, _)| scope.has_scheme(*scheme))
        .map(|(scheme, value)| Identifier { scheme, value: value.to_owned() })
        .collect()
}

pub(crate) fn organisation(register: &dyn Names, id: &OrganisationId) -> Organisation {
    let name = register.organisation(id).map_or_else(|| id.as_str().to_owned(), |named| named.name);
    Organisation { id: id.clone(), name }
}

fn reachable(register: &dyn Names, id: &OrganisationId) -> Reachable {
    let named = register
        .organisation(id)
        .unwrap_or_else(|| Named { name: id.as_str().to_owned(), contacts: Vec::new() });
    Reachable { id: id.clone(), name: named.name, contacts: named.contacts }
}
