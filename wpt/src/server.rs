//! The server of the tree, `wpt serve`, on this machine alone.

use std::{
    fs,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// The ports on which it listens.
const PORTS: [u16; 4] = [8000, 8001, 8443, 8444];

/// Makes it listen on the loopback address, under its names without looking them up.
const CONFIG: &str = r#"{
    "check_subdomains": false, "bind_address": false, "server_host": "127.0.0.1", "aliases": [],
    "ports": {
        "http": [8000, 8001], "https": [8443, 8444], "ws": ["auto"], "wss": ["auto"], "h2": [],
        "webtransport-h3": [], "http-private": ["auto"], "http-public": ["auto"], "https-private": ["auto"],
        "https-public": ["auto"]
    }
}"#;

/// A server that ends when this is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    config: PathBuf,
}

impl Server {
    /// Starts the server of a tree, and waits until it listens.
    ///
    /// # Errors
    ///
    /// If it does not start, or somebody else has its ports.
    pub fn start(tree: &Path) -> Result<Self, String> {
        if let Some(port) = PORTS.into_iter().find(|port| listens(*port)) {
            return Err(format!(
                "port {port} is in use: end what listens there, or pass --running if it is `wpt serve`"
            ));
        }
        let config =
            std::env::temp_dir().join(format!("browser-cors-wpt-{}.json", std::process::id()));
        let wrong = |error| format!("`python3 wpt serve` does not start: {error}");
        fs::write(&config, CONFIG).map_err(wrong)?;
        let mut command = Command::new("python3");
        command.args(["wpt", "serve", "--no-h2", "--config"]).arg(&config).current_dir(tree);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // Its processes are a group, so that all of them can be ended.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child = command.spawn().map_err(wrong)?;
        let mut server = Self { child, config };
        let start = Instant::now();
        while !PORTS.into_iter().all(listens) {
            if let Ok(Some(status)) = server.child.try_wait() {
                return Err(format!(
                    "`python3 wpt serve` ended with {status}: run it in {} to see why",
                    tree.display()
                ));
            }
            if start.elapsed() > Duration::from_secs(60) {
                return Err("`python3 wpt serve` does not listen after a minute".to_owned());
            }
            sleep(Duration::from_millis(200));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.child.wait();
        // The next run needs the ports.
        let start = Instant::now();
        while PORTS.into_iter().any(listens) && start.elapsed() < Duration::from_secs(5) {
            sleep(Duration::from_millis(50));
        }
        let _ = fs::remove_file(&self.config);
    }
}

fn listens(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}
