"""The application: composition root, command line, and the adapters to vault, store, workbooks and PDF."""

from __future__ import annotations

from domain.messages import use_catalogue
from resources.texts.catalogue import english, spoken

use_catalogue(spoken(), of_record=english())  # before the first word, whichever part speaks it
