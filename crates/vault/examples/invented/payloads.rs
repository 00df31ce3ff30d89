//! Invented payloads in the shape of a child's facts: what the dictionary is trained on and the speed measured with.
//! No name, address or number in here belongs to anyone; telephone numbers are of the range kept for fiction.

use std::fmt::Write as _;

const FORENAMES: [&str; 24] = [
    "Amelia",
    "Noah",
    "Olivia",
    "Muhammad",
    "Isla",
    "George",
    "Ava",
    "Arthur",
    "Freya",
    "Leo",
    "Zainab",
    "Oscar",
    "Aisha",
    "Theo",
    "Grace",
    "Jacob",
    "Nia",
    "Harry",
    "Ellie-Mae",
    "Kai",
    "Poppy",
    "Samuel",
    "Yasmin",
    "Tomasz",
];
const SURNAMES: [&str; 24] = [
    "Smith", "Jones", "Patel", "Khan", "Taylor", "Begum", "Brown", "Okafor", "Wilson", "Evans", "Lowe",
    "Kowalski", "Hughes", "Ahmed", "Clarke", "Nguyen", "O'Neill", "Baker", "Singh", "Adeyemi", "Wright",
    "Green", "Shaw", "Ali",
];
const STREETS: [&str; 12] = [
    "Mill Lane",
    "High Street",
    "Station Road",
    "Church Lane",
    "Victoria Road",
    "Park Avenue",
    "The Green",
    "Queens Road",
    "Manor Close",
    "Albert Street",
    "Windsor Drive",
    "Chapel Hill",
];
const TOWNS: [&str; 10] =
    ["London", "Leeds", "Bristol", "Sheffield", "Norwich", "Exeter", "Derby", "Hull", "Carlisle", "Reading"];
const SERVICES: [(&str, &str, &str); 10] = [
    ("social_care", "social worker", "Assessment"),
    ("health_visiting", "health visitor", "Early Years"),
    ("school_nursing", "school nurse", "School Health"),
    ("youth_offending", "youth offending officer", "Prevention"),
    ("education_welfare", "education welfare officer", "Attendance"),
    ("speech_and_language", "speech and language therapist", "Community"),
    ("educational_psychology", "educational psychologist", "Inclusion"),
    ("family_support", "family support worker", "Early Help"),
    ("connexions", "personal adviser", "Transitions"),
    ("mental_health", "nurse therapist", "Tier 3"),
];

/// A source of numbers that gives the same ones for the same seed.
pub(crate) struct Dice(u64);

impl Dice {
    /// Begins at `seed`, which must not be 0.
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11
    }

    fn below(&mut self, end: u64) -> u64 {
        self.roll() % end
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.below(of.len() as u64)).unwrap_or_default()]
    }

    fn uuid(&mut self) -> String {
        let (high, low) = (self.roll() << 11 ^ self.roll(), self.roll() << 11 ^ self.roll());
        let hex = format!("{high:016x}{low:016x}");
        format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
    }

    fn day(&mut self, from: u64, years: u64) -> String {
        format!("{}-{:02}-{:02}", from + self.below(years), 1 + self.below(12), 1 + self.below(28))
    }

    fn telephone(&mut self) -> String {
        match self.below(3) {
            0 => format!("020 7946 {:04}", self.below(1000)),
            1 => format!("07700 900{:03}", self.below(1000)),
            _ => format!("0113 496 {:04}", self.below(1000)),
        }
    }

    fn postcode(&mut self) -> String {
        let area = self.one(&["N", "LS", "BS", "S", "NR", "EX", "DE", "HU", "CA", "RG", "SE", "M"]);
        let inward = self.one(&["AA", "BD", "EF", "GH", "JL", "NP", "QR", "ST", "UW", "XY"]);
        format!("{area}{} {}{inward}", 1 + self.below(30), self.below(10))
    }
}

