"""Store the scales that come with the platform; run at set-up and after an update."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.scale_library import ScaleFrozen, load_library
from assessments.scoring import DefinitionError


class Command(BaseCommand):
    help = "把随平台提供的量表写入量表库；内容没有变化的不动，已使用的版本不改。"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changed = load_library()
        except (DefinitionError, ScaleFrozen) as refused:
            raise CommandError(str(refused)) from refused
        for version in changed:
            self.stdout.write(f"{version} {version.title}")
        self.stdout.write(f"更新 {len(changed)} 个量表版本")
