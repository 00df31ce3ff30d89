//! Children and organisations: reproducible, in the right shares, with numbers that check.

use std::collections::{BTreeMap, BTreeSet};

use population::{CHILDREN_COLUMNS, Child, NATIONAL_SUPPLIER, ORGANISATIONS_COLUMNS, Population};
use vocabulary::{
    NhsNumber, OrganisationId, OrganisationKind, PersonName, Postcode, ServiceType, Upn, day::age_on,
};

use crate::{contract::is_drama_number, day};

/// Enough children that a share is met within the bounds given.
const MANY: u64 = 40_000;

fn small() -> Population {
    Population::sized(7, day(), 2_000)
}

fn children_csv(england: &Population, children: std::ops::Range<u64>) -> String {
    let mut out = Vec::new();
    england.write_children(children, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn share(count: usize, of: u64) -> f64 {
    f64::from(u32::try_from(count).unwrap()) / f64::from(u32::try_from(of).unwrap())
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    assert_eq!(children_csv(&small(), 0..500), children_csv(&small(), 0..500));
    let other = Population::sized(8, day(), 2_000);
    assert_ne!(children_csv(&small(), 0..500), children_csv(&other, 0..500));
    let written = |england: &Population| {
        let mut out = Vec::new();
        england.write_organisations(&mut out).unwrap();
        out
    };
    assert_eq!(written(&small()), written(&small()));
}

#[test]
fn any_slice_is_the_slice_of_the_whole() {
    let england = small();
    let whole = children_csv(&england, 0..600);
    let slice = children_csv(&england, 351..529);
    let of_whole: Vec<_> = whole.lines().skip(1 + 351).take(529 - 351).collect();
    assert_eq!(slice.lines().skip(1).collect::<Vec<_>>(), of_whole);
}

#[test]
fn the_number_of_children_changes_nobody() {
    let (few, many) = (small(), Population::new(7, day()));
    for index in [0, 175, 176, 1_999] {
        let (one, other) = (few.child(index), many.child(index));
        let facts = |child: &Child| (child.forename.clone(), child.surname.clone(), child.date_of_birth);
        assert_eq!(facts(&one), facts(&other));
        assert_eq!(one.home.map(|home| home.line), other.home.map(|home| home.line));
    }
}

#[test]
fn headers_are_the_contracts_own() {
    assert_eq!(
        CHILDREN_COLUMNS.join(","),
        "local_ref,forename,middle_names,surname,known_as,previous_surname,dob,gender,address,town,postcode,\
         previous_address,previous_postcode,nhs_number,upn,school_urn,gp_ods,carer_name,carer_relation,\
         carer_telephone,carer_address"
    );
    assert_eq!(
        ORGANISATIONS_COLUMNS.join(","),
        "id,name,kind,authority,service_types,telephone,email,outcodes,accredited_until,agreement_until,\
         states_others"
    );
    assert_eq!(children_csv(&small(), 0..1).lines().next().unwrap(), CHILDREN_COLUMNS.join(","));
}

#[test]
fn a_hundred_households_hold_176_children_and_siblings_share_a_home() {
    let england = small();
    let mut households: BTreeMap<u64, Vec<Child>> = BTreeMap::new();
    for index in 0..176 * 20 {
        let child = england.child(index);
        households.entry(child.household).or_default().push(child);
    }
    assert_eq!(households.len(), 2_000);
    let of_size = |size: usize| households.values().filter(|children| children.len() == size).count();
    assert_eq!([1, 2, 3, 4, 5].map(of_size), [880, 820, 220, 60, 20]);
    let mut same_surname = Vec::new();
    for siblings in households.values().filter(|children| children.len() > 1) {
        let homes: BTreeSet<_> =
            siblings.iter().filter_map(|child| child.home.as_ref()).map(|home| &home.postcode).collect();
        assert!(homes.len() <= 1);
        same_surname.extend(siblings.iter().skip(1).map(|child| child.surname == siblings[0].surname));
    }
    let same = share(same_surname.iter().filter(|same| **same).count(), same_surname.len() as u64);
    assert!((0.88..0.93).contains(&same), "{same}");
}

#[test]
fn ages_follow_the_births_and_nobody_is_an_adult() {
    let england = small();
    let mut ages = [0_usize; 18];
    for index in 0..MANY {
        let child = england.child(index);
        assert!(child.date_of_birth < day());
        let age = usize::try_from(age_on(child.date_of_birth, day())).unwrap();
        assert_eq!(age, child.age as usize);
        ages[age] += 1;
    }
    let (youngest, oldest) = (share(ages[0], MANY), share(ages[17], MANY));
    assert!((0.042..0.053).contains(&youngest), "{youngest}");
    assert!((0.052..0.062).contains(&oldest), "{oldest}");
    assert!(ages[12] > ages[0]);
}

#[test]
fn a_few_surnames_are_common_and_most_are_rare() {
    let england = small();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut boys = 0;
    for index in 0..MANY {
        let child = england.child(index);
        boys += usize::from(child.gender == vocabulary::Gender::Male);
        PersonName::new(&child.forename).unwrap();
        PersonName::new(&child.surname).unwrap();
        *counts.entry(child.surname.into_owned()).or_default() += 1;
    }
    let of = |name: &str| share(counts[name], MANY);
    assert!((0.009..0.018).contains(&of("Smith")), "{}", of("Smith"));
    assert!((0.007..0.016).contains(&of("Jones")), "{}", of("Jones"));
    assert!((0.003..0.012).contains(&of("Patel")), "{}", of("Patel"));
    let mut by_count: Vec<usize> = counts.values().copied().collect();
    by_count.sort_unstable_by(|one, other| other.cmp(one));
    let head = share(by_count.iter().take(252).sum(), MANY);
    assert!((0.45..0.65).contains(&head), "{head}");
    assert!(counts.len() > 7_000, "{} surnames", counts.len());
    let boys = share(boys, MANY);
    assert!((0.505..0.520).contains(&boys), "{boys}");
}

#[test]
fn every_number_checks_and_is_borne_once() {
    let england = small();
    let mut nhs_numbers = BTreeSet::new();
    let mut upns = BTreeSet::new();
    // The second range lies where serials begin again with other endings.
    for index in (0..10_000).chain(10_000_000..10_010_000) {
        let child = england.child(index);
        if let Some(number) = child.nhs_number {
            number.parse::<NhsNumber>().unwrap();
            assert!(number.starts_with('9') && nhs_numbers.insert(number));
        }
        if let Some(upn) = child.upn {
            upn.parse::<Upn>().unwrap();
            assert!(upns.insert(upn));
        }
        for home in [child.home, child.previous_home].into_iter().flatten() {
            home.postcode.parse::<Postcode>().unwrap();
        }
        assert!(child.carers.iter().all(|carer| is_drama_number(&carer.telephone)));
    }
    assert!(nhs_numbers.len() > 19_000 && upns.len() > 13_000);
}

#[test]
fn involvements_come_in_the_shares_of_england() {
    let england = small();
    let mut open: BTreeMap<ServiceType, usize> = BTreeMap::new();
    let mut all = 0;
    for index in 0..MANY {
        let child = england.child(index);
        for involvement in england.involvements(index) {
            all += 1;
            assert!(involvement.started_on >= child.date_of_birth && involvement.started_on < day());
            match involvement.ended_on {
                Some(ended_on) => assert!(ended_on >= involvement.started_on && ended_on < day()),
                None => *open.entry(involvement.service_type).or_default() += 1,
            }
        }
    }
    let a_child = share(all, MANY);
    assert!((3.4..3.8).contains(&a_child), "{a_child} entries a child");
    let open_a_child = share(open.values().sum(), MANY);
    assert!((2.4..2.65).contains(&open_a_child), "{open_a_child} open");
    for (service, expected) in [
        (ServiceType::PrimaryCare, 0.985),
        (ServiceType::HealthVisiting, 0.247),
        (ServiceType::EarlyYears, 0.128),
        (ServiceType::SenSupport, 0.188),
        (ServiceType::SpeechAndLanguage, 0.05),
        (ServiceType::MentalHealth, 0.045),
        (ServiceType::CommunityPaediatrics, 0.04),
        (ServiceType::SocialCare, 0.033),
        (ServiceType::EarlyHelp, 0.03),
        (ServiceType::EducationWelfare, 0.02),
        (ServiceType::VoluntarySector, 0.02),
        (ServiceType::Police, 0.01),
        (ServiceType::YouthJustice, 0.002),
    ] {
        let found = share(open[&service], MANY);
        assert!((found - expected).abs() < 0.15 * expected + 0.0005, "{service:?}: {found} for {expected}");
    }
    let taught = share(open[&ServiceType::School] + open[&ServiceType::FurtherEducation], MANY);
    assert!((0.70..0.75).contains(&taught), "{taught}");
}

#[test]
fn a_small_england_has_few_organisations_and_every_kind() {
    let organisations: Vec<_> = small().organisations().collect();
    assert!((80..200).contains(&organisations.len()), "{}", organisations.len());
    let kinds: BTreeSet<_> = organisations.iter().map(|organisation| organisation.kind).collect();
    assert_eq!(kinds, BTreeSet::from(OrganisationKind::ALL));
    let ids: BTreeSet<_> = organisations.iter().map(|organisation| organisation.id.as_str()).collect();
    assert_eq!(ids.len(), organisations.len());
    for organisation in &organisations {
        organisation.id.parse::<OrganisationId>().unwrap();
        vocabulary::Label::new(&organisation.name).unwrap();
        assert!(is_drama_number(&organisation.telephone));
        assert!(organisation.email.ends_with(".example.org"));
        assert!(organisation.authority.as_deref().is_none_or(|authority| ids.contains(authority)));
        for service in organisation.service_types.split_whitespace() {
            service.parse::<ServiceType>().unwrap();
        }
        let authority = organisation.kind == OrganisationKind::LocalAuthority;
        assert_eq!(authority, !organisation.outcodes.is_empty());
        assert_eq!(organisation.states_others, organisation.id == NATIONAL_SUPPLIER);
        assert!(organisation.agreement_until > day() && organisation.accredited_until > day());
    }
}

#[test]
fn the_whole_of_england_has_54_000_organisations_and_every_district_one_authority() {
    let england = Population::new(3, day());
    let organisations: Vec<_> = england.organisations().collect();
    assert!((53_000..56_000).contains(&organisations.len()), "{}", organisations.len());
    let authorities: Vec<_> = organisations
        .iter()
        .filter(|organisation| organisation.kind == OrganisationKind::LocalAuthority)
        .collect();
    assert_eq!(authorities.len(), 153);
    let names: BTreeSet<_> = authorities.iter().map(|authority| &authority.name).collect();
    assert_eq!(names.len(), 153);
    let outcodes: Vec<_> = authorities.iter().flat_map(|authority| authority.outcodes.split(' ')).collect();
    let distinct: BTreeSet<_> = outcodes.iter().collect();
    assert_eq!(distinct.len(), outcodes.len());
    assert!((2_100..2_500).contains(&outcodes.len()), "{}", outcodes.len());
    assert!(authorities.iter().all(|authority| !authority.outcodes.is_empty()));
    let ids: BTreeSet<_> = organisations.iter().map(|organisation| &organisation.id).collect();
    assert_eq!(ids.len(), organisations.len());
    for index in 0..2_000 {
        for involvement in england.involvements(index) {
            assert!(ids.contains(&involvement.organisation()));
        }
    }
}
