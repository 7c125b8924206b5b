"""Storage backends: each keeps the promises of `edgewise.domain.ports.Store`."""
