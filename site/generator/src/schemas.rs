//! A page for each format that commands read or write, from its JSON Schema.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    markdown::{self, Page, cell, prose},
    repository::{Problem, Repository},
};

/// The schemas: the name of the page and the file, and which definition it is about if the file has
/// nothing but definitions.
const SCHEMAS: [(&str, &str, Option<&str>); 10] = [
    ("expectations", "audit/src/expect/schema.json", None),
    ("expect", "cli/schemas/expect.json", None),
    ("audit", "cli/schemas/audit.json", None),
    ("diff", "cli/schemas/diff.json", None),
    ("har", "cli/schemas/har.json", None),
    ("explain", "cli/schemas/explain.json", None),
    ("engines", "cli/schemas/engines.json", None),
    ("scenario", "cli/schemas/scenario.json", None),
    ("outcome", "cli/schemas/outcomes.json", Some("outcome")),
    ("side-by-side", "cli/schemas/outcomes.json", Some("side-by-side")),
];

/// A JSON Schema, as far as the schemas of this repository use it. A keyword that is not known here is
/// an error, so that no page leaves one out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Schema {
    #[serde(rename = "$schema")]
    _dialect: Option<String>,
    title: Option<String>,
    description: Option<String>,
    #[serde(rename = "type")]
    kind: Option<Value>,
    #[serde(rename = "const")]
    constant: Option<Value>,
    #[serde(rename = "enum")]
    one_of: Vec<Value>,
    #[serde(rename = "$ref")]
    reference: Option<String>,
    properties: IndexMap<String, Self>,
    required: Vec<String>,
    additional_properties: Option<OrBoolean>,
    property_names: Option<Box<Self>>,
    items: Option<Box<Self>>,
    prefix_items: Vec<Self>,
    any_of: Vec<Self>,
    all_of: Vec<Self>,
    not: Option<Box<Self>>,
    #[serde(rename = "if")]
    _condition: Option<Value>,
    #[serde(rename = "then")]
    _consequence: Option<Value>,
    #[serde(rename = "contains")]
    _contains: Option<Value>,
    pattern: Option<String>,
    format: Option<String>,
    minimum: Option<u64>,
    maximum: Option<u64>,
    min_items: Option<u64>,
    max_items: Option<u64>,
    #[serde(rename = "minLength")]
    _min_length: Option<u64>,
    min_properties: Option<u64>,
    unique_items: bool,
    #[serde(rename = "$defs", alias = "definitions")]
    definitions: IndexMap<String, Self>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum OrBoolean {
    Boolean(#[expect(dead_code, reason = "whether other members are errors is not said")] bool),
    Schema(Box<Schema>),
}

pub(crate) fn pages(repository: &Repository) -> Result<Vec<Page>, Problem> {
    let pages = SCHEMAS.iter().map(|(name, path, of)| page(repository, name, path, *of));
    pages.collect()
}

fn page(
    repository: &Repository,
    name: &str,
    path: &str,
    of: Option<&str>,
) -> Result<Page, Problem> {
    let text = repository.read(path)?;
    let json = |error: serde_json::Error| Problem::Json {
        path: path.to_owned(),
        line: error.line(),
        error,
    };
    let (top, definitions) = match of {
        None => {
            let mut schema: Schema = serde_json::from_str(&text).map_err(json)?;
            let definitions = std::mem::take(&mut schema.definitions);
            (schema, definitions)
        }
        Some(top) => {
            let definitions: IndexMap<String, Schema> =
                serde_json::from_str(&text).map_err(json)?;
            (definitions.get(top).cloned().unwrap_or_default(), definitions)
        }
    };
    let title = format!("`{name}`");
    let about = top.description.clone().unwrap_or_default();
    let mut body = format!(
        "# {title}\n\n{}\n\n`browser-cors schema {name}` prints the JSON Schema.\n",
        prose(&about)
    );
    body.push_str(&of_schema(&top));
    for (definition, schema) in reached(&top, &definitions) {
        body.push_str(&format!("\n## {definition}\n"));
        if let Some(description) = &schema.description {
            body.push_str(&format!("\n{}\n", prose(description)));
        }
        body.push_str(&of_schema(schema));
    }
    Ok(Page {
        path: format!("reference/{name}.md"),
        title: name.to_owned(),
        about,
        source: Some(path.to_owned()),
        body,
    })
}

/// The definitions that a schema needs, each after the one that names it first.
fn reached<'a>(
    top: &'a Schema,
    definitions: &'a IndexMap<String, Schema>,
) -> Vec<(&'a String, &'a Schema)> {
    let mut found: Vec<(&String, &Schema)> = Vec::new();
    let mut names = top.references();
    let mut next = 0;
    while let Some(name) = names.get(next).copied() {
        next += 1;
        let known = definitions.get_key_value(name);
        if let Some((name, schema)) =
            known.filter(|(name, _)| !found.iter().any(|(n, _)| n == name))
        {
            found.push((name, schema));
            names.extend(schema.references());
        }
    }
    found
}

