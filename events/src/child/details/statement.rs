//! Remembers statements: lays what is told over what stood, and holds addresses back where a shield waits.
//!
//! Source: contract.md section 3 (`child.described`); rules.md 1.4.

use std::collections::{BTreeMap, BTreeSet};

use vocabulary::{AddressState, KeyedRef, Position};

use super::{
    Described, Discrepancy, DiscrepancyRaised, DiscrepancySettled, Field, FormerName, HeldAddress,
    OlderVersion, Statement, trust,
};
use crate::{
    child::{Child, lifecycle, versions},
    decider::When,
    supplied::SuppliedChild,
    told::Told,
};

/// The fields whose value `told` changes from what `stood`.
pub(super) fn changed(stood: &SuppliedChild, told: &SuppliedChild) -> Vec<Field> {
    [
        (Field::Forename, is_new(stood.forename.as_ref(), told.forename.as_ref())),
        (Field::MiddleNames, is_told_anew(&stood.middle_names, &told.middle_names)),
        (Field::Surname, is_new(stood.surname.as_ref(), told.surname.as_ref())),
        (Field::KnownAs, is_told_anew(&stood.known_as, &told.known_as)),
        (Field::PreviousSurname, is_told_anew(&stood.previous_surname, &told.previous_surname)),
        (Field::DateOfBirth, is_new(stood.date_of_birth.as_ref(), told.date_of_birth.as_ref())),
        (Field::Gender, is_new(stood.gender.as_ref(), told.gender.as_ref())),
        (Field::Address, is_told_anew(&stood.address, &told.address)),
        (Field::PreviousAddress, is_told_anew(&stood.previous_address, &told.previous_address)),
        (Field::NhsNumber, is_told_anew(&stood.nhs_number, &told.nhs_number)),
        (Field::Upn, is_told_anew(&stood.upn, &told.upn)),
        (Field::Carers, is_told_anew(&stood.carers, &told.carers)),
    ]
    .into_iter()
    .filter_map(|(field, new)| new.then_some(field))
    .collect()
}

fn is_new<T: PartialEq>(stood: Option<&T>, told: Option<&T>) -> bool {
    told.is_some() && stood != told
}

fn is_told_anew<T: PartialEq>(stood: &Told<T>, told: &Told<T>) -> bool {
    match told {
        Told::Unsaid => false,
        Told::TakenBack => stood.value().is_some(),
        Told::Value(value) => stood.value() != Some(value),
    }
}

/// Lays the named fields of `told` over what `stood`.
fn lay(stood: &mut SuppliedChild, told: &SuppliedChild, fields: &[Field]) {
    for field in fields {
        match field {
            Field::Forename => stood.forename.clone_from(&told.forename),
            Field::MiddleNames => stood.middle_names.clone_from(&told.middle_names),
            Field::Surname => stood.surname.clone_from(&told.surname),
            Field::KnownAs => stood.known_as.clone_from(&told.known_as),
            Field::PreviousSurname => stood.previous_surname.clone_from(&told.previous_surname),
            Field::DateOfBirth => stood.date_of_birth = told.date_of_birth,
            Field::Gender => stood.gender = told.gender,
            Field::Address => stood.address.clone_from(&told.address),
            Field::PreviousAddress => stood.previous_address.clone_from(&told.previous_address),
            Field::NhsNumber => stood.nhs_number.clone_from(&told.nhs_number),
            Field::Upn => stood.upn.clone_from(&told.upn),
            Field::Carers => stood.carers.clone_from(&told.carers),
        }
    }
}

/// The fields that are news of this source: against what stands, and against what waits for a shield.
pub(super) fn news(child: &Child, source: &KeyedRef, told: &SuppliedChild) -> Vec<Field> {
    let unsaid = SuppliedChild::default();
    let stood = child.statements.get(source).map_or(&unsaid, |statement| &statement.told);
    let mut fields = changed(stood, told);
    if let Some(held) = child.held_addresses.get(source) {
        let told_of_held = [
            (Field::Address, !held.address.is_unsaid(), is_told_anew(&held.address, &told.address)),
            (Field::Carers, !held.carers.is_unsaid(), is_told_anew(&held.carers, &told.carers)),
        ];
        for (field, is_held, is_news) in told_of_held {
            if is_held {
                fields.retain(|known| *known != field);
                fields.extend(is_news.then_some(field));
            }
        }
    }
    fields
}

