//! Remedies in the tongue of a server: a snippet of configuration or code that answers as a remedy
//! asks.
//!
//! Each tongue has a template in a file of its own. A [`Policy`] says what is to be granted, and fills
//! the template. A snippet never reflects an origin that it does not name, and every answer that hangs
//! on the origin says so with `Vary: Origin`.

mod guess;
mod policy;
mod template;

use std::{fmt, str::FromStr};

use thiserror::Error;

pub use guess::{Guess, guess};
pub use policy::Policy;

macro_rules! tongues {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $proof:expr;)+) => {
        /// The software or service in whose words a snippet is written.
        ///
        /// ```
        /// use browser_cors::explain::tongue::{Policy, Tongue};
        ///
        /// let tongue: Tongue = "nginx".parse()?;
        /// let mut policy = Policy::new("https://app.example").unwrap();
        /// policy.methods = vec!["PUT".to_owned()];
        /// let snippet = tongue.snippet(&policy);
        /// assert!(snippet.to_string().contains("\"https://app.example\" $http_origin;\n"));
        /// # Ok::<(), browser_cors::explain::tongue::UnknownTongue>(())
        /// ```
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum Tongue {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Tongue {
            /// All tongues.
            ///
            /// ```
            /// # use browser_cors::explain::tongue::Tongue;
            /// assert!(Tongue::ALL.contains(&Tongue::Caddy));
            /// ```
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Their names, in the same order.
            ///
            /// ```
            /// # use browser_cors::explain::tongue::Tongue;
            /// assert_eq!(Tongue::NAMES[0], "nginx");
            /// ```
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// Its name.
            ///
            /// ```
            /// # use browser_cors::explain::tongue::Tongue;
            /// assert_eq!(Tongue::ApiGateway.as_str(), "api-gateway");
            /// ```
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// Whether anybody has seen its snippets work.
            ///
            /// ```
            /// # use browser_cors::explain::tongue::{Proof, Tongue};
            /// assert_eq!(Tongue::S3.proof(), Proof::None);
            /// ```
            pub const fn proof(self) -> Proof {
                match self {
                    $(Self::$variant => $proof,)+
                }
            }

            const fn template(self) -> &'static str {
                match self {
                    $(Self::$variant => include_str!(concat!("templates/", $name, ".txt")),)+
                }
            }
        }
    };
}

tongues! {
    /// nginx.
    Nginx = "nginx", Proof::Tests("nginx 1.22");
    /// Apache's HTTP server.
    Apache = "apache", Proof::Tried("Apache 2.4.71");
    /// Caddy.
    Caddy = "caddy", Proof::Tried("Caddy 2.6.2");
    /// HAProxy.
    Haproxy = "haproxy", Proof::Tried("HAProxy 2.6.12");
    /// Express, with the package cors.
    Express = "express", Proof::Tests("Express 5 and cors 2.8");
    /// Fastify, with @fastify/cors.
    Fastify = "fastify", Proof::Tried("Fastify 5.12 and @fastify/cors 11.4");
    /// Hono.
    Hono = "hono", Proof::Tried("Hono 4.13");
    /// Nest.
    Nest = "nest", Proof::Tried("Nest 12.5");
    /// FastAPI, and Starlette.
    Fastapi = "fastapi", Proof::Tried("FastAPI 0.165 and Starlette 1.10");
    /// Django, with django-cors-headers.
    Django = "django", Proof::Tried("Django 5.2 and django-cors-headers 4.9");
    /// Flask, with flask-cors.
    Flask = "flask", Proof::Tests("Flask 3.1 and flask-cors 6.0");
    /// Spring Boot.
    Spring = "spring", Proof::None;
    /// ASP.NET Core.
    Aspnet = "aspnet", Proof::None;
    /// Rails, with rack-cors.
    Rails = "rails", Proof::None;
    /// Laravel.
    Laravel = "laravel", Proof::None;
    /// Go's net/http, with github.com/rs/cors.
    Go = "go", Proof::Tried("rs/cors 1.7");
    /// axum, with tower-http.
    Axum = "axum", Proof::Tried("axum 0.8 and tower-http 0.7");
    /// Actix Web, with actix-cors.
    Actix = "actix", Proof::Tried("Actix Web 4.18 and actix-cors 0.7");
    /// Amazon S3.
    S3 = "s3", Proof::None;
    /// Amazon CloudFront.
    Cloudfront = "cloudfront", Proof::None;
    /// Amazon API Gateway, for HTTP APIs.
    ApiGateway = "api-gateway", Proof::None;
    /// Cloudflare Workers.
    Cloudflare = "cloudflare", Proof::Tried("Node 20 in place of Workers");
}

