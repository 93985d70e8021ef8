"""Process versions as diagrams for other tools: BPMN 2.0 out and in, SVG out."""
