"""A SAT solver that can be stopped, with a second configuration for what the first finds hard."""

from collections.abc import Iterable, Sequence

from pysat.solvers import Solver

from graph.budgets import Timeout

CONFIGURATIONS = ("cadical195", "minisat22")
"""Solvers of different strategies: ranks on hard frameworks are erratic, so neither is trusted alone.

Both keep to a budget of conflicts. Glucose does not: it looks at it only between restarts, which may be half a minute.
"""
_SMALL = 2_000
"""Clauses up to which the plain solver, which starts five times faster, goes first."""
_WORK = 20_000_000
_SLICE = range(20, 2_000)
"""Conflicts of one call: about a twentieth of a second, measured in conflicts times literals and not by the clock."""
_TURN = 2_000
"""Conflicts before the other configuration has its turn; doubled when both had theirs."""


class Oracle:
    """One formula and questions to it.

    The configurations take turns of growing length. Turns are counted in conflicts and not in time, so that answers do
    not depend on the clock, except that `Timeout` ends them: it is looked at between slices of a turn.
    """

    def __init__(self, clauses: Iterable[Sequence[int]], variables: int, budget: Timeout) -> None:
        self._clauses = list(clauses)
        self._variables = variables
        self._budget = budget
        small = len(self._clauses) <= _SMALL
        self._names = CONFIGURATIONS[::-1] if small else CONFIGURATIONS
        literals = sum(map(len, self._clauses))
        self._slice = max(_SLICE.start, min(_SLICE.stop, _WORK // max(1, literals)))
        self._solvers: list[Solver] = []
        self._open()

    def _open(self) -> Solver:
        self._budget.check()  # a large formula takes its time
        solver = Solver(name=self._names[len(self._solvers)], bootstrap_with=self._clauses)
        self._solvers.append(solver)
        solver.set_phases(range(1, self._variables + 1))
        return solver

    def fresh(self) -> int:
        """A new variable."""
        self._variables += 1
        return self._variables

    def add(self, clause: Sequence[int]) -> None:
        """Add a clause for good."""
        self._clauses.append(clause)
        for solver in self._solvers:
            solver.add_clause(clause)

    def model(self, assumptions: Sequence[int] = ()) -> set[int] | None:
        """The literals of a model under the assumptions, None where there is none; may raise `OutOfTime`."""
        spent, length, turn = 0, _TURN, 0
        while True:
            self._budget.check()
            solver = self._solvers[turn] if turn < len(self._solvers) else self._open()
            solver.conf_budget(self._slice)
            found = solver.solve_limited(assumptions=list(assumptions))
            if found is not None:
                return set(solver.get_model()) if found else None
            spent += self._slice
            if spent >= length:
                spent, turn = 0, (turn + 1) % len(CONFIGURATIONS)
                length = length if turn else 2 * length

    def close(self) -> None:
        """Free the solvers."""
        for solver in self._solvers:
            solver.delete()
        self._solvers.clear()

    def __enter__(self) -> "Oracle":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
