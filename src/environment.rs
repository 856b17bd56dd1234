//! The part of an environment settings object that the algorithms use: who asks, and under which
//! policies.

use std::sync::Arc;

use url::Url;

use crate::{
    origin::{Origin, RegistrableDomain},
    referrer::ReferrerPolicy,
};

/// A request's [client]: the members of an environment settings object on which CORS depends.
///
/// [client]: https://fetch.spec.whatwg.org/#concept-request-client
///
/// # Examples
///
/// ```
/// use browser_cors::{environment::Environment, environment::EmbedderPolicy, url::Url};
///
/// let mut page = Environment::new(Url::parse("https://app.example/cart").unwrap());
/// page.embedder_policy = EmbedderPolicy::RequireCorp;
/// assert_eq!(page.origin.serialized(), "https://app.example");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Environment {
    /// The environment's origin.
    pub origin: Origin,
    /// The base URL of relative URLs.
    pub api_base_url: Url,
    /// The URL of the document or worker, from which referrers are made.
    pub creation_url: Url,
    /// The network partition key, if there is one.
    pub network_partition_key: Option<NetworkPartitionKey>,
    /// The referrer policy of the policy container.
    pub referrer_policy: ReferrerPolicy,
    /// The value of the [embedder policy](https://html.spec.whatwg.org/multipage/browsers.html#embedder-policy).
    pub embedder_policy: EmbedderPolicy,
    /// The report-only value of the embedder policy.
    pub embedder_policy_report_only: EmbedderPolicy,
}

impl Environment {
    /// Wraps the environment in an [`Arc`], which all requests of its page can share.
    ///
    /// ```
    /// # use browser_cors::{environment::Environment, url::Url};
    /// let page = Environment::new(Url::parse("https://app.example/").unwrap()).shared();
    /// assert_eq!(page.origin.serialized(), "https://app.example");
    /// ```
    pub fn shared(self) -> Arc<Self> {
        Arc::new(self)
    }

    /// The environment of a page at `url` in a tab of its own. Its site is the partition key.
    ///
    /// ```
    /// # #[cfg(feature = "public-suffix")] {
    /// # use browser_cors::{environment::Environment, origin::PublicSuffixList, url::Url};
    /// let url = Url::parse("https://www.app.example/cart").unwrap();
    /// let page = Environment::top_level(url, &PublicSuffixList);
    /// assert_eq!(page.network_partition_key.unwrap().as_str(), "https://app.example");
    /// # }
    /// ```
    pub fn top_level(url: Url, sites: &dyn RegistrableDomain) -> Self {
        let mut page = Self::new(url);
        page.network_partition_key = NetworkPartitionKey::determine(&page.origin, None, sites);
        page
    }

    /// The environment of a page with this origin in a tab of its own. Its URL is the root of the
    /// origin, or `about:blank` if the origin is opaque (as the origin of a sandboxed page is).
    ///
    /// ```
    /// # #[cfg(feature = "public-suffix")] {
    /// # use browser_cors::{environment::Environment, origin::PublicSuffixList};
    /// let page = Environment::of_origin(&"https://app.example".parse()?, &PublicSuffixList);
    /// assert_eq!(page.creation_url.as_str(), "https://app.example/");
    /// let sandboxed = Environment::of_origin(&"null".parse()?, &PublicSuffixList);
    /// assert_eq!(sandboxed.creation_url.as_str(), "about:blank");
    /// # }
    /// # Ok::<(), browser_cors::origin::InvalidOrigin>(())
    /// ```
    pub fn of_origin(origin: &Origin, sites: &dyn RegistrableDomain) -> Self {
        let url = Url::parse(origin.serialized()).ok().filter(|_| !origin.is_opaque());
        let blank = || Url::parse("about:blank").expect("about:blank is a URL");
        Self {
            origin: origin.clone(),
            network_partition_key: NetworkPartitionKey::determine(origin, None, sites),
            ..Self::new(url.unwrap_or_else(blank))
        }
    }

