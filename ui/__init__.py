"""The window: windows, screens and dialogs. Knows Qt and the domain; no SQL, workbook, PDF or cipher."""

from __future__ import annotations

from ui.lasting_singletons import outlast_the_binding

outlast_the_binding()  # before the first Qt call, whoever makes it
