"""A real Neo4j Community server for tests: jars through Maven, one start for a whole run, gone afterwards.

``NEO4J_URL`` (with ``NEO4J_USERNAME`` and ``NEO4J_PASSWORD``) points the same tests at a server of your own.
Where neither can be had the tests are skipped with the reason; with ``CI=true`` that is a failure.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from graphkit.data.tables import Tables
from graphkit.store.bolt.store import BoltStore
from graphkit.store.embedded.engine import EmbeddedEngine

FOLDER = Path(__file__).parent / "neo4j"
MAVEN_NAMESPACE = {"m": "http://maven.apache.org/POM/4.0.0"}
SERVERS = {  # profile of tests/neo4j/pom.xml: the oldest Java it runs on, its main class
    "server-5": (17, "org.neo4j.server.CommunityEntryPoint"),
    "server-2026": (21, "org.neo4j.server.Neo4jCommunity"),
}
OPENS = ("java.base/java.nio", "java.base/java.io", "java.base/sun.nio.ch", "java.base/java.util.concurrent")
JVM_FLAGS = (
    "-Xmx512m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
)  # a server that lives for minutes never earns back what it costs to optimise its code
MEASURED_FLAGS = ("-Xms2g", "-Xmx2g", "-XX:+UseG1GC")  # for benchmarks: the whole heap at once and G1, as the vendor advises and ships it
DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL") if shutil.which("setpriv") else ()  # a test run that is killed leaves no server behind
START_SECONDS, STOP_SECONDS = 120, 60


class ServerNotHad(Exception):
    """No Java, no Maven, or no download: the reason a test is skipped."""


def declared_version(profile: str) -> str:
    """Version that a profile of tests/neo4j/pom.xml names."""
    for entry in ET.parse(FOLDER / "pom.xml").getroot().iterfind("m:profiles/m:profile", MAVEN_NAMESPACE):
        if entry.findtext("m:id", namespaces=MAVEN_NAMESPACE) == profile:
            return entry.findtext(".//m:version", namespaces=MAVEN_NAMESPACE) or ""
    raise KeyError(profile)


def download_jars(profile: str) -> Path:
    """Folder with the jars of a profile, fetched by Maven the first time."""
    folder = FOLDER / ".servers" / f"{profile}-{declared_version(profile)}"
    if folder.is_dir():
        return folder
    if not (maven := shutil.which("mvn")):
        raise ServerNotHad("no mvn on the path (apt-get install maven)")
    folder.parent.mkdir(exist_ok=True)
    coming = Path(tempfile.mkdtemp(prefix=f".{profile}-", dir=folder.parent))  # the rename makes a half download impossible
    command = [maven, "-q", "-B", "-f", str(FOLDER / "pom.xml"), "-P", profile, "dependency:copy-dependencies", f"-DoutputDirectory={coming}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(coming)
        raise ServerNotHad(f"Maven could not fetch {profile}: {done.stdout[-300:]}")
    try:
        coming.rename(folder)
    except OSError:  # another run was first
        shutil.rmtree(coming)
    return folder


def find_java(oldest: int) -> Path:
    """A Java of release `oldest` or later: the default one, or one under the system's JVM folder."""
    found = shutil.which("java")
    for java in [Path(found)] * bool(found) + sorted(Path("/usr/lib/jvm").glob("*/bin/java")):
        said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
        release = re.search(r'version "(\d+)', said)
        if release and int(release[1]) >= oldest:
            return java
    raise ServerNotHad(f"no Java {oldest} or later")


def free_port() -> int:
    """A TCP port of the loopback address that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_answers(port: int) -> bool:
    """Does anything listen on this loopback port?"""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(true: Callable[[], bool], seconds: float = 30) -> bool:
    """Ask until it is true or the time is over; returns whether it is."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


