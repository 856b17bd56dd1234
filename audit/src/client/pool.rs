//! The connections of a client: which exchanges share them, and how many there are.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use browser_cors::environment::NetworkPartitionKey;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::connection::{Connection, Http1, Http2, Rest};

/// How many connections of HTTP/1 to a host are in use at a time, as in browsers.
const HTTP1_LIMIT: usize = 6;

/// From how many hosts on the pool forgets those with which nobody exchanges anything.
const HOST_LIMIT: usize = 256;

/// What exchanges must have in common to share a connection.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(super) struct Key {
    pub(super) scheme: String,
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) includes_credentials: bool,
    pub(super) partition: Option<NetworkPartitionKey>,
}

/// All connections.
#[derive(Debug, Default)]
pub(super) struct Pool(Mutex<HashMap<Key, Arc<Host>>>);

impl Pool {
    /// The connections for a key.
    pub(super) fn host(&self, key: Key) -> Arc<Host> {
        let mut hosts = lock(&self.0);
        if hosts.len() >= HOST_LIMIT && !hosts.contains_key(&key) {
            hosts.retain(|_, host| Arc::strong_count(host) > 1);
        }
        Arc::clone(hosts.entry(key).or_default())
    }

    /// Closes the connections that are not in use.
    pub(super) fn clear(&self) {
        lock(&self.0).clear();
    }
}

/// The connections for one key.
#[derive(Debug)]
pub(super) struct Host {
    permits: Arc<Semaphore>,
    connections: Mutex<Connections>,
    count: AtomicU64,
}

#[derive(Debug, Default)]
struct Connections {
    /// Those that nobody uses, with what is left of the last answer.
    idle: Vec<(Http1, Option<Rest>)>,
    /// The newest of HTTP/2, which all share, and its number.
    shared: Option<(u64, Http2)>,
}

impl Default for Host {
    fn default() -> Self {
        Self {
            permits: Arc::new(Semaphore::new(HTTP1_LIMIT)),
            connections: Mutex::default(),
            count: AtomicU64::new(1),
        }
    }
}

/// A connection for one exchange.
#[derive(Debug)]
pub(super) struct Leased {
    pub(super) connection: Connection,
    /// Its number, if it is shared.
    pub(super) number: u64,
    /// Whether there was an exchange on it.
    pub(super) is_kept: bool,
    lease: Lease,
}

/// The right to use a connection of HTTP/1, and where it goes afterwards.
#[derive(Debug)]
pub(super) struct Lease {
    host: Arc<Host>,
    permit: Option<OwnedSemaphorePermit>,
    can_be_kept: bool,
}

/// The right to make a connection.
#[derive(Debug)]
pub(super) struct Permit(Lease);

impl Host {
    /// Waits for the shared connection of HTTP/2, if it is newer than the one with the number `known`,
    /// or for the right to use or make another one.
    pub(super) async fn turn(self: &Arc<Self>, known: u64) -> Result<Leased, Permit> {
        if let Some(leased) = self.shared(known).await {
            return Ok(leased);
        }
        // Nobody closes the semaphore.
        let permit = Arc::clone(&self.permits).acquire_owned().await.ok();
        // In the meantime, another exchange may have found HTTP/2 there.
        match self.shared(known).await {
            Some(leased) => Ok(leased),
            None => Err(Permit(Lease { host: Arc::clone(self), permit, can_be_kept: true })),
        }
    }

    async fn shared(self: &Arc<Self>, known: u64) -> Option<Leased> {
        let shared = lock(&self.connections).shared.clone();
        let (number, mut connection) = shared.filter(|(number, _)| *number > known)?;
        if !connection.is_ready().await {
            lock(&self.connections).shared.take_if(|(current, _)| *current == number);
            return None;
        }
        let lease = Lease { host: Arc::clone(self), permit: None, can_be_kept: true };
        Some(Leased { connection: Connection::Http2(connection), number, is_kept: true, lease })
    }
}

impl Permit {
    /// A connection of HTTP/1 on which nothing goes on. It is unknown whether the server closes it
    /// at this moment: so only a request that can be repeated goes out there. The new connection of
    /// any other request takes its place.
    pub(super) async fn idle(self, is_repeatable: bool) -> Result<Leased, Self> {
        loop {
            let idle = lock(&self.0.host.connections).idle.pop();
            let Some((mut connection, rest)) = idle.filter(|_| is_repeatable) else {
                return Err(self);
            };
            if connection.is_ready(rest).await {
                return Ok(self.with(Connection::Http1(connection), true));
            }
        }
    }

    /// The new connection is for the exchange that made it, and for all if it is of HTTP/2.
    pub(super) fn used_by(mut self, connection: Connection) -> Leased {
        let Connection::Http2(shared) = &connection else { return self.with(connection, false) };
        let host = &self.0.host;
        let number = host.count.fetch_add(1, Ordering::Relaxed);
        lock(&host.connections).shared = Some((number, shared.clone()));
        self.0.permit = None;
        Leased { number, ..self.with(connection, false) }
    }

    fn with(self, connection: Connection, is_kept: bool) -> Leased {
        Leased { connection, number: 0, is_kept, lease: self.0 }
    }
}

impl Leased {
    /// What the body of an answer takes along.
    pub(super) fn into_lease(self, can_be_kept: bool) -> Option<(Http1, Lease)> {
        match self.connection {
            Connection::Http1(connection) => {
                Some((connection, Lease { can_be_kept, ..self.lease }))
            }
            Connection::Http2(_) => None,
        }
    }
}

impl Lease {
    /// Gives a connection back, if it can be kept.
    pub(super) fn end(self, connection: Http1, rest: Option<Rest>) {
        let mut connections = lock(&self.host.connections);
        if self.can_be_kept && connections.idle.len() < HTTP1_LIMIT {
            connections.idle.push((connection, rest));
        }
    }
}

/// A panic elsewhere leaves no step half done.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
