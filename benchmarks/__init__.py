"""How fast Edgewise is, as ratios to controls that run beside it; `./dev bench` prints the table."""
