//! A server process that ends when its value is dropped.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

/// The longest time that a server may take to start.
const PATIENCE: Duration = Duration::from_secs(30);

/// The file with the server's output.
const LOG: &str = "log";

#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    port: u16,
    folder: PathBuf,
}

impl Server {
    /// Starts a server in a folder. If the server ends before it is ready, returns its log.
    pub(crate) fn start(
        mut command: Command,
        folder: PathBuf,
        ready: impl FnOnce(&mut Child) -> Option<u16>,
    ) -> Result<Self, String> {
        let log = File::create(folder.join(LOG)).unwrap();
        command.current_dir(&folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log);
        let child = command.spawn().unwrap();
        // From here on, dropping this value ends the child.
        let mut server = Self { child, port: 0, folder };
        match ready(&mut server.child) {
            Some(port) => server.port = port,
            None => return Err(server.log()),
        }
        Ok(server)
    }

    /// Starts a server that prints its port.
    pub(crate) fn printing_its_port(command: Command) -> Self {
        let ready = |child: &mut Child| {
            let stdout = child.stdout.take().unwrap();
            let (sender, receiver) = mpsc::channel();
            thread::spawn(move || {
                let mut line = String::new();
                // The test may have given up.
                let _ = BufReader::new(stdout).read_line(&mut line).map(|_| sender.send(line));
            });
            receiver.recv_timeout(PATIENCE).ok()?.trim().parse().ok()
        };
        Self::start(command, folder(), ready).unwrap_or_else(|log| panic!("no port:\n{log}"))
    }

    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.join(LOG)).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Waits for a file of a process that runs.
pub(crate) fn await_file(child: &mut Child, path: &Path) -> bool {
    let start = Instant::now();
    while start.elapsed() < PATIENCE && matches!(child.try_wait(), Ok(None)) {
        if path.exists() {
            return true;
        }
        thread::sleep(Duration::from_millis(10));
    }
    false
}

/// A new folder for a server.
pub(crate) fn folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("server-{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    // An earlier run may have left files.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}
