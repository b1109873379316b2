"""`manage.py watch`: runs beside beat; sweeps by itself when Redis is gone or no worker swept for a minute."""

import signal
from threading import Event

from django.conf import settings
from django.core.management.base import BaseCommand

from xinyu.reminders.watching import watch


class Command(BaseCommand):
    help = "巡检：Redis 或后台任务停止时，由它直接从数据库执行提醒与统计。"

    def add_arguments(self, parser) -> None:
        parser.add_argument("--once", action="store_true", help="只巡检一次")
        parser.add_argument("--redis-url", default="", help="默认取设置中的 REDIS_URL")

    def handle(self, *args, once: bool, redis_url: str, **options) -> None:
        stop = Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        watch(lambda: not once and not stop.wait(settings.SWEEP_SECONDS), redis_url)
