"""Qt item models over frozen lines. `data()` is a look-up; fetching is a task."""
