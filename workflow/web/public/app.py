"""The public site as an ASGI application."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, cast

import anyio
from anyio import to_thread
from starlette.applications import Starlette
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from workflow.base.errors import DisclosureError
from workflow.web.public import acting, applying, assets, following, organs, pages, peer, receipt_pdf
from workflow.web.public.asking import Asked, Outer
from workflow.web.public.guard import Guard, TooLarge

# So many requests that read the database are answered side by side; the others wait in the order in which
# they came. With more, each takes as long in all, and who came first is overtaken by many.
_THREADS = 12
# These wait for no database and no disk: they are answered where they come in, unless papers come along.
_LIGHT = {applying.home, applying.begin, applying.change, applying.preview, following.enter, organs.page}
_FIELDS, _FILES, _PART = 400, 12, 512 * 1024


class _Language(StringConvertor):
    """`en` alone names the other language: any other first word is no page of ours."""

    regex = "en"


register_url_convertor("language", _Language())

# Gives a Response, or awaits one.
Answer = Callable[[Asked], Any]
PAGES = [*applying.PAGES, *organs.PAGES, *following.PAGES, *acting.PAGES, *receipt_pdf.PAGES]


def _route(outer: Outer, threads: anyio.CapacityLimiter, page: tuple[str, str, Answer]) -> list[Route]:
    path, method, answer = page
    light, awaits = answer in _LIGHT, inspect.iscoroutinefunction(answer)

    async def given(asked: Asked) -> Response:
        if awaits:
            return cast(Response, await answer(asked))
        if light and not any(isinstance(one, UploadFile) and one.filename for one in asked.form.values()):
            return cast(Response, answer(asked))
        return cast(Response, await to_thread.run_sync(answer, asked, limiter=threads))

    async def answered(request: Request) -> Response:
        lang = pages.language(request)
        form = FormData()
        try:
            if request.method == "POST":
                form = await request.form(max_files=_FILES, max_fields=_FIELDS, max_part_size=_PART)
            return await given(Asked(outer, request, lang, form))
        except TooLarge:
            return Asked(outer, request, lang, FormData()).refused("large", 413)
        except HTTPException:
            return Asked(outer, request, lang, FormData()).refused("stale", 400)
        except DisclosureError:
            # What the machine refuses (a full disk, a database that is away) is said to the applicant; the
            # operator finds it on standard error.
            return Asked(outer, request, lang, FormData()).refused("failed", 503)
        finally:
            await form.close()

    english = "/{lang:language}" + ("" if path == "/" else path)
    return [Route(path, answered, methods=[method]), Route(english, answered, methods=[method])]


def make(outer: Outer) -> Guard:
    """The application for an office's card and an outer database."""
    routes: list[Any] = [*assets.routes(), *peer.routes(outer)]
    threads = anyio.CapacityLimiter(_THREADS)
    for page in PAGES:
        routes += _route(outer, threads, page)

    async def missing(request: Request, fault: Exception) -> Response:
        return Asked(outer, request, "zh", FormData()).refused("missing", 404)

    async def failed(request: Request, fault: Exception) -> Response:
        return Asked(outer, request, "zh", FormData()).refused("failed", 500)

    for lang in pages.LANGUAGES:
        pages.articles(lang)
    app = Starlette(routes=routes, exception_handlers={404: missing, 405: missing, Exception: failed})
    # Outermost, so that the answer to a fault of our own has its headers too.
    return Guard(app, strict=outer.address.startswith("https:"))
