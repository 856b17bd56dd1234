//! What browsers make of live servers and of recorded traffic, as far as CORS is concerned.
//!
//! [`browser_cors`] says what a browser does, and does no I/O. This crate brings the rest of an audit
//! to it: an HTTP client that sends byte for byte what a browser would, files that say what is
//! expected of a server, the comparison of two deployments, and the reading of HAR files. Results are
//! values, with a verdict, an explanation and the fix; nothing is printed. The command `browser-cors`
//! is arguments and text around it.
//!
//! | to | use |
//! |---|---|
//! | let a test suite ask a server that runs | [`OverHttp`], with [`browser_cors::suite`] |
//! | hold a server to a file of expectations, in CI or a test | [`expect`] |
//! | compare two deployments | [`compare`] |
//! | judge what a browser or proxy recorded | [`har`] |
//! | drive fetches by yourself | [`client`] |
//!
//! # A test that keeps a file's expectations
//!
//! The file `cors.toml`:
//!
//! ```toml
//! base = "https://api.example"
//!
//! [pages]
//! app = "https://app.example"
//!
//! [[allow]]
//! name = "items"
//! paths = ["/items"]
//! methods = ["GET", "PUT"]
//! credentials = "include"
//!
//! [[deny]]
//! name = "anybody else"
//! paths = ["/items"]
//! from = ["foreign", "null", "look-alike"]
//! ```
//!
//! The test, against a server that it starts itself:
//!
//! ```
//! use browser_cors_audit::expect::{Asking, Expectations};
//!
//! # fn start() -> std::io::Result<String> {
//! #     use std::{io::{BufRead, BufReader, Write}, net::TcpListener, thread};
//! #     let listener = TcpListener::bind("127.0.0.1:0")?;
//! #     let base = format!("http://{}", listener.local_addr()?);
//! #     thread::spawn(move || {
//! #         for mut stream in listener.incoming().map_while(Result::ok) {
//! #             let head: Vec<_> = BufReader::new(&stream).lines().map_while(Result::ok)
//! #                 .take_while(|line| !line.is_empty()).collect();
//! #             let is_ours = head.iter().any(|line| line == "Origin: https://app.example");
//! #             let cors = if is_ours {
//! #                 "Access-Control-Allow-Origin: https://app.example\r\n\
//! #                  Access-Control-Allow-Credentials: true\r\nAccess-Control-Allow-Methods: PUT\r\n"
//! #             } else { "" };
//! #             let _ = write!(stream, "HTTP/1.1 200 OK\r\n{cors}Vary: Origin\r\n\r\n");
//! #         }
//! #     });
//! #     Ok(base)
//! # }
//! # let path = std::env::temp_dir().join(format!("browser-cors-{}.toml", std::process::id()));
//! # std::fs::write(&path, "base = \"https://api.example\"\n[pages]\napp = \"https://app.example\"\n\
//! #     [[allow]]\npaths = [\"/items\"]\nmethods = [\"GET\", \"PUT\"]\ncredentials = \"include\"\n\
//! #     [[deny]]\npaths = [\"/items\"]\n")?;
//! let report = Expectations::read(&path)?.at(&start()?)?.ask(&Asking::new())?;
//! # std::fs::remove_file(&path)?;
//! assert!(report.is_met(), "{report}");
//! # assert_eq!(report.counts().passed, 24);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A test that fails prints each combination that is not as expected: the exchanges with a mark under
//! the bytes at fault, the engines that it concerns, and the answers that would mend it. The same is
//! there as values ([`Report::judged`](expect::Report::judged)), and as JUnit XML, SARIF, JSON,
//! Markdown and GitHub's annotations.
//!
//! # Features
//!
//! * `live` (default): all that asks live servers. Without it there is [`har`] alone, which opens no
//!   socket and starts no thread.
//!
//! # Threads and limits
//!
//! What asks servers blocks, and some of it asks on several threads; an
//! [observer](expect::Asking::observed_by) hears how far it is and can end it. A server that answers
//! nothing, or no HTTP, is a verdict, not an error. What grows with input has a bound: a file of
//! expectations is 1 MiB at most and 100,000 combinations, the header section of an answer 256 KiB,
//! and of a HAR, however long it is, a few MiB are in memory.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

#[cfg(feature = "live")]
pub mod client;
#[cfg(feature = "live")]
pub mod compare;
#[cfg(feature = "live")]
pub mod expect;
pub mod har;
#[cfg(feature = "live")]
mod mixed_content;
#[cfg(feature = "live")]
mod over_http;

#[cfg(feature = "live")]
pub use mixed_content::mixed_content;
#[cfg(feature = "live")]
pub use over_http::OverHttp;
