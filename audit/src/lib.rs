//! Audits CORS on live servers and in recorded traffic: what would browsers do?
//!
//! [`browser_cors`] says what a browser does, and does no I/O. This crate adds the other parts of
//! an audit: an HTTP client that sends byte for byte what a browser would, files that say what is
//! expected of a server, a comparison of two deployments, and a reader of HAR files. Results are
//! values, with a verdict, an explanation and the fix. The crate prints nothing; the command
//! `browser-cors` adds arguments and text.
//!
//! | task | module or type |
//! |---|---|
//! | send the requests of a test suite to a running server | [`OverHttp`], with [`browser_cors::suite`] |
//! | check a server against a file of expectations, in CI or a test | [`expect`] |
//! | compare two deployments | [`compare`] |
//! | judge what a browser or proxy recorded | [`har`] |
//! | find out who may read what on a server | [`survey`] |
//! | fetch as a page does, in an async program | [`client::Driver`] |
//! | drive fetches yourself | [`client`] |
//!
//! # A test with a file of expectations
//!
//! This is the file `cors.toml`:
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
//! This test starts a server and checks it:
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
//! # assert_eq!(report.counts().passed, 28);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A test that fails prints each combination that is not as expected: the exchanges with a mark
//! under the bytes at fault, the engines with this outcome, and the answers that would fix it. The
//! same is available as values ([`Report::judged`](expect::Report::judged)), and as JUnit XML,
//! SARIF, JSON, Markdown and GitHub's annotations.
//!
//! # Features
//!
//! * `live` (default): everything that asks live servers. Without it, nothing opens a socket or starts a
//!   thread.
//! * `expectations`: files of expectations that are asked of a server [in process](expect::InProcess). `live`
//!   has it, too.
//!
//! # Threads and limits
//!
//! Functions that ask servers block, except for those of [`client::Driver`], and some of them use several
//! threads. An
//! [observer](expect::Asking::observed_by) receives their progress and can cancel them. If a server
//! does not answer, or not with HTTP, that is a verdict and no error. All sizes are bounded: a file
//! of expectations has at most 1 MiB and 100,000 combinations, the header section of an answer at
//! most 256 KiB. Reading a HAR of any length takes a few MiB of memory.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

pub mod browser;
#[cfg(feature = "live")]
pub mod client;
#[cfg(feature = "live")]
pub mod compare;
#[cfg(feature = "expectations")]
pub mod expect;
pub mod har;
pub mod line;
mod look_alike;
pub mod messages;
#[cfg(feature = "live")]
mod over_http;
mod sarif;
pub mod shell;
pub mod survey;
pub mod translation;
pub mod visible;

#[cfg(feature = "live")]
pub use over_http::OverHttp;
