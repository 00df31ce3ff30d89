//! Who may do what, a second time: a table written from the rules' sentences alone, compared with the decision
//! over the product of everything it depends on.
//!
//! Nothing here is shared with the code under test: rights are letters in text, looked up by words.

use events::child::consent::Basis;
use visibility::{
    Column, Seen, Shields,
    permission::{
        Action, Denial, Facets, Order, Permit, Relation, SignIn, Subject, may_grant, on_record, permission,
    },
};
use vocabulary::{AccessReason, FieldGroup, Role, ServiceClass};

use crate::{specification::rights_in_words, world::case};

/// A column a role, in the order of the closed list: practitioner, the same with the override right, national
/// partner, mediator, user manager, authority team, data manager, auditor, investigator, case approver,
/// administrator, operator.
///
/// E everywhere, A own authority, X own authority or, for a national body, everywhere, N for a national body
/// everywhere, O own organisation, - nowhere. Then the sign-in: `any`, `own`, `pin`; and what the time of grace
/// leaves: `never`, `urgent` reasons, `always`; and whether one may do it to oneself.
const TABLE: &str = "
search                               | E E E E - E E E E - - - | any | urgent | self
open a record                        | E E E E - E E E E - - - | any | urgent | self
override a shield                    | - E - - - - - - - - - - | pin | urgent | self
read the own caseload and inbox      | E E E E E E E E E E E E | any | never  | self
read one's own looks                 | E E E E E E E E E E E E | any | always | self
declare a relationship or a home     | E E E E E E E E E E E E | own | always | self
read reasons and policy              | E E E E E E E E E E E E | any | always | self
create a record by hand              | E E E E - E E - - - - - | any | never  | self
describe a child                     | E E E E - E E - - - - - | any | never  | self
start an involvement                 | E E E E - E E - - - - - | any | never  | self
change or end an involvement         | O O O O - A A - - - - - | any | never  | self
record consent or suspected harm     | E E E E - E E - - - - - | any | never  | self
ask for a shield                     | E E E E - E E - - - - - | any | never  | self
decide about a shield                | - - - - - A A - - - - - | own | never  | self
ask a duty desk                      | E E E E - E E E E - - - | any | urgent | self
answer for a duty desk               | - - - - - A A - - - - - | own | never  | self
read the queues of the team          | - - - - - A A - - - - - | own | never  | self
decide an item of identity           | - - - - - A A - - - - - | own | never  | self
merge and split records              | - - - - - - A - - - - - | own | never  | self
propose and decide a transfer        | - - - - - A A - - - - - | own | never  | self
answer a request about what is held  | - - - - - A A - - - - - | own | never  | self
hold a record from being purged      | - - - - - A A - - - - - | own | never  | self
keep a record to twenty-five         | - - - - - A A - - - - - | own | never  | self
read the lists to be purged          | - - - - - - A - - - X - | own | never  | self
approve a list to be purged          | - - - - - - A - - - X - | pin | never  | self
stop a list to be purged             | - - - - - - A - - - X - | own | never  | self
audit looks                          | - - - - O - - X - - - - | own | never  | self
review a look                        | - - - - - - - X - - - - | own | never  | self
mark a canary                        | - - - - - - - X - - - - | pin | never  | self
read reports                         | - - - - O A A X - - - - | own | never  | self
open a case                          | - - - - - - - - E - - - | own | never  | self
approve a case                       | - - - - - - - - - E - - | own | never  | other
replay a history                     | - - - - - - - - E - - - | own | never  | self
read an organisation's standing      | - - - - O A A X - - X - | own | never  | self
register an organisation             | - - - - - A A - - - X - | own | never  | self
record a condition of accreditation  | - - - - - A A - - - X - | own | never  | self
accredit an organisation             | - - - - - A A - - - X - | own | never  | self
sign an agreement                    | - - - - - A A - - - X - | own | never  | self
suspend an organisation              | - - - - - A A - - - X - | own | never  | self
reinstate an organisation            | - - - - - A A - - - X - | own | never  | self
add a client or its keys             | - - - - - A A - - - X - | own | never  | self
revoke a client or its keys          | - - - - O A A - - - X - | own | never  | self
read accounts and what expires       | - - - - O A A X - - X - | own | never  | self
create an account                    | - - - - O A A - - - X - | own | never  | other
record a gate                        | - - - - O A A - - - X - | own | never  | other
hand out an enrolment code           | - - - - O A A - - - X - | own | never  | other
activate an account                  | - - - - O A A - - - X - | own | never  | other
suspend an account                   | - - - - O A A X - - X - | own | never  | self
reinstate an account                 | - - - - O A A - - - X - | own | never  | other
reinstate after suspected misuse     | - - - - - A A - - - X - | pin | never  | other
close an account                     | - - - - O A A - - - X - | own | never  | other
withdraw a relationship              | - - - - O A A - - - X - | own | never  | other
propose a policy                     | - - - - - - - - - - N - | pin | never  | self
sign a policy                        | - - - - - - - - - - N - | pin | never  | self
read how the server stands           | - - - - - - - - - - - E | own | never  | self
";

