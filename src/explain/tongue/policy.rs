//! What a server is to grant.

use crate::{
    console::{self, Complaint, Field, Message},
    explain::{Remedy, Where, cause::clean_members, remedy::take_misplaced},
    fetch::Outcome,
    header::{HeaderList, extract::extract_max_age},
    origin::Origin,
    request::CredentialsMode,
    transcript::{RecordedExchange, Transcript},
};

/// Browsers ask for these without a listing, but some servers refuse what is not listed.
const SAFELISTED_METHODS: [&str; 3] = ["GET", "HEAD", "POST"];

/// For how long browsers keep preflights at most.
const LONGEST_MAX_AGE: u64 = 86_400;

/// For how long preflights are kept, where nobody says.
const USUAL_MAX_AGE: u64 = 600;

/// What a server is to grant to pages of some origins.
///
/// ```
/// # use browser_cors::explain::tongue::Policy;
/// let policy = Policy::new("https://app.example").unwrap();
/// assert_eq!(policy.max_age, 600);
/// assert_eq!(Policy::new("null"), None);
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Policy {
    /// The origins of the pages.
    pub origins: Vec<String>,
    /// The methods of their requests.
    pub methods: Vec<String>,
    /// The headers that they may set.
    pub headers: Vec<String>,
    /// The response headers that they may read, beside those that all may.
    pub exposed: Vec<String>,
    /// Whether they may ask with credentials.
    pub credentials: bool,
    /// For how long browsers may keep the answer to a preflight, in seconds.
    pub max_age: u64,
}

impl Policy {
    /// What lets pages of this origin read answers to GET. `None`, if that is no origin, or `null`,
    /// which no server can safely name.
    ///
    /// ```
    /// # use browser_cors::explain::tongue::Policy;
    /// assert_eq!(Policy::new("https://app.example").unwrap().methods, ["GET", "HEAD", "POST"]);
    /// ```
    pub fn new(origin: &str) -> Option<Self> {
        let parsed: Origin = origin.parse().ok()?;
        let is_plain =
            origin.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:/[]_+".contains(&byte));
        (!parsed.is_opaque() && is_plain).then(|| Self {
            origins: vec![origin.to_owned()],
            methods: SAFELISTED_METHODS.map(str::to_owned).to_vec(),
            headers: Vec::new(),
            exposed: Vec::new(),
            credentials: false,
            max_age: USUAL_MAX_AGE,
        })
    }

    /// What a server must grant so that a fetch succeeds that it refused, beside what it grants
    /// already. `None`, if nothing that a server grants is missing.
    ///
    /// ```
    /// # use browser_cors::{explain::tongue::{Policy, Tongue}, transcript::Transcript};
    /// # fn f(transcript: &Transcript) {
    /// if let Some(policy) = Policy::of(transcript) {
    ///     print!("{}", Tongue::Nginx.snippet(&policy));
    /// }
    /// # }
    /// ```
    pub fn of(transcript: &Transcript) -> Option<Self> {
        let remedy = Remedy::of(transcript).or_else(|| Remedy::of_opaque(transcript))?;
        let is_of_server =
            matches!(remedy.place, Where::Server { .. } | Where::PageAndServer { .. });
        let mut headers = remedy.answers.iter().flat_map(|answer| &answer.headers);
        let is_about_cors = headers.any(|(name, _)| name.starts_with("Access-Control-Allow-"));
        // Redirects across origins have made the origin `null`.
        let is_null = matches!(&transcript.outcome, Outcome::NetworkError(error)
            if error.origin == "null");
        if !is_of_server || !is_about_cors || is_null {
            return None;
        }
        let mut policy = Self::new(&transcript.asked.origin)?;
        policy.credentials = transcript.asked.credentials_mode == CredentialsMode::Include;
        let method = transcript.asked.method.as_str();
        if !policy.methods.iter().any(|known| known == method) {
            policy.methods.push(method.to_owned());
        }
        policy.headers.clone_from(&transcript.asked.dropped_header_names);
        let judged = transcript.judged_exchange()?;
        if let Some(names) = judged.header_list.get_decode_and_split(ASKED_HEADERS) {
            policy.headers.extend(names);
            take_misplaced(&mut policy.headers);
        }
        if let Some(answer) = judged.read() {
            policy.keep(&answer.header_list);
        }
        Some(policy)
    }

    /// What a server must grant so that what a console line complains about succeeds, as far as the
    /// line tells. `None`, if it names no origin, or nothing that a server grants is missing.
    ///
    /// ```
    /// use browser_cors::{console::recognize, explain::tongue::Policy};
    ///
    /// let message = recognize(
    ///     "Access to fetch at 'https://api.example/items' from origin 'https://app.example' has been \
    ///      blocked by CORS policy: Method PATCH is not allowed by Access-Control-Allow-Methods in \
    ///      preflight response.",
    /// )?;
    /// let policy = Policy::of_message(&message).unwrap();
    /// assert_eq!(policy.origins, ["https://app.example"]);
    /// assert_eq!(policy.methods, ["GET", "HEAD", "POST", "PATCH"]);
    /// # Ok::<(), browser_cors::console::Unrecognized>(())
    /// ```
    pub fn of_message(message: &Message) -> Option<Self> {
        let remedy = console::remedy(message);
        let mut headers = remedy.answers.iter().flat_map(|answer| &answer.headers);
        headers.find(|(name, _)| name.starts_with("Access-Control-Allow-"))?;
        let mut policy = Self::new(message.value(Field::Origin)?)?;
        policy.credentials = matches!(
            message.complaint,
            Complaint::WildcardWithCredentials | Complaint::CredentialsNotAllowed
        );
        let mut named = HeaderList::new();
        for (field, name) in [
            (Field::Method, "Access-Control-Allow-Methods"),
            (Field::Header, "Access-Control-Allow-Headers"),
        ] {
            if let Some(value) = message.value(field) {
                // What is no value is no name either.
                let _ = named.append(name, value.as_bytes());
            }
        }
        policy.keep(&named);
        take_misplaced(&mut policy.headers);
        Some(policy)
    }

    /// Adds what these headers grant already.
    fn keep(&mut self, headers: &HeaderList) {
        let lists = [
            ("Access-Control-Allow-Methods", &mut self.methods),
            ("Access-Control-Allow-Headers", &mut self.headers),
            ("Access-Control-Expose-Headers", &mut self.exposed),
        ];
        for (name, list) in lists {
            let mut kept = clean_members(name, headers.values(name));
            kept.retain(|member| !list.iter().any(|known| known.eq_ignore_ascii_case(member)));
            list.append(&mut kept);
            // What has no place in quotes is left out, as is `*`.
            list.retain(|member| {
                member.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
            });
        }
        if let Ok(Some(max_age)) = extract_max_age(headers) {
            self.max_age = max_age.min(LONGEST_MAX_AGE);
        }
    }
}

const ASKED_HEADERS: &str = "Access-Control-Request-Headers";

/// The answer that tells which server it is.
pub(super) fn answer(transcript: &Transcript) -> Option<&HeaderList> {
    let judged = transcript.judged_exchange().and_then(RecordedExchange::read);
    judged.map(|answer| &answer.header_list)
}
