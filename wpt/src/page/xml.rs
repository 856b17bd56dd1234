//! XML documents, in the same form as those of HTML.

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::{Map, Value, json};

/// The children of a document; `None` if it is not well-formed.
pub fn parse(xml: &str) -> Option<Value> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(xml.trim_start(), options).ok()?;
    Some(children(document.root()))
}

fn children(node: Node<'_, '_>) -> Value {
    node.children().filter_map(value).collect()
}

fn value(node: Node<'_, '_>) -> Option<Value> {
    if node.is_text() {
        return node.text().map(Value::from);
    }
    let attributes: Map<_, _> =
        node.attributes().map(|it| (it.name().to_owned(), it.value().into())).collect();
    node.is_element().then(|| json!([node.tag_name().name(), attributes, children(node)]))
}

#[cfg(test)]
mod tests {
    use super::{json, parse};

    #[test]
    fn well_formed_or_not() {
        assert_eq!(
            parse("<a x='1'>t<B/></a>"),
            Some(json!([["a", {"x": "1"}, ["t", ["B", {}, []]]]]))
        );
        assert_eq!(parse("<a>"), None);
        assert_eq!(parse("text"), None);
    }
}
