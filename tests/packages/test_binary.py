"""The archive of the command, and all that installs or runs it: the installer, the action, the hook, the
formula. `scripts/test-packages binary` runs this."""

import hashlib
import os
import re
import shutil
import stat
import tarfile
import unittest
import zipfile

import yaml

from support import ARCHIVE, CORS_TOML, PACKAGES, ROOT, TARGET, VERSION, Folder, Handler, Server, in_root, run


class TheArchive(Folder):
    def test_has_everything_once_below_one_folder(self):
        with tarfile.open(ARCHIVE) as archive:
            members = {member.name: member for member in archive}
        prefix = f"browser-cors-{TARGET}/"
        commands = "audit check completions diff engines expect explain har man schema simulate".split()
        expected = [
            "CHANGELOG.md",
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "LICENSES-THIRD-PARTY.txt",
            "README.md",
            "browser-cors",
            *(f"completions/{name}" for name in ("_browser-cors", "_browser-cors.ps1")),
            *(f"completions/browser-cors.{shell}" for shell in ("bash", "elv", "fish")),
            *(f"man/browser-cors-{command}.1" for command in commands),
            "man/browser-cors.1",
        ]
        self.assertEqual(sorted(members), sorted(prefix + name for name in expected))
        modes = {name: oct(member.mode) for name, member in members.items()}
        self.assertEqual(modes.pop(prefix + "browser-cors"), "0o755")
        self.assertEqual(set(modes.values()), {"0o644"})
        self.assertEqual({(it.uid, it.gid, it.mtime) for it in members.values()}, {(0, 0, 315532800)})

    def test_has_the_licences_of_what_is_linked(self):
        with tarfile.open(ARCHIVE) as archive:
            file = archive.extractfile(f"browser-cors-{TARGET}/LICENSES-THIRD-PARTY.txt")
            text = file.read().decode()
        for line in ("\nring 0.17", "\nmimalloc 0.1", "\nrustls 0.23", "\npsl 2."):
            self.assertIn(line, text)
        self.assertIn("Copyright 2015-2025 Brian Smith.", text)
        self.assertNotIn("\nbrowser-cors", text)
        # Nobody gets what only tests or builds use.
        for line in ("\ninsta ", "\ncc ", "\nserde_derive "):
            self.assertNotIn(line, text)

    def test_has_the_checksum_that_stands_beside_it(self):
        result = run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=PACKAGES / "binary")
        self.assertIn(f"{ARCHIVE.name}: OK", result.stdout)
        self.assertEqual(result.returncode, 0)

    def test_has_completions_that_a_shell_reads(self):
        with tarfile.open(ARCHIVE) as archive:
            archive.extractall(self.folder, filter="data")
        file = self.folder / f"browser-cors-{TARGET}" / "completions" / "browser-cors.bash"
        script = f"source {file}; complete -p browser-cors"
        result = run(["bash", "-c", script])
        self.assertRegex(result.stdout, "^complete .*-F _browser__cors browser-cors\n$")
        self.assertEqual(result.stderr, "")


class OnABareRootFileSystem(Folder):
    """There is nothing but the binary: no libc, no /etc, no /tmp."""

    def setUp(self):
        super().setUp()
        with tarfile.open(ARCHIVE) as archive:
            file = archive.extractfile(f"browser-cors-{TARGET}/browser-cors")
            path = self.folder / "browser-cors"
            path.write_bytes(file.read())
            path.chmod(0o755)

    def test_starts(self):
        result = in_root(self.folder, ["/browser-cors", "--version"])
        self.assertEqual((result.stdout, result.stderr, result.returncode), (f"browser-cors {VERSION}\n", "", 0))

    def test_asks_a_server(self):
        with Server() as server:
            check = ["/browser-cors", "check", f"{server.base}/items", "--origin"]
            ours = in_root(self.folder, [*check, "https://app.example"])
            other = in_root(self.folder, [*check, "https://evil.example"])
            self.assertEqual(server.requests, 2)
        self.assertEqual((ours.stderr, ours.returncode), ("", 0))
        self.assertIn("allowed", ours.stdout)
        self.assertEqual((other.stderr, other.returncode), ("", 1))
        self.assertIn("blocked: there is no Access-Control-Allow-Origin", other.stdout)

    def test_writes_reports(self):
        (self.folder / "cors.toml").write_text(CORS_TOML)
        with Server() as server:
            command = ["/browser-cors", "expect", "/cors.toml", "--base", server.base, "--junit", "/cors.xml"]
            result = in_root(self.folder, command)
        self.assertEqual((result.stderr, result.returncode), ("", 0))
        self.assertIn('failures="0"', (self.folder / "cors.xml").read_text())

    def test_says_that_it_has_no_certificates(self):
        with Server() as server:
            url = server.base.replace("http:", "https:")
            result = in_root(self.folder, ["/browser-cors", "check", url, "--origin", "https://app.example"])
        self.assertIn("this system has no root certificates: ", result.stderr)
        self.assertEqual(result.returncode, 2)


