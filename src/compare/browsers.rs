//! A page that is open in several user agents.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{Answers, Asking, Question};
use crate::{
    engine::Profile,
    environment::Environment,
    fetch::{Context, UserAgent},
    page::kept::KeptLoads,
    preflight_cache::{PreflightCache, Timestamp},
};

/// A page that is open in several user agents. Each has its own preflight cache, and its page [keeps
/// loads](crate::page::kept). They share the page's clock, which moves only by
/// [`advance`](Self::advance).
///
/// A clone is another handle to the same page.
///
/// ```
/// # #[cfg(feature = "public-suffix")] {
/// use std::time::Duration;
/// use browser_cors::{compare::Browsers, engine::Profile, environment::Environment};
/// use browser_cors::{fetch::UserAgent, url::Url};
///
/// let page = Environment::new(Url::parse("https://app.example/").unwrap());
/// let browsers = Browsers::new(page, Profile::ALL.iter().copied().map(UserAgent::for_profile));
/// browsers.advance(Duration::from_secs(600));
/// assert_eq!(browsers.now(), Duration::from_secs(600));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Browsers {
    page: Arc<Environment>,
    user_agents: Arc<[UserAgent]>,
    state: Arc<Mutex<State>>,
}

/// The state that fetches change.
#[derive(Debug)]
struct State {
    now: Duration,
    /// The cache of each user agent, and what its page keeps.
    caches: Vec<(PreflightCache, KeptLoads)>,
}

impl Browsers {
    /// Opens a page. All caches are empty.
    ///
    /// ```
    /// # use browser_cors::{compare::Browsers, environment::Environment, url::Url};
    /// let page = Environment::new(Url::parse("https://app.example/").unwrap());
    /// assert!(Browsers::new(page, []).user_agents().is_empty());
    /// ```
    pub fn new(
        page: impl Into<Arc<Environment>>,
        user_agents: impl IntoIterator<Item = UserAgent>,
    ) -> Self {
        let user_agents: Arc<[UserAgent]> = user_agents.into_iter().collect();
        let cache = |it: &UserAgent| (PreflightCache::for_profile(&it.profile), KeptLoads::new());
        let caches = user_agents.iter().map(cache).collect();
        let state = Arc::new(Mutex::new(State { now: Duration::ZERO, caches }));
        Self { page: page.into(), user_agents, state }
    }

    /// The page.
    ///
    /// ```
    /// # use browser_cors::{compare::Browsers, environment::Environment, url::Url};
    /// let page = Environment::new(Url::parse("https://app.example/").unwrap());
    /// assert_eq!(Browsers::new(page, []).page().origin.serialized(), "https://app.example");
    /// ```
    pub const fn page(&self) -> &Arc<Environment> {
        &self.page
    }

    /// The user agents, in the order in which they are asked.
    ///
    /// ```
    /// # use browser_cors::{compare::Browsers, environment::Environment, url::Url};
    /// # let page = Environment::new(Url::parse("https://app.example/").unwrap());
    /// let names: Vec<_> =
    ///     Browsers::new(page, []).user_agents().iter().map(|it| it.profile.to_string()).collect();
    /// assert!(names.is_empty());
    /// ```
    pub fn user_agents(&self) -> &[UserAgent] {
        &self.user_agents
    }

    /// The time since the page was opened.
    ///
    /// ```
    /// # use {browser_cors::{compare::Browsers, environment::Environment, url::Url}, std::time::Duration};
    /// let page = Environment::new(Url::parse("https://app.example/").unwrap());
    /// assert_eq!(Browsers::new(page, []).now(), Duration::ZERO);
    /// ```
    pub fn now(&self) -> Duration {
        self.state().now
    }

    /// Lets time pass, so that entries of the preflight caches expire.
    ///
    /// ```
    /// # use {browser_cors::{compare::Browsers, environment::Environment, url::Url}, std::time::Duration};
    /// # let page = Environment::new(Url::parse("https://app.example/").unwrap());
    /// let browsers = Browsers::new(page, []);
    /// browsers.advance(Duration::MAX);
    /// browsers.advance(Duration::from_secs(1));
    /// assert_eq!(browsers.now(), Duration::MAX);
    /// ```
    pub fn advance(&self, time: Duration) {
        let mut state = self.state();
        state.now = state.now.saturating_add(time);
    }

    /// Asks a question in each user agent, one after another.
    ///
    /// ```
    /// # use browser_cors::{compare::{Browsers, Question}, environment::Environment, url::Url};
    /// # let page = Environment::new(Url::parse("https://app.example/").unwrap());
    /// # let browsers = Browsers::new(page, []);
    /// let asking = browsers.ask(Question::beacon("https://log.example/", None));
    /// assert!(asking.exchange().is_none()); // there is no user agent
    /// ```
    pub fn ask(&self, question: Question) -> Asking {
        self.ask_with(question, Answers::default())
    }

    /// Like [`ask`](Self::ask), but with recorded answers, such as those of an earlier question.
    /// Exchanges that they answer are not sent again.
    ///
    /// ```
    /// # use browser_cors::compare::{Browsers, Question, Results};
    /// /// Asks again, and sends what was not sent the first time.
    /// fn again(browsers: &Browsers, question: Question, first: &Results) -> Results {
    ///     browsers.ask_with(question, first.answers.clone()).finish()
    /// }
    /// ```
    pub fn ask_with(&self, question: Question, answers: Answers) -> Asking {
        Asking::start(self.clone(), question, answers)
    }

    /// Calls `act` with the context of a user agent.
    pub(super) fn with_context<T>(
        &self,
        index: usize,
        act: impl FnOnce(&mut Context<'_>) -> T,
    ) -> Option<T> {
        let user_agent = self.user_agents.get(index)?;
        let state = &mut *self.state();
        let (cache, _) = state.caches.get_mut(index)?;
        Some(act(&mut Context::new(user_agent, cache, Timestamp::new(state.now))))
    }

    /// Calls `act` with what a user agent's page keeps.
    pub(super) fn with_kept<T>(
        &self,
        index: usize,
        act: impl FnOnce(&mut KeptLoads, &Profile) -> T,
    ) -> Option<T> {
        let user_agent = self.user_agents.get(index)?;
        let (_, kept) = &mut self.state().caches[index];
        Some(act(kept, &user_agent.profile))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves the state complete.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
