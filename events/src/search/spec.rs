//! Specs of searches: what is told, and what is refused before anything is looked for.

use vocabulary::{AccountId, Assurance, Channel, Role};

use super::*;
use crate::{account, looker::StepUp, spec::given, standing::Standing};

fn search(number: u128) -> SearchId {
    SearchId::new(uuid::Uuid::from_u128(number))
}

fn criteria(text: &str) -> Criteria {
    serde_json::from_str(text).unwrap()
}

fn asked() -> Asked {
    Asked {
        search: search(1),
        page: 1,
        looker: Looker {
            account: AccountId::new(uuid::Uuid::from_u128(1)),
            role: Role::Practitioner,
            channel: Channel::Web,
            assurance: Assurance::OwnSignIn,
            step_up: StepUp::Absent,
            standing: Standing::Good,
            organisation: Standing::Good,
            caller: None,
        },
        reason: Some(AccessReason::Assessment),
        case_ref: None,
        criteria: criteria(r#"{"surname":"Lowe","birth_year":2015}"#),
        policy: Arc::new(InForce::default()),
    }
}

fn page(outcome: Outcome, children: u128) -> Page {
    let children = (0..children).map(|number| ChildId::new(uuid::Uuid::from_u128(number))).collect();
    Page { outcome, total: None, children }
}

fn deliver(asked: Asked, page: Page) -> Command {
    Command::Deliver { asked: Box::new(asked), page }
}

fn delivered(asked: &Asked, page: Page) -> Event {
    Event::SearchDelivered(Delivered {
        search: asked.search,
        page: asked.page,
        reason: AccessReason::Assessment,
        outcome: page.outcome,
        total: page.total,
        children: page.children,
        criteria: Box::new(asked.criteria.clone()),
        case_ref: None,
        over_ceiling: false,
        policy_version: 0,
    })
}

#[test]
fn a_page_is_a_fact_that_names_the_children_on_it() {
    given::<Searches>([])
        .when(deliver(asked(), page(Outcome::Found, 10)))
        .then([delivered(&asked(), page(Outcome::Found, 10))]);
    let thin = Asked { criteria: criteria(r#"{"surname":"Lowe"}"#), ..asked() };
    given::<Searches>([])
        .when(deliver(thin.clone(), page(Outcome::Refine, 0)))
        .then([delivered(&thin, page(Outcome::Refine, 0))]);
}

#[test]
fn searches_are_refused_in_this_order() {
    let lost = Standing::None { because: account::Refusal::Suspended };
    let looker = || asked().looker;
    let wild = || criteria(r#"{"surname":"L*","birth_year":2015}"#);
    let late = || Asked { page: 6, criteria: wild(), reason: None, ..asked() };
    let auditor = || Looker { role: Role::Auditor, ..looker() };
    let table = [
        (
            Asked { looker: Looker { standing: lost, role: Role::Operator, ..looker() }, ..late() },
            Refusal::Look(account::Refusal::Suspended.into()),
        ),
        (
            Asked { looker: Looker { role: Role::Operator, ..looker() }, ..late() },
            Refusal::Look(looker::Refusal::RoleMayNotLook),
        ),
        (late(), Refusal::Look(looker::Refusal::ReasonMissing)),
        (
            Asked { reason: Some(AccessReason::Audit), ..late() },
            Refusal::Look(looker::Refusal::ReasonNotPermitted),
        ),
        (
            Asked { reason: Some(AccessReason::Audit), looker: auditor(), ..late() },
            Refusal::Look(looker::Refusal::CaseReferenceMissing),
        ),
        (
            Asked { reason: Some(AccessReason::Assessment), ..late() },
            Refusal::Criteria(criteria::Refusal::Wildcard),
        ),
        (Asked { page: 6, ..asked() }, Refusal::PageOutOfRange { max: 5 }),
        (Asked { page: 0, ..asked() }, Refusal::PageOutOfRange { max: 5 }),
    ];
    for (asked, refusal) in table {
        given::<Searches>([]).when(deliver(asked, page(Outcome::None, 0))).then_refused(refusal);
    }
}

#[test]
fn an_own_entry_is_asked_for_at_the_record_and_not_before_a_child_is_known() {
    let asked = Asked { reason: Some(AccessReason::ContinuingSupport), ..asked() };
    assert_eq!(asked.permitted(), Ok((AccessReason::ContinuingSupport, Enough::Yes)));
}

#[test]
fn a_search_is_remembered_for_the_openings_that_cite_it() {
    let first = delivered(&asked(), page(Outcome::Found, 3));
    let second = delivered(&Asked { search: search(2), ..asked() }, page(Outcome::None, 0));
    let evening = given::<Searches>([first]).at(crate::spec::NOW + Duration::hours(12));
    let kept = evening.and([second.clone()]).state().made;
    assert_eq!((kept[&search(1)].shown, kept[&search(1)].reason), (3, AccessReason::Assessment));
    let later = given::<Searches>([delivered(&asked(), page(Outcome::Found, 3))])
        .at(crate::spec::NOW + Duration::hours(13))
        .and([second])
        .state()
        .made;
    assert_eq!(later.keys().copied().collect::<Vec<_>>(), [search(2)]);
}

#[test]
fn a_refused_search_is_a_fact_too() {
    let code = Code::new("wildcard").unwrap();
    given::<Searches>([])
        .when(Command::Refuse { code: code.clone(), reason: None })
        .then([Event::SearchRefused { code, reason: None }]);
}

/// Rules.md 4.1, line by line.
#[test]
fn enough_is_what_the_rules_say() {
    let table = [
        (r"{}", Enough::Refine),
        (r#"{"child_number":"04817263599"}"#, Enough::Yes),
        (r#"{"surname":"Lowe"}"#, Enough::Refine),
        (r#"{"forename":"Ava","surname":"Lowe"}"#, Enough::Refine),
        (r#"{"surname":"Lowe","date_of_birth":"2015-04-02"}"#, Enough::Yes),
        (r#"{"surname":"Lowe","birth_year":2015}"#, Enough::Yes),
        (r#"{"surname":"Lowe","age":11}"#, Enough::Yes),
        (r#"{"surname":"Lowe","birth_from":"2015-01-01","birth_to":"2015-12-31"}"#, Enough::Yes),
        (r#"{"surname":"Lowe","birth_from":"2015-01-01","birth_to":"2016-01-01"}"#, Enough::Yes),
        (r#"{"surname":"Lowe","birth_from":"2015-01-01","birth_to":"2016-01-02"}"#, Enough::Refine),
        (r#"{"surname":"Lowe","birth_from":"2010-01-01"}"#, Enough::Refine),
        (r#"{"surname":"Lowe","gender":"female"}"#, Enough::Refine),
        (r#"{"surname":"Lowe","postcode":"N17 6AA"}"#, Enough::Yes),
        (r#"{"surname":"Lowe","postcode_area":"N"}"#, Enough::Refine),
        (r#"{"surname":"Lowe","town":"London"}"#, Enough::Refine),
        (r#"{"forename":"Ava","surname":"Lowe","postcode_area":"N17"}"#, Enough::Yes),
        (r#"{"forename":"Ava","surname":"Lowe","street":"Mill Lane"}"#, Enough::Yes),
        (r#"{"forename":"Ava","surname":"Lowe","town":"London"}"#, Enough::Yes),
        (r#"{"forename":"A","surname":"Lowe","town":"London"}"#, Enough::Refine),
        (r#"{"forename":"A.","surname":"Lowe","street":"Mill Lane"}"#, Enough::Yes),
        (r#"{"forename":"E\u0301","surname":"Lowe","town":"London"}"#, Enough::Refine),
        (r#"{"forename":"A","street":"Mill Lane"}"#, Enough::Refine),
        (r#"{"forename":"A","street":"Mill Lane","age":11}"#, Enough::Yes),
        (r#"{"forename":"Ava","street":"Mill Lane","birth_year":2015}"#, Enough::Yes),
        (r#"{"forename":"Ava","date_of_birth":"2015-04-02"}"#, Enough::Refine),
        (r#"{"postcode":"N17 6AA","street":"Mill Lane","town":"London"}"#, Enough::Refine),
        (r#"{"date_of_birth":"2015-04-02"}"#, Enough::Refine),
        (r#"{"surname":"Low*","age":11,"fuzzy":false}"#, Enough::Yes),
    ];
    for (text, verdict) in table {
        assert_eq!(criteria(text).enough(), Ok(verdict), "{text}");
    }
}

#[test]
fn criteria_are_refused_in_this_order() {
    use criteria::Refusal::{Malformed, OutOfRange, Wildcard};
    let long = format!(r#"{{"street":"{}","surname":"*","age":99}}"#, "x".repeat(121));
    let table = [
        (r#"{"forename":"R2D2","surname":"L*","age":99}"#, Malformed { field: "forename" }),
        (r#"{"forename":"","age":99}"#, Malformed { field: "forename" }),
        (r#"{"surname":"*"}"#, Malformed { field: "surname" }),
        (r#"{"postcode_area":"17N"}"#, Malformed { field: "postcode_area" }),
        (long.as_str(), Malformed { field: "surname" }),
        (r#"{"street":" ","surname":"L*","age":99}"#, Malformed { field: "street" }),
        (r#"{"town":"Lon\u0007don"}"#, Malformed { field: "town" }),
        (r#"{"surname":"Lo*","age":99}"#, Wildcard),
        (r#"{"surname":"Lo*we"}"#, Wildcard),
        (r#"{"surname":"Lowe**"}"#, Wildcard),
        (r#"{"surname":"Smith-Lo*"}"#, Wildcard),
        (r#"{"surname":"Low * Smith"}"#, Wildcard),
        (r#"{"street":"Mill*"}"#, Wildcard),
        (r#"{"town":"Lon*"}"#, Wildcard),
        (r#"{"age":26}"#, OutOfRange { field: "age" }),
        (r#"{"birth_year":1979}"#, OutOfRange { field: "birth_year" }),
        (r#"{"date_of_birth":"1890-01-01"}"#, OutOfRange { field: "date_of_birth" }),
        (r#"{"birth_from":"2015-01-02","birth_to":"2015-01-01"}"#, OutOfRange { field: "birth_to" }),
    ];
    for (text, refusal) in table {
        assert_eq!(criteria(text).enough(), Err(refusal), "{text}");
    }
    for text in [
        r#"{"surname":"Low*"}"#,
        r#"{"surname":"Smith-Low*"}"#,
        r#"{"surname":"Smi* Jones"}"#,
        r#"{"surname":"Smi*-Low*"}"#,
        r#"{"forename":"Zoë*"}"#,
    ] {
        assert!(criteria(text).enough().is_ok(), "{text}");
    }
}

#[test]
fn an_unknown_criterion_is_refused_where_it_is_read() {
    assert!(serde_json::from_str::<Criteria>(r#"{"surname":"Lowe","shoe_size":3}"#).is_err());
}

#[test]
fn criteria_never_print_and_likeness_counts_unless_told_otherwise() {
    let asked = criteria(r#"{"surname":"Lowe","birth_year":2015}"#);
    assert_eq!(format!("{asked:?}"), "Criteria(..)");
    assert!(asked.is_fuzzy());
    assert!(!criteria(r#"{"fuzzy":false}"#).is_fuzzy());
}
