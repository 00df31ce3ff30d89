//! A walk over JSON that knows where it is: run once more over what could not be read, to say why.
//!
//! The fast path reads without a tree; its errors quote what was sent and do not name the place. This walk
//! reads from a tree, so that an error has a pointer and is made of our own words alone.

use std::fmt;

use serde::{
    Deserializer, de,
    de::{IntoDeserializer, value::BorrowedStrDeserializer},
    forward_to_deserialize_any,
};
use serde_json::{Map, Value};

/// Longest field name that a pointer repeats; what is longer is no name of a field.
const NAME_CHARACTERS_MAX: usize = 40;

/// What is wrong, as the types themselves say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wrong {
    /// A field that the object does not have; these it has.
    Unknown(&'static [&'static str]),
    /// A field that must be there.
    Missing(&'static str),
    /// Another word than these.
    NoneOf(&'static [&'static str]),
    /// Another form than this.
    Form(String),
}

/// An error with its place. Holds nothing that was sent but names of fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Traced {
    /// JSON pointer, from where the walk began.
    pub(super) pointer: String,
    /// What is wrong there.
    pub(super) wrong: Wrong,
}

impl Traced {
    fn here(wrong: Wrong) -> Traced {
        Traced { pointer: String::new(), wrong }
    }

    /// The same error, seen from one level further out.
    pub(super) fn under(mut self, step: &str) -> Traced {
        // A name that is no field name could be a person's data; the place above it has to do.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if step.len() <= NAME_CHARACTERS_MAX && step.bytes().all(plain) {
            self.pointer = format!("/{step}{}", self.pointer);
        }
        self
    }
}

impl fmt::Display for Traced {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "unreadable at {}", self.pointer)
    }
}

impl std::error::Error for Traced {}

impl de::Error for Traced {
    fn custom<T: fmt::Display>(message: T) -> Traced {
        Traced::here(Wrong::Form(message.to_string()))
    }

    fn invalid_type(_sent: de::Unexpected<'_>, expected: &dyn de::Expected) -> Traced {
        Traced::here(Wrong::Form(format!("not {}", plainly(&expected.to_string()))))
    }

    fn invalid_value(_sent: de::Unexpected<'_>, expected: &dyn de::Expected) -> Traced {
        Traced::here(Wrong::Form(format!("not {}", plainly(&expected.to_string()))))
    }

    fn invalid_length(_length: usize, expected: &dyn de::Expected) -> Traced {
        Traced::here(Wrong::Form(format!("not {}", plainly(&expected.to_string()))))
    }

    fn unknown_variant(_sent: &str, expected: &'static [&'static str]) -> Traced {
        Traced::here(Wrong::NoneOf(expected))
    }

    fn unknown_field(_sent: &str, expected: &'static [&'static str]) -> Traced {
        Traced::here(Wrong::Unknown(expected))
    }

    fn missing_field(field: &'static str) -> Traced {
        Traced::here(Wrong::Missing(field))
    }
}

/// What the derived code calls a type, in words of JSON.
fn plainly(expected: &str) -> &str {
    let begins = |word: &str| expected.starts_with(word);
    if begins("struct ") || begins("a map") || begins("adjacently") {
        "an object"
    } else if begins("a sequence") {
        "a list"
    } else if begins("a string") || begins("a borrowed string") || begins("a str") {
        "a text"
    } else if begins("a boolean") {
        "true or false"
    } else if begins("i64") || begins("i32") || begins("u32") || begins("u8") || begins("u64") {
        "a whole number"
    } else if begins("enum ") || begins("variant ") || begins("string or map") {
        "one of the words for it"
    } else if begins("a ") || begins("an ") {
        // Words of our own vocabulary, which say what they expect and nothing of what was sent.
        expected
    } else {
        "of the form that the documentation gives"
    }
}

/// One value of a tree, read as serde asks.
#[derive(Clone, Copy)]
pub(super) struct Walk<'de>(pub(super) &'de Value);

impl<'de> Deserializer<'de> for Walk<'de> {
    type Error = Traced;

    fn deserialize_any<V: de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Traced> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(truth) => visitor.visit_bool(*truth),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(whole), _, _) => visitor.visit_u64(whole),
                (None, Some(whole), _) => visitor.visit_i64(whole),
                (None, None, number) => visitor.visit_f64(number.unwrap_or_default()),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => visitor.visit_seq(Items { items: items.iter(), at: 0 }),
            Value::Object(fields) => visitor.visit_map(Fields { left: fields.iter(), held: None }),
        }
    }

    fn deserialize_map<V: de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Traced> {
        if self.0.is_object() {
            self.deserialize_any(visitor)
        } else {
            Err(Traced::here(Wrong::Form("not an object".to_owned())))
        }
    }

    fn deserialize_option<V: de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, Traced> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: de::Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Traced> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: de::Visitor<'de>>(
        self,
        _name: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Traced> {
        match self.0.as_str() {
            Some(word) => visitor.visit_enum(IntoDeserializer::<Traced>::into_deserializer(word)),
            None => Err(Traced::here(Wrong::NoneOf(words))),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct struct identifier ignored_any
    }
}

struct Items<'de> {
    items: std::slice::Iter<'de, Value>,
    at: usize,
}

impl<'de> de::SeqAccess<'de> for Items<'de> {
    type Error = Traced;

    fn next_element_seed<S: de::DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Traced> {
        let Some(item) = self.items.next() else { return Ok(None) };
        let at = self.at;
        self.at += 1;
        seed.deserialize(Walk(item)).map(Some).map_err(|error| error.under(&at.to_string()))
    }
}

struct Fields<'de> {
    left: serde_json::map::Iter<'de>,
    held: Option<(&'de str, &'de Value)>,
}

impl<'de> de::MapAccess<'de> for Fields<'de> {
    type Error = Traced;

    fn next_key_seed<S: de::DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Traced> {
        let Some((name, value)) = self.left.next() else { return Ok(None) };
        self.held = Some((name, value));
        let key: BorrowedStrDeserializer<'de, Traced> = BorrowedStrDeserializer::new(name);
        seed.deserialize(key).map(Some).map_err(|error| error.under(name))
    }

    fn next_value_seed<S: de::DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Traced> {
        let (name, value) = self.held.take().unwrap_or(("", &Value::Null));
        seed.deserialize(Walk(value)).map_err(|error| error.under(name))
    }
}

/// An empty object, for asking a type which fields it has.
pub(super) fn object_with(name: &str) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), Value::Null)]))
}
