"""The attacker below shares no code with the suppression: he has the published numbers and two kinds of arithmetic."""

from fractions import Fraction

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from xinyu.dashboard.suppression import Exposed, Published, Table, suppress, suppress_counts


def table(*counts):
    return Table(
        tuple(f"r{n}" for n in range(len(counts))),
        tuple(f"c{n}" for n in range(len(counts[0]))),
        tuple(map(tuple, counts)),
    )


def tables(rows, columns, largest):
    sizes = st.tuples(st.integers(1, rows), st.integers(1, columns))
    value = st.one_of(st.integers(0, 7), st.integers(0, largest))
    return sizes.flatmap(lambda size: st.lists(st.tuples(*[value] * size[1]), min_size=size[0], max_size=size[0])).map(
        lambda counts: table(*counts)
    )


def as_grid(shown: Published):
    """Everything published as one grid with totals last; None is hidden."""
    rows = [[*cells, total] for cells, total in zip(shown.cells, shown.row_totals, strict=True)]
    return [*rows, [*shown.column_totals, shown.total]]


def lines(grid):
    """(positions that add up, position of their sum), for every row and column."""
    height, width = len(grid), len(grid[0])
    across = [([(i, j) for j in range(width - 1)], (i, width - 1)) for i in range(height)]
    down = [([(i, j) for i in range(height - 1)], (height - 1, j)) for j in range(width)]
    return across + down


def determined_by_algebra(grid):
    """Hidden positions that have one value only, by Gaussian elimination over the rationals."""
    unknown = [(i, j) for i, row in enumerate(grid) for j, value in enumerate(row) if value is None]
    matrix = []
    for parts, whole in lines(grid):
        row = {place: Fraction(1) for place in parts} | {whole: Fraction(-1)}
        matrix.append([row.get(place, Fraction(0)) for place in unknown])
    pivots, rank = [], 0
    for column in range(len(unknown)):
        pivot = next((r for r in range(rank, len(matrix)) if matrix[r][column]), None)
        if pivot is None:
            continue
        matrix[rank], matrix[pivot] = matrix[pivot], matrix[rank]
        matrix[rank] = [value / matrix[rank][column] for value in matrix[rank]]
        for r in range(len(matrix)):
            if r != rank and matrix[r][column]:
                matrix[r] = [a - matrix[r][column] * b for a, b in zip(matrix[r], matrix[rank], strict=True)]
        pivots.append(column)
        rank += 1
    return [unknown[c] for r, c in enumerate(pivots) if sum(map(bool, matrix[r])) == 1]


def is_possible(grid, cap):
    """Whether hidden numbers from 1 to `cap` exist that make every line add up: exhaustive search with bounds."""
    low = {(i, j): 1 if v is None else v for i, row in enumerate(grid) for j, v in enumerate(row)}
    high = {(i, j): cap if v is None else v for i, row in enumerate(grid) for j, v in enumerate(row)}
    return _search(low, high, lines(grid))


def _search(low, high, equations):
    low, high, changed = dict(low), dict(high), True
    while changed:
        changed = False
        for parts, whole in equations:
            bounds = {whole: (sum(low[p] for p in parts), sum(high[p] for p in parts))}
            for p in parts:
                bounds[p] = (
                    low[whole] - sum(high[q] for q in parts if q != p),
                    high[whole] - sum(low[q] for q in parts if q != p),
                )
            for p, (least, most) in bounds.items():
                if least > low[p] or most < high[p]:
                    low[p], high[p], changed = max(low[p], least), min(high[p], most), True
                if low[p] > high[p]:
                    return False
    open_places = [p for p in low if low[p] < high[p]]
    if not open_places:
        return True
    place = min(open_places, key=lambda p: high[p] - low[p])
    return any(_search({**low, place: v}, {**high, place: v}, equations) for v in range(low[place], high[place] + 1))


def possible_values(grid, place, cap):
    found = []
    for value in range(1, cap + 1):
        guess = [list(row) for row in grid]
        guess[place[0]][place[1]] = value
        if is_possible(guess, cap):
            found.append(value)
    return found


def hidden_places(grid):
    return [(i, j) for i, row in enumerate(grid) for j, value in enumerate(row) if value is None]


def test_the_attacker_finds_what_a_careless_table_gives_away():
    careless = [[3, 10, 13], [8, 9, 17], [11, 19, 30]]
    careless[0][0] = None
    assert determined_by_algebra(careless) == [(0, 0)]
    assert possible_values(careless, (0, 0), 30) == [3]
    pair = [[None, None, 2], [8, 9, 17], [None, None, 19]]  # both are at least 1: a sum of 2 gives them away
    assert determined_by_algebra(pair) == []
    assert possible_values(pair, (0, 0), 30) == [1]


@settings(max_examples=300, deadline=None)
@given(tables(5, 5, 300), st.integers(2, 10))
@example(table((1, 1), (1, 1)), 5)
@example(table((4, 0), (0, 4)), 5)
@example(table((1, 20, 20), (20, 20, 20)), 5)
def test_no_hidden_number_follows_from_the_totals(counts, threshold):
    grid = as_grid(suppress(counts, threshold))
    assert determined_by_algebra(grid) == []
    assert all(value is None or value == 0 or value >= threshold for row in grid for value in row)


