//! Finds where user agents differ from the first one, and which of their departures cause it.

use std::collections::VecDeque;

use super::{Browsers, FetchOutcome, Results};
use crate::{
    engine::{Departure, Profile},
    fetch::{TransportFailure, UserAgent},
    transcript::Sent,
};

/// The outcomes of several user agents. Each is compared with the first.
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use browser_cors::{
///     compare::{Browsers, Question, SideBySide}, engine::Profile, environment::Environment,
///     fetch::UserAgent, header::HeaderList, page::fetch_api::RequestInit, response::Response,
///     url::Url,
/// };
///
/// let page = Environment::new(Url::parse("https://app.example/").unwrap());
/// let user_agents = [Profile::STANDARD, Profile::CHROMIUM].map(UserAgent::for_profile);
/// let question = Question::fetch("https://api.example/", RequestInit::default());
/// let mut asking = Browsers::new(page, user_agents).ask(question);
/// while asking.exchange().is_some() {
///     asking.answered(Ok(Response::new(200, HeaderList::new())));
/// }
/// let side_by_side = SideBySide::from_results([asking.finish()]);
/// assert_eq!(side_by_side.rows[1].differences, [None]);
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct SideBySide<T = FetchOutcome> {
    /// One row for each user agent.
    pub rows: Vec<Row<T>>,
}

/// The outcomes of one user agent.
///
/// ```
/// # use browser_cors::compare::Row;
/// # fn differs(row: &Row) -> bool {
/// row.differences.iter().any(Option::is_some)
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Row<T = FetchOutcome> {
    /// The user agent's profile.
    pub profile: Profile,
    /// The outcome of each question.
    pub outcomes: Vec<T>,
    /// For each question, how its outcome differs from that of the first row.
    pub differences: Vec<Option<Difference>>,
}

/// How an outcome differs from that of the first row, and why.
///
/// ```
/// # use browser_cors::compare::Difference;
/// # fn f(difference: &Difference) {
/// difference.causes.iter().for_each(|cause| println!("because of {}", cause.as_str()));
/// # }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// Whether what goes on the wire differs.
    pub exchanges: bool,
    /// Whether what the page gets differs.
    pub result: bool,
    /// The departures that cause the difference: without any one of them, the outcome would be
    /// another. Empty if only several together cause it.
    pub causes: Vec<Departure>,
    /// The causes without which the page would get something else.
    pub causes_of_result: Vec<Departure>,
}

/// The parts of an outcome that are compared: what the servers and the page can see.
///
/// ```
/// # use browser_cors::compare::View;
/// let view = View { exchanges: Vec::new(), result: "not queued".to_owned() };
/// assert_eq!(view, view.clone());
/// ```
#[expect(clippy::exhaustive_structs, reason = "only servers and the page can see anything")]
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct View {
    /// What went on the wire.
    pub exchanges: Vec<Sent>,
    /// What the page gets, in words.
    pub result: String,
}

/// An outcome that can be compared with others.
///
/// ```
/// # use browser_cors::compare::{Comparable, View};
/// struct Status(u16);
///
/// impl Comparable for Status {
///     fn view(&self) -> View {
///         View { exchanges: Vec::new(), result: self.0.to_string() }
///     }
/// }
/// ```
pub trait Comparable {
    /// The parts that are compared.
    ///
    /// ```
    /// # use browser_cors::compare::{Comparable, FetchOutcome};
    /// # fn f(a: &FetchOutcome, b: &FetchOutcome) {
    /// let can_be_told_apart = a.view() != b.view();
    /// # }
    /// ```
    fn view(&self) -> View;
}

/// A comparison that is under way. It names one profile after another, takes the outcomes of the
/// same questions under each, and ends when no profile is left. If an outcome differs from that of
/// the first profile, it also names the profile without each of its departures, one at a time.
/// Departures that change the outcome are causes.
///
/// ```
/// use browser_cors::{compare::{Comparable, Comparison, View}, engine::{Departure, Profile}};
///
/// struct Limit(&'static str);
///
/// impl Comparable for Limit {
///     fn view(&self) -> View {
///         View { exchanges: Vec::new(), result: self.0.to_owned() }
///     }
/// }
///
/// let mut comparison = Comparison::new([Profile::STANDARD, Profile::WEBKIT]);
/// while let Some(profile) = comparison.profile() {
///     let is_default = profile.departs(Departure::FONT_NO_CORS);
///     comparison.provide([Limit(if is_default { "no-cors" } else { "cors" })]);
/// }
/// let side_by_side = comparison.finish();
/// let difference = side_by_side.rows[1].differences[0].as_ref().unwrap();
/// assert_eq!(difference.causes, [Departure::FONT_NO_CORS]);
/// ```
#[must_use = "it waits for outcomes"]
#[derive(Clone, Debug)]
pub struct Comparison<T = FetchOutcome> {
    /// The profiles without a row.
    profiles: VecDeque<Profile>,
    rows: Vec<Row<T>>,
    /// The views of the first row and of the last row.
    first: Vec<View>,
    last: Vec<View>,
    /// The departures still to be removed from the profile of the last row.
    causes: VecDeque<Departure>,
}

impl<T: Comparable> Comparison<T> {
    /// Compares the outcomes of the first of `profiles` with those of the others.
    ///
    /// ```
    /// # use browser_cors::{compare::{Comparison, FetchOutcome}, engine::Profile};
    /// let comparison = Comparison::<FetchOutcome>::new([Profile::STANDARD]);
    /// assert_eq!(comparison.profile(), Some(Profile::STANDARD));
    /// ```
    pub fn new(profiles: impl IntoIterator<Item = Profile>) -> Self {
        Self {
            profiles: profiles.into_iter().collect(),
            rows: Vec::new(),
            first: Vec::new(),
            last: Vec::new(),
            causes: VecDeque::new(),
        }
    }