@dataclass
class Neo4jServer:
    """One server: its address, how to log in, and, where the tests started it, its process."""

    url: str
    username: str
    password: str = field(repr=False)
    database: str | None = None
    profile: str | None = None
    home: Path | None = None
    process: subprocess.Popen[bytes] | None = None

    @property
    def auth(self) -> tuple[str, str]:
        return self.username, self.password

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def start(self) -> None:
        """Start the process on its home and port, and wait until the port answers."""
        assert self.profile
        assert self.home
        with (self.home / "console.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*java_command(self.profile, self.home), f"--home-dir={self.home}", f"--config-dir={self.home}/conf", "--console-mode"],
                env={**os.environ, "NEO4J_HOME": str(self.home), "NEO4J_CONF": f"{self.home}/conf"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.wait_for_port()

    def wait_for_port(self) -> None:
        assert self.home
        assert self.process
        end = time.monotonic() + START_SECONDS
        while not port_answers(self.port):
            if self.process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise RuntimeError(f"Neo4j did not start: {(self.home / 'console.log').read_text()[-2000:]}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Ask the process to end, and wait."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """End the process at once, as a power cut would."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def admin(self, *arguments: str) -> str:
        """Run ``neo4j-admin`` on this home; returns what it said, raises if it failed."""
        assert self.profile
        assert self.home
        return run_admin(self.profile, self.home, *arguments)


def java_command(profile: str, home: Path) -> list[str]:
    """Java with the flags and class path of a server, up to and with its main class."""
    oldest, main = SERVERS[profile]
    return [*java_start(oldest, profile, home), main]


def java_start(oldest: int, profile: str, home: Path) -> list[str]:
    opens = [f"--add-opens={package}=ALL-UNNAMED" for package in OPENS]
    class_path = f"{home}/plugins/*:{home}/conf:{download_jars(profile)}/*"
    return [*DIES_WITH_US, str(find_java(oldest)), *JVM_FLAGS, *opens, f"-Dbasedir={home}", "-cp", class_path]


def run_admin(profile: str, home: Path, *arguments: str) -> str:
    """Run ``neo4j-admin`` on a home; returns what it said, raises if it failed."""
    command = [*java_start(SERVERS[profile][0], profile, home), "org.neo4j.cli.AdminTool", *arguments]
    env = {**os.environ, "NEO4J_HOME": str(home), "NEO4J_CONF": f"{home}/conf"}
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=home, check=False)
    if done.returncode:
        raise RuntimeError(f"neo4j-admin {arguments[0]}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout + done.stderr


def make_home(profile: str, *, settings: dict[str, str] | None = None) -> Neo4jServer:
    """A fresh home with a random port and password; nothing is started yet."""
    home = Path(tempfile.mkdtemp(prefix="graphkit-neo4j-"))
    for name in ("conf", "data", "logs", "run", "plugins", "import"):
        (home / name).mkdir()
    port, password = free_port(), secrets.token_hex(12)  # one that began with a dash would be taken for an option
    wanted = {
        "server.bolt.listen_address": f"127.0.0.1:{port}",
        "server.bolt.advertised_address": f"127.0.0.1:{port}",
        "server.http.enabled": "false",
        "dbms.usage_report.enabled": "false",
        "server.memory.pagecache.size": "128m",
        **(settings or {}),
    }
    (home / "conf" / "neo4j.conf").write_text("".join(f"{key}={value}\n" for key, value in wanted.items()))
    run_admin(profile, home, "dbms", "set-initial-password", password)
    return Neo4jServer(f"bolt://127.0.0.1:{port}", "neo4j", password, profile=profile, home=home)


@contextmanager
def run_server(profile: str = "server-5", *, settings: dict[str, str] | None = None) -> Iterator[Neo4jServer]:
    """Start a server of a profile in a fresh home; end it and remove the home at the end."""
    server = make_home(profile, settings=settings)
    try:
        server.start()
        yield server
    finally:
        server.kill()  # an orderly stop takes ten seconds, and nobody will open this home again
        assert server.home
        shutil.rmtree(server.home, ignore_errors=True)


def skip_or_fail(reason: str) -> None:
    """Skip the test with the reason; with CI=true that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI needs a Neo4j server: {reason}")
    pytest.skip(reason)


def _session_server(profile: str) -> Iterator[Neo4jServer]:
    if url := os.environ.get("NEO4J_URL"):
        yield Neo4jServer(url, os.environ.get("NEO4J_USERNAME", "neo4j"), os.environ.get("NEO4J_PASSWORD", ""))
        return
    try:
        download_jars(profile)
        find_java(SERVERS[profile][0])
    except ServerNotHad as reason:
        skip_or_fail(str(reason))
    with run_server(profile) as server:
        yield server


@pytest.fixture(scope="session")
def neo4j_server() -> Iterator[Neo4jServer]:
    """Neo4j 5.26, one start for the whole run, or the server that NEO4J_URL names."""
    yield from _session_server("server-5")


@pytest.fixture(scope="session")
def neo4j_2026_server() -> Iterator[Neo4jServer]:
    """The current 2026 release, one start for the whole run; needs Java 21 or later."""
    if os.environ.get("NEO4J_URL"):
        pytest.skip("NEO4J_URL names one server; it is tested as it is")
    try:
        find_java(SERVERS["server-2026"][0])
    except ServerNotHad as reason:
        pytest.skip(str(reason))  # 5.26 is the one that must be there
    yield from _session_server("server-2026")


@pytest.fixture(scope="session")
def neo4j_url(neo4j_server: Neo4jServer) -> str:
    """Address of the session's Neo4j 5.26."""
    return neo4j_server.url


@pytest.fixture
def own_neo4j() -> Iterator[Neo4jServer]:
    """A Neo4j 5.26 that one test may kill, stop and set as it likes."""
    if os.environ.get("NEO4J_URL"):
        pytest.skip("NEO4J_URL names a server that a test must not stop")
    try:
        download_jars("server-5")
        find_java(SERVERS["server-5"][0])
    except ServerNotHad as reason:
        skip_or_fail(str(reason))
    with run_server("server-5") as server:
        yield server


@pytest.fixture
def neo4j_store(neo4j_server: Neo4jServer) -> Iterator[BoltStore]:
    """An empty store on the session's Neo4j, its dataset removed at the end."""
    yield from _empty_store(neo4j_server)


@pytest.fixture(scope="session")
def embedded_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    """The embedded engine as other programs see it: an address, a user, a password."""
    with EmbeddedEngine(tmp_path_factory.mktemp("engine")) as engine:
        engine.ensure("nothing", lambda: Tables({}))
        served = engine.serve(write=True)
        yield Neo4jServer(served.address, served.user, served.password, database=served.database)


@pytest.fixture
def embedded_store(embedded_server: Neo4jServer) -> Iterator[BoltStore]:
    """An empty Bolt store on the embedded engine, its dataset removed at the end."""
    yield from _empty_store(embedded_server)


def _empty_store(server: Neo4jServer) -> Iterator[BoltStore]:
    with BoltStore(server.url, auth=server.auth, database=server.database, dataset=f"test-{secrets.token_hex(4)}") as store:
        yield store
        store.drop()


def run_cypher_shell(server: Neo4jServer, *, text: str | None = None, file: Path | None = None, parameters: str | None = None) -> str:
    """Run a text or a file in the analyst's own client, cypher-shell; returns what it printed, raises if it failed."""
    database = ["--database", server.database] if server.database else []
    given = ["--param", parameters] if parameters else []
    source = ["--file", str(file)] if file else [text or ""]
    command = [str(find_java(17)), *JVM_FLAGS, "-cp", f"{download_jars('cypher-shell')}/*", "org.neo4j.shell.Main"]
    log_in = {"NEO4J_USERNAME": server.username, "NEO4J_PASSWORD": server.password}  # not in the arguments, where others can read them
    done = subprocess.run(
        [*command, "--address", server.url, "--format", "plain", "--non-interactive", *database, *given, *source],
        capture_output=True, text=True, env={**os.environ, **log_in}, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"cypher-shell: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout
