"""Icons: one family of own SVG drawings on a 24-unit grid, stroked in `currentColor`; tinted by `ui.icons`."""
