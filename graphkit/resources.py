"""Where the data that comes with graphkit stands: in the wheel at graphkit/data, in a checkout at its root."""

from __future__ import annotations

from pathlib import Path

from graphkit.errors import SourceError

_PACKAGE = Path(__file__).resolve().parent


def find_data(name: str) -> Path:
    """Return the folder or file `name` that comes with graphkit, wherever it is installed.

    Parameters
    ----------
    name : str
        Path with forward slashes, such as ``"queries"`` or ``"examples/acheng"``.

    Returns
    -------
    Path
        In a checkout the one at its root, in an installed wheel the copy inside the package.

    Raises
    ------
    SourceError
        If neither is there.

    Examples
    --------
    >>> find_data("queries").is_dir()
    True
    """
    checkout = _PACKAGE.parent
    is_checkout = (checkout / "pyproject.toml").is_file()
    for root in (checkout, _PACKAGE / "data") if is_checkout else (_PACKAGE / "data",):
        if (root / name).exists():
            return root / name
    raise SourceError(
        "does not come with this installation; install graphkit-networks again", zh="没有随 graphkit 装上；请重新安装 graphkit-networks", path=name
    )
