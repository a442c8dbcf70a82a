"""The Java that Spark runs on: which one would be started, and whether it fits."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

from graphkit.errors import EngineError
from graphkit.words import Text

OLDEST, NEWEST = 17, 23  # Spark 4 asks for 17 or later; from 24 on Java lacks what the Hadoop of Spark 4.0 asks it for, and later ones do not
_VERSION = re.compile(r'version "(\d+)(?:\.(\d+))?')


def need_java() -> int:
    """Return the major version of the Java that Spark would start.

    Raises
    ------
    EngineError
        If there is none, or this Spark does not run on it.
    """
    java = _command()
    if java is None:
        raise EngineError(
            Text(
                f"没有找到 Java：Spark 需要 Java {OLDEST} 或 21；装好后设 JAVA_HOME",
                f"no Java found: Spark needs Java {OLDEST} or 21; install one and set JAVA_HOME",
            )
        )
    version = _version_of(java)
    spark = metadata.version("pyspark")
    if version < OLDEST or (version > NEWEST and spark.startswith("4.0.")):
        raise EngineError(
            Text(
                f"Spark {spark} 不能用 Java {version or '（版本不明）'}：把 JAVA_HOME 设为 Java {OLDEST} 或 21",
                f"Spark {spark} does not run on Java {version or '(of unknown version)'}: set JAVA_HOME to a Java {OLDEST} or 21",
            )
        )
    return version


def _command() -> str | None:
    """The program that Spark's own scripts would start: that of JAVA_HOME, else the first on the path."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")


def _version_of(java: str) -> int:
    """The major version, 0 where it does not tell; Java 8 calls itself 1.8."""
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=False).stderr  # noqa: S603 - no value of a user's data
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = _VERSION.search(said)
    if found is None:
        return 0
    return int(found[2]) if found[1] == "1" and found[2] else int(found[1])