/// Which of the fields would tell where a child lives who is to be hidden: held until that is decided.
fn placing(child: &Child, told: &SuppliedChild, fields: &[Field]) -> Vec<Field> {
    if !child.holds_addresses() {
        return Vec::new();
    }
    let elsewhere = told.address.value().cloned().map(AddressState::from) != child.address();
    let known = child.carers();
    let carers_elsewhere = told.carers.value().is_some_and(|carers| {
        carers.iter().flat_map(|carer| &carer.contacts).any(|contact| {
            contact.kind == vocabulary::ContactKind::Address
                && !known.iter().any(|carer| carer.contacts.contains(contact))
        })
    });
    [(Field::Address, elsewhere), (Field::Carers, carers_elsewhere)]
        .into_iter()
        .filter_map(|(field, places)| (places && fields.contains(&field)).then_some(field))
        .collect()
}

pub(in crate::child) fn described(child: &mut Child, event: &Described, when: When) {
    let told = &event.child;
    let stood = child.statements.get(&event.source);
    let mut fields = stood
        .map_or_else(|| changed(&SuppliedChild::default(), told), |statement| changed(&statement.told, told));
    let held_back = placing(child, told, &fields);
    fields.retain(|field| !held_back.contains(field));
    hold(child, event, &held_back, when);
    let statement = child.statements.entry(event.source).or_insert_with(|| Statement {
        supplier: event.supplier.clone(),
        told: SuppliedChild::default(),
        capacity: event.capacity,
        since: BTreeMap::new(),
        changed: BTreeSet::new(),
        discrepancy: None,
        version: None,
        earlier: BTreeSet::new(),
    });
    statement.capacity = event.capacity;
    let before = FormerName {
        source: event.source,
        forename: statement.told.forename.clone(),
        surname: statement.told.surname.clone(),
    };
    lay(&mut statement.told, told, &fields);
    stand_since(statement, &fields, when.position);
    versions::remember(&mut statement.version, &mut statement.earlier, event.version);
    let renamed = fields.contains(&Field::Forename) || fields.contains(&Field::Surname);
    if renamed && before.surname.is_some() && !child.former_names.contains(&before) {
        child.former_names.push(before);
    }
    lifecycle::settle(child);
}

/// Puts the fields aside; what is told otherwise than before takes the place of what was put aside.
fn hold(child: &mut Child, event: &Described, fields: &[Field], when: When) {
    if fields.is_empty() && !child.held_addresses.contains_key(&event.source) {
        return;
    }
    let held = child.held_addresses.entry(event.source).or_insert(HeldAddress {
        address: Told::Unsaid,
        carers: Told::Unsaid,
        since: when.position,
    });
    let address = kept(&held.address, &event.child.address, fields.contains(&Field::Address));
    let carers = kept(&held.carers, &event.child.carers, fields.contains(&Field::Carers));
    if address != held.address || carers != held.carers {
        *held = HeldAddress { address, carers, since: when.position };
    }
    if held.address.is_unsaid() && held.carers.is_unsaid() {
        child.held_addresses.remove(&event.source);
    }
}

/// What is put aside of one field: as before where nothing is said, else what is told, if it must wait.
fn kept<T: Clone>(held: &Told<T>, told: &Told<T>, waits: bool) -> Told<T> {
    match (told, waits) {
        (Told::Unsaid, _) => held.clone(),
        (Told::TakenBack | Told::Value(_), true) => told.clone(),
        (Told::TakenBack | Told::Value(_), false) => Told::Unsaid,
    }
}

/// Puts held addresses in force, once the shield that they waited for is decided.
pub(in crate::child) fn release_addresses(child: &mut Child) {
    for (source, held) in std::mem::take(&mut child.held_addresses) {
        let Some(statement) = child.statements.get_mut(&source) else { continue };
        let told = SuppliedChild { address: held.address, carers: held.carers, ..SuppliedChild::default() };
        let fields = changed(&statement.told, &told);
        lay(&mut statement.told, &told, &fields);
        stand_since(statement, &fields, held.since);
    }
    lifecycle::settle(child);
}

