//! The text of a policy: its tables with their places, and problems shown where they stand.

use std::cell::Cell;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::gate::near;

/// A text, and the name that is shown for it.
#[derive(Debug)]
pub(super) struct Text<'a> {
    source: &'a str,
    name: &'a str,
    /// Where lines begin: a policy can have thousands of tables, each with its line.
    lines: Vec<usize>,
}

/// A value with the place where it stands.
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

impl<'a> Text<'a> {
    pub(super) fn new(text: &'a str, name: &'a str) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { source: text, name, lines: std::iter::once(0).chain(ends).collect() }
    }

    /// The document, or everything that is wrong with its syntax.
    pub(super) fn parse(&self) -> Result<DeTable<'a>, Vec<String>> {
        let (document, errors) = DeTable::parse_recoverable(self.source);
        if !errors.is_empty() {
            return Err(errors.iter().map(|error| self.wrong(error)).collect());
        }
        let mut document = document.into_inner();
        dates_to_text(&mut document);
        Ok(document)
    }

    /// The line of a place, from 1.
    fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at).max(1)
    }

    /// File and line.
    pub(super) fn reference(&self, span: &Range<usize>) -> String {
        format!("{}:{}", self.name, self.line(span.start))
    }

    /// A problem at its place: what is wrong, file, line, and the line itself with a caret.
    pub(super) fn problem(&self, span: &Range<usize>, what: &str) -> String {
        let number = self.line(span.start);
        let start = self.lines.get(number - 1).copied().unwrap_or_default();
        // Only the line: the text can be long, and have many problems.
        let line = self.source.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let within = |at: usize| at.saturating_sub(start).min(line.len());
        let caret = AnnotationKind::Primary.span(within(span.start)..within(span.end));
        let snippet = Snippet::source(line).path(self.name).line_start(number).annotation(caret);
        let report = [Level::ERROR.no_name().primary_title(what).element(snippet)];
        Renderer::plain().render(&report)
    }

    /// The same for what the parser says.
    fn wrong(&self, error: &toml::de::Error) -> String {
        self.problem(&error.span().unwrap_or(0..0), error.message())
    }

    /// A table as `T`. Keys that `T` does not have are told all at once, each at its place.
    pub(super) fn read<T: DeserializeOwned>(&self, value: &Value<'a>, problems: &mut Vec<String>) -> Option<T> {
        let mut value = value.clone();
        if let DeValue::Table(table) = value.get_mut() {
            self.unknown_keys(table, keys::<T>(), problems);
            let known = |key: &str| keys::<T>().contains(&key);
            *table = std::mem::take(table).into_iter().filter(|(key, _)| known(key.get_ref())).collect();
        }
        T::deserialize(ValueDeserializer::from(value)).map_err(|error| problems.push(self.wrong(&error))).ok()
    }

    /// A problem for every key that is not known.
    pub(super) fn unknown_keys(&self, table: &DeTable<'_>, known: &[&str], problems: &mut Vec<String>) {
        for key in table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let hint = near(known.iter().copied(), key.get_ref());
            let what =
                format!("`{}` is not a key that is known here{hint}; known are {}", key.get_ref(), known.join(", "));
            problems.push(self.problem(&key.span(), &what));
        }
    }

    /// The rows of an array of tables; anything else is a problem.
    pub(super) fn rows<'t>(&self, value: &'t Value<'a>, key: &str, problems: &mut Vec<String>) -> Vec<&'t Value<'a>> {
        if let DeValue::Array(rows) = value.get_ref() {
            return rows.iter().collect();
        }
        problems.push(self.problem(&value.span(), &format!("`{key}` is a list of tables: write [[{key}]]")));
        Vec::new()
    }
}

/// Dates that are written without quotes mean what they mean with them.
fn dates_to_text(table: &mut DeTable<'_>) {
    fn value(here: &mut DeValue<'_>) {
        match here {
            DeValue::Datetime(date) => *here = DeValue::String(date.to_string().into()),
            DeValue::Table(table) => dates_to_text(table),
            DeValue::Array(values) => values.iter_mut().for_each(|one| value(one.get_mut())),
            _ => {}
        }
    }
    table.iter_mut().for_each(|(_, one)| value(one.get_mut()));
}

/// The keys that a type reads, as serde knows them.
pub(super) fn keys<T: DeserializeOwned>() -> &'static [&'static str] {
    let found = Cell::new(&[][..]);
    // It is asked for its fields and given nothing.
    let _nothing = T::deserialize(Fields(&found));
    found.get()
}

struct Fields<'a>(&'a Cell<&'static [&'static str]>);

impl<'de> serde::Deserializer<'de> for Fields<'_> {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: serde::de::Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(serde::de::Error::custom("only fields are asked for"))
    }

    fn deserialize_struct<V: serde::de::Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.0.set(fields);
        self.deserialize_any(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct seq
        tuple tuple_struct map enum identifier ignored_any
    }
}

/// A value as JSON: rows of the user's own meet the embedded ones so, and rules their settings.
pub(super) fn json(value: &DeValue<'_>) -> serde_json::Value {
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(serde_json::Value::Null, Into::into)
        }
        DeValue::Float(number) => number.as_str().parse::<f64>().map_or(serde_json::Value::Null, Into::into),
        DeValue::Boolean(flag) => (*flag).into(),
        DeValue::Datetime(date) => date.to_string().into(),
        DeValue::Array(values) => values.iter().map(|value| json(value.get_ref())).collect(),
        DeValue::Table(table) => {
            let rows = table.iter().map(|(key, value)| (key.get_ref().to_string(), json(value.get_ref())));
            serde_json::Value::Object(rows.collect())
        }
    }
}
