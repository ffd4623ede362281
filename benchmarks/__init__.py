"""Speed of this machine, as tables with ratios within one run. Never asserted anywhere."""