/// Remembers since when fields have their values, and which of them had others before.
fn stand_since(statement: &mut Statement, fields: &[Field], at: Position) {
    for field in fields {
        if statement.since.insert(*field, at).is_some() {
            statement.changed.insert(*field);
        }
    }
}

pub(in crate::child) fn discrepancy_raised(child: &mut Child, event: &DiscrepancyRaised, when: When) {
    let Some(statement) = child.statements.get_mut(&event.source) else { return };
    let known = statement.discrepancy.take();
    let (since, position) =
        known.map_or((when.recorded_at, when.position), |known| (known.since, known.position));
    let (fields, for_team) = (event.fields.clone(), event.for_team.clone());
    statement.discrepancy = Some(Discrepancy { fields, for_team, since, position });
}

pub(in crate::child) fn discrepancy_settled(child: &mut Child, event: &DiscrepancySettled) {
    if let Some(statement) = child.statements.get_mut(&event.source) {
        statement.discrepancy = None;
    }
}

/// I-17: that an older version was heard is remembered, and nothing else of it.
pub(in crate::child) fn older_received(child: &mut Child, event: &OlderVersion) {
    let version = Some(event.version);
    match event.told.involvement_ref() {
        Some(reference) => {
            let involvement = reference.keyed().map(|keyed| vocabulary::InvolvementId::new(keyed.0));
            if let Some(held) = involvement.and_then(|id| child.involvements.get_mut(&id)) {
                versions::remember(&mut held.version, &mut held.earlier, version);
            }
        }
        None => {
            if let Some(statement) = child.statements.get_mut(&event.source) {
                versions::remember(&mut statement.version, &mut statement.earlier, version);
            }
        }
    }
}

/// What was said under a reference given up is said under the one that stays, the newer word of each field.
pub(in crate::child) fn moved(child: &mut Child, from: &KeyedRef, to: KeyedRef) {
    for former in child.former_names.iter_mut().filter(|former| former.source == *from) {
        former.source = to;
    }
    if let Some(held) = child.held_addresses.remove(from) {
        child.held_addresses.entry(to).or_insert(held);
    }
    let Some(given_up) = child.statements.remove(from) else { return };
    let Some(stays) = child.statements.get_mut(&to) else {
        child.statements.insert(to, given_up);
        return;
    };
    overlay(stays, given_up);
}

/// Lays the newer words of one statement over another. A word for life that both say has stood since it was first said:
/// said again under another reference it is no younger, and gives way to no other source's.
fn overlay(stays: &mut Statement, given_up: Statement) {
    let otherwise = changed(&stays.told, &given_up.told);
    let mut newer = Vec::new();
    for (field, since) in &given_up.since {
        match stays.since.get_mut(field) {
            Some(known) if trust::is_lasting(*field) && !otherwise.contains(field) => {
                *known = (*known).min(*since);
            }
            Some(known) if *known >= *since => (),
            Some(_) | None => newer.push(*field),
        }
    }
    lay(&mut stays.told, &given_up.told, &newer);
    for field in newer {
        stays.since.extend(given_up.since.get(&field).map(|since| (field, *since)));
    }
    stays.changed.extend(given_up.changed);
}

/// Adds another record's statements, former names and held addresses.
pub(in crate::child) fn joined(whole: &mut Child, other: &Child) {
    for (source, theirs) in &other.statements {
        match whole.statements.get_mut(source) {
            Some(own) => overlay(own, theirs.clone()),
            None => {
                whole.statements.insert(*source, theirs.clone());
            }
        }
    }
    for former in &other.former_names {
        if !whole.former_names.contains(former) {
            whole.former_names.push(former.clone());
        }
    }
    for (source, held) in &other.held_addresses {
        whole.held_addresses.entry(*source).or_insert_with(|| held.clone());
    }
}

/// Leaves out what a source told since `since` of where the child lives.
pub(in crate::child) fn hold_since(whole: &mut Child, source: &KeyedRef, since: Position) {
    let Some(statement) = whole.statements.get_mut(source) else { return };
    let is_newer = |held: &Statement, field| held.since.get(&field).is_some_and(|told| *told > since);
    if is_newer(statement, Field::Address) {
        statement.told.address = Told::Unsaid;
    }
    if is_newer(statement, Field::Carers) {
        statement.told.carers = Told::Unsaid;
    }
}
