//! Invented children and what feeds make of them: one draw after another, the same in every run.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

/// One draw after another, the same in every run.
pub(crate) struct Draws(pub(crate) u64);

impl Draws {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    pub(crate) fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    pub(crate) fn name(&mut self, syllables: u64) -> String {
        const SOUNDS: [&str; 20] = [
            "ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "za", "dri", "fal", "gor", "hun", "jel",
            "pim", "quo", "sta", "wen", "yor",
        ];
        let text: String = (0..syllables).map(|_| self.one(&SOUNDS)).collect();
        text[..1].to_uppercase() + &text[1..]
    }
}

/// A child whom nobody else is like: the one of this number.
pub(crate) fn somebody(number: u64) -> Value {
    let mut draws = Draws(number << 20);
    let born = NaiveDate::from_ymd_opt(2010, 1, 1).unwrap() + Days::new(draws.below(5_000));
    json!({
        "forename": draws.name(3), "surname": draws.name(4), "date_of_birth": born.to_string(),
        "gender": draws.one(&["female", "male"]),
        "address": {
            "lines": [format!("{} {} Street", 1 + draws.below(200), draws.name(3))], "town": "London",
            "postcode": format!("{}{} {}{}{}", draws.one(&["B", "E", "L", "M", "N", "S"]), 1 + draws.below(98),
                                draws.below(10), draws.one(&["A", "B", "D", "E", "F", "G", "H", "J"]),
                                draws.one(&["L", "N", "P", "Q", "R", "S", "T", "U"])),
        },
    })
}

/// What a feed makes of a name: one letter twice.
pub(crate) fn misspelt(name: &str) -> String {
    let (before, after) = name.split_at(name.len() / 2);
    [before, &after[..1], after].concat()
}

/// Another source's description of the same child, with one or two of its mistakes.
pub(crate) fn as_a_feed_tells(child: &Value, draws: &mut Draws) -> Value {
    let mut told = child.clone();
    let text = |from: &Value, field: &str| from[field].as_str().unwrap().to_owned();
    for _ in 0..=draws.below(2) {
        match draws.below(8) {
            0 => told["forename"] = json!(misspelt(&text(&told, "forename"))),
            1 => told["surname"] = json!(misspelt(&text(&told, "surname"))),
            2 => {
                let former = text(&told, "surname");
                told["surname"] = json!(draws.name(4));
                told["previous_surname"] = json!(former);
            }
            3 => {
                let born: NaiveDate = text(&told, "date_of_birth").parse().unwrap();
                told["date_of_birth"] = json!((born + Days::new(1)).to_string());
            }
            4 => {
                let town = draws.name(2);
                told["address"] = json!({"lines": ["3 Other Road"], "town": town, "postcode": "LS1 4AP"});
            }
            5 => {
                told.as_object_mut().unwrap().remove("address");
            }
            6 => told["gender"] = json!("not_specified"),
            _ => {
                let (forename, surname) = (text(&told, "forename"), text(&told, "surname"));
                told["forename"] = json!(surname);
                told["surname"] = json!(forename);
            }
        }
    }
    told
}
