"""The container image, and the template for GitLab that uses it. `scripts/test-packages image` runs this.

The images are unpacked as a container engine would, and their commands run with nothing else in sight; so no
container engine is needed.
"""

import json
import os
import shutil
import tarfile
import unittest

import yaml

from support import CORS_TOML, PACKAGES, ROOT, VERSION, Folder, Server, in_root, run

ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]


class Image(Folder):
    def unpacked(self, archive):
        """Its configuration, and a folder with its file system. Exactly one image is for this machine."""
        with tarfile.open(archive) as file:
            file.extractall(self.folder / "image", filter="data")
        folder = self.folder / "image"

        def blob(entry):
            return folder / "blobs" / entry["digest"].replace(":", "/")

        [index] = json.loads((folder / "index.json").read_text())["manifests"]
        self.assertEqual(index["annotations"]["org.opencontainers.image.ref.name"], f"browser-cors:{VERSION}")
        manifests = json.loads(blob(index).read_text())["manifests"]
        [ours] = [it for it in manifests if it["platform"] == {"architecture": ARCHITECTURE, "os": "linux"}]
        manifest = json.loads(blob(ours).read_text())
        root = self.folder / "root"
        for layer in manifest["layers"]:
            with tarfile.open(blob(layer)) as file:
                file.extractall(root, filter="tar")
        return json.loads(blob(manifest["config"]).read_text())["config"], root


class TheImage(Image):
    def setUp(self):
        super().setUp()
        self.config, self.root = self.unpacked(PACKAGES / "image" / "browser-cors.oci.tar")

    def test_has_the_command_the_certificates_and_licences_alone(self):
        files = sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file())
        self.assertEqual(
            files,
            [
                "etc/ssl/certs/ca-certificates.crt",
                "usr/bin/browser-cors",
                "usr/share/doc/browser-cors/LICENSE-APACHE",
                "usr/share/doc/browser-cors/LICENSE-MIT",
                "usr/share/doc/browser-cors/LICENSES-THIRD-PARTY.txt",
            ],
        )

    def test_says_what_it_is(self):
        self.assertEqual(self.config["Entrypoint"], ["/usr/bin/browser-cors"])
        self.assertEqual(self.config["WorkingDir"], "/work")
        self.assertEqual(self.config["Labels"]["org.opencontainers.image.version"], VERSION)

    def test_checks_a_mounted_file(self):
        shutil.copy(self.written("cors.toml", CORS_TOML), self.root / "work")
        with Server() as server:
            command = [*self.config["Entrypoint"], "expect", "/work/cors.toml", "--base", server.base]
            result = in_root(self.root, command)
        self.assertEqual((result.stderr, result.returncode), ("", 0))
        self.assertIn("passed", result.stdout)

    def test_has_certificates_to_check_servers_with(self):
        """It gets as far as the handshake, which a server of http fails."""
        with Server() as server:
            url = server.base.replace("http:", "https:")
            result = in_root(self.root, [*self.config["Entrypoint"], "check", url, "--origin", "https://app.example"])
        self.assertIn("the server does not speak TLS", result.stderr)
        self.assertEqual(result.returncode, 2)


class TheImageWithAShell(Image):
    """The image upon another one, here one with nothing but a static shell."""

    def setUp(self):
        super().setUp()
        packages = self.folder / "target" / "packages"
        packages.mkdir(parents=True)
        (packages / "binary").symlink_to(PACKAGES / "binary")
        base = self.folder / "shell.tar"
        self.written("Containerfile", "FROM scratch\nCOPY busybox /bin/sh\n")
        shutil.copy("/bin/busybox", self.folder)
        buildah = ["buildah", "--storage-driver", "vfs", "--root", self.folder / "storage", "--runroot", self.folder / "run"]
        for arguments in (
            ["build", "--isolation", "chroot", "--tag", "shell", self.folder],
            ["push", "shell", f"oci-archive:{base}:shell"],
        ):
            result = run([*buildah, *arguments])
            self.assertEqual(result.returncode, 0, result.stderr)
        environment = {"CARGO_TARGET_DIR": str(self.folder / "target")}
        result = run([ROOT / "scripts/package", "image", f"oci-archive:{base}"], env=environment)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.config, self.root = self.unpacked(result.stderr.splitlines()[-1])
        template = yaml.safe_load((ROOT / "scripts/gitlab/browser-cors.yml").read_text())
        self.job = template[".browser-cors"]

    def job_run(self, **variables):
        """Runs the job of the template as GitLab's runner does: with the image's shell, in its clone."""
        self.assertEqual(self.job["image"]["entrypoint"], [""])
        environment = {"PATH": "/usr/bin:/bin", **self.job["variables"], **variables}
        [script] = self.job["script"]
        shutil.copy(self.written("cors.toml", CORS_TOML), self.root / "work")
        return in_root(self.root, ["/bin/sh", "-c", f"cd /work && {script}"], env=environment)

    def test_runs_the_job_of_gitlab(self):
        with Server() as server:
            result = self.job_run(CORS_BASE=server.base)
        self.assertEqual((result.stderr, result.returncode), ("", 0))
        reports = self.job["artifacts"]["reports"]
        self.assertIn('failures="0"', (self.root / "work" / reports["junit"]).read_text())
        self.assertEqual(json.loads((self.root / "work" / reports["codequality"]).read_text()), [])

    def test_fails_the_job_of_gitlab(self):
        with Server(granted="https://other.example") as server:
            result = self.job_run(CORS_BASE=server.base, CORS_ENGINES="webkit")
        self.assertEqual(result.returncode, 1, result.stderr)
        reports = self.job["artifacts"]["reports"]
        [found] = json.loads((self.root / "work" / reports["codequality"]).read_text())
        self.assertEqual(found["location"]["path"], "cors.toml")
        self.assertIn("items", found["description"])
        self.assertIn('failures="1"', (self.root / "work" / reports["junit"]).read_text())

    def test_takes_the_server_of_the_file(self):
        result = self.job_run()
        self.assertIn("has no `base`", result.stderr)
        self.assertEqual(result.returncode, 2)


if __name__ == "__main__":
    unittest.main()
