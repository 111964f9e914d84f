#include "unit.h"
void
test_outrank(void)
{
}
