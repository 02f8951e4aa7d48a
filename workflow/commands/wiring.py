"""Registers what rooms below leave open for rooms above: handlers of queued work, and hooks after an act;
what is asked for before an act comes with it (spoken_words).
"""

from __future__ import annotations

from workflow.archive import destruction, folder
from workflow.casework import after
from workflow.commands import spoken_words  # noqa: F401  (registers itself)
from workflow.delivery import mail_once
from workflow.jobs import queue

queue.handle("mail", mail_once.deliver)
queue.handle(folder.KIND, folder.settle)
queue.handle(destruction.KIND, destruction.clear)

after.fill("file", folder.put_down)
after.fill("file_unserved", folder.put_down)
after.fill("destroy", destruction.put_down)
assert not after.empty()