/// Whether anybody has seen a tongue's snippets work: pages of the named origin could read the
/// answers, those of others could not, and errors had the headers, too.
///
/// ```
/// # use browser_cors::explain::tongue::Proof;
/// assert_eq!(Proof::None.to_string(), "not tried");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Proof {
    /// This project's tests apply them to this software.
    Tests(&'static str),
    /// They were applied to this software once.
    Tried(&'static str),
    /// Nobody has tried them: they follow the documentation.
    None,
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tests(software) => write!(f, "tested with {software}"),
            Self::Tried(software) => write!(f, "tried with {software}"),
            Self::None => f.write_str("not tried"),
        }
    }
}

/// A text that is no tongue's name.
///
/// ```
/// # use browser_cors::explain::tongue::Tongue;
/// let error = "cobol".parse::<Tongue>().unwrap_err();
/// assert_eq!(error.to_string(), "`cobol` is no server for which there are snippets");
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("`{name}` is no server for which there are snippets")]
pub struct UnknownTongue {
    /// The text.
    pub name: String,
}

impl FromStr for Tongue {
    type Err = UnknownTongue;

    fn from_str(name: &str) -> Result<Self, UnknownTongue> {
        let mut all = Self::ALL.iter().copied();
        all.find(|tongue| tongue.as_str() == name)
            .ok_or_else(|| UnknownTongue { name: name.to_owned() })
    }
}

impl fmt::Display for Tongue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A policy in the words of a server. [`Display`](fmt::Display) writes its parts, each after the
/// place where it belongs.
///
/// ```
/// # use browser_cors::explain::tongue::{Policy, Tongue};
/// let snippet = Tongue::Flask.snippet(&Policy::new("https://app.example").unwrap());
/// assert!(snippet.parts[0].text.contains("origins=[\"https://app.example\"]"));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Snippet {
    /// In whose words.
    pub tongue: Tongue,
    /// Its parts: most have one.
    pub parts: Vec<Part>,
}

/// A part of a [`Snippet`].
///
/// ```
/// # use browser_cors::explain::tongue::{Policy, Tongue};
/// let snippet = Tongue::Nginx.snippet(&Policy::new("https://app.example").unwrap());
/// assert!(snippet.parts[0].place.starts_with("the http block"));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Part {
    /// Where it belongs: a file, a block or a place in the code.
    pub place: String,
    /// The lines, each with its end.
    pub text: String,
}

impl Tongue {
    /// The policy in the words of this server.
    ///
    /// ```
    /// # use browser_cors::explain::tongue::{Policy, Tongue};
    /// let mut policy = Policy::new("https://app.example").unwrap();
    /// policy.credentials = true;
    /// let text = Tongue::Express.snippet(&policy).to_string();
    /// assert!(text.contains("origin: ['https://app.example'],\n"));
    /// assert!(text.contains("credentials: true,\n"));
    /// ```
    pub fn snippet(self, policy: &Policy) -> Snippet {
        let mut parts: Vec<Part> = Vec::new();
        for line in template::fill(self.template(), policy).lines() {
            if let Some(place) = line.strip_prefix("=== ") {
                parts.push(Part { place: place.to_owned(), text: String::new() });
            } else if let Some(part) = parts.last_mut() {
                part.text.extend([line, "\n"]);
            }
        }
        Snippet { tongue: self, parts }
    }
}

impl fmt::Display for Snippet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|Part { place, text }| {
            writeln!(f, "In {place}:")?;
            text.lines().try_for_each(|line| writeln!(f, "    {line}"))
        })
    }
}
