"""One Chinese font for PDFs, by an absolute fontconfig file: static OTF or TTC only.

A woff2 or variable font costs seconds a document, and web subsets lack the rare characters of names.
"""

from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from xinyu.ops import paths, wheels

SYSTEM_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


@dataclass(frozen=True)
class Fonts:
    folder: Path
    sans: str
    serif: str


def find() -> Fonts | None:
    """Noto CJK of the system, else of the wheel."""
    for base in SYSTEM_FOLDERS:
        for pattern in ("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf"):
            if hit := next(iter(sorted(base.rglob(pattern))), None):
                return Fonts(hit.parent, "Noto Sans CJK SC", "Noto Serif CJK SC")
    stand_in = wheels.folder() / "pylopdf_fonts_zh_cn"
    if (stand_in / "NotoSansSC-Regular.otf").exists():
        return Fonts(stand_in, "Noto Sans SC", "Noto Serif SC")
    return None


def document(fonts: Fonts, cache: Path) -> str:
    """The fontconfig file's text: one folder, its cache, and what sans, serif and monospace mean."""
    aliases = "\n".join(
        f"  <alias binding='strong'><family>{generic}</family>"
        f"<prefer><family>{escape(family)}</family></prefer></alias>"
        for generic, family in (
            ("sans-serif", fonts.sans),
            ("serif", fonts.serif),
            ("monospace", fonts.sans),
            # Sheets of style name this family whichever source the font came from.
            ("Noto Sans SC" if fonts.sans != "Noto Sans SC" else "Noto Sans CJK SC", fonts.sans),
        )
    )
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>\n'
        f"  <dir>{escape(str(fonts.folder))}</dir>\n  <cachedir>{escape(str(cache))}</cachedir>\n"
        f"{aliases}\n"
        # Any other family falls back to this one; without it a Japanese face of the same file would be first.
        "  <match target='pattern'><edit name='family' mode='append_last' binding='weak'>"
        f"<string>{escape(fonts.sans)}</string></edit></match>\n</fontconfig>\n"
    )


def ensure() -> Path:
    """Write `.data/fonts.conf` when it changed and return its absolute path."""
    fonts = find()
    assert fonts is not None, "packages.ensure runs first"
    path = paths.data() / "fonts.conf"
    text = document(fonts, paths.data() / "fontconfig")
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
    return path