impl Schema {
    /// The names of the definitions that it refers to, and does so itself.
    fn references(&self) -> Vec<&str> {
        let own = self.reference.as_deref().map(name_of);
        own.into_iter().chain(self.parts().flat_map(Self::references)).collect()
    }

    fn parts(&self) -> impl Iterator<Item = &Self> {
        let additional = match &self.additional_properties {
            Some(OrBoolean::Schema(schema)) => Some(&**schema),
            _ => None,
        };
        let lists = [&self.prefix_items, &self.any_of, &self.all_of];
        let one = [self.items.as_deref(), additional, self.not.as_deref()];
        self.properties.values().chain(one.into_iter().flatten()).chain(lists.into_iter().flatten())
    }

    /// What a value must be, in a few words.
    fn what(&self) -> String {
        if let Some(reference) = &self.reference {
            let name = name_of(reference);
            return format!("[{name}](#{name})");
        }
        if let Some(constant) = &self.constant {
            return format!("`{constant}`");
        }
        let list = |values: &[Value]| {
            let values: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
            values.join(", ")
        };
        if !self.one_of.is_empty() {
            return list(&self.one_of);
        }
        let any: Vec<_> =
            self.any_of.iter().map(Self::what).filter(|what| !what.is_empty()).collect();
        if !any.is_empty() {
            return any.join(" or ");
        }
        let all: Vec<_> =
            self.all_of.iter().map(Self::what).filter(|what| !what.is_empty()).collect();
        if !all.is_empty() {
            return all.join(" and ");
        }
        let kinds: Vec<_> = match &self.kind {
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            kind => kind.iter().filter_map(Value::as_str).collect(),
        };
        let of = match (&self.items, &self.additional_properties) {
            _ if !self.prefix_items.is_empty() => {
                let parts: Vec<_> = self.prefix_items.iter().map(Self::what).collect();
                format!(" of {}", parts.join(", then "))
            }
            (Some(items), _) => format!(" of {}", items.what()),
            (None, Some(OrBoolean::Schema(schema))) => {
                let inner = schema.what();
                let members = schema.properties.keys().map(|name| format!("`{name}`"));
                let members: Vec<_> = members.collect();
                let with = if members.is_empty() {
                    String::new()
                } else {
                    format!(" with {}", members.join(", "))
                };
                format!(" of {inner}{with}")
            }
            _ => String::new(),
        };
        format!("{}{of}", kinds.join(" or ")).trim().to_owned()
    }

    /// The limits of a value.
    fn limits(&self) -> String {
        let mut limits = Vec::new();
        let mut range = |least: Option<u64>, most: Option<u64>, of: &str| match (least, most) {
            (Some(least), Some(most)) if least == most => limits.push(format!("{least}{of}")),
            (Some(least), Some(most)) => limits.push(format!("{least} to {most}{of}")),
            (Some(least), None) if least > 0 => limits.push(format!("{least}{of} or more")),
            (None, Some(most)) => limits.push(format!("up to {most}{of}")),
            _ => {}
        };
        range(self.minimum, self.maximum, "");
        range(self.min_items, self.max_items, " items");
        range(self.min_properties, None, " members");
        if self.unique_items {
            limits.push("each once".to_owned());
        }
        limits.extend(self.format.iter().map(|format| format!("a {format}")));
        limits.extend(self.pattern.iter().map(|pattern| format!("`{pattern}`")));
        let names = self.property_names.as_ref().and_then(|names| names.pattern.as_ref());
        limits.extend(names.map(|pattern| format!("names `{pattern}`")));
        limits.join("; ")
    }
}

/// The name of a definition in a reference to it.
fn name_of(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

/// What a schema says: the members of an object, or what a value must be.
fn of_schema(schema: &Schema) -> String {
    if schema.properties.is_empty() {
        let parts = [schema.what(), schema.limits()];
        let parts: Vec<_> =
            parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect();
        return format!("\n{}\n", parts.join("; "));
    }
    let rows = schema.properties.iter().map(|(name, member)| {
        let must = if schema.required.contains(name) { "yes" } else { "" };
        let what = [member.what(), cell(&member.limits())];
        let what: Vec<_> =
            what.iter().filter(|part| !part.is_empty()).map(String::as_str).collect();
        vec![
            format!("`{name}`"),
            must.to_owned(),
            what.join("; "),
            cell(member.description.as_deref().unwrap_or_default()),
        ]
    });
    let rows: Vec<_> = rows.collect();
    format!("\n{}", markdown::table(&["member", "required", "value", "what it is"], &rows))
}
