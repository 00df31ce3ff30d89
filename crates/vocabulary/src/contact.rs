//! Contacts: how to reach a person or a service. Validated by kind, so that none can carry prose.
//!
//! Source: contract.md section 3; domain.md 1.2.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{NotAWord, place::ADDRESS_LINE_CHARACTERS_MAX};

/// Most contacts of one involvement or carer: a desk, a mobile, a duty line, an address, twice over.
pub const CONTACTS_MAX: usize = 8;

/// Longest text for the hours of a contact, as in `Mon-Fri 9:00-17:00`.
pub const HOURS_CHARACTERS_MAX: usize = 40;

/// By what means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// A landline or switchboard.
    Telephone,
    /// A mobile telephone.
    Mobile,
    /// An e-mail address.
    Email,
    /// A postal address on one line.
    Address,
}

/// On what occasion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactUse {
    /// In working hours.
    Work,
    /// The duty desk.
    Duty,
    /// When the desk is closed.
    OutOfHours,
    /// At home.
    Home,
}

/// One way to reach someone, stored and shown as sent.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// By what means.
    pub kind: ContactKind,
    /// On what occasion.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    pub used: Option<ContactUse>,
    /// The number or address itself.
    pub value: String,
    /// When it answers, as in `24 h`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
}

impl Contact {
    /// Checks that the value is of the form of its kind, and the hours short.
    ///
    /// # Errors
    /// `NotAWord` naming the form that was expected.
    pub fn checked(self) -> Result<Contact, NotAWord> {
        let value = self.value.trim();
        match self.kind {
            ContactKind::Telephone | ContactKind::Mobile if !is_telephone(value) => {
                return Err(NotAWord {
                    expected: "a telephone number: 3 to 15 digits, spaces, an extension",
                });
            }
            ContactKind::Email if !is_email(value) => {
                return Err(NotAWord { expected: "an e-mail address" });
            }
            ContactKind::Address if !is_one_line(value) => {
                return Err(NotAWord { expected: "an address on one line of at most 120 characters" });
            }
            ContactKind::Telephone | ContactKind::Mobile | ContactKind::Email | ContactKind::Address => (),
        }
        match &self.hours {
            Some(hours) if !are_hours(hours) => Err(NotAWord {
                expected: "hours of at most 40 letters, digits and signs, as in Mon-Fri 9:00-17:00",
            }),
            Some(_) | None => Ok(self),
        }
    }
}

/// 3 to 15 digits after the country code, with the signs that numbers are written with.
fn is_telephone(text: &str) -> bool {
    let main =
        text.find("ext").or_else(|| text.find('x')).map_or(text, |at| text.get(..at).unwrap_or_default());
    let rest = text.get(main.len()..).unwrap_or_default();
    let digits = main.bytes().filter(u8::is_ascii_digit).count();
    (3..=15).contains(&digits)
        && main
            .chars()
            .all(|character| character.is_ascii_digit() || matches!(character, ' ' | '+' | '(' | ')' | '-'))
        && rest
            .trim_start_matches("ext")
            .trim_start_matches(['x', '.', ' '])
            .bytes()
            .all(|byte| byte.is_ascii_digit())
        && rest.len() <= 12
}

/// One `@`, a dot in the domain, no spaces, at most 254 characters (RFC 5321).
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let signs = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte))
    };
    text.len() <= 254
        && signs(local)
        && signs(domain)
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
}

fn is_one_line(text: &str) -> bool {
    (3..=ADDRESS_LINE_CHARACTERS_MAX).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

fn are_hours(text: &str) -> bool {
    (1..=HOURS_CHARACTERS_MAX).contains(&text.chars().count())
        && text.chars().all(|character| character.is_ascii_alphanumeric() || " -:.,/&–".contains(character))
}

impl fmt::Debug for Contact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Contact({:?}, ..)", self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(kind: ContactKind, value: &str) -> Contact {
        Contact { kind, used: None, value: value.to_owned(), hours: None }
    }

    #[test]
    fn each_kind_takes_its_own_form_only() {
        for (kind, good, bad) in [
            (ContactKind::Telephone, "020 7946 0001", "ring after five please"),
            (ContactKind::Telephone, "+44 20 7946 0001 ext 12", "020 7946 0001 ask for the mother"),
            (ContactKind::Mobile, "07700 900123", "07700900123 07700900124 07700900125"),
            (ContactKind::Email, "duty@example.org", "duty at example"),
            (ContactKind::Address, "1 Mill Lane, London N17 6AA", "a\nb"),
        ] {
            assert!(contact(kind, good).checked().is_ok(), "{good}");
            assert!(contact(kind, bad).checked().is_err(), "{bad}");
        }
    }

    #[test]
    fn hours_are_hours() {
        let with =
            |hours: &str| Contact { hours: Some(hours.to_owned()), ..contact(ContactKind::Telephone, "999") };
        assert!(with("24 h").checked().is_ok());
        assert!(with("Mon-Fri 9:00-17:00").checked().is_ok());
        assert!(with("only if the family is not told about it first").checked().is_err());
    }
}
