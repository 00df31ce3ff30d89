//! Pictures: what people would rather look at than read, drawn on the server as SVG that is told in words too.
//!
//! Drawn from what this viewer was shown and from nothing else. Colour never says anything alone: it comes with a
//! word or a pattern. Source: rules.md 2.3; WCAG 2.2 success criteria 1.1.1 and 1.4.1.

mod bars;
mod network;
mod timeline;

pub(crate) use bars::{Bar, bars};
pub(crate) use network::{Node, network};
pub(crate) use timeline::{Row, timeline};

/// Cuts a text to so many characters, so that a label keeps to its place; the words stand whole beside the picture.
fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let cut: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}

/// A text in two lines of at most so many characters, broken between words; cut only where it is longer than both.
fn in_two(text: &str, most: usize) -> (String, String) {
    if text.chars().count() <= most {
        return (text.to_owned(), String::new());
    }
    let mut first = String::new();
    let mut rest = text.split(' ').peekable();
    while let Some(word) = rest.peek() {
        let gap = usize::from(!first.is_empty());
        if first.chars().count() + gap + word.chars().count() > most {
            break;
        }
        if gap == 1 {
            first.push(' ');
        }
        first.push_str(word);
        rest.next();
    }
    (first, short(&rest.collect::<Vec<_>>().join(" "), most))
}

/// The word by which the style sheet knows a class of service.
fn class_of(class: vocabulary::ServiceClass) -> &'static str {
    use vocabulary::ServiceClass;
    match class {
        ServiceClass::Universal => "universal",
        ServiceClass::Additional => "additional",
        ServiceClass::Sensitive => "sensitive",
        ServiceClass::Protected => "protected",
    }
}

/// A length in a picture, written with at most one digit behind the point.
#[derive(Debug, Clone, Copy)]
struct Length(f64);

impl std::fmt::Display for Length {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}", (self.0 * 10.0).round() / 10.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_broken_between_words_and_cut_last() {
        let two = |text, most| in_two(text, most);
        assert_eq!(two("Housing", 10), ("Housing".to_owned(), String::new()));
        assert_eq!(two("No GP practice", 10), ("No GP".to_owned(), "practice".to_owned()));
        assert_eq!(two("a b c d e f g h i j k", 5), ("a b c".to_owned(), "d e…".to_owned()));
    }
}
