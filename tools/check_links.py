"""Check that every relative link in the project's Markdown files leads to a file, and anchors to headings.

Exit code 1 and one line per dead link, else 0. Links to other hosts aren't followed.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"(?<!`)\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


def anchors(text: str) -> set[str]:
    """The ids a renderer gives to the headings of `text` (GitHub's rule), and explicit ones."""
    found = set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))
    for heading in HEADING.findall(FENCE.sub("", text)):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        base = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        slug, number = base, 0
        while slug in found:
            number += 1
            slug = f"{base}-{number}"
        found.add(slug)
    return found


def dead_links(path: Path) -> list[str]:
    """One message per link of the file at `path` that leads nowhere."""
    messages = []
    for target in LINK.findall(FENCE.sub("", path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        name, _, anchor = target.partition("#")
        there = (path.parent / name).resolve() if name else path
        if not there.exists():
            messages.append(f"{path.relative_to(ROOT)}: no such file: {target}")
        elif anchor and there.suffix == ".md" and anchor not in anchors(there.read_text(encoding="utf-8")):
            messages.append(f"{path.relative_to(ROOT)}: no such heading: {target}")
    return messages


def main() -> int:
    """Check all Markdown files that belong to the project."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "*.md"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    files = [ROOT / name for name in listed.split("\0") if name and (ROOT / name).exists()]
    messages = [message for path in files for message in dead_links(path)]
    print(*messages, sep="\n", end="\n" if messages else "")
    print(f"{len(files)} documents, {len(messages)} dead links")
    return 1 if messages else 0


if __name__ == "__main__":
    sys.exit(main())
