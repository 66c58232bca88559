"""接龙: the list that a WeChat group writes by copying it and adding a line. We tell it, and we read it."""
