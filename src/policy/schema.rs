//! The JSON Schema of `origin.toml`, for editors.

use schemars::{JsonSchema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::Level;
use super::bloc::RawBloc;
use super::gate::{RawBan, RawException};
use super::raw::{KEYS, RawClaim, RawContribution};
use super::rule::{RULES, Rule};
use super::scope::RawScopes;
use crate::data::model::{Programme, Vendor};

/// The schema of a policy.
///
/// Made of the types that read it; a test holds that it knows every key. Rows of the user's own need less than those of `data/`, because
/// they can change an embedded row.
pub fn schema() -> schemars::Schema {
    let mut made = schemars::generate::SchemaSettings::draft2020_12().into_generator();
    let mut properties = Map::new();
    for key in KEYS {
        properties.insert(key.to_owned(), of_key(key, &mut made));
    }
    let definitions = made.take_definitions(true);
    json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "origin.toml",
        "description": "The policy of cargo origin",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "$defs": definitions,
    })
}

fn of_key(key: &str, made: &mut SchemaGenerator) -> Value {
    let texts = |about: &str| json!({ "type": "array", "items": { "type": "string" }, "description": about });
    match key {
        "home" => json!({
            "type": "string", "pattern": "^[A-Z]{2}$",
            "description": "Your home country, ISO 3166-1: what is foreign is seen from there, and its law counts where no programmes are chosen",
        }),
        "git-cache" => {
            json!({ "type": "string", "description": "A folder of clones inside the workspace (host/owner/repo)" })
        }
        "lists" => texts("Files beside this one, with [[programme]], [[vendor]] and [[claim]]"),
        "programmes" => texts("The programmes that count: ids, or `tag:` and a tag (cargo origin programmes)"),
        "contribution" => table::<RawContribution>(made),
        "scopes" => table::<RawScopes>(made),
        "rules" => rules(),
        "claim" => rows(&table::<RawClaim>(made)),
        "exception" => rows(&table::<RawException>(made)),
        "bloc" => rows(&table::<RawBloc>(made)),
        "ban" => rows(&table::<RawBan>(made)),
        "programme" => rows(&own_row::<Programme<String>>(made)),
        _ => rows(&own_row::<Vendor<String>>(made)),
    }
}

fn table<T: JsonSchema>(made: &mut SchemaGenerator) -> Value {
    T::json_schema(made).to_value()
}

fn rows(row: &Value) -> Value {
    json!({ "type": "array", "items": row })
}

/// A row that can change an embedded one needs its id only.
fn own_row<T: JsonSchema>(made: &mut SchemaGenerator) -> Value {
    let mut row = table::<T>(made);
    row["required"] = json!(["id"]);
    row
}

fn rules() -> Value {
    let properties: Map<String, Value> = RULES.iter().map(|rule| (rule.id.to_owned(), one(rule))).collect();
    json!({ "type": "object", "description": "Levels of rules", "properties": properties, "additionalProperties": false })
}

fn one(rule: &Rule) -> Value {
    let level = json!({ "enum": Level::ALL.map(Level::as_str), "default": rule.level.as_str() });
    let mut keys = Map::new();
    keys.insert("level".to_owned(), level.clone());
    for number in rule.numbers {
        let schema = if number.flag {
            json!({ "type": "boolean", "default": number.default > 0.0 })
        } else {
            json!({ "type": "number", "minimum": 0, "maximum": number.most, "default": number.default })
        };
        keys.insert(number.key.to_owned(), schema);
    }
    if rule.countries {
        let country = json!({ "type": "string", "pattern": "^[A-Z]{2}$" });
        keys.insert("countries".to_owned(), json!({ "type": "array", "minItems": 1, "items": country }));
    }
    json!({
        "description": rule.about,
        "anyOf": [level, { "type": "object", "properties": keys, "additionalProperties": false }],
    })
}
