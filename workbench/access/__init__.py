"""Who is looking, what for, and what the lattice of markings lets them see."""
