//! Documents: `html5ever` parses them, and scripts get a tree of arrays.

use html5ever::{ParseOpts, parse_document, tendril::TendrilSink};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::{Map, Value, json};

/// The children of a document: texts are strings, and elements `[name, attributes, children]`.
pub fn parse(html: &str) -> Value {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
    children(&dom.document)
}

fn children(node: &Handle) -> Value {
    node.children.borrow().iter().filter_map(value).collect()
}

fn value(node: &Handle) -> Option<Value> {
    match &node.data {
        NodeData::Text { contents } => Some(contents.borrow().to_string().into()),
        NodeData::Element { name, attrs, template_contents, .. } => {
            let attrs = attrs.borrow();
            let attributes = attrs.iter().map(|it| (it.name.local.to_string(), json!(&*it.value)));
            let attributes: Map<_, _> = attributes.collect();
            let content = template_contents.borrow();
            let inside = content.as_ref().map_or_else(|| children(node), children);
            Some(json!([name.local.to_string(), attributes, inside]))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{json, parse};

    #[test]
    fn tree() {
        let expected = json!([["html", {}, [
            ["head", {}, [["script", {"src": "a.js"}, []]]],
            ["body", {}, [["p", {"id": "x"}, ["1 < 2"]]]],
        ]]]);
        assert_eq!(parse("<!doctype html><script src=a.js></script><p id=x>1 &lt; 2"), expected);
    }
}