/// One payload: who told it, and one to three facts.
pub(crate) fn payload(dice: &mut Dice) -> String {
    let mut facts = vec![fact(dice)];
    while dice.below(5) == 0 && facts.len() < 3 {
        facts.push(fact(dice));
    }
    format!(r#"{{"by":{},"facts":[{}]}}"#, teller(dice), facts.join(","))
}

fn organisation(dice: &mut Dice) -> String {
    format!(
        "org:{}",
        dice.one(&["E09000014", "E08000035", "RXK01", "Y00231", "104512", "NAT07", "YOT112", "VS0093"])
    )
}

fn teller(dice: &mut Dice) -> String {
    let organisation = organisation(dice);
    match dice.below(5) {
        0 => format!(r#"{{"user":{{"user_id":"{}","organisation":"{organisation}"}}}}"#, dice.uuid()),
        1 => format!(r#"{{"feed":{{"organisation":"{organisation}","file":"{}"}}}}"#, dice.uuid()),
        _ => {
            let client = dice.one(&["cms-north", "cms-south", "caredirector", "school-census", "casework"]);
            format!(r#"{{"supplier":{{"organisation":"{organisation}","client":"{client}"}}}}"#)
        }
    }
}

fn contacts(dice: &mut Dice) -> String {
    let kind = dice.one(&["telephone", "mobile"]);
    let place = dice.one(&["duty", "work", "out_of_hours", "home"]);
    let hours = dice.one(&["", r#","hours":"24 h""#, r#","hours":"Mon-Fri 9-5""#, ""]);
    let mut all = format!(r#"[{{"kind":"{kind}","use":"{place}","value":"{}"{hours}}}"#, dice.telephone());
    if dice.below(3) == 0 {
        let team = dice.one(&["duty", "assessment", "intake", "office"]);
        let _ =
            write!(all, r#",{{"kind":"email","use":"work","value":"{team}{}@example.org"}}"#, dice.below(90));
    }
    all + "]"
}

fn name(dice: &mut Dice) -> String {
    format!("{} {}", dice.one(&FORENAMES), dice.one(&SURNAMES))
}

fn practitioner(dice: &mut Dice, job: &str) -> String {
    format!(r#"{{"practitioner_ref":"p{}","name":"{}","job":"{job}"}}"#, dice.below(900), name(dice))
}

fn address(dice: &mut Dice) -> String {
    format!(
        r#"{{"state":"known","lines":["{} {}"],"town":"{}","postcode":"{}"}}"#,
        1 + dice.below(200),
        dice.one(&STREETS),
        dice.one(&TOWNS),
        dice.postcode()
    )
}

fn carer(dice: &mut Dice) -> String {
    let relation = dice.one(&["parental_responsibility", "care"]);
    let (carer_ref, contacts) = (1 + dice.below(4), contacts(dice));
    format!(
        r#"{{"carer_ref":"c{carer_ref}","name":"{}","relation":"{relation}","contacts":{contacts}}}"#,
        name(dice)
    )
}

fn described(dice: &mut Dice) -> String {
    let known_as =
        if dice.below(4) == 0 { format!(r#","known_as":"{}""#, dice.one(&FORENAMES)) } else { String::new() };
    let numbers = match dice.below(3) {
        0 => {
            format!(r#","identifiers":[{{"kind":"nhs_number","value":"999{:07}"}}]"#, dice.below(10_000_000))
        }
        1 => format!(r#","identifiers":[{{"kind":"upn","value":"A{:012}"}}]"#, dice.below(1_000_000_000_000)),
        _ => String::new(),
    };
    format!(
        r#"{{"type":"child_described","data":{{"forename":"{}","middle_names":"{}","surname":"{}"{known_as},"date_of_birth":"{}","gender":"{}","address":{},"carers":[{}]{numbers}}}}}"#,
        dice.one(&FORENAMES),
        dice.one(&FORENAMES),
        dice.one(&SURNAMES),
        dice.day(2008, 18),
        dice.one(&["female", "male", "not_specified"]),
        address(dice),
        carer(dice)
    )
}

fn involvement_started(dice: &mut Dice) -> String {
    let (service, job, team) = dice.one(&SERVICES);
    let held = if dice.below(4) == 0 {
        format!(r#","common_assessment":{{"held":true,"on":"{}"}}"#, dice.day(2025, 2))
    } else {
        String::new()
    };
    let basis = if *service == "mental_health" {
        format!(
            r#","basis":{{"consent":{{"episode":"{}","given_by":"child","on":"{}"}}}}"#,
            dice.uuid(),
            dice.day(2025, 2)
        )
    } else {
        String::new()
    };
    format!(
        r#"{{"type":"involvement_started","data":{{"involvement_id":"{}","organisation":"{}","service_type":"{service}","class":"{}","practitioner":{},"team":"{team}","contacts":{},"started_on":"{}","lead_professional":{}{held}{basis}}}}}"#,
        dice.uuid(),
        organisation(dice),
        dice.one(&["universal", "additional", "sensitive"]),
        practitioner(dice, job),
        contacts(dice),
        dice.day(2020, 7),
        dice.below(4) == 0
    )
}

fn fact(dice: &mut Dice) -> String {
    match dice.below(20) {
        0..4 => described(dice),
        4..11 => involvement_started(dice),
        11..13 => {
            let job = dice.one(&SERVICES).1;
            format!(
                r#"{{"type":"involvement_updated","data":{{"involvement_id":"{}","practitioner":{},"contacts":{}}}}}"#,
                dice.uuid(),
                practitioner(dice, job),
                contacts(dice)
            )
        }
        13 | 14 => format!(
            r#"{{"type":"involvement_ended","data":{{"involvement_id":"{}","ended_on":"{}"}}}}"#,
            dice.uuid(),
            dice.day(2024, 3)
        ),
        15 => format!(
            r#"{{"type":"education_stated","data":{{"state":"setting","urn":"{}","name":"{} {} School","from":"{}"}}}}"#,
            100_000 + dice.below(49_999),
            dice.one(&TOWNS),
            dice.one(&["Primary", "Community", "Church of England", "Academy"]),
            dice.day(2018, 8)
        ),
        16 => format!(
            r#"{{"type":"primary_care_stated","data":{{"state":"practice","ods_code":"{}{:05}","name":"{} Surgery","from":"{}"}}}}"#,
            dice.one(&["A", "C", "E", "Y"]),
            dice.below(100_000),
            dice.one(&STREETS),
            dice.day(2018, 8)
        ),
        17 => format!(
            r#"{{"type":"address_changed","data":{{"address":{},"from":"{}"}}}}"#,
            address(dice),
            dice.day(2022, 5)
        ),
        18 => format!(
            r#"{{"type":"consent_given","data":{{"episode":"{}","service_type":"{}","given_by":"{}","competence":"{}","on":"{}"}}}}"#,
            dice.uuid(),
            dice.one(&["mental_health", "sexual_health", "substance_misuse"]),
            dice.one(&["child", "parent"]),
            dice.one(&["presumed", "assessed_competent", "assessed_not_competent"]),
            dice.day(2025, 2)
        ),
        _ => format!(r#"{{"type":"carers_stated","data":{{"carers":[{},{}]}}}}"#, carer(dice), carer(dice)),
    }
}