class TheInstaller(Folder):
    def install(self, path=None, **environment):
        environment = {"BROWSER_CORS_RELEASES": self.releases_url(), "HOME": str(self.folder), **environment}
        if path is not None:
            environment["PATH"] = str(path)
        return run(["/bin/sh", ROOT / "scripts/install/install.sh"], env=environment)

    def tools(self, *without, **scripts):
        """A PATH with the tools of this machine, but some, and with scripts in place of others."""
        folder = self.folder / "tools"
        folder.mkdir()
        for place in ("/usr/bin", "/bin"):
            for tool in os.listdir(place):
                if tool not in without and tool not in scripts and not (folder / tool).is_symlink():
                    (folder / tool).symlink_to(f"{place}/{tool}")
        for name, text in scripts.items():
            (folder / name).write_text(f"#!/bin/sh\n{text}\n")
            (folder / name).chmod(0o755)
        return folder

    def test_installs_the_latest_release_into_the_home(self):
        self.releases()
        result = self.install()
        command = self.folder / ".local/bin/browser-cors"
        self.assertEqual(
            result.stderr,
            f"browser-cors {VERSION} is installed as {command}\n{command.parent} is not in your PATH: "
            "add it, or call the command by its whole path\n",
        )
        self.assertEqual(result.returncode, 0)
        self.assertEqual(run([command, "--version"]).stdout, f"browser-cors {VERSION}\n")
        self.assertTrue(command.stat().st_mode & stat.S_IXUSR)
        self.assertEqual(os.listdir(command.parent), ["browser-cors"])

    def test_installs_a_version_where_it_is_told(self):
        self.releases("9.8.7")
        to = self.folder / "with space"
        for version in ("9.8.7", "v9.8.7"):
            path = f"{os.environ['PATH']}:{to}"
            result = self.install(BROWSER_CORS_VERSION=version, BROWSER_CORS_INSTALL_DIR=str(to), PATH=path)
            self.assertEqual(result.stderr, f"browser-cors {VERSION} is installed as {to}/browser-cors\n")
            (to / "browser-cors").unlink()

    def test_downloads_with_wget_where_there_is_no_curl(self):
        # wget knows no file: URLs, so this one fakes it.
        wget = 'for last; do :; done\nfile=${3#--output-document=}\nexec cp "${last#file://}" "$file"'
        self.releases()
        result = self.install(self.tools("curl", wget=wget))
        self.assertIn(f"browser-cors {VERSION} is installed", result.stderr)

    def test_installs_nothing_if_the_checksum_is_wrong(self):
        self.damage(self.releases())
        result = self.install()
        self.assertRegex(result.stderr, "^browser-cors was not installed: .* has the checksum [0-9a-f]{64}, and SHA256SUMS says [0-9a-f]{64}: do not use it\n$")
        self.assertEqual(result.returncode, 1)
        self.assertFalse((self.folder / ".local").exists())

    def test_installs_nothing_if_there_is_no_checksum(self):
        sums = self.releases() / "SHA256SUMS"
        sums.write_text(sums.read_text().replace(".tar.gz", ".tar.gz.old"))
        result = self.install()
        self.assertIn(f"/SHA256SUMS has no checksum of {ARCHIVE.name}\n", result.stderr)
        self.assertEqual(result.returncode, 1)

    def test_installs_nothing_if_nothing_computes_checksums(self):
        self.releases()
        result = self.install(self.tools("sha256sum", "shasum", "openssl"))
        self.assertIn("nothing here computes checksums: install sha256sum, shasum or openssl\n", result.stderr)
        self.assertEqual(result.returncode, 1)
        self.assertFalse((self.folder / ".local").exists())

    def test_names_a_release_that_is_not_there(self):
        self.releases()
        result = self.install(BROWSER_CORS_VERSION="5.5.5")
        url = f"{self.releases_url()}/download/v5.5.5/SHA256SUMS"
        self.assertIn(f"{url} could not be downloaded: is 5.5.5 a release that has a binary for {TARGET}?\n", result.stderr)
        self.assertEqual(result.returncode, 1)

    def test_refuses_arguments_and_machines_that_it_does_not_know(self):
        script = ROOT / "scripts/install/install.sh"
        self.assertIn("no argument was expected, and `--help` is one", run(["sh", script, "--help"]).stderr)
        tools = self.tools(uname='[ "$1" = -s ] && echo SunOS || echo x86_64')
        self.assertIn("there is no binary for SunOS: ", self.install(tools).stderr)
        (tools / "uname").write_text("#!/bin/sh\n[ \"$1\" = -s ] && echo Linux || echo riscv64\n")
        result = self.install(tools)
        self.assertIn("there is no binary for the processor riscv64: ", result.stderr)
        self.assertEqual(result.returncode, 1)

    def test_takes_the_binary_of_the_system(self):
        """The real archives of other systems come from their own machines; these have their shape."""
        release = self.releases()
        command = "#!/bin/sh\necho browser-cors of {}\n"
        with zipfile.ZipFile(release / "browser-cors-x86_64-pc-windows-msvc.zip", "w") as file:
            entry = zipfile.ZipInfo("browser-cors-x86_64-pc-windows-msvc/browser-cors.exe")
            entry.external_attr = 0o755 << 16
            file.writestr(entry, command.format("Windows"))
        mac = self.written("browser-cors-aarch64-apple-darwin/browser-cors", command.format("macOS"))
        mac.chmod(0o755)
        with tarfile.open(release / "browser-cors-aarch64-apple-darwin.tar.gz", "w:gz") as file:
            file.add(mac.parent, mac.parent.name)
        with open(release / "SHA256SUMS", "a") as sums:
            for name in ("browser-cors-x86_64-pc-windows-msvc.zip", "browser-cors-aarch64-apple-darwin.tar.gz"):
                sums.write(f"{hashlib.sha256((release / name).read_bytes()).hexdigest()}  {name}\n")
        tools = self.tools(uname="")
        for system, machine, said in (
            ("MINGW64_NT-10.0-26100", "x86_64", f"Windows is installed as {self.folder}/.local/bin/browser-cors.exe\n"),
            ("Darwin", "arm64", f"macOS is installed as {self.folder}/.local/bin/browser-cors\n"),
        ):
            (tools / "uname").write_text(f"#!/bin/sh\n[ \"$1\" = -s ] && echo {system} || echo {machine}\n")
            self.assertIn(said, self.install(tools).stderr)


