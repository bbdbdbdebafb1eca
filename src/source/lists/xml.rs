//! The entries of an XML document, one at a time.

use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::{BytesStart, Event};

use super::ListError;
use super::input::Input;

/// Elements within each other.
const DEEPEST: usize = 40;

/// Elements of one entry.
const MOST_NODES: usize = 200_000;

/// An element of an entry. Names are without their name space.
#[derive(Debug, Default)]
pub(super) struct Node {
    name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Self>,
}

impl Node {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Its own text, trimmed.
    pub(super) fn text(&self) -> &str {
        self.text.trim()
    }

    /// An attribute, trimmed; empty if it has none of this name.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// The children of this name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The children of this name of the children of that name.
    pub(super) fn within<'a>(&'a self, list: &'a str, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.all(list).flat_map(move |child| child.all(name))
    }

    /// The text of the first child of this name; empty if there is none.
    pub(super) fn first(&self, name: &str) -> &str {
        self.children.iter().find(|child| child.name == name).map_or("", Self::text)
    }
}

/// Hands every element with one of these names on, as soon as it is closed. The root must have the name that is given, and be closed.
///
/// A document type is passed over and no entity but the five of XML and numbered characters is expanded.
pub(super) fn entries(
    input: Input<'_>,
    root: &str,
    names: &[&str],
    each: &mut dyn FnMut(&Node) -> Result<(), ListError>,
) -> Result<(), ListError> {
    let count = input.count();
    let mut reader = Reader::from_reader(input.into_reader());
    reader.config_mut().check_end_names = true;
    let mut open: Vec<Node> = Vec::new();
    let (mut depth, mut nodes, mut seen_root, mut closed) = (0usize, 0usize, false, false);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|error| match error {
            quick_xml::Error::Syntax(_) => truncated_or_broken(&count, &error),
            _ => count.broken(&error),
        })?;
        match event {
            Event::Start(start) => {
                let node = node_of(&start);
                if depth == 0 && (seen_root || node.name != root) {
                    return Err(count.broken(&format!("the document is not a `{root}`")));
                }
                seen_root = true;
                depth += 1;
                nodes += 1;
                if depth > DEEPEST || nodes > MOST_NODES {
                    return Err(count.broken(&"elements are too deep or too many"));
                }
                if !open.is_empty() || names.contains(&node.name.as_str()) {
                    open.push(node);
                }
            }
            Event::Empty(start) => {
                let node = node_of(&start);
                nodes += 1;
                if nodes > MOST_NODES {
                    return Err(count.broken(&"elements are too many"));
                }
                if let Some(parent) = open.last_mut() {
                    parent.children.push(node);
                } else if depth == 0 {
                    closed = node.name == root;
                }
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                closed |= depth == 0;
                let Some(node) = open.pop() else { continue };
                if let Some(parent) = open.last_mut() {
                    parent.children.push(node);
                } else {
                    count.record()?;
                    nodes = 0;
                    each(&node)?;
                }
            }
            Event::Text(text) => add(&mut open, &String::from_utf8_lossy(&text)),
            Event::CData(text) => add(&mut open, &String::from_utf8_lossy(&text)),
            Event::GeneralRef(reference) => {
                let name = String::from_utf8_lossy(&reference);
                let char = reference.resolve_char_ref().ok().flatten().map(String::from);
                let known = char.or_else(|| resolve_predefined_entity(&name).map(str::to_owned));
                add(&mut open, known.as_deref().unwrap_or(" "));
            }
            Event::Eof if closed && depth == 0 => return Ok(()),
            Event::Eof => return Err(ListError::Truncated(count.records())),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => {}
        }
    }
}

/// A tag, a comment or a section that is not closed is the end of the file.
fn truncated_or_broken(count: &super::input::Count, error: &quick_xml::Error) -> ListError {
    match count.broken(error) {
        ListError::Broken { records, .. } => ListError::Truncated(records),
        other => other,
    }
}

fn add(open: &mut [Node], text: &str) {
    if let Some(node) = open.last_mut() {
        node.text.push_str(text);
    }
}

fn node_of(start: &BytesStart<'_>) -> Node {
    let mut attributes = start.attributes();
    let attributes = attributes.with_checks(false).flatten().map(|attribute| {
        let raw = String::from_utf8_lossy(&attribute.value).into_owned();
        let value = unescape(&raw).map(std::borrow::Cow::into_owned);
        (local(attribute.key.local_name().as_ref()), value.unwrap_or(raw))
    });
    Node { name: local(start.local_name().as_ref()), attributes: attributes.collect(), ..Node::default() }
}

fn local(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}
