//! The waterfall: how a description was weighed beside a child, a line for each part, in words and bits.
//!
//! Source: matching.md 3.5. One bit makes it twice as likely; the last line is the sum of those before it.

use events::weighing::{Weighed, Weighing};

/// Writes a weighing in words, in the order in which it adds up.
pub(crate) fn in_words(weighing: &Weighing) -> Vec<String> {
    parts(weighing).iter().map(|(said, centibits)| format!("{said} ({})", bits(*centibits))).collect()
}

/// The parts of a weighing in words, each with its hundredths of a bit; the last is the sum.
pub(crate) fn parts(weighing: &Weighing) -> Vec<(String, i32)> {
    let mut parts = vec![("before anything is compared".to_owned(), weighing.prior)];
    parts.extend(weighing.fields.iter().map(of_field));
    if weighing.kin != 0 {
        parts.push(("siblings and twins agree on as much".to_owned(), -weighing.kin));
    }
    if weighing.rivals != 0 {
        parts.push(("others who could be meant too".to_owned(), -weighing.rivals));
    }
    parts.push(("in all".to_owned(), weighing.odds));
    parts
}

fn of_field(weighed: &Weighed) -> (String, i32) {
    let field = weighed.field.as_str().replace('_', " ");
    let level = weighed.level.as_str();
    let said = match level {
        "same" => "the same".to_owned(),
        "same_part" => "the same in part".to_owned(),
        "same_other" => "the same as one of before or one called by".to_owned(),
        "nickname" => "a form of the same".to_owned(),
        "middle_name" => "the other's middle name".to_owned(),
        "swapped" => "changed about".to_owned(),
        "one_edit" => "one letter or digit differs".to_owned(),
        "one_digit" => "one digit differs".to_owned(),
        "sounds_alike" => "sounds alike".to_owned(),
        "start" => "one is the start of the other".to_owned(),
        "many_letters" => "many letters alike".to_owned(),
        "initial" => "an initial that fits".to_owned(),
        "different_same_letter" => "another, with the same first letter".to_owned(),
        "different" => "another".to_owned(),
        "new_year" => "the same year, one on 1 January".to_owned(),
        "near_days" => "up to a month apart".to_owned(),
        "near_years" => "up to two years apart".to_owned(),
        other => other.replace('_', " "),
    };
    (format!("{field}: {said}"), weighed.weight)
}

/// Hundredths of a bit as bits with one digit behind the point.
pub(crate) fn bits(centibits: i32) -> String {
    let sign = if centibits < 0 { '-' } else { '+' };
    let tenths = (centibits.unsigned_abs() + 5) / 10;
    format!("{sign}{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use events::refused::Code;

    use super::*;

    #[test]
    fn every_part_has_its_line_and_the_last_is_the_sum() {
        let said = |field: &str, level: &str, weight| Weighed {
            field: Code::new(field).unwrap(),
            level: Code::new(level).unwrap(),
            weight,
        };
        let weighing = Weighing {
            model: Code::new("children_1").unwrap(),
            prior: -1_461,
            fields: vec![said("surname", "same", 1_120), said("place", "same_house_other_postcode", -95)],
            kin: 31,
            rivals: 0,
            odds: -467,
        };
        assert_eq!(
            in_words(&weighing),
            [
                "before anything is compared (-14.6)",
                "surname: the same (+11.2)",
                "place: same house other postcode (-1.0)",
                "siblings and twins agree on as much (-0.3)",
                "in all (-4.7)",
            ]
        );
    }
}