class TheAction(Folder):
    """The steps of action.yml, each run as GitHub runs it."""

    def setUp(self):
        super().setUp()
        self.action = yaml.safe_load((ROOT / "action.yml").read_text())
        self.written("cors.toml", CORS_TOML)

    def run_action(self, **inputs):
        """The exit status, what the steps print, and their outputs."""
        known = self.action["inputs"]
        self.assertEqual([name for name in inputs if name not in known], [])
        values = {f"inputs.{name}": inputs.get(name, it.get("default", "")) for name, it in known.items()}
        printed, status = "", 0
        for step in self.action["runs"]["steps"]:
            if "run" not in step:
                continue
            # No expression in a script: what a workflow passes is no code.
            self.assertNotIn("${{", step["run"])
            self.assertEqual(step["shell"], "bash")
            outputs = self.written(f"output-{step['id']}", "")
            environment = {
                "BROWSER_CORS_RELEASES": self.releases_url(),
                "GITHUB_ACTION_PATH": str(ROOT),
                "GITHUB_OUTPUT": str(outputs),
                "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
                "RUNNER_TOOL_CACHE": str(self.folder / "tools"),
            }
            for name, expression in step["env"].items():
                environment[name] = values[expression.removeprefix("${{ ").removesuffix(" }}")]
            script = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            result = run(script, cwd=self.folder, env=environment)
            for line in outputs.read_text().splitlines():
                name, _, value = line.partition("=")
                values[f"steps.{step['id']}.outputs.{name}"] = value
            printed += result.stdout + result.stderr
            status = result.returncode
            if status != 0:
                break
        outputs = {
            name: values.get(it["value"].removeprefix("${{ ").removesuffix(" }}"))
            for name, it in self.action["outputs"].items()
        }
        return status, printed, outputs

    def test_passes(self):
        self.releases()
        with Server() as server:
            status, printed, outputs = self.run_action(base=server.base, junit="a b.xml", sarif="cors.sarif")
        self.assertEqual((status, outputs), (0, {"verdict": "passed", "version": VERSION}), printed)
        self.assertIn(f"browser-cors {VERSION} is installed as {self.folder}/tools/browser-cors/{VERSION}/", printed)
        self.assertIn("passed", (self.folder / "summary").read_text())
        self.assertIn('failures="0"', (self.folder / "a b.xml").read_text())
        self.assertIn('"version": "2.1.0"', (self.folder / "cors.sarif").read_text().replace('":"', '": "'))

    def test_downloads_once(self):
        self.releases()
        with Server() as server:
            self.run_action(base=server.base)
            shutil.rmtree(self.folder / "releases")
            status, printed, outputs = self.run_action(base=server.base)
        self.assertEqual((status, outputs["verdict"]), (0, "passed"), printed)
        self.assertNotIn("is installed", printed)

    def test_fails_with_annotations_and_a_summary(self):
        self.releases()
        with Server(granted="https://other.example") as server:
            status, printed, outputs = self.run_action(base=server.base, engines="firefox")
        self.assertEqual((status, outputs["verdict"]), (1, "failed"), printed)
        self.assertIn("::error file=cors.toml,line=4", printed)
        summary = (self.folder / "summary").read_text()
        self.assertIn("items", summary)
        self.assertIn("firefox", printed)
        self.assertNotIn("chromium", printed)

    def test_says_that_nothing_was_judged(self):
        self.releases()
        with Server() as server:
            base = server.base
        status, printed, outputs = self.run_action(base=base)
        self.assertEqual((status, outputs["verdict"]), (2, "unjudged"), printed)

    def test_passes_further_arguments_on(self):
        self.releases()
        with Server() as server:
            arguments = "--only\nitems\n\n--format\njson\n"
            status, printed, outputs = self.run_action(base=server.base, arguments=arguments)
        self.assertEqual((status, outputs["verdict"]), (0, "passed"), printed)
        self.assertIn('"row":"items"', printed.replace('": "', '":"'))
        self.assertNotIn("anybody else", printed)

    def test_runs_no_input_as_code(self):
        self.releases()
        status, printed, outputs = self.run_action(file="$(touch ran);`touch ran`", base="'; touch ran; '", engines="all")
        self.assertEqual(status, 2, printed)
        self.assertFalse((self.folder / "ran").exists())
        self.assertEqual(outputs["verdict"], "unjudged")

    def test_refuses_what_is_no_version(self):
        for version in ("../../elsewhere", "..", "latest", "1.0\nfolder=/etc"):
            status, printed, _ = self.run_action(version=version)
            self.assertEqual(status, 2)
            self.assertIn("is no version, such as 0.1.0", printed)
        self.assertFalse((self.folder / "tools").exists())

    def test_fails_if_the_checksum_is_wrong(self):
        self.damage(self.releases())
        status, printed, outputs = self.run_action(base="http://127.0.0.1:9")
        self.assertEqual((status, outputs["verdict"]), (2, None))
        self.assertIn("do not use it\n", printed)
        self.assertIn(f"::error title=browser-cors::version {VERSION} could not be installed", printed)
        self.assertFalse((self.folder / "tools").exists())

    def test_takes_a_version_of_the_user(self):
        self.releases("9.8.7")
        with Server() as server:
            _, printed, outputs = self.run_action(base=server.base, version="v9.8.7")
        self.assertEqual(outputs["version"], "9.8.7")
        self.assertIn("/tools/browser-cors/9.8.7/", printed)

    def test_caches_what_it_installs(self):
        [cache] = [step for step in self.action["runs"]["steps"] if "uses" in step]
        self.assertEqual(cache["with"]["path"], "${{ steps.find.outputs.folder }}")
        self.assertIn("${{ steps.find.outputs.version }}-${{ runner.os }}-${{ runner.arch }}", cache["with"]["key"])


