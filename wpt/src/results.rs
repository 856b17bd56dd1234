//! What the test harness of a page reports.

use serde::{Deserialize, Serialize};

/// The results of a page.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Report {
    /// 0 if the harness came to its end; as testharness.js numbers it.
    pub status: i32,
    /// What went wrong with the page as a whole.
    pub message: Option<String>,
    /// The subtests in their order.
    pub subtests: Vec<Subtest>,
}

/// The result of a subtest.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Subtest {
    /// Its name.
    pub name: String,
    /// 0 if it passes; as testharness.js numbers it.
    pub status: i32,
    /// Why it does not pass.
    pub message: Option<String>,
}

impl Report {
    /// The report of a page that could not run.
    pub fn broken(message: String) -> Self {
        Self { status: 1, message: Some(message), subtests: Vec::new() }
    }

    /// How many subtests pass.
    pub fn passes(&self) -> usize {
        self.subtests.iter().filter(|subtest| subtest.status == 0).count()
    }

    /// The name of the harness' status.
    pub fn status_name(&self) -> &'static str {
        match self.status {
            0 => "OK",
            1 => "ERROR",
            3 => "PRECONDITION_FAILED",
            _ => "TIMEOUT",
        }
    }
}

impl Subtest {
    /// The name of the status.
    pub fn status_name(&self) -> &'static str {
        match self.status {
            0 => "PASS",
            1 => "FAIL",
            2 => "TIMEOUT",
            4 => "PRECONDITION_FAILED",
            _ => "NOTRUN",
        }
    }
}
