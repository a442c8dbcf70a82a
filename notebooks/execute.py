"""Runs the notebooks and stores their outputs: ``python notebooks/execute.py``; the tests run them again and compare."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent


def run_notebook(path: Path) -> nbformat.NotebookNode:
    """Run a notebook from top to bottom, in its own folder, and return it with new outputs; the file stays as it is."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}})
    client.execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # when it ran differs every time
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}, "language_info": {"name": "python"}}
    return notebook


def list_outputs(notebook: nbformat.NotebookNode) -> Iterator[str]:
    """The texts a notebook shows, in order; pictures by their kind alone, since fonts differ between machines."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                yield output.text
            elif output.output_type == "error":
                yield f"{output.ename}: {output.evalue}"
            else:
                data = output.data
                yield "a picture" if {"image/png", "image/svg+xml"} & set(data) else re.sub(r" at 0x[0-9a-f]+", "", data.get("text/html", data.get("text/plain", "")))


if __name__ == "__main__":
    for notebook_path in sorted(HERE.glob("*.ipynb")):
        nbformat.write(run_notebook(notebook_path), notebook_path)
        sys.stdout.write(f"notebooks/{notebook_path.name}\n")