class TheHook(Folder):
    """The hook of pre-commit, run by pre-commit itself in a repository of a user."""

    def hook(self, **environment):
        run(["git", "init", "--quiet"], cwd=self.folder)
        run(["git", "add", "*.toml"], cwd=self.folder)
        environment = {
            "BROWSER_CORS_RELEASES": self.releases_url(),
            "HOME": str(self.folder),
            "XDG_CACHE_HOME": str(self.folder / ".cache"),
            "GIT_AUTHOR_NAME": "a",
            "GIT_AUTHOR_EMAIL": "a@a.example",
            "GIT_COMMITTER_NAME": "a",
            "GIT_COMMITTER_EMAIL": "a@a.example",
            # The clone of this repository may belong to another user.
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
            **environment,
        }
        command = ["pre-commit", "try-repo", ROOT, "browser-cors", "--all-files", "--color=never", "--verbose"]
        return run(command, cwd=self.folder, env=environment)

    def test_passes_valid_files(self):
        self.releases()
        self.written("cors.toml", CORS_TOML)
        self.written("api/cors.toml", CORS_TOML.replace('"/items"', '"/${ITEM_NUMBER}"'))
        self.written("other.toml", "not = [toml")
        result = self.hook()
        self.assertIn("files of CORS expectations are valid.....", result.stdout)
        self.assertIn("Passed\n", result.stdout)
        self.assertIn("note: the environment has no `ITEM_NUMBER`: what contains it is not checked\n", result.stdout)
        self.assertEqual(result.returncode, 0)
        installed = self.folder / ".cache/browser-cors" / VERSION / "browser-cors"
        self.assertIn(f"browser-cors {VERSION} is installed as {installed}\n", result.stdout)
        # The second time, it is there.
        shutil.rmtree(self.folder / "releases")
        result = self.hook()
        self.assertNotIn("is installed", result.stdout)
        self.assertEqual(result.returncode, 0)

    def test_fails_with_the_place_of_what_is_wrong(self):
        self.releases()
        self.written("cors.toml", CORS_TOML.replace("paths =", "path =", 1))
        self.written("web/cors.toml", CORS_TOML.replace("https://app.example", "app.example"))
        result = self.hook()
        self.assertEqual(result.returncode, 1)
        self.assertIn("browser-cors: cors.toml:6:1: `path` is not known here: ", result.stdout)
        self.assertIn("browser-cors: web/cors.toml:2:7: ", result.stdout)

    def test_takes_the_command_of_the_path(self):
        self.releases()
        self.written("cors.toml", CORS_TOML)
        with tarfile.open(ARCHIVE) as archive:
            archive.extractall(self.folder / "there", filter="data")
        shutil.rmtree(self.folder / "releases")
        path = f"{self.folder}/there/browser-cors-{TARGET}:{os.environ['PATH']}"
        result = self.hook(PATH=path)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertFalse((self.folder / ".cache/browser-cors").exists())


