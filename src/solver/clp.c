/*
 * solver/clp.c
 *	  Linear programs, solved by Clp (COIN-OR, Eclipse Public License); without
 *	  it in the build, an error.
 *
 * Clp keeps its own memory, which goes with the memory context that the solver
 * was made in.  It is told to print nothing.  Only its simplex methods are
 * called, not its drivers, which would take over the signal that cancels a
 * query.  Nothing interrupts it, so it is given few iterations at a time.
 */
#include "postgres.h"

#include <float.h>

#include "miscadmin.h"
#include "solver/clp.h"

#include "base/compat.h"

#ifdef CI_CLP

#include <coin/Clp_C_Interface.h>

typedef struct Solver
{
	CiProgram	program;
	Clp_Simplex *model;			/* NULL: none begun */
	int			n;				/* variables */
	bool		solved;			/* once, so that there is a basis */
	MemoryContextCallback callback;
} Solver;

/* Clp's status where iterations ran out. */
#define STOPPED 3

/* Rows times columns times iterations, and how these grow, so that all end. */
#define WORK_AT_ONCE 2e7
#define FEWEST_ITERATIONS 20
#define PATIENCE 1.05
#define MOST_TIMES 20			/* if it may fail */

static void
forget(void *arg)
{
	Solver	   *solver = arg;

	if (solver->model != NULL)
		Clp_deleteModel(solver->model);
	solver->model = NULL;
}

static void
start(CiProgram *program, int n)
{
	Solver	   *solver = (Solver *) program;

	forget(solver);
	solver->model = Clp_newModel();
	solver->n = n;
	solver->solved = false;
	Clp_setLogLevel(solver->model, 0);
	Clp_setPerturbation(solver->model, 102);
	Clp_setOptimizationDirection(solver->model, -1);
	Clp_setPrimalTolerance(solver->model, 1e-9);
	Clp_setDualTolerance(solver->model, 1e-9);
	Clp_resize(solver->model, 0, n);
	for (int i = 0; i < n; i++)
	{
		Clp_columnLower(solver->model)[i] = 0;
		Clp_columnUpper(solver->model)[i] = DBL_MAX;
	}
}

static void
add(CiProgram *program, const double *row, double bound)
{
	Solver	   *solver = (Solver *) program;
	int		   *columns = palloc(solver->n * sizeof(int));
	double		lower = -DBL_MAX;
	int			starts[2] = {0, solver->n};

	CHECK_FOR_INTERRUPTS();
	for (int i = 0; i < solver->n; i++)
		columns[i] = i;
	Clp_addRows(solver->model, 1, &lower, &bound, starts, columns, row);
	pfree(columns);
}

/*
 * Iterations that take some hundredths of a second.  They depend on the program
 * alone, as the result may on where they stop.
 */
static int
iterations_at_once(const Solver *solver)
{
	double		coefficients = (double) Clp_numberRows(solver->model) * solver->n;

	return (int) Max(FEWEST_ITERATIONS, WORK_AT_ONCE / (coefficients + 1));
}

/* Solve from where the last time stopped; returns Clp's status. */
static int
solve(Solver *solver)
{
	double		iterations = iterations_at_once(solver);
	int			times = 0;

	do
	{
		CHECK_FOR_INTERRUPTS();
		Clp_setMaximumIterations(solver->model, (int) Min(iterations, PG_INT32_MAX));
		if (solver->solved)
			(void) Clp_dual(solver->model, 0);
		else
			(void) Clp_primal(solver->model, 0);
		iterations *= PATIENCE;
	} while (Clp_status(solver->model) == STOPPED &&
			 !(solver->program.may_fail && ++times == MOST_TIMES));
	solver->solved = true;
	return Clp_status(solver->model);
}

static bool
maximise(CiProgram *program, const double *objective, double *x)
{
	Solver	   *solver = (Solver *) program;
	int			status;

	Clp_chgObjCoefficients(solver->model, objective);
	status = solve(solver);
	if (status == 2 || (status != 0 && program->may_fail))
		return false;
	if (status != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("linear program could not be solved"),
				 errdetail("Clp says: %d.", status),
				 errhint("Bring the scores to a common scale, and bounds further apart.")));
	memcpy(x, Clp_primalColumnSolution(solver->model), solver->n * sizeof(double));
	return true;
}

CiProgram *
ci_program_make(void)
{
	Solver	   *solver = palloc0(sizeof(Solver));

	solver->program = (CiProgram) {.start = start, .add = add, .maximise = maximise};
	solver->callback.func = forget;
	solver->callback.arg = solver;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &solver->callback);
	return &solver->program;
}

CiProgram *
ci_program_make_optional(void)
{
	CiProgram  *program = ci_program_make();

	program->may_fail = true;
	return program;
}

#else

CiProgram *
ci_program_make_optional(void)
{
	return NULL;
}

CiProgram *
ci_program_make(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("composite_indicator was built without Clp"),
			 errdetail("Aggregate \"bod\" needs it."),
			 errhint("Install Clp (on Debian the package coinor-libclp-dev) and build again.")));
}

#endif