    /// The environment of a page at `url`, with [the origin of such a page](Origin::of_page), no
    /// partition key, and the default policies.
    ///
    /// ```
    /// # use browser_cors::{environment::Environment, url::Url};
    /// let page = Environment::new(Url::parse("https://app.example/cart").unwrap());
    /// assert_eq!(page.network_partition_key, None);
    /// ```
    pub fn new(url: Url) -> Self {
        Self {
            origin: Origin::of_page(&url),
            api_base_url: url.clone(),
            creation_url: url,
            network_partition_key: None,
            referrer_policy: ReferrerPolicy::StrictOriginWhenCrossOrigin,
            embedder_policy: EmbedderPolicy::UnsafeNone,
            embedder_policy_report_only: EmbedderPolicy::UnsafeNone,
        }
    }
}

/// A [network partition key], which is part of the preflight cache's key. Cloning is cheap.
///
/// [network partition key]: https://fetch.spec.whatwg.org/#network-partition-key
///
/// # Examples
///
/// ```
/// use browser_cors::environment::NetworkPartitionKey;
///
/// let key = NetworkPartitionKey::new("https://foo.example");
/// assert_eq!(key.as_str(), "https://foo.example");
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct NetworkPartitionKey(Arc<str>);

impl NetworkPartitionKey {
    /// A key that the embedder makes up. Equal texts are equal keys. A top-level environment with
    /// an opaque origin needs such a key, since it is a site of its own.
    ///
    /// ```
    /// # use browser_cors::environment::NetworkPartitionKey;
    /// assert_ne!(NetworkPartitionKey::new("opaque-1"), NetworkPartitionKey::new("opaque-2"));
    /// ```
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// [Determines the network partition key] of a top-level origin. It consists of the origin's
    /// site and of `second_key`, which the standard leaves to the implementation. An opaque origin
    /// gets `None`.
    ///
    /// [Determines the network partition key]: https://fetch.spec.whatwg.org/#determine-the-network-partition-key
    ///
    /// ```
    /// # #[cfg(feature = "public-suffix")] {
    /// # use browser_cors::{environment::NetworkPartitionKey, origin::PublicSuffixList};
    /// let top = "https://a.foo.example:8443".parse().unwrap();
    /// let key = NetworkPartitionKey::determine(&top, None, &PublicSuffixList).unwrap();
    /// assert_eq!(key.as_str(), "https://foo.example");
    /// # }
    /// ```
    pub fn determine(
        top_level_origin: &Origin,
        second_key: Option<&str>,
        sites: &dyn RegistrableDomain,
    ) -> Option<Self> {
        // Steps 1 to 4.
        let site = top_level_origin.site(sites)?;
        // Steps 5 and 6.
        Some(Self(match second_key {
            None => site.into(),
            Some(second_key) => format!("{site} {second_key}").into(),
        }))
    }

    /// Whether this key's top-level site is the site of `origin`.
    pub(crate) fn is_of_site(&self, origin: &Origin, sites: &dyn RegistrableDomain) -> bool {
        self.0.split(' ').next() == origin.site(sites).as_deref()
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An [embedder policy value].
///
/// [embedder policy value]: https://html.spec.whatwg.org/multipage/browsers.html#embedder-policy-value
///
/// ```
/// # use browser_cors::environment::EmbedderPolicy;
/// assert_eq!(EmbedderPolicy::default(), EmbedderPolicy::UnsafeNone);
/// ```
#[expect(clippy::exhaustive_enums, reason = "the standard closes this set")]
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum EmbedderPolicy {
    /// "unsafe-none": the default.
    #[default]
    UnsafeNone,
    /// "credentialless": no-CORS requests to other origins have no credentials.
    Credentialless,
    /// "require-corp": resources of other origins must opt in with `Cross-Origin-Resource-Policy`.
    RequireCorp,
}
