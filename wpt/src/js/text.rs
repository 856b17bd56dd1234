//! Host functions for texts: URLs, encodings, documents.

use browser_cors::{
    header::mime::MimeType,
    url::{Position, Url, quirks},
};
use encoding_rs::Encoding;
use rquickjs::{Ctx, TypedArray, prelude::Opt};
use serde_json::{Value as Json, json};

use super::{
    from_json,
    host::{Answer, Host, bytes_in},
};
use crate::page;

pub(super) fn install<'js>(host: &Host<'_, 'js>) -> rquickjs::Result<()> {
    host.set("parseUrl", |ctx: Ctx<'js>, text: String, base: Opt<Option<String>>| {
        let base = base.0.flatten().map(|base| Url::parse(&base));
        let url = match base {
            None => Url::parse(&text),
            Some(Ok(base)) => base.join(&text),
            Some(Err(error)) => Err(error),
        };
        from_json(&ctx, &url.ok().map(|url| parts(&url)))
    })?;
    host.set("setUrlPart", |ctx: Ctx<'js>, href: String, part: String, value: String| {
        let Ok(mut url) = Url::parse(&href) else { return from_json(&ctx, &Json::Null) };
        // The standard's setters ignore what they cannot set.
        let _ = match part.as_str() {
            "protocol" => quirks::set_protocol(&mut url, &value),
            "username" => quirks::set_username(&mut url, &value),
            "password" => quirks::set_password(&mut url, &value),
            "host" => quirks::set_host(&mut url, &value),
            "hostname" => quirks::set_hostname(&mut url, &value),
            "port" => quirks::set_port(&mut url, &value),
            "pathname" => {
                quirks::set_pathname(&mut url, &value);
                Ok(())
            }
            "search" => {
                quirks::set_search(&mut url, &value);
                Ok(())
            }
            _ => {
                quirks::set_hash(&mut url, &value);
                Ok(())
            }
        };
        from_json(&ctx, &parts(&url))
    })?;
    host.set("parseForm", |ctx: Ctx<'js>, text: String| {
        let pairs: Vec<_> =
            browser_cors::url::form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        from_json(&ctx, &pairs)
    })?;
    host.set("writeForm", |pairs: Vec<Vec<String>>| {
        let mut form = browser_cors::url::form_urlencoded::Serializer::new(String::new());
        for pair in &pairs {
            if let [name, value] = &pair[..] {
                form.append_pair(name, value);
            }
        }
        form.finish()
    })?;
    host.set("parseDocument", |ctx: Ctx<'js>, text: String| {
        from_json(&ctx, &page::parse_html(&text))
    })?;
    host.set("parseXml", |ctx: Ctx<'js>, text: String| from_json(&ctx, &page::parse_xml(&text)))?;
    host.set("pixels", |ctx: Ctx<'js>, bytes: TypedArray<'js, u8>| -> Answer<'js> {
        match page::pixels(&bytes_in(&bytes)) {
            Some(pixels) => Ok(TypedArray::<u8>::new(ctx, pixels)?.into_value()),
            None => from_json(&ctx, &Json::Null),
        }
    })?;
    host.set("parseMimeType", |text: String| MimeType::parse(&text).map(|it| it.to_string()))?;
    host.set("encode", |ctx: Ctx<'js>, text: String| {
        TypedArray::<u8>::new(ctx, text.into_bytes())
    })?;
    host.set("encodingName", |label: String| {
        Encoding::for_label(label.as_bytes()).map(|it| it.name().to_ascii_lowercase())
    })?;
    host.set("decode", decode)
}

/// Decodes bytes; null if that fails and must not.
fn decode<'js>(
    ctx: Ctx<'js>,
    label: String,
    bytes: TypedArray<'js, u8>,
    is_fatal: bool,
    keeps_bom: bool,
) -> Answer<'js> {
    let bytes = bytes_in(&bytes);
    let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    let mut rest = &bytes[..];
    if let (false, Some((found, length))) = (keeps_bom, Encoding::for_bom(&bytes))
        && found == encoding
    {
        rest = &bytes[length..];
    }
    let (text, has_errors) = encoding.decode_without_bom_handling(rest);
    if is_fatal && has_errors {
        return from_json(&ctx, &Json::Null);
    }
    super::host::value(&ctx, text.into_owned())
}

/// What `URL` shows.
fn parts(url: &Url) -> Json {
    json!({
        "href": url.as_str(),
        "origin": quirks::origin(url),
        "protocol": quirks::protocol(url),
        "username": quirks::username(url),
        "password": quirks::password(url),
        "host": quirks::host(url),
        "hostname": quirks::hostname(url),
        "port": quirks::port(url),
        "pathname": quirks::pathname(url),
        "search": quirks::search(url),
        "hash": quirks::hash(url),
        "withoutHash": &url[..Position::AfterQuery],
    })
}
