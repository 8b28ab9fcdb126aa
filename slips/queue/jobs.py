"""What a worker does with a slip, page by page: show it, read it, forget it."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from slips import engines
from slips.engines import upright
from slips.models import Slip, SlipFile, SlipLine, SlipPage
from slips.paper import storages
from slips.paper.pages import BadSlip, PageSource, open_document, slip_pages_max
from slips.values import Discarded, Draft, Head

logger = logging.getLogger(__name__)
forgotten_at_once_max = 500

not_read = "This slip could not be read. Its pages are here: enter the lines by hand."


def show_pages(slip_id: UUID) -> bool:
    """Keep each page's picture. False when there is nothing to read: the file is refused, or the slip discarded."""
    number = 0
    try:
        for page in sources(slip_id):
            number = page.number + 1
            with transaction.atomic():
                _keep_page(slip_id, page)
                if not Slip.objects.report(slip_id, pages_total=number, pages_read=0):
                    return False
    except BadSlip as refusal:
        Slip.objects.fail(slip_id, str(refusal))
        return False
    return number > 0


def read(slip_id: UUID, *, is_last: bool, check_wanted: Callable[[], None]) -> None:
    """Read the slip and hand it to a person. `check_wanted` is asked after each page and raises to stop.

    `is_last`: no further attempt follows, so what cannot be had now is left to the person.
    Raises ModelBusy (try again later) unless `is_last`.
    """
    total = SlipPage.objects.filter(slip_id=slip_id).count()

    def on_page(number: int) -> None:
        check_wanted()
        if not Slip.objects.report(slip_id, pages_total=total, pages_read=number + 1):
            raise Discarded

    try:
        draft = engines.read(sources(slip_id), on_page=on_page, is_last=is_last)
        _turn_upright(slip_id, draft, check_wanted)
    except Discarded:
        return
    except BadSlip as refusal:
        Slip.objects.open_review(slip_id, Head(), problem=f"{refusal} Enter the lines by hand.")
        return
    with transaction.atomic():
        if Slip.objects.open_review(slip_id, draft.head, problem=draft.problem):
            SlipLine.objects.replace_draft(slip_id, upright.turned_lines(draft))


def _turn_upright(slip_id: UUID, draft: Draft, check_wanted: Callable[[], None]) -> None:
    """Keep the pictures of pages that lay on their side or head down the right way up.

    Always from the file as it was sent, so that a reading that was interrupted does not turn a page twice.
    """
    for page in sources(slip_id) if any(draft.turns) else ():
        if quarters := draft.turns[page.number]:
            check_wanted()
            _keep_page(slip_id, upright.turned_page(page, quarters), turns=quarters)


def _keep_page(slip_id: UUID, page: PageSource, *, turns: int = 0) -> None:
    name = storages.keep(f"slips/{slip_id}/page-{page.number}.jpg", page.jpeg)
    Slip.objects.add_page(slip_id, page.number, stored_name=name, width=page.width, height=page.height, turns=turns)


def leave_to_person(slip_id: UUID) -> None:
    """Every attempt ended badly: with pages it is open for review and empty, without it has failed."""
    if SlipPage.objects.filter(slip_id=slip_id).exists():
        Slip.objects.open_review(slip_id, Head(), problem=not_read)
    else:
        Slip.objects.fail(slip_id, "The pages of this file could not be shown. Send a photo of the paper instead.")


def sources(slip_id: UUID) -> Iterator[PageSource]:
    """Every page of every file, numbered through from 0, rendered one at a time. Raises BadSlip."""
    number = 0
    for file in SlipFile.objects.filter(slip_id=slip_id):
        with open_document(storages.kept(file.stored_name), file.name) as document:
            for page in document.pages():
                if number >= slip_pages_max:
                    raise BadSlip(f"These files have more than {slip_pages_max} pages together.")
                yield replace(page, number=number)
                number += 1


def forget_old(*, days: int) -> int:
    """Delete files and page pictures of slips that were finished more than so many days ago; returns how many slips."""
    forgotten = 0
    for slip_id in Slip.objects.old(days=days, limit=forgotten_at_once_max):
        for name in Slip.objects.forget(slip_id):
            storages.drop(name)
        forgotten += 1
    logger.info("forgot the files of %s slips", forgotten)
    return forgotten
