"""Cells of a CSV file that people open in a spreadsheet."""

# The wide forms of East Asian keyboards count too.
formula_starts = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "'")


def formula_safe(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula: labels are printed by anyone. None becomes empty."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(formula_starts) else text


def unguarded(cell: str) -> str:
    """What `formula_safe` was given."""
    guarded = cell[:1] == "'" and cell[1:2] in formula_starts
    return cell[1:] if guarded else cell
