//! The settings one by one: what each is called, what it holds, and the field in which a change of it is typed.

use events::policy::Policy;
use serde_json::{Map, Value, json};

use super::json;
use crate::pages::{
    fields::said,
    kit::{Block, Choice, Field, FieldError, Line, Summary, line},
    posted::Posted,
    words,
};

/// A setting: its place in the policy, which is the name of its field too, what it is called, and what it counts.
struct Setting {
    at: &'static str,
    called: &'static str,
    unit: &'static str,
}

impl Setting {
    /// What a field of it is called: with its unit, unless that is what is counted.
    fn asked(&self) -> String {
        let counts = ["children", "searches", "records", "looks"].contains(&self.unit);
        if counts { self.called.to_owned() } else { format!("{}, in {}", self.called, self.unit) }
    }

    /// So many of its unit.
    fn told(&self, number: &Value) -> String {
        let one = number == &json!(1);
        let unit = self.unit.strip_suffix('s').filter(|_| one).unwrap_or(self.unit);
        format!("{number} {unit}")
    }
}

const fn setting(at: &'static str, called: &'static str, unit: &'static str) -> Setting {
    Setting { at, called, unit }
}

/// What is not a number.
const SCOPE: Setting = setting("/scope", "For whom a record is held", "");
const TELLS_LEAD: Setting =
    setting("/look_tells_lead", "A look tells the lead professional that somebody looked", "");

/// Everything that is one whole number, by the heading it stands under.
const NUMBERS: &[(&str, &[Setting])] = &[
    (
        "What is shown and told",
        &[
            setting("/ended_visible_days", "How long an ended involvement stays visible", "days"),
            setting("/results_max", "Most children that one search finds", "children"),
            setting(
                "/enquiry_delay_days",
                "How long a look for an enquiry into harm is kept from the person's own list",
                "days",
            ),
            setting("/presumed_age", "Age from which competence to consent is presumed", "years"),
            setting("/notice_age", "Age from which a child gets their own notice", "years"),
        ],
    ),
    (
        "How soon it is done",
        &[
            setting("/brokering_minutes", "Within how long the duty desk answers", "minutes"),
            setting("/queue_working_days", "Within how long the identity queue is decided", "working days"),
            setting("/transfer_working_days", "Within how long a transfer is decided", "working days"),
            setting(
                "/purge_waiting_hours",
                "How long a list of records to be purged waits after its second approval",
                "hours",
            ),
        ],
    ),
    (
        "Accounts",
        &[
            setting(
                "/grace_hours",
                "How long a date that ran out leaves the two urgent reasons open",
                "hours",
            ),
            setting("/dormant_months", "After how long without a sign-in an account sleeps", "months"),
        ],
    ),
    (
        "Looks that a person reviews, in percent",
        &[
            setting("/sampling/ordinary_percent", "Of ordinary looks", "percent"),
            setting(
                "/sampling/other_authority_percent",
                "Of looks at a child of another authority",
                "percent",
            ),
            setting("/sampling/grace_percent", "Of looks in the time of grace", "percent"),
            setting("/sampling/override_percent", "Of overrides of a shield", "percent"),
            setting("/sampling/called_back_percent", "Of mediated looks that were called back", "percent"),
            setting("/sampling/over_ceiling_percent", "Of looks beyond a ceiling", "percent"),
        ],
    ),
    (
        "Ceilings of one account",
        &[
            setting("/ceilings/searches/hour", "Searches in an hour", "searches"),
            setting("/ceilings/searches/day", "Searches in a day", "searches"),
            setting("/ceilings/listed/hour", "Children listed in an hour", "children"),
            setting("/ceilings/listed/day", "Children listed in a day", "children"),
            setting("/ceilings/opened/hour", "Records opened in an hour", "records"),
            setting("/ceilings/opened/day", "Records opened in a day", "records"),
            setting("/ceilings/fruitless/hour", "Looks that came to nothing in an hour", "looks"),
            setting("/ceilings/fruitless/day", "Looks that came to nothing in a day", "looks"),
        ],
    ),
];

