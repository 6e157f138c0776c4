"""Small immutable things that all speak in: pence, financial years, codes, refusals, actors."""
