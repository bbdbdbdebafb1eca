//! Many questions in one GraphQL request: each is a field of its own name, and what is asked travels as variables, never as text of
//! the query.
//!
//! An answer is read as the specification has it (spec.graphql.org, section "Response format"): `data` with a value or null for each
//! name, and `errors` with a `path` that begins with the name, or without a path where they are about the whole. `type` is GitHub's own
//! word of what went wrong; other servers put one into `extensions.code`, or none.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::{Client, Endpoint, Failure};
use crate::facts::live::Reason;

/// A kind of question. `#` stands for its number.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// The field with its arguments and what is wanted of it, as in `user(login:$login#){name}`.
    pub(super) field: &'static str,
    /// The names of its variables, all of them texts.
    pub(super) variables: &'static [&'static str],
    /// What follows the query: fragments that the field names.
    pub(super) fragments: &'static str,
}

/// What a server answered.
pub(super) struct Reply {
    data: BTreeMap<String, Value>,
    errors: BTreeMap<String, Problem>,
    /// An error that is about no question alone.
    whole: Option<Problem>,
}

/// What went wrong with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// There is no such thing.
    NotFound,
    /// Too much was asked.
    Limited,
    /// The token does not reach so far: scopes, single sign-on, a list of allowed addresses.
    Refused,
    /// The server failed.
    Failed,
}

impl Shape {
    /// The body of a request that asks this of each of the values.
    fn body(self, values: &[Vec<&str>]) -> Value {
        let (mut heads, mut fields, mut variables) = (String::new(), String::new(), Map::new());
        for (number, values) in values.iter().enumerate() {
            for (name, value) in self.variables.iter().zip(values) {
                let name = format!("{name}{number}");
                // Writing to a text cannot fail.
                let _written = write!(heads, "${name}:String!,");
                variables.insert(name, json!(value));
            }
            let field = self.field.replace('#', &number.to_string());
            let _written = write!(fields, "{}:{field} ", name_of(number));
        }
        json!({ "query": format!("query({heads}){{{fields}}}{}", self.fragments), "variables": variables })
    }

    /// Asks this of each of the values, in one request.
    pub(super) async fn ask(
        self,
        client: &Client,
        endpoint: &Endpoint,
        path: &str,
        values: &[Vec<&str>],
    ) -> Result<Reply, Failure> {
        let answer: Value = client.post_json(endpoint, path, &self.body(values)).await?;
        Reply::read(answer).ok_or_else(|| super::round::unreadable(&endpoint.name, "data"))
    }
}

impl Reply {
    fn read(answer: Value) -> Option<Self> {
        let Value::Object(mut answer) = answer else { return None };
        let data = match answer.remove("data") {
            Some(Value::Object(data)) => Some(data.into_iter().collect()),
            _ => None,
        };
        let errors = answer.remove("errors");
        let errors = errors.as_ref().and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if data.is_none() && errors.is_empty() {
            return None;
        }
        let mut reply = Self { data: data.unwrap_or_default(), errors: BTreeMap::new(), whole: None };
        for error in errors {
            let problem = Problem::of(error);
            match error.pointer("/path/0").and_then(Value::as_str) {
                Some(name) => {
                    reply.errors.entry(name.to_owned()).or_insert(problem);
                }
                // Only of a question can be said that there is no such thing.
                None if problem == Problem::NotFound => reply.whole = reply.whole.or(Some(Problem::Failed)),
                None => reply.whole = reply.whole.or(Some(problem)),
            }
        }
        Some(reply)
    }

    /// What it says to a question: its value, if it is not null, and what went wrong.
    pub(super) fn to(&mut self, number: usize) -> (Option<Value>, Option<Problem>) {
        let name = name_of(number);
        let value = self.data.remove(&name);
        let problem = self.errors.get(&name).copied();
        match value {
            Some(Value::Null) => (None, problem.or(self.whole).or(Some(Problem::NotFound))),
            Some(value) => (Some(value), problem),
            None => (None, problem.or(self.whole)),
        }
    }

    /// Whether it says that too much was asked.
    pub(super) fn is_limited(&self) -> bool {
        self.whole.iter().chain(self.errors.values()).any(|problem| *problem == Problem::Limited)
    }
}

impl Problem {
    fn of(error: &Value) -> Self {
        let word = error.get("type").or_else(|| error.pointer("/extensions/code")).and_then(Value::as_str);
        match word.unwrap_or_default() {
            "NOT_FOUND" => Self::NotFound,
            "RATE_LIMITED" | "RATE_LIMIT" => Self::Limited,
            "FORBIDDEN" | "INSUFFICIENT_SCOPES" | "UNAUTHORIZED" | "UNAUTHENTICATED" => Self::Refused,
            _ => Self::Failed,
        }
    }

    /// As a gap.
    pub(super) fn failure(self, source: &str) -> Failure {
        let (reason, words) = match self {
            Self::NotFound => (Reason::Malformed, "a part of the answer was not found"),
            Self::Limited => (Reason::RateLimited, "the limit of requests is used up; a later run goes on from here"),
            Self::Refused => (
                Reason::NotAllowed,
                "the token does not reach it: its scopes, single sign-on, or a list of allowed addresses",
            ),
            Self::Failed => (Reason::ServerError, "it failed while answering"),
        };
        Failure { reason, detail: format!("{source}: {words}") }
    }
}

fn name_of(number: usize) -> String {
    format!("q{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_variables() {
        let shape =
            Shape { field: "user(login:$login#){...F}", variables: &["login"], fragments: "fragment F on User{id}" };
        let body = shape.body(&[vec!["a\"){x}"], vec!["b"]]);
        let query = "query($login0:String!,$login1:String!,){q0:user(login:$login0){...F} q1:user(login:$login1){...F} }fragment F on User{id}";
        assert_eq!(body, json!({ "query": query, "variables": { "login0": "a\"){x}", "login1": "b" } }));
    }

    #[test]
    fn an_answer_is_data_or_errors() {
        for not in [json!([]), json!({}), json!({ "data": 3 }), json!({ "data": null, "errors": [] }), json!("x")] {
            assert!(Reply::read(not.clone()).is_none(), "{not}");
        }
        let mut reply = Reply::read(json!({ "errors": [{ "type": "RATE_LIMITED" }, 7] })).unwrap();
        assert!(reply.is_limited());
        assert_eq!(reply.to(0), (None, Some(Problem::Limited)));
        // Only of a question can be said that there is no such thing.
        let mut reply = Reply::read(json!({ "errors": [{ "type": "NOT_FOUND" }] })).unwrap();
        assert_eq!(reply.to(0), (None, Some(Problem::Failed)));
    }

    #[test]
    fn an_error_is_about_the_question_that_its_path_names() {
        let mut reply = Reply::read(json!({
            "data": { "q0": null, "q1": { "a": null }, "q2": null, "q9": 1 },
            "errors": [{ "type": "FORBIDDEN", "path": ["q0"] }, { "path": ["q1", "a"], "message": 5 }],
        }))
        .unwrap();
        assert_eq!(reply.to(0), (None, Some(Problem::Refused)));
        assert_eq!(reply.to(1), (Some(json!({ "a": null })), Some(Problem::Failed)));
        assert_eq!(reply.to(2), (None, Some(Problem::NotFound)), "null without an error: there is none");
        assert_eq!(reply.to(3), (None, None), "not a word about it");
    }
}
