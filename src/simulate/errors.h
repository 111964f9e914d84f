/*
 * simulate/errors.h
 *	  A panel whose cells are drawn around those observed.
 */
#ifndef CI_SIMULATE_ERRORS_H
#define CI_SIMULATE_ERRORS_H

#include "method/simulate.h"
#include "panel/panel.h"

typedef struct CiNoisyPanel CiNoisyPanel;

extern CiNoisyPanel *ci_noisy_panel_make(const CiPanel *panel, const CiPanel *errors);
extern const CiPanel *ci_noisy_panel_draw(CiNoisyPanel *noisy, CiStream stream);

#endif							/* CI_SIMULATE_ERRORS_H */
