"""The calendar: working time of the site, used working time, escalation."""