/// The settings in force, in words.
pub(super) fn blocks(held: &Policy) -> Vec<Block> {
    let whole = json(held);
    let scope = Summary::default()
        .row(SCOPE.called, scope(&whole))
        .row(TELLS_LEAD.called, value(&whole, &TELLS_LEAD))
        .row_if(
            "The one authority that runs this directory",
            held.single_authority.as_ref().map(ToString::to_string),
        );
    let mut blocks = vec![Block::heading("Settings in force"), scope.into()];
    for (heading, settings) in NUMBERS {
        let summary = settings.iter().fold(Summary::default(), |summary, setting| {
            let number = whole.pointer(setting.at).map(|number| setting.told(number));
            summary.row_if(setting.called, number)
        });
        blocks.extend([Block::subheading(*heading), summary.into()]);
    }
    blocks
}

/// A field a setting, with what is in force in it.
pub(super) fn questions(held: &Policy) -> Vec<Field> {
    let whole = json(held);
    let at = |setting: &Setting| whole.pointer(setting.at).cloned().unwrap_or_default();
    let scopes = [
        Choice::new("universal", "Every child in England"),
        Choice::new(
            "targeted",
            "From the first additional or sensitive involvement until a year after the last",
        ),
    ];
    let tells = [Choice::new("yes", "Yes"), Choice::new("no", "No")];
    let told = if at(&TELLS_LEAD) == json!(true) { "yes" } else { "no" };
    let mut fields = vec![
        Field::radios(SCOPE.at, SCOPE.called, scopes).value(words::name_of(&held.scope)),
        Field::radios(TELLS_LEAD.at, TELLS_LEAD.called, tells).value(told).inline(),
    ];
    for (heading, settings) in NUMBERS {
        fields.push(Field::aside(vec![Block::heading(*heading)]));
        fields.extend(settings.iter().map(|setting| {
            Field::digits(setting.at, setting.asked())
                .width("govuk-input--width-4")
                .value(at(setting).to_string())
        }));
    }
    fields
}

/// The settings that were changed, by name, as the API takes them.
pub(super) fn read(held: &Policy, posted: &Posted) -> Result<Map<String, Value>, Vec<FieldError>> {
    let before = json(held);
    let mut whole = before.clone();
    let mut errors = Vec::new();
    let mut put = |at: &str, value: Value| {
        if let Some(place) = whole.pointer_mut(at) {
            *place = value;
        }
    };
    if let Some(scope) = posted.given(SCOPE.at) {
        put(SCOPE.at, json!(scope));
    }
    if let Some(tells) = posted.given(TELLS_LEAD.at) {
        put(TELLS_LEAD.at, json!(tells == "yes"));
    }
    for setting in NUMBERS.iter().flat_map(|(_, settings)| *settings) {
        match posted.given(setting.at).map(str::parse::<u32>) {
            Some(Ok(number)) => put(setting.at, json!(number)),
            Some(Err(_)) | None => {
                errors.push(FieldError::at(setting.at, format!("{} must be a whole number", setting.called)));
            }
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let Value::Object(whole) = whole else { return Ok(Map::new()) };
    Ok(whole.into_iter().filter(|(name, value)| before.get(name) != Some(value)).collect())
}

/// What a setting at this place is called.
pub(super) fn called(steps: &[&str]) -> Option<Line> {
    let at = format!("/{}", steps.join("/"));
    all().find(|setting| setting.at == at).map(|setting| line().text(setting.called))
}

/// A refusal beside the field of the setting that it names.
pub(super) fn out_of_range(detail: &str) -> FieldError {
    let named = |setting: &&Setting| {
        let name = setting.at.trim_start_matches('/').replace('/', ".");
        detail.contains(&format!("setting {name} "))
    };
    match all().find(named) {
        Some(setting) => {
            FieldError::at(setting.at, format!("{} lies outside what the rules allow", setting.called))
        }
        None => FieldError::whole(detail),
    }
}

fn all() -> impl Iterator<Item = &'static Setting> {
    NUMBERS.iter().flat_map(|(_, settings)| *settings).chain([&SCOPE, &TELLS_LEAD])
}

fn scope(whole: &Value) -> &'static str {
    if whole.pointer(SCOPE.at) == Some(&json!("universal")) {
        "Every child in England"
    } else {
        "Children with an additional or sensitive involvement"
    }
}

fn value(whole: &Value, setting: &Setting) -> Line {
    said("", whole.pointer(setting.at).unwrap_or(&Value::Null))
}