@settings(max_examples=80, deadline=None)
@given(tables(3, 3, 14), st.integers(2, 5))
@example(table((1, 1, 1), (1, 1, 1), (1, 1, 1)), 5)
@example(table((1, 4, 0), (6, 7, 8), (0, 2, 9)), 5)
def test_every_hidden_number_keeps_a_range_as_wide_as_the_threshold(counts, threshold):
    grid = as_grid(suppress(counts, threshold))
    assume(hidden_places(grid))
    cap = sum(map(sum, counts.counts)) + threshold
    for place in hidden_places(grid):
        values = possible_values(grid, place, cap)
        assert max(values) - min(values) >= threshold - 1, (grid, place, values)


@settings(max_examples=80, deadline=None)
@given(tables(3, 3, 14), st.integers(2, 5))
@example(table((60, 20, 9, 3), (10, 20, 30, 40)), 5)
@example(table((1, 30), (30, 12)), 5)
def test_totals_that_everybody_knows_hide_nothing_and_are_not_hidden(counts, threshold):
    try:
        shown = suppress(counts, threshold, are_totals_known=True)
    except Exposed as found:
        assert min(value for value in counts.counts[found.row] if value) < threshold or threshold > min(
            sum(column) for column in zip(*counts.counts, strict=True) if any(column)
        )
        return
    assert None not in (*shown.row_totals, shown.total)
    grid = as_grid(shown)
    assert all(value == 0 or value >= threshold for row in shown.cells for value in row if value is not None)
    cap = sum(map(sum, counts.counts)) + threshold
    for place in hidden_places(grid):
        values = possible_values(grid, place, cap)
        assert max(values) - min(values) >= threshold - 1, (grid, place, values)


def test_a_number_without_a_neighbour_is_exposed_by_a_known_total():
    for counts in (table((3,)), table((0, 3), (30, 0)), table((3, 2))):
        with pytest.raises(Exposed):
            suppress(counts, 5, are_totals_known=True)


@given(tables(5, 5, 300), st.integers(1, 10))
def test_what_is_shown_is_true_and_zeros_are_shown(counts, threshold):
    shown = suppress(counts, threshold)
    for i, row in enumerate(counts.counts):
        assert shown.row_totals[i] in (None, sum(row))
        for j, value in enumerate(row):
            assert shown.cells[i][j] == value if value == 0 else shown.cells[i][j] in (None, value)


@given(tables(5, 5, 300))
def test_percentages_stand_between_shown_numbers_only(counts):
    shown = suppress(counts)
    for i in range(len(shown.rows)):
        for j in range(len(shown.columns)):
            if shown.cells[i][j] is None or shown.row_totals[i] is None:
                assert shown.row_percent(i, j) is None
            if shown.cells[i][j] is None or shown.column_totals[j] is None:
                assert shown.column_percent(i, j) is None


def test_percentages_have_one_decimal():
    shown = suppress(table((10, 20), (30, 0)))
    assert (shown.row_percent(0, 0), shown.column_percent(0, 0), shown.row_percent(1, 1)) == (33.3, 25.0, 0.0)


def test_nothing_is_hidden_where_nothing_is_small():
    shown = suppress(table((10, 20), (30, 40)))
    assert hidden_places(as_grid(shown)) == []
    assert shown.note == ""
    assert hidden_places(as_grid(suppress(table((1, 2), (3, 4)), threshold=1))) == []


def test_one_small_cell_costs_three_complements_and_no_total():
    shown = suppress(table((3, 50, 60), (40, 70, 80), (90, 95, 99)))
    assert len(hidden_places(as_grid(shown))) == 4
    assert None not in (*shown.row_totals, *shown.column_totals, shown.total)
    assert "少于 5" in shown.note


def test_what_is_hidden_elsewhere_is_hidden_here_with_its_complements():
    shown = suppress(table((10, 50), (40, 70)), also_hidden=frozenset({(0, 0)}))
    assert hidden_places(as_grid(shown)) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    total = suppress(table((10, 50), (40, 70)), also_hidden=frozenset({(2, 2)}))
    assert total.total is None and determined_by_algebra(as_grid(total)) == []
    assert suppress(table((0, 50), (40, 70)), also_hidden=frozenset({(0, 0)})).note == ""


def test_a_small_total_is_hidden_too():
    shown, total = suppress_counts({"红": 1, "橙": 2, "黄": 0})
    assert shown == {"红": None, "橙": None, "黄": 0}
    assert total is None


def test_a_single_line_keeps_its_total_where_a_complement_is_enough():
    shown, total = suppress_counts({"红": 2, "橙": 9, "黄": 30})
    assert shown == {"红": None, "橙": None, "黄": 30}
    assert total == 41


def test_an_empty_table_and_wrong_shapes():
    assert suppress(Table((), (), ())).total == 0
    with pytest.raises(ValueError, match="negative"):
        table((1, -1))
    with pytest.raises(ValueError, match="one row"):
        Table(("a",), ("b",), ())
