"""User and password of a server: from the environment, the keyring or a prompt; never from an argument, an address or a log."""

from __future__ import annotations

import getpass
import os
import sys
from urllib.parse import urlsplit

from graphkit.errors import ParameterError
from graphkit.store.failures import store_error
from graphkit.words import Text

USER_VARIABLE, PASSWORD_VARIABLE = "NEO4J_USERNAME", "NEO4J_PASSWORD"
KEYRING_SERVICE = "graphkit"
DEFAULT_USER = "neo4j"


def find_credentials(url: str) -> tuple[str, str] | None:
    """Find the user and password for the server at `url`.

    Looked for in this order: ``NEO4J_USERNAME`` (``neo4j`` if not set) with ``NEO4J_PASSWORD``; the
    keyring's entry of service ``graphkit`` and user ``USER@HOST:PORT``; a prompt, where someone sits
    at a terminal. An empty ``NEO4J_PASSWORD`` means a server without log-in.

    Returns
    -------
    tuple of str, or None
        User and password; None for a server without log-in.

    Raises
    ------
    StoreError
        If none of these gives a password.

    Examples
    --------
    >>> from unittest.mock import patch
    >>> with patch.dict("os.environ", {"NEO4J_PASSWORD": ""}):
    ...     find_credentials("bolt://127.0.0.1:7687") is None
    True
    """
    user = os.environ.get(USER_VARIABLE, DEFAULT_USER)
    password = os.environ.get(PASSWORD_VARIABLE)
    if password == "":
        return None
    if password is None:
        password = _from_keyring(f"{user}@{_place(url)}")
    if password is None and sys.stdin.isatty():
        password = getpass.getpass(f"{user}@{_place(url)}: ")
    if not password:
        raise store_error(
            Text(
                f"没有 {_place(url)} 的密码：请设置环境变量 {USER_VARIABLE} 和 {PASSWORD_VARIABLE}，"
                f"或用 `keyring set {KEYRING_SERVICE} {user}@{_place(url)}` 存入钥匙串",
                f"no password for {_place(url)}: set {USER_VARIABLE} and {PASSWORD_VARIABLE} in the environment, "
                f"or keep it with `keyring set {KEYRING_SERVICE} {user}@{_place(url)}`",
            )
        )
    return user, password


def refuse_credentials_in(url: str) -> str:
    """Return `url` if it holds no user or password; ParameterError otherwise, without repeating it."""
    if "@" in urlsplit(url).netloc:
        raise ParameterError(
            Text(
                f"地址里不可有用户名或密码：请用环境变量 {USER_VARIABLE} 和 {PASSWORD_VARIABLE}",
                f"an address must not hold a user or password: set {USER_VARIABLE} and {PASSWORD_VARIABLE} instead",
            ),
        )
    return url


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 7687}"


def _from_keyring(entry: str) -> str | None:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None
    try:
        found: str | None = keyring.get_password(KEYRING_SERVICE, entry)
    except KeyringError:
        return None
    return found