class Nothing(Handler):
    def do_GET(self):
        self.send_error(404)


class TheRelease(Folder):
    def fill(self, *arguments):
        return run([ROOT / "scripts/homebrew/fill", *arguments])

    def sums(self):
        targets = ("aarch64-apple-darwin", "x86_64-apple-darwin", "aarch64-unknown-linux-musl", "x86_64-unknown-linux-musl")
        lines = [f"{str(number) * 64}  browser-cors-{name}.tar.gz\n" for number, name in enumerate(targets, 1)]
        return "".join([f"{'9' * 64}  browser-cors-x86_64-pc-windows-msvc.zip\n", *lines])

    def test_has_a_formula(self):
        result = self.fill("v1.2.3", self.written("SHA256SUMS", self.sums()))
        self.assertEqual((result.stderr, result.returncode), ("", 0))
        lines = [line.strip() for line in result.stdout.splitlines()]
        url = '/browser-cors/releases/download/v1.2.3/browser-cors-'
        found = [
            (line.split(url)[1].strip('"'), lines[index + 1])
            for index, line in enumerate(lines)
            if line.startswith("url ")
        ]
        self.assertEqual(
            found,
            [
                ("aarch64-apple-darwin.tar.gz", f'sha256 "{"1" * 64}"'),
                ("x86_64-apple-darwin.tar.gz", f'sha256 "{"2" * 64}"'),
                ("aarch64-unknown-linux-musl.tar.gz", f'sha256 "{"3" * 64}"'),
                ("x86_64-unknown-linux-musl.tar.gz", f'sha256 "{"4" * 64}"'),
            ],
        )
        self.assertIn('version "1.2.3"', lines)
        self.assertNotIn("@", result.stdout)
        formula = self.written("browser-cors.rb", result.stdout)
        self.assertEqual(run(["ruby", "-wc", formula]).stdout, "Syntax OK\n")
        # Its files are those of the archive.
        with tarfile.open(ARCHIVE) as archive:
            names = {name.split("/", 1)[1] for name in archive.getnames()}
        for name in ("browser-cors", "completions/_browser-cors", "completions/browser-cors.bash", "completions/browser-cors.fish"):
            self.assertIn(f'"{name}"', result.stdout)
            self.assertIn(name, names)

    def test_has_no_formula_without_a_checksum(self):
        sums = "".join(line for line in self.sums().splitlines(True) if "aarch64-unknown" not in line)
        result = self.fill("1.2.3", self.written("SHA256SUMS", sums))
        self.assertEqual((result.stdout, result.returncode), ("", 1))
        self.assertIn("has no checksum of browser-cors-aarch64-unknown-linux-musl.tar.gz\n", result.stderr)

    def test_has_the_section_of_the_change_log(self):
        changes = ROOT / "scripts/changes"
        repository = self.folder / "repository"
        (repository / "scripts").mkdir(parents=True)
        shutil.copy(changes, repository / "scripts")
        log = "# Changelog\n\n## [Unreleased]\n\n## [1.10.0] - 2027-01-02\n\n### Added\n\n- One.\n\n## [1.1.0] - 2027-01-01\n\n- Two.\n"
        (repository / "CHANGELOG.md").write_text(log)
        copy = repository / "scripts/changes"
        self.assertEqual(run([copy, "v1.10.0"]).stdout, "\n### Added\n\n- One.\n")
        self.assertEqual(run([copy, "1.1.0"]).stdout, "\n- Two.\n")
        for version in ("Unreleased", "1.1", "1.10"):
            result = run([copy, version])
            self.assertEqual((result.stdout, result.returncode), ("", 1), version)
            self.assertIn(f"CHANGELOG.md says nothing about {version}: ", result.stderr)

    def test_has_one_version(self):
        manifest = (ROOT / "Cargo.toml").read_text()
        self.assertIn(f'\nversion = "{VERSION}"\n', manifest)
        template = (ROOT / "scripts/gitlab/browser-cors.yml").read_text()
        self.assertIn(f"/v{VERSION}/scripts/gitlab/browser-cors.yml\n", template)
        self.assertIn(f"CORS_VERSION: {VERSION}\n", template)
        manual = (ROOT / "src/manual/installing.md").read_text()
        self.assertEqual(set(re.findall(r"\b\d+\.\d+\.\d+\b", manual)), {VERSION})
        self.assertIn(f"uses: OWNER/browser-cors@v{VERSION}\n", (ROOT / "src/manual/expectations.md").read_text())

    def test_builds_what_is_installed(self):
        """The targets of the workflow are those that the installers and the formula ask for."""
        workflow = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())
        targets = {row["target"] for row in workflow["jobs"]["binary"]["strategy"]["matrix"]["include"]}
        self.assertEqual(
            targets,
            {
                "aarch64-apple-darwin",
                "aarch64-unknown-linux-musl",
                "x86_64-apple-darwin",
                "x86_64-pc-windows-msvc",
                "x86_64-unknown-linux-musl",
            },
        )

    def test_publishes_for_npm_what_is_new(self):
        for name in ("browser-cors", "browser-cors-linux-x64"):
            manifest = f'{{"name": "{name}", "version": "{VERSION}"}}'
            package = self.written(f"{name}/package/package.json", manifest).parent
            with tarfile.open(self.folder / f"{name}-{VERSION}.tgz", "w:gz") as file:
                file.add(package, "package")
        # A registry that has neither.
        with Server() as server:
            server.RequestHandlerClass = Nothing
            environment = {"NPM_CONFIG_REGISTRY": server.base, "HOME": str(self.folder)}
            result = run([ROOT / "scripts/publish-npm", self.folder], env=environment)
        said = [line for line in result.stdout.splitlines() if line.startswith("+ ")]
        self.assertEqual(said, [f"+ browser-cors-linux-x64@{VERSION}", f"+ browser-cors@{VERSION}"], result.stderr)
        self.assertEqual(result.returncode, 0)
        empty = self.folder / "empty"
        empty.mkdir()
        self.assertIn("has no package: run scripts/package npm first", run([ROOT / "scripts/publish-npm", empty]).stderr)


class TheDispatcher(Folder):
    def test_says_what_it_expects(self):
        package = ROOT / "scripts/package"
        result = run([package])
        self.assertEqual((result.stdout, result.returncode), ("", 2))
        self.assertTrue(result.stderr.startswith("Usage: scripts/package NAME [ARGUMENT...]\n"))
        result = run([package, "binaries"])
        self.assertEqual(
            (result.stderr, result.returncode),
            ("package: there is no `binaries`: one of binary, image, npm, python, site was expected\n", 2),
        )
        result = run([package, "--help"])
        self.assertEqual((result.stderr, result.returncode), ("", 0))


if __name__ == "__main__":
    unittest.main()
