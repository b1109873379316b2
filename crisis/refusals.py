"""Named errors of this app: nothing was changed, and the message says why in Chinese. Pages answer them with 409."""


class CaseRefusedError(Exception):
    """The move, level or decision is not possible now; `str()` is a sentence for the reader."""


class FieldRefusedError(CaseRefusedError):
    """As CaseRefusedError, about one field of the form."""

    def __init__(self, field: str, why: str):
        super().__init__(why)
        self.field = field


class StaleVersionError(CaseRefusedError):
    """Somebody else has changed the same thing since the page was opened."""


STALE = "在您打开页面之后，这份个案已被其他人更新。请核对最新内容后再提交。"
