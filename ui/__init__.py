"""The window: windows, screens and dialogs. Knows Qt and the domain; no SQL, workbook, PDF or cipher."""

from __future__ import annotations

from domain.messages import use_catalogue
from resources.texts.catalogue import english, spoken
from ui.lasting_singletons import outlast_the_binding

use_catalogue(spoken(), of_record=english())  # before the first word, whichever part speaks it
outlast_the_binding()  # before the first Qt call, whoever makes it
