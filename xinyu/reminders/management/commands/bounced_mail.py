"""`manage.py bounced_mail < message` or `--mbox FILE`: mail that came back hours later becomes a task for somebody.

A mail server's pipe for the sender's address calls it with one message; `--mbox` reads a mailbox file (`--maildir` a
directory) again and again without harm: a text that has failed already is not counted twice.
"""

import mailbox
import sys
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from xinyu.reminders.delivery.bounces import LIMIT, take_back


class Command(BaseCommand):
    help = "读取退信（标准输入的一封，或信箱文件），被永久退回的邮箱会停用并成为学校管理人员的任务。"

    def add_arguments(self, parser) -> None:
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--mbox", type=Path, help="mbox 文件")
        group.add_argument("--maildir", type=Path, help="Maildir 目录")

    def handle(self, *args, mbox: Path | None, maildir: Path | None, **options) -> None:
        where = mbox or maildir
        if where is not None and not where.exists():
            raise CommandError(f"找不到 {where}。", returncode=2)
        letters: list[Message]
        if mbox:
            letters = list(mailbox.mbox(mbox, create=False))
        elif maildir:
            letters = list(mailbox.Maildir(maildir, create=False))
        else:
            letters = [BytesParser().parsebytes(sys.stdin.buffer.read(LIMIT))]
        self.stdout.write(f"读了 {len(letters)} 封，退回 {sum(take_back(letter) for letter in letters)} 条通知。")
