//! What a server must grant so that all `[[allow]]` rows of a file hold.

use browser_cors::{
    engine::Profile,
    explain::tongue::Policy,
    header::{HeaderList, safelist::cors_unsafe_request_header_names},
    request::CredentialsMode,
};

use super::file::{Expectations, Kind};

impl Expectations {
    /// What a server must grant so that all `[[allow]]` rows hold together, to be written in the
    /// [tongue](browser_cors::explain::tongue) of a server. A row that needs less, on some paths, gets
    /// more by it. `None`, if there is no such row, or no page whose origin a server can safely name.
    ///
    /// ```
    /// use browser_cors::explain::tongue::Tongue;
    /// use browser_cors_audit::expect::Expectations;
    ///
    /// # let text = "[pages]\napp = \"https://app.example\"\n[[allow]]\npaths = [\"/\"]\nmethods = [\"PUT\"]\n";
    /// let expectations = Expectations::parse("cors.toml", text, &|_| None)?;
    /// let policy = expectations.policy().unwrap();
    /// assert_eq!(policy.origins, ["https://app.example"]);
    /// print!("{}", Tongue::Nginx.snippet(&policy));
    /// # Ok::<(), browser_cors_audit::expect::InvalidExpectations>(())
    /// ```
    pub fn policy(&self) -> Option<Policy> {
        let mut whole: Option<Policy> = None;
        for row in self.rows() {
            let Kind::Allow(demands) = &row.kind else { continue };
            let origins = row.pages.iter().map(|page| self.pages[*page].origin.serialized());
            for mut page in origins.filter_map(Policy::new) {
                let policy = whole.get_or_insert_with(|| page.clone());
                add(&mut policy.origins, page.origins.drain(..));
                add(&mut policy.methods, row.methods.iter().cloned());
                for set in &row.headers {
                    let mut list = HeaderList::new();
                    for (name, value) in set.0.iter() {
                        // The file was read only with headers that a page can set.
                        let _ = list.append(name, value);
                    }
                    add(
                        &mut policy.headers,
                        cors_unsafe_request_header_names(&list, &Profile::STANDARD),
                    );
                }
                add(&mut policy.exposed, demands.read.iter().cloned());
                policy.credentials |= row.credentials.contains(&CredentialsMode::Include);
                policy.max_age = policy.max_age.max(demands.preflight_every.unwrap_or_default());
            }
        }
        whole
    }
}

fn add(list: &mut Vec<String>, more: impl IntoIterator<Item = String>) {
    for one in more {
        if !list.iter().any(|known| known.eq_ignore_ascii_case(&one)) {
            list.push(one);
        }
    }
}
