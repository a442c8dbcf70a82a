"""Where the data that comes with graphkit stands: in the wheel at graphkit/shipped, in a checkout at its root; and the drawing library."""

from __future__ import annotations

from importlib import util
from pathlib import Path

from graphkit.errors import ParameterError, SourceError
from graphkit.words import Text

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
    for root in (checkout, _PACKAGE / "shipped") if is_checkout else (_PACKAGE / "shipped",):
        if (root / name).exists():
            return root / name
    raise SourceError(
        Text("没有随 graphkit 装上；请重新安装 graphkit-networks", "does not come with this installation; install graphkit-networks again"), path=name
    )


def read_drawing_library() -> str:
    """Return vis-network as it comes with pyvis, in its newest version, read without importing pyvis."""
    spec = util.find_spec("pyvis")
    folders = spec.submodule_search_locations if spec else None
    found = (
        sorted(Path(folders[0]).glob("lib/vis-*/vis-network.min.js"), key=lambda p: [int(n) for n in p.parent.name[4:].split(".")]) if folders else []
    )
    if not found:
        raise ParameterError(
            Text(
                "pyvis 中没有 vis-network.min.js；请重新安装：pip install --force-reinstall pyvis",
                "pyvis brings no vis-network.min.js; install it again: pip install --force-reinstall pyvis",
            ),
        )
    return found[-1].read_text(encoding="utf-8")
