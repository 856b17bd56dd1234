//! [Scheme fetch](https://fetch.spec.whatwg.org/#concept-scheme-fetch).

pub(crate) mod engines;

use data_url::DataUrl;
use url::Url;

use super::{Action, Context, Exchange, FetchParams, Refusal, Stage};
use crate::{header::HeaderList, response::Response};

impl FetchParams {
    /// Scheme fetch.
    pub(super) fn scheme_fetch(self: Box<Self>, context: &mut Context<'_>) -> Action {
        // Omitted(embedder): step 1.
        // Step 2.
        let url = self.request.current_url();
        // Step 3.
        match url.scheme() {
            // Step 3[about].
            // Departs(AboutBlank)
            "about"
                if url.path() == "blank"
                    && context.user_agent.profile.choices.about_blank.is_fetched() =>
            {
                let response = content(b"text/html;charset=utf-8");
                self.finish_main_fetch(None, response, context)
            }
            "about" => self.network_error(Refusal::AboutNotBlank, context),
            // Steps 3[blob] and 3[file].
            "blob" | "file" if context.user_agent.blob_and_file => {
                Action::Send(Exchange::without_server(self, Stage::Local))
            }
            // Step 3[data].
            "data" => match data_url_content_type(url) {
                Some(content_type) => {
                    self.finish_main_fetch(None, content(content_type.as_bytes()), context)
                }
                None => self.network_error(Refusal::DataUrl, context),
            },
            // Step 3[http].
            "http" | "https" => self.http_fetch(false, context),
            // Step 4.
            scheme => {
                let scheme = scheme.to_owned();
                self.network_error(Refusal::Scheme { scheme }, context)
            }
        }
    }
}

/// The serialized MIME type that the [`data:` URL processor] finds; `None` if it returns failure.
///
/// [`data:` URL processor]: https://fetch.spec.whatwg.org/#data-url-processor
///
/// ```
/// # use browser_cors::{fetch::data_url_content_type, url::Url};
/// let url = Url::parse("data:;base64,aGk=").unwrap();
/// assert_eq!(data_url_content_type(&url).as_deref(), Some("text/plain;charset=US-ASCII"));
/// assert_eq!(data_url_content_type(&Url::parse("data:no-comma").unwrap()), None);
/// ```
pub fn data_url_content_type(url: &Url) -> Option<String> {
    // Steps 1 to 15. The crate `data-url` does them.
    let data = DataUrl::process(url.as_str()).ok()?;
    data.decode(|_| Ok::<_, ()>(())).ok()?;
    Some(data.mime_type().to_string())
}

fn content(content_type: &[u8]) -> Response {
    let mut header_list = HeaderList::with_capacity(1, "Content-Type".len() + content_type.len());
    header_list.append_valid(b"Content-Type", content_type);
    Response::new(200, header_list)
}
