"""Registers what rooms below leave open for rooms above: handlers of queued work, and hooks after an act."""

from __future__ import annotations

from workflow.archive import destruction, folder
from workflow.base import typed_words
from workflow.casework import after
from workflow.delivery import mail_once
from workflow.intake import words
from workflow.jobs import queue

typed_words.also_spoken(words.spoken)
queue.handle("mail", mail_once.deliver)
queue.handle(folder.KIND, folder.settle)
queue.handle(destruction.KIND, destruction.clear)

after.fill("file", folder.put_down)
after.fill("file_unserved", folder.put_down)
after.fill("destroy", destruction.put_down)
assert not after.empty()
