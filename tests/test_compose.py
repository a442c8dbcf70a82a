"""The server of compose.yaml: what can be held to without Docker."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

COMPOSE = (Path(__file__).parents[1] / "compose.yaml").read_text(encoding="utf-8")


def test_the_health_check_logs_in_over_bolt_and_keeps_the_password_out_of_the_arguments(tmp_path):
    """Its shell line, run with a client that writes down what it was given."""
    if not (shell := shutil.which("sh")):
        pytest.skip("needs sh")
    line = re.search(r"- CMD-SHELL\n\s+- (.*)\n", COMPOSE)
    assert line
    client = tmp_path / "cypher-shell"
    client.write_text('#!/bin/sh\necho "$NEO4J_USERNAME:$NEO4J_PASSWORD|$*" > "$SEEN"\n', encoding="utf-8")
    client.chmod(0o755)
    seen = tmp_path / "seen"
    environment = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "NEO4J_AUTH": "neo4j/a/b $c'd", "SEEN": str(seen)}
    subprocess.run([shell, "-c", line[1].replace("$$", "$")], check=True, env=environment)
    assert seen.read_text() == "neo4j:a/b $c'd|--non-interactive RETURN 1\n"


def test_ports_are_of_this_machine_alone():
    assert re.findall(r'- "([0-9.]+):\d+:\d+"', COMPOSE) == ["127.0.0.1", "127.0.0.1"]
