"""Why a file is refused. `str(error)` is the Chinese sentence shown beside the upload field."""


class SpreadsheetError(Exception):
    """A file that cannot be read as a plain table; subclasses name the reason."""

    message = "无法读取该表格文件。"

    def __init__(self, *values: object) -> None:
        super().__init__(self.message.format(*values))


class EmptyFile(SpreadsheetError):
    message = "文件是空的，没有任何内容。"


class NotASpreadsheet(SpreadsheetError):
    message = "这不是可以读取的表格文件，请上传 .xlsx 或 .csv 文件。"


class OldFormat(SpreadsheetError):
    message = "不支持旧版 .xls 文件，请在 Excel 或 WPS 中“另存为”.xlsx 后再上传。"


class PasswordProtected(SpreadsheetError):
    message = "文件设有打开密码，请取消密码后再上传。"


class MacroWorkbook(SpreadsheetError):
    message = "文件含有宏，不能上传，请另存为不含宏的 .xlsx 文件。"


class ExternalLinks(SpreadsheetError):
    message = "文件链接到其他文件或数据源，请断开链接（粘贴为数值）后再上传。"


class DamagedFile(SpreadsheetError):
    message = "文件已损坏或不完整，请重新保存后再上传。"


class UnsafeXml(SpreadsheetError):
    message = "文件内部含有不安全的内容，不能读取，请另存为新的 .xlsx 文件。"


class FileTooLarge(SpreadsheetError):
    """Takes the limit in bytes."""

    message = "文件超过 {} MB，请按年级拆分后上传。"

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit / 1024 / 1024:g}")


class InflatesTooMuch(SpreadsheetError):
    message = "文件解压后异常庞大，已停止读取。"


class TooManyRows(SpreadsheetError):
    """Takes the sheet name and the limit."""

    message = "工作表“{}”超过 {} 行，请拆分后上传；如表格没有这么长，请删除末尾的空行。"


class TooManyColumns(SpreadsheetError):
    """Takes the sheet name and the limit."""

    message = "工作表“{}”超过 {} 列，请删除多余的列后上传。"


class TooManyCells(SpreadsheetError):
    message = "表格内容过多，请拆分后上传。"


class UnknownEncoding(SpreadsheetError):
    message = "无法识别 CSV 文件的文字编码，请另存为“CSV UTF-8”或 .xlsx 后上传。"
