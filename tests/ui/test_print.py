import weasyprint
from django.template.loader import render_to_string

from xinyu.ui import printing


def boxes_text(box) -> str:
    return getattr(box, "text", "") + "".join(boxes_text(child) for child in getattr(box, "children", ()))


def test_every_sheet_carries_header_watermark_and_page_number():
    context = {"title": "一生一册", "school": "第三中学", "reader": "陈老师", "printed_at": "2026年9月1日 08:05"}
    context |= {"watermark": "陈老师 仅供本人", "confidential": "内部资料"}
    html = render_to_string("print/base_print.html", context)
    html = html.replace("</body>", "<p>正文</p><p class='new-page'>第二张</p></body>")
    document = weasyprint.HTML(string=html).render(stylesheets=[str(printing.STYLESHEET)])
    sheets = [boxes_text(page._page_box) for page in document.pages]
    assert len(sheets) == 2
    for number, sheet in enumerate(sheets, 1):
        for words in ("第三中学 · 一生一册", "内部资料", "仅供本人", "陈老师 打印于"):
            assert words in sheet
        assert f"第 {number} 页 / 共 2 页" in sheet


def test_paper_loads_nothing():
    html = render_to_string("print/base_print.html", {"title": "空"})
    assert "<link" not in html and "src=" not in html and "url(" not in printing.STYLESHEET.read_text(encoding="utf-8")
