"""Paper: where the style sheet for PDF lies. WeasyPrint is given it as a file, so print pages need no address."""

from pathlib import Path

# write_pdf(stylesheets=[str(STYLESHEET)]) together with templates that extend print/base_print.html
STYLESHEET = Path(__file__).parent / "static" / "ui" / "print.css"
