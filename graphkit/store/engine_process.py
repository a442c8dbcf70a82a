"""The child process of the embedded engine: ArcadeDB as a Bolt server on the loopback address, and nothing else.

Run as a script with FOLDER and HEAP_MB; the parent sends the password on the
first line of standard input, then holds the pipe open. When the pipe ends, because the parent said so
or is gone, the server is stopped by its own command; what does not stop in time is ended hard.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import traceback

BOLT_PLUGIN = "Bolt:com.arcadedb.bolt.BoltProtocolPlugin"
DATABASE = "graphkit"
HOST = "127.0.0.1"
STOP_SECONDS = 15.0


def main(arguments: list[str]) -> int:
    """Serve the databases in a folder until standard input ends; prints the port once it listens."""
    folder, heap_mb = arguments
    password = sys.stdin.readline().strip()
    from arcadedb_embedded import ArcadeDBServer

    port = _free_port()
    settings = {"host": HOST, "http_port": 0, "mode": "production", "server_plugins": BOLT_PLUGIN, "bolt_port": port}
    server = ArcadeDBServer(folder, password, settings, {"heap_size": f"{heap_mb}m", "jvm_args": ["-XX:+UseSerialGC"]})
    server.start()
    server.create_database(DATABASE)
    server._java_server.getHttpServer().stopService()  # noqa: SLF001 - its HTTP side cannot be switched off before the start
    sys.stdout.write(f"PORT {port}\n")
    sys.stdout.flush()
    sys.stdin.read()
    _end_hard_after(STOP_SECONDS)
    server.stop()
    return 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _end_hard_after(seconds: float) -> None:
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL))
    timer.daemon = True
    timer.start()


def run() -> None:
    """Run `main` and end the process whatever came of it: the JVM's own threads must not outlive a parent that died meanwhile."""
    code = 1
    try:
        code = main(sys.argv[1:])
    except BaseException:  # noqa: BLE001 - it goes into the log, and the process ends
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    run()