/// Acts on one child's record: what of it must be visible for them.
const ON_RECORD: [&str; 8] = [
    "open a record",
    "override a shield",
    "describe a child",
    "start an involvement",
    "change or end an involvement",
    "record consent or suspected harm",
    "ask for a shield",
    "decide about a shield",
];

struct Line {
    letters: Vec<char>,
    sign_in: &'static str,
    grace: &'static str,
    oneself: bool,
}

fn line(action: &str) -> Line {
    let found = TABLE.lines().find(|line| line.split('|').next().is_some_and(|name| name.trim() == action));
    let parts: Vec<&str> =
        found.unwrap_or_else(|| panic!("no line for {action}")).split('|').map(str::trim).collect();
    Line {
        letters: parts[1].split(' ').map(|letter| letter.chars().next().unwrap()).collect(),
        sign_in: parts[2],
        grace: parts[3],
        oneself: parts[4] == "self",
    }
}

const SIGN_INS: [(SignIn, &str); 3] =
    [(SignIn::Asserted, "any"), (SignIn::Own, "own"), (SignIn::SteppedUp, "pin")];
const ORDERS: [Order; 3] = [Order::Good, Order::Grace, Order::Barred];
const RELATIONS: [Relation; 5] = [
    Relation::Oneself,
    Relation::OwnOrganisation,
    Relation::OwnAuthority,
    Relation::Elsewhere,
    Relation::Declared,
];
const REASONS: [Option<AccessReason>; 4] = [
    None,
    Some(AccessReason::NewReferral),
    Some(AccessReason::Emergency),
    Some(AccessReason::ChildProtectionEnquiry),
];

/// What the table says, in words; `yes` where it may be done.
fn expected(
    table: &Line,
    role: usize,
    subject: Subject,
    relation: Relation,
    reason: Option<AccessReason>,
) -> &'static str {
    let urgent =
        reason.is_none_or(|reason| ["emergency", "child_protection_enquiry"].contains(&reason.name()));
    let open = match (subject.order, table.grace) {
        (Order::Good, _) | (Order::Grace, "always") => true,
        (Order::Grace, "urgent") => urgent,
        _ => false,
    };
    let weak = match table.sign_in {
        "any" => false,
        "own" => subject.sign_in == SignIn::Asserted,
        _ => subject.sign_in != SignIn::SteppedUp,
    };
    let near = match relation {
        Relation::Oneself | Relation::OwnOrganisation => "OAXE",
        Relation::OwnAuthority => "AXE",
        Relation::Elsewhere => "E",
        Relation::Declared => "",
    };
    let letter = table.letters[role];
    let reached = near.contains(letter) || (subject.national && "XNE".contains(letter));
    if !open {
        "standing"
    } else if letter == '-' {
        "role"
    } else if weak && subject.sign_in == SignIn::Asserted {
        "sign-in"
    } else if weak {
        "pin"
    } else if relation == Relation::Oneself && !table.oneself {
        "oneself"
    } else if relation == Relation::Declared {
        "related"
    } else if !reached {
        "elsewhere"
    } else {
        "yes"
    }
}

fn word(denial: Denial) -> &'static str {
    match denial {
        Denial::Standing => "standing",
        Denial::Role => "role",
        Denial::SignIn => "sign-in",
        Denial::StepUp => "pin",
        Denial::Oneself => "oneself",
        Denial::Related => "related",
        Denial::Elsewhere => "elsewhere",
        Denial::Concealed => "concealed",
    }
}

fn subjects() -> Vec<(usize, Subject)> {
    let mut subjects = Vec::new();
    for (number, role) in Role::ALL.into_iter().enumerate() {
        for national in [false, true] {
            for (sign_in, _) in SIGN_INS {
                for order in ORDERS {
                    subjects.push((number, Subject { role, national, sign_in, order }));
                }
            }
        }
    }
    subjects
}

#[test]
fn every_action_has_its_line_and_every_line_its_action() {
    let lines: Vec<&str> =
        TABLE.lines().filter_map(|line| line.split_once('|')).map(|(name, _)| name.trim()).collect();
    let actions: Vec<&str> = Action::ALL.into_iter().map(Action::name).collect();
    assert_eq!(lines, actions);
}

#[test]
fn who_may_do_what_agrees_with_a_second_table_over_the_whole_product() {
    let mut cells = 0_usize;
    for action in Action::ALL {
        let table = line(action.name());
        for (role, subject) in subjects() {
            for relation in RELATIONS {
                for reason in REASONS {
                    let said = permission(subject, action, relation, reason);
                    let said = said.map_or_else(word, |()| "yes");
                    let wanted = expected(&table, role, subject, relation, reason);
                    assert_eq!(said, wanted, "{action:?} {subject:?} {relation:?} {reason:?}");
                    cells += 1;
                }
            }
        }
    }
    assert!(cells > 100_000, "only {cells} cells were compared");
}

/// The rights of a row of rules.md 2 at a column, as letters; what second hand leaves of them.
fn letters(subject: Subject, facets: Facets) -> String {
    let case = facets.case.map(|case| match case.shields {
        Shields::Lifted => "lifted",
        Shields::Respected => "respected",
    });
    let column = Column::ALL.into_iter().position(|column| column == facets.column).unwrap();
    let asserted = subject.sign_in == SignIn::Asserted;
    let of_record = facets.own_authority || (subject.national && subject.role == Role::Auditor);
    let rights = rights_in_words(subject.role, of_record, case, !asserted, column);
    let second_hand = asserted || subject.role == Role::Mediator;
    rights
        .chars()
        .filter(|right| match column {
            1 | 2 if second_hand => "AB".contains(*right),
            3.. if second_hand => false,
            _ => true,
        })
        .collect()
}

fn entry_in_words(subject: Subject, facets: Facets, rights: &str) -> Seen {
    let archived = ["archived_year_1", "archived_years_2_to_6"].contains(&facets.column.name());
    let nobody = ["user_manager", "auditor", "investigator", "case_approver", "administrator", "operator"];
    let own = facets.own_entry && !archived && !nobody.contains(&subject.role.name());
    let (letter, baseless) = match facets.class {
        ServiceClass::Universal => ('D', false),
        ServiceClass::Additional => ('E', false),
        ServiceClass::Sensitive => ('G', facets.basis.is_none()),
        ServiceClass::Protected => ('G', false),
    };
    let told = facets.basis == Some(Basis::Consent)
        || (facets.basis == Some(Basis::SignificantHarm) && subject.role.name() == "practitioner_override");
    if baseless {
        Seen::Not
    } else if own || rights.contains(letter) {
        Seen::Whole
    } else if facets.class == ServiceClass::Sensitive && told && rights.contains('F') {
        Seen::Line
    } else {
        Seen::Not
    }
}

fn facets() -> Vec<Facets> {
    let bases = [None, Some(Basis::Consent), Some(Basis::SignificantHarm)];
    let classes =
        [ServiceClass::Universal, ServiceClass::Additional, ServiceClass::Sensitive, ServiceClass::Protected];
    let mut facets = Vec::new();
    for column in Column::ALL {
        for class in classes {
            for basis in bases {
                for own_entry in [false, true] {
                    for own_authority in [false, true] {
                        let related = false;
                        let plain =
                            Facets { column, own_authority, case: None, class, basis, own_entry, related };
                        facets.push(plain);
                        if class == ServiceClass::Sensitive && basis == Some(Basis::Consent) {
                            facets.push(Facets { related: true, ..plain });
                        }
                    }
                }
            }
        }
    }
    facets
}

fn compare(number: usize, subject: Subject, action: Action, table: &Line, facets: Facets) {
    let reason = Some(AccessReason::Emergency);
    let said = on_record(subject, action, reason, facets);
    let changes_own = facets.own_entry && action == Action::ChangeInvolvement;
    let relation = match (facets.related, changes_own, facets.own_authority) {
        (true, ..) => Relation::Declared,
        (false, true, _) => Relation::OwnOrganisation,
        (false, false, true) => Relation::OwnAuthority,
        (false, false, false) => Relation::Elsewhere,
    };
    let gate = expected(table, number, subject, relation, reason);
    let rights = letters(subject, facets);
    let at = format!("{action:?} {subject:?} {facets:?}");
    match said {
        Err(denial) if gate != "yes" => assert_eq!(word(denial), gate, "{at}"),
        Err(denial) => {
            assert_eq!(word(denial), "concealed", "{at}");
            assert_eq!(rights, "", "{at}");
        }
        Ok(Permit { groups, entry, reviewed }) => {
            assert_eq!(gate, "yes", "{at}");
            let shown: String = FieldGroup::ALL
                .into_iter()
                .filter(|group| *group != FieldGroup::A2 && groups.has(*group))
                .map(FieldGroup::name)
                .collect();
            let wanted: String = rights.chars().filter(|right| *right != '2').collect();
            // F is but a line, and goes without saying where G is granted.
            assert_eq!(shown.replace('F', ""), wanted.replace('F', ""), "{at}");
            assert_eq!(entry, entry_in_words(subject, facets, &rights), "{at}");
            let looks = ["open a record", "override a shield"].contains(&action.name());
            let always = subject.order == Order::Grace || action.name() == "override a shield";
            assert_eq!(reviewed, always || (looks && relation == Relation::Elsewhere), "{at}");
        }
    }
}

#[test]
fn what_a_record_then_shows_agrees_with_a_second_table_over_the_whole_product() {
    let all = facets();
    let mut cells = 0_usize;
    for action in Action::ALL.into_iter().filter(|action| ON_RECORD.contains(&action.name())) {
        let table = line(action.name());
        for (number, subject) in subjects() {
            for facets in &all {
                compare(number, subject, action, &table, *facets);
                cells += 1;
            }
        }
    }
    let table = line("open a record");
    let investigator = Role::ALL.into_iter().position(|role| role == Role::Investigator).unwrap();
    for shields in [Shields::Respected, Shields::Lifted] {
        for (number, subject) in subjects().into_iter().filter(|(number, _)| *number == investigator) {
            for facets in &all {
                let case = Some(case(events::case::Purpose::CaseReview, shields));
                compare(number, subject, Action::OpenRecord, &table, Facets { case, ..*facets });
                cells += 1;
            }
        }
    }
    assert!(cells > 100_000, "only {cells} cells were compared");
}

#[test]
fn nobody_grants_a_role_that_looks_after_others_without_looking_after_an_authority() {
    let granted = |granter: &str| -> Vec<&'static str> {
        let granter = Role::ALL.into_iter().find(|role| role.name() == granter).unwrap();
        Role::ALL.into_iter().filter(|role| may_grant(granter, *role)).map(Role::name).collect()
    };
    assert_eq!(granted("user_manager"), ["practitioner", "national_partner", "mediator"]);
    let local = ["practitioner", "practitioner_override", "national_partner", "mediator", "user_manager"];
    assert_eq!(granted("authority_team"), local);
    assert_eq!(granted("data_manager"), local);
    assert_eq!(granted("administrator").len(), Role::ALL.len());
    for nobody in ["practitioner", "practitioner_override", "auditor", "investigator", "operator"] {
        assert!(granted(nobody).is_empty(), "{nobody}");
    }
}