    /// The profile that it waits for.
    ///
    /// ```
    /// # use browser_cors::{compare::{Comparison, FetchOutcome}, engine::Profile};
    /// assert_eq!(Comparison::<FetchOutcome>::new([]).profile(), None);
    /// ```
    pub fn profile(&self) -> Option<Profile> {
        match (self.causes.front(), self.rows.last()) {
            (Some(cause), Some(row)) => Some(row.profile.without(*cause)),
            _ => self.profiles.front().copied(),
        }
    }

    /// Whether this profile gets a row. Otherwise, a departure was removed from it to find causes.
    ///
    /// ```
    /// # use browser_cors::{compare::{Comparison, FetchOutcome}, engine::Profile};
    /// assert!(Comparison::<FetchOutcome>::new([Profile::STANDARD]).is_for_row());
    /// ```
    pub fn is_for_row(&self) -> bool {
        self.causes.is_empty()
    }

    /// Takes the outcomes of the questions under the current profile. Their order must always be
    /// the same.
    ///
    /// ```
    /// # use browser_cors::{compare::{Comparison, FetchOutcome, NotAsked}, engine::Profile};
    /// let mut comparison = Comparison::new([Profile::STANDARD]);
    /// comparison.provide([FetchOutcome::NotAsked(NotAsked::NotQueued)]);
    /// assert_eq!(comparison.finish().rows.len(), 1);
    /// ```
    pub fn provide(&mut self, outcomes: impl IntoIterator<Item = T>) {
        let outcomes: Vec<T> = outcomes.into_iter().collect();
        let views: Vec<View> = outcomes.iter().map(T::view).collect();
        if let Some(cause) = self.causes.pop_front() {
            self.try_cause(cause, &views);
        } else if let Some(profile) = self.profiles.pop_front() {
            self.add_row(profile, outcomes, views);
        }
    }

    /// The rows so far.
    ///
    /// ```
    /// # use browser_cors::compare::{Comparison, FetchOutcome};
    /// assert!(Comparison::<FetchOutcome>::new([]).finish().rows.is_empty());
    /// ```
    pub fn finish(self) -> SideBySide<T> {
        SideBySide { rows: self.rows }
    }

    fn add_row(&mut self, profile: Profile, outcomes: Vec<T>, views: Vec<View>) {
        let differences: Vec<_> = if self.rows.is_empty() {
            self.first.clone_from(&views);
            views.iter().map(|_| None).collect()
        } else {
            views
                .iter()
                .zip(&self.first)
                .map(|(seen, first)| Difference::new(seen, first))
                .collect()
        };
        if differences.iter().any(Option::is_some) {
            self.causes = profile.departures().collect();
        }
        self.last = views;
        self.rows.push(Row { profile, outcomes, differences });
    }

    /// Records which differences a departure causes.
    fn try_cause(&mut self, cause: Departure, without: &[View]) {
        let Some(row) = self.rows.last_mut() else { return };
        for ((difference, seen), without) in row.differences.iter_mut().zip(&self.last).zip(without)
        {
            let Some(difference) = difference else { continue };
            if seen != without {
                difference.causes.push(cause);
            }
            if seen.result != without.result {
                difference.causes_of_result.push(cause);
            }
        }
    }
}

impl Difference {
    fn new(seen: &View, first: &View) -> Option<Self> {
        (seen != first).then(|| Self {
            exchanges: seen.exchanges != first.exchanges,
            result: seen.result != first.result,
            causes: Vec::new(),
            causes_of_result: Vec::new(),
        })
    }
}

impl SideBySide {
    /// Compares the results of questions in [`Browsers`]. `results` are all those of a page since
    /// it was opened, in order. To find causes, it replays the recorded answers. If a user agent
    /// without one of its departures sends a request that none of the others sent, it gets no
    /// response.
    ///
    /// ```
    /// # use browser_cors::compare::{Results, SideBySide};
    /// # fn f(results: Results) {
    /// for row in SideBySide::from_results([results]).rows {
    ///     println!("{}: {}", row.profile, row.outcomes[0].verdict());
    /// }
    /// # }
    /// ```
    pub fn from_results(results: impl IntoIterator<Item = Results>) -> Self {
        let results: Vec<Results> = results.into_iter().collect();
        let Some(first) = results.first() else { return Self { rows: Vec::new() } };
        let user_agents = first.browsers.user_agents();
        let mut comparison = Comparison::new(user_agents.iter().map(|it| it.profile));
        let mut row = 0;
        while let Some(profile) = comparison.profile() {
            if comparison.is_for_row() {
                let outcomes = results.iter().filter_map(|it| it.outcomes.get(row).cloned());
                comparison.provide(outcomes);
                row += 1;
            } else {
                let user_agent = UserAgent { profile, ..user_agents[row - 1].clone() };
                comparison.provide(replay(&results, user_agent));
            }
        }
        comparison.finish()
    }
}

/// Replays the recorded answers to a user agent.
fn replay(results: &[Results], user_agent: UserAgent) -> Vec<FetchOutcome> {
    let Some(first) = results.first() else { return Vec::new() };
    let browsers = Browsers::new(first.browsers.page().clone(), [user_agent]);
    let mut outcomes = Vec::with_capacity(results.len());
    for result in results {
        browsers.advance(result.at.saturating_sub(browsers.now()));
        let mut asking = browsers.ask_with(result.question.clone(), result.answers.clone());
        while asking.exchange().is_some() {
            asking.answered(Err(TransportFailure::new("no user agent asked this")));
        }
        outcomes.extend(asking.finish().outcomes);
    }
    outcomes
}
